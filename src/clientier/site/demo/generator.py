"""The demo world, whole: everything drawn from one seed and one day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from .characters import draw_characters
from .contacts import make_addresses, make_contacts
from .costs import make_costs
from .customers import make_customers
from .effort import make_interactions
from .ledger import make_ledger
from .products import make_products
from .rates import BASE_CURRENCY, make_rates
from .returns import make_returns
from .sales import make_sales
from .seasons import daily_intensities
from .staff import make_teams, make_territories, make_users
from .tasks import make_tasks
from .world import World

TRADE_DAYS = 3 * 365


def generate(seed: int, today: date, size: int = 4000) -> World:
    """Three years of trade with `size` customers until the day before; equal arguments, equal bytes."""
    first_day = today - timedelta(days=TRADE_DAYS)
    people = draw_characters(seed, size, TRADE_DAYS)
    products, rates = make_products(seed), make_rates(seed, first_day, today)
    customers, names = make_customers(seed, people, first_day)
    ids = customers["external_id"]
    contacts = make_contacts(seed, people=people, customer_ids=ids, names=names, today=np.datetime64(today))
    sales = make_sales(
        seed,
        people=people,
        intensities=daily_intensities(first_day, TRADE_DAYS),
        products=products,
        rates=rates,
        first_day=first_day,
    )
    returns = make_returns(seed, people, sales)
    orders, lines = make_ledger(
        seed,
        people=people,
        customers=customers,
        products=products,
        rates=rates,
        sales=sales,
        returns=returns,
        first_day=first_day,
    )
    return World(
        seed=seed,
        today=today,
        base_currency=BASE_CURRENCY,
        teams=make_teams(),
        territories=make_territories(),
        users=make_users(),
        customers=customers,
        contacts=contacts,
        addresses=make_addresses(seed, people, ids),
        products=products,
        rates=rates,
        orders=orders,
        lines=lines,
        costs=make_costs(
            seed,
            people=people,
            customer_ids=ids,
            sales=sales,
            returns=returns,
            rates=rates,
            first_day=first_day,
        ),
        interactions=make_interactions(
            seed, people=people, customers=customers, contacts=contacts, first_day=np.datetime64(first_day)
        ),
        tasks=make_tasks(seed, people=people, customers=customers, today=np.datetime64(today)),
    )
