"""The value run against a plain recomputation in Python, and against what must hold between runs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from clientier.core.errors import NotAllowed
from clientier.core.models import AuditEntry, OutboxEvent
from clientier.rooms.activities.models import Interaction
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.commands.invoices import credit_invoice, invoice_order
from clientier.rooms.trade.models import CostToServe, OrderLine
from clientier.rooms.trade.queries.receivable import balances
from clientier.rooms.value.choices import Driver
from clientier.rooms.value.commands.policies import RulesRefused, adopt_policy
from clientier.rooms.value.commands.runs import RunRefused, run_value
from clientier.rooms.value.models import Appraisal, Move, Score, Standing, ValuePolicy, ValueRun
from clientier.worth import DRIVERS, Policy
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2026, 6, 30)
COPIED = [field.name for field in Appraisal._meta.local_fields]


def run(as_of: dt.date = AS_OF) -> ValueRun:
    made: ValueRun = run_value(ValueRun, actor=make.acting(make.some_user()), as_of=as_of)
    return made


def sale(customer: Customer, day: dt.date, amount: Any, cost: Any = 0, **facts: Any) -> None:
    make.some_order(customer, [{"amount": Decimal(amount), "cost": Decimal(cost), **facts}], day=day)


def company(customers: int = 25, seed: int = 7) -> None:
    """A small house with odd amounts: returns, freight, costs to serve, minutes, foreign money, the prior year."""
    chance = Random(seed)
    cheap = make.some_user(minute_cost=Decimal("1.2345"))
    plain = make.some_user(minute_cost=None)
    for number in range(customers):
        customer = make.some_customer(external_id=f"C{number}", first_seen=dt.date(2023, 1, 1))
        for _ in range(chance.randrange(0, 7)):
            day = AS_OF - dt.timedelta(days=chance.randrange(-5, 800))
            rate = chance.choice([Decimal(1), Decimal("7.123456789")])
            lines = [
                {
                    "amount": Decimal(chance.randrange(1, 10**7)) / 10_000,
                    "cost": chance.choice([None, Decimal(chance.randrange(0, 10**6)) / 10_000]),
                    "freight": Decimal(chance.randrange(0, 10**5)) / 10_000,
                    "discount": Decimal(chance.randrange(0, 10**4)) / 10_000,
                }
                for _ in range(chance.randrange(1, 4))
            ]
            make.some_order(customer, lines, day=day, rate_to_base=rate)
            if chance.random() < 0.2:
                back = [{"amount": -line["amount"] / 2, "cost": Decimal("-0.0001")} for line in lines]
                make.some_order(customer, back, day=day, kind="return", rate_to_base=rate)
        if chance.random() < 0.5:
            day = AS_OF - dt.timedelta(days=chance.randrange(0, 400))
            make.some_cost(
                customer, day=day, amount=Decimal(chance.randrange(1, 10**6)) / 10_000, kind="rebate"
            )
        if chance.random() < 0.5:
            at = dt.datetime(2026, 5, 1, 20, tzinfo=dt.UTC)
            make.some_interaction(
                customer, user=chance.choice([cheap, plain]), minutes=chance.randrange(1, 90), at=at
            )


def recomputed(customer: Customer, start: dt.date, end: dt.date) -> dict[str, Decimal]:
    """Revenue and profit of the days after ``start`` up to ``end``, in plain decimals."""
    lines = [x for x in OrderLine.objects.filter(order__customer=customer) if start < x.order.day <= end]
    costs = [x for x in CostToServe.objects.filter(customer=customer) if start < x.day <= end]
    minutes = [
        x
        for x in Interaction.objects.filter(customer=customer)
        if start < (x.at + dt.timedelta(hours=8)).date() <= end  # Shanghai has no summer time
    ]
    revenue = sum((x.amount_base for x in lines), Decimal())
    goods = sum((x.cost_base or Decimal() for x in lines), Decimal())
    time = sum((x.minutes * (x.user.minute_cost or Decimal(2)) for x in minutes), Decimal())
    serving = (
        sum((x.freight_base for x in lines), Decimal())
        + sum((x.amount_base for x in costs), Decimal())
        + time
    )
    return {
        "revenue": revenue,
        "cost_of_goods": goods,
        "gross_margin": revenue - goods,
        "cost_to_serve": serving,
        "net_profit": revenue - goods - serving,
    }


def test_figures_agree_to_the_last_decimal_with_a_plain_recomputation() -> None:
    company()
    run()
    year = dt.timedelta(days=365)
    for standing in Standing.objects.select_related("customer"):
        expected = recomputed(standing.customer, AS_OF - year, AS_OF)
        found = {name: getattr(standing, name) for name in expected}
        assert found == expected, standing.customer
        prior = recomputed(standing.customer, AS_OF - 2 * year, AS_OF - year)
        assert (standing.prior_revenue, standing.prior_net_profit) == (prior["revenue"], prior["net_profit"])
        ever = recomputed(standing.customer, dt.date.min, AS_OF)
        assert (standing.lifetime_revenue, standing.lifetime_net_profit) == (
            ever["revenue"],
            ever["net_profit"],
        )


def test_a_sale_counts_once_wherever_its_invoice_is_kept() -> None:
    customer = make.some_customer(first_seen=dt.date(2025, 1, 1))
    day, facts = dt.date(2026, 5, 4), make.line_facts(cost=Decimal(600))
    elsewhere = make.some_order(
        customer,
        [{"quantity": 10, "unit_price": 100, "amount": Decimal(1000), "cost": Decimal(300)}],
        day=day,
    )
    make.some_invoice(customer, [{**facts, "order_line": elsewhere.lines.get()}], order=elsewhere, day=day)
    make.some_invoice(customer, [facts], order=elsewhere, day=day)
    here = make.some_open_order(customer, [facts], day=day)
    line = here.lines.get()
    invoice_order(here, actor=make.acting(), day=day, quantities={line.pk: Decimal(4)})
    make.some_invoice(customer, [make.line_facts(discount=Decimal(100))], day=day)
    make.some_invoice(customer, posted=False, day=day)
    credit_invoice(here.invoices.get(), actor=make.acting(), day=day, reason="Back",
                   quantities={here.invoices.get().lines.get().pk: Decimal(1)})  # fmt: skip
    run()
    standing = Standing.objects.get(customer=customer)
    assert (standing.revenue, standing.cost_of_goods) == (1000 + 400 + 900 - 100, 300 + 240 - 60)
    ledger = balances(customer.pk)
    assert -ledger["sales"] == standing.revenue - elsewhere.lines.get().amount_base
    assert ledger["cost_of_goods"] == standing.cost_of_goods - 300


def test_every_customer_is_judged_exactly_once() -> None:
    company(customers=10)
    done = run()
    assert done.customers == 10
    assert sorted(Score.objects.values_list("customer_id", flat=True)) == sorted(
        Customer.objects.values_list("pk", flat=True)
    )
    assert (
        sum(tier["n_customers"] for tier in done.facts["tiers"])
        == Standing.objects.filter(in_pyramid=True).count()
    )


def test_minutes_are_priced_by_the_person_else_by_the_rules() -> None:
    customer = make.some_customer()
    make.some_interaction(customer, user=make.some_user(minute_cost=Decimal("3.5")), minutes=10)
    make.some_interaction(customer, user=make.some_user(minute_cost=None), minutes=10)
    make.some_interaction(customer, user=make.some_user(minute_cost=Decimal(0)), minutes=10)
    run()
    standing = Standing.objects.get()
    assert standing.costs == {"call": 35_0000 + 20_0000}
    assert (standing.minutes, standing.cost_to_serve) == (30, Decimal(55))


def test_the_day_of_an_interaction_is_the_companys_day() -> None:
    customer = make.some_customer()
    late = dt.datetime(2026, 6, 30, 16, 30, tzinfo=dt.UTC)  # 1 July in Shanghai
    make.some_interaction(customer, minutes=10, at=late)
    run()
    assert Standing.objects.get().minutes == 0


def test_the_window_holds_a_year_and_no_day_more() -> None:
    customer = make.some_customer()
    for days, amount in ((-1, 1000), (0, 1), (364, 20), (365, 300), (729, 4000), (730, 50000)):
        sale(customer, AS_OF - dt.timedelta(days=days), amount)
    run()
    standing = Standing.objects.get()
    assert (standing.revenue, standing.prior_revenue) == (21, 4300)
    assert standing.lifetime_revenue == 54321


def test_months_are_the_calendar_months_up_to_the_day() -> None:
    customer = make.some_customer()
    sale(customer, dt.date(2026, 6, 30), 100, 40, freight=10)
    sale(customer, dt.date(2025, 7, 1), 7)
    sale(customer, dt.date(2025, 6, 30), 1000)
    run()
    assert Standing.objects.get().months == [7, *[0] * 10, 50]


def test_standings_are_the_scores_of_the_current_run() -> None:
    company(customers=8)
    first, second = run(), run(AS_OF + dt.timedelta(days=30))
    assert ValueRun.objects.get(is_current=True) == second
    assert second.previous == first
    assert Score.objects.filter(run=first).count() == 8
    for score in Score.objects.filter(run=second):
        standing = Standing.objects.get(customer_id=score.customer_id)
        assert {n: getattr(standing, n) for n in COPIED} == {n: getattr(score, n) for n in COPIED}


def test_a_run_announces_itself_and_leaves_one_trace() -> None:
    done = run()
    assert OutboxEvent.objects.get().facts == {"run_id": done.pk}
    assert AuditEntry.objects.get().verb == "value.run"


def test_a_second_run_of_a_day_tells_the_same_moves_and_not_twice() -> None:
    company(customers=20)
    run()
    star = Customer.objects.exclude(orders__day__lte=AS_OF).first()
    assert star is not None
    sale(star, AS_OF + dt.timedelta(days=20), 10**7)
    again = [run(AS_OF + dt.timedelta(days=30)) for _ in range(2)][1]
    moves = Move.objects.values_list("customer_id", "kind", "before", "after")
    assert moves
    assert len(moves) == len(set(moves))
    assert set(Move.objects.values_list("run_id", flat=True)) == {again.pk}


def test_moves_are_the_differences_between_two_runs() -> None:
    company(customers=20)
    first = run()
    assert not Move.objects.exists()
    star = Customer.objects.exclude(orders__day__lte=AS_OF).first()
    assert star is not None
    sale(star, AS_OF + dt.timedelta(days=20), 10**7)
    later = run(AS_OF + dt.timedelta(days=30))
    before, after = ({s.customer_id: s for s in Score.objects.filter(run=r)} for r in (first, later))
    expected = {
        (key, kind, getattr(before[key], kind), getattr(after[key], kind))
        for key in after
        for kind in ("tier", "lifecycle")
        if getattr(after[key], kind) and getattr(before[key], kind) != getattr(after[key], kind)
    }
    found = set(Move.objects.values_list("customer_id", "kind", "before", "after"))
    assert found == expected
    assert expected
    assert set(Move.objects.values_list("run_id", "day")) == {(later.pk, later.as_of)}


def test_a_class_that_stays_keeps_its_date() -> None:
    customer = make.some_customer()
    sale(customer, AS_OF, 10)
    run()
    run(AS_OF + dt.timedelta(days=1))
    assert Standing.objects.get().lifecycle_since == AS_OF


def test_a_refused_run_leaves_everything_as_it_was() -> None:
    customer = make.some_customer()
    sale(customer, AS_OF, 10)
    first = run()
    ValuePolicy.objects.create(version=99, rules={"no_such_rule": 1})
    with pytest.raises(RunRefused, match="There is no rule “no_such_rule”"):
        run(AS_OF + dt.timedelta(days=1))
    assert ValueRun.objects.get() == first
    assert ValueRun.objects.get().is_current
    assert Standing.objects.get().revenue == 10
    assert Score.objects.count() == 1


@pytest.mark.parametrize("band", [-1, "wide"])
def test_rules_that_cannot_be_meant_are_refused_in_words(band: object) -> None:
    with pytest.raises(RulesRefused, match=f"The rule “band” cannot be {band}"):
        adopt_policy(ValuePolicy, actor=make.acting(make.some_user()), changes={"band": band}, reason="wider")
    assert not ValuePolicy.objects.exists()


def test_without_the_right_nothing_is_judged() -> None:
    rep = make.acting(make.some_user(), kinds=["none"])
    with pytest.raises(NotAllowed):
        run_value(ValueRun, actor=rep, as_of=AS_OF)
    assert not ValueRun.objects.exists()


def test_a_house_without_customers_or_orders_is_judged_too() -> None:
    assert run().customers == 0
    make.some_customer()
    assert run(AS_OF + dt.timedelta(days=1)).customers == 1
    standing = Standing.objects.get()
    assert (standing.revenue, standing.tier, standing.in_pyramid, standing.clv) == (0, "", False, None)


def ranked(number: int) -> list[Customer]:
    """So many customers of falling profit."""
    customers = []
    for place in range(number):
        customer = make.some_customer()
        sale(customer, AS_OF - dt.timedelta(days=100), 1000 * (number - place))
        customers.append(customer)
    return customers


def state_of(customer: Customer) -> tuple[str, str, int]:
    standing = Standing.objects.get(customer=customer)
    return standing.tier, standing.tier_candidate, standing.tier_confirmations


def test_a_tier_changes_only_when_confirmed_by_a_later_run() -> None:
    assert Policy().confirmations == 2
    riser = ranked(120)[-1]
    run()
    assert state_of(riser) == ("small", "small", 0)
    sale(riser, AS_OF, 10**6)
    run(AS_OF + dt.timedelta(days=1))
    assert state_of(riser) == ("small", "important", 1)
    run(AS_OF + dt.timedelta(days=2))
    assert state_of(riser) == ("important", "important", 0)
    assert Standing.objects.get(customer=riser).tier_since == AS_OF + dt.timedelta(days=2)


def test_two_runs_of_one_day_confirm_nothing_twice() -> None:
    riser = ranked(120)[-1]
    run()
    sale(riser, AS_OF, 10**6)
    for _ in range(3):
        run(AS_OF + dt.timedelta(days=1))
        assert state_of(riser) == ("small", "important", 1)


def test_the_same_books_give_the_same_judgement() -> None:
    company(customers=12)
    first, second = run(), run()
    assert first.fingerprint == second.fingerprint
    names = [name for name in COPIED if name != "lifecycle_since"]
    both = [
        list(Score.objects.filter(run=r).order_by("customer_id").values_list(*names)) for r in (first, second)
    ]
    assert both[0] == both[1]


def test_every_driver_of_the_engine_has_a_name_in_the_product() -> None:
    assert set(Driver.values) == {"order_freight", *DRIVERS}


def test_what_was_done_drives_the_cost_of_its_minutes() -> None:
    customer = make.some_customer()
    user = make.some_user(minute_cost=Decimal(2))
    for kind in ("visit", "meeting", "call", "email", "message"):
        make.some_interaction(customer, user=user, kind=kind, minutes=10)
    run()
    assert Standing.objects.get().costs == {"visit": 40_0000, "call": 20_0000, "minutes": 40_0000}


def test_a_class_is_dated_by_the_purchases_that_made_it() -> None:
    customer = make.some_customer()
    for days in (400, 90, 20):
        sale(customer, AS_OF - dt.timedelta(days=days), 100)
    run()
    standing = Standing.objects.get()
    assert (standing.lifecycle, standing.lifecycle_since) == ("repeat", AS_OF - dt.timedelta(days=90))
