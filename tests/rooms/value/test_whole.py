"""What a run keeps of the whole company equals what the pages would sum over all customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from clientier.core.actor import Actor, Door, system
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import actor_of
from clientier.rooms.trade.models import Order, OrderLine
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import Standing, ValueRun
from clientier.rooms.value.queries import flow, moves, profit, retention, watch
from tests.rooms.value.company import BEFORE, NOW, Company, sell

pytestmark = pytest.mark.django_db
PARTS = ("steps", "tier_groups", "rising", "going", "bucket", "cohorts", "streams", "lost", "back")


def silence_of(run: ValueRun) -> dt.timedelta:
    return dt.timedelta(days=run.policy.rules["lost_horizon_days"])


FOUND: dict[str, Callable[[Actor, ValueRun], Any]] = {
    "steps": profit.steps_of,
    "tier_groups": lambda actor, run: profit.groups_of(actor, run, "tier"),
    "rising": lambda actor, run: moves.growth_candidates(actor, run)[0],
    "going": watch.going_together,
    "bucket": lambda actor, run: retention.bucket_of(actor, run, silence_of(run)),
    "cohorts": retention.cohorts_of,
    "streams": lambda actor, run: flow.streams(actor, ValueRun.objects.get(as_of=BEFORE), run),
    "lost": lambda actor, run: retention.lost_of(actor, run, silence_of(run)),
    "back": retention.back_of,
}


@pytest.fixture
def newcomers(firm: Company) -> Company:
    """The same company with three of the rep's customers who began and ended within two years, judged again."""
    sales = []
    for place, (first, last, step) in enumerate([(500, 30, 47), (200, 190, 10), (700, 380, 20)]):
        customer = Customer.objects.create(name=f"Newcomer {place}", owner=firm.rep)
        sales += [
            (customer, NOW - dt.timedelta(days=back), 100 + back) for back in range(last, first + 1, step)
        ]
    sell(sales)
    return replace(firm, run=run_value(ValueRun, actor=system(Door.COMMAND), as_of=NOW))


def test_first_and_last_year_and_half_years_agree_with_the_orders_one_by_one(newcomers: Company) -> None:
    """Margins and half-years on the standings, against a plain walk through every order line."""
    as_of, year = newcomers.run.as_of, dt.timedelta(days=365)
    seen = set()
    for standing in Standing.objects.all():
        assert standing.first_day and standing.last_day
        first = last = Decimal(0)
        halves = 0
        for line in OrderLine.objects.filter(order__customer=standing.pk).select_related("order"):
            day, margin = line.order.day, line.amount_base - (line.cost_base or 0) - line.freight_base
            first += margin if day < standing.first_day + year else 0
            last += margin if day > standing.last_day - year else 0
            back = (as_of.year - day.year) * 2 + (as_of.month > 6) - (day.month > 6)
            halves |= 1 << back if back < 8 else 0
        assert (standing.first_year_margin, standing.last_year_margin) == (first, last)
        assert standing.half_years == halves
        seen.add((first == last, halves))
    assert len(seen) == 5


def test_cohorts_agree_with_the_orders_one_by_one(newcomers: Company) -> None:
    bought: dict[tuple[dt.date, dt.date], set[int]] = {}
    for order in Order.objects.filter(customer__owner=newcomers.rep).select_related("customer__standing"):
        days = (order.customer.standing.first_day, order.day)
        halves = tuple(dt.date(day.year, 7 if day.month > 6 else 1, 1) for day in days)
        bought.setdefault(halves, set()).add(order.customer_id)
    found = FOUND["cohorts"](actor_of(newcomers.rep), newcomers.run)
    columns = [cohort.start for cohort in found]
    for cohort in found:
        wanted = [len(bought.get((cohort.start, start), ())) for start in columns if start >= cohort.start]
        assert (cohort.customers, cohort.bought) == (wanted[0], wanted)
    assert sum(sum(cohort.bought) for cohort in found) == sum(len(who) for who in bought.values())


def test_a_return_is_part_of_the_margin_and_no_purchase(firm: Company) -> None:
    customer = Customer.objects.create(name="Returns", owner=firm.rep)
    sell([(customer, dt.date(2025, 11, 3), 100), (customer, dt.date(2026, 9, 1), -40)])
    Order.objects.filter(customer=customer, day__year=2026).update(kind="return")
    run_value(ValueRun, actor=system(Door.COMMAND), as_of=NOW)
    standing = Standing.objects.get(pk=customer.pk)
    assert (standing.first_year_margin, standing.last_year_margin) == (60, 60)
    assert standing.half_years == 0b100


def test_groups_and_steps_read_at_once_are_those_read_one_by_one(firm: Company) -> None:
    for actor in (actor_of(firm.rep), actor_of(firm.manager)):
        for way in profit.GROUPS:
            apart = (profit.groups_of(actor, firm.run, way), profit.steps_of(actor, firm.run))
            assert profit.groups_and_steps(actor, firm.run, way) == apart


def test_a_part_is_of_those_in_reach_now_and_not_when_the_run_was_made(newcomers: Company) -> None:
    """Who hands a customer over after the run no longer finds it in any sum."""
    rep, run = actor_of(newcomers.rep), newcomers.run

    def told() -> tuple[int, int, int]:
        months, cohorts = FOUND["bucket"](rep, run), FOUND["cohorts"](rep, run)
        streams = FOUND["streams"](rep, run)
        gained = sum(month.gained for month in months)
        return (
            gained,
            sum(cohort.customers for cohort in cohorts),
            sum(stream.customers for stream in streams),
        )

    before = told()
    Customer.objects.filter(name="Newcomer 0").update(owner=newcomers.manager)
    assert before == (2, 9, 9)
    assert told() == (1, 8, 8)


def without_parts(run: ValueRun) -> ValueRun:
    """The same run as made before runs kept such parts."""
    old = ValueRun.objects.get(pk=run.pk)
    old.facts = {name: fact for name, fact in run.facts.items() if name not in PARTS}
    return old


@pytest.mark.parametrize("part", PARTS)
def test_what_the_run_keeps_is_what_the_database_sums(firm: Company, part: str) -> None:
    assert part in firm.run.facts
    manager = actor_of(firm.manager)
    assert FOUND[part](manager, firm.run) == FOUND[part](manager, without_parts(firm.run))


@pytest.mark.parametrize("part", PARTS)
def test_what_the_run_keeps_is_not_shown_to_who_sees_some(firm: Company, part: str) -> None:
    rep = actor_of(firm.rep)
    assert FOUND[part](rep, firm.run) == FOUND[part](rep, without_parts(firm.run))
