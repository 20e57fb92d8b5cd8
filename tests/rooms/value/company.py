"""A company of a dozen customers, small enough to work out by hand, judged twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from clientier.core.actor import Door, system
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import Role, User
from clientier.rooms.trade.models import CostToServe, Order, OrderLine
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import ValueRun
from clientier.site.defaults import lay_down

BEFORE = dt.date(2026, 8, 31)
NOW = dt.date(2026, 11, 20)
# Each customer's margin a month; the last three fell silent long ago, the one before costs more than it brings.
MARGINS = (9000, 3000, 2000, 1000, 900, 800, 700, 600, 50, 400, 300, 200)
SILENT = (9, 10, 11)
COSTLY = 8


@dataclass(frozen=True)
class Company:
    manager: User
    rep: User
    viewer: User
    customers: list[Customer]
    run: ValueRun


def people() -> tuple[User, User, User]:
    """One who sees everybody, one who sees only her own customers, one who may look but not compute."""
    lay_down()
    roles = {role.code: role for role in Role.objects.all()}
    manager = User.objects.create(username="manager", name="Lin Yue", role=roles["sales_manager"])
    rep = User.objects.create(username="rep", name="Zhou Kai", role=roles["sales_rep"])
    viewer = User.objects.create(username="viewer", name="He Min", role=roles["viewer"])
    return manager, rep, viewer


def company() -> Company:
    """Every second customer belongs to the rep."""
    manager, rep, viewer = people()
    customers, sales = [], []
    for place, margin in enumerate(MARGINS):
        owner = rep if place % 2 else manager
        customer = Customer.objects.create(
            name=f"Customer {place}", owner=owner, industry="food" if place < 6 else ""
        )
        customers.append(customer)
        months = range(20, 36) if place in SILENT else range(20)
        sales += [(customer, NOW - dt.timedelta(days=30 * back), margin) for back in months]
    sell(sales)
    CostToServe.objects.create(
        customer=customers[COSTLY], day=NOW, kind="rebate", amount=Decimal(2000), amount_base=Decimal(2000)
    )
    run_value(ValueRun, actor=system(Door.COMMAND), as_of=BEFORE)
    run = run_value(ValueRun, actor=system(Door.COMMAND), as_of=NOW)
    return Company(manager, rep, viewer, customers, run)


def sell(sales: list[tuple[Customer, dt.date, int]]) -> None:
    """One order with one line for each sale, half of its amount being margin."""
    orders = Order.objects.bulk_create(
        Order(number=f"{customer.pk}-{day}", day=day, customer=customer, amount_base=Decimal(margin * 2))
        for customer, day, margin in sales
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            line_no=1,
            amount=order.amount_base,
            amount_base=order.amount_base,
            cost=order.amount_base / 2,
            cost_base=order.amount_base / 2,
        )
        for order in orders
    )
