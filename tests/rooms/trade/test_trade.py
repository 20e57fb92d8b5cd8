from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from clientier.core.models import AuditEntry
from clientier.rooms.people.models import Organisation
from clientier.rooms.trade.commands.costs import correct_cost, record_cost
from clientier.rooms.trade.commands.orders import priced, total_orders, write_lines, write_orders
from clientier.rooms.trade.models import CostToServe, Order, OrderLine
from clientier.rooms.trade.queries.rates import RateMissing, Rates
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_latest_rate_before_a_day_counts() -> None:
    for day, rate in ((1, "7.1"), (10, "7.2")):
        make.some_rate(currency="USD", day=dt.date(2026, 3, day), rate_to_base=Decimal(rate))
    rates = Rates("CNY")
    found = [rates.at("USD", dt.date(2026, 3, day)) for day in (1, 9, 10, 31)]
    assert found == [Decimal("7.1"), Decimal("7.1"), Decimal("7.2"), Decimal("7.2")]
    assert rates.at("USD", dt.date(2026, 2, 28)) is None
    assert rates.at("EUR", dt.date(2026, 3, 1)) is None
    assert rates.at("CNY", dt.date(1990, 1, 1)) == 1


def cost_facts(**facts: Any) -> dict[str, Any]:
    return {
        "customer": make.some_customer(),
        "day": make.DAY,
        "kind": "fee",
        "amount": Decimal("10.005"),
        "currency": "USD",
        **facts,
    }


def test_a_cost_is_priced_in_the_base_currency() -> None:
    make.some_rate(currency="USD", day=make.DAY, rate_to_base=Decimal("7.123456789"))
    cost = record_cost(CostToServe, actor=make.acting(), changes=cost_facts())
    assert cost.amount_base == Decimal("71.2702")
    correct_cost(cost, actor=make.acting(), changes={"amount": Decimal(20)})
    cost.refresh_from_db()
    assert cost.amount_base == Decimal("142.4691")
    assert AuditEntry.objects.count() == 2


def test_without_a_rate_a_cost_is_refused_and_not_kept() -> None:
    Organisation.objects.create(base_currency="EUR")
    with pytest.raises(RateMissing, match="rate of this currency"):
        record_cost(CostToServe, actor=make.acting(), changes=cost_facts())
    assert not CostToServe.objects.exists()
    assert record_cost(
        CostToServe, actor=make.acting(), changes=cost_facts(currency="EUR")
    ).amount_base == Decimal("10.005")


def test_a_cost_without_an_amount_is_refused_in_words_at_every_door() -> None:
    boss = make.administrator()
    customer = make.some_customer()
    posted = {"customer": customer.pk, "day": "2026-03-02", "kind": "fee", "amount": "", "currency": "USD"}
    assert make.signed_in(boss).post("/costs/new/", posted).status_code == 422
    body = {"customer": customer.pk, "day": None, "kind": "fee", "amount": None, "currency": "USD"}
    assert make.speaking(boss).post("/api/v1/costs/", body, "application/json").status_code == 422
    assert make.signed_in(boss).post("/costs/new/", {**posted, "amount": "5"}).status_code == 422


def test_a_line_is_priced_column_by_column() -> None:
    line = {
        "order_id": 1,
        "amount": Decimal("0.3333"),
        "cost": None,
        "freight": Decimal(1),
        "rate_to_base": Decimal("7.5"),
    }
    assert priced(line) == {
        "order_id": 1, "amount": Decimal("0.3333"), "cost": None, "freight": Decimal(1),
        "amount_base": Decimal("2.4998"), "cost_base": None, "freight_base": Decimal("7.5000"),
    }  # fmt: skip


def test_orders_keep_the_sums_of_their_lines() -> None:
    actor, customer = make.acting(), make.some_customer()
    facts = {"customer_id": customer.pk, "day": make.DAY, "currency": "USD", "rate_to_base": Decimal(7)}
    write_orders([{"number": "A", **facts}, {"number": "B", **facts}], actor=actor)
    a, b = Order.objects.order_by("number")
    money = {"rate_to_base": Decimal(7), "cost": Decimal(1), "freight": Decimal(0), "discount": Decimal(0)}
    lines = [
        {"order_id": a.pk, "line_no": 1, "amount": Decimal("1.5"), **money},
        {"order_id": a.pk, "line_no": 2, "amount": Decimal("-0.25"), **money},
        {"order_id": b.pk, "line_no": 1, "amount": Decimal(4), **money},
    ]
    write_lines(lines, actor=actor)
    total_orders([a.pk, b.pk])
    sums = list(Order.objects.order_by("number").values_list("amount", "amount_base"))
    assert sums == [(Decimal("1.25"), Decimal("8.75")), (Decimal(4), Decimal(28))]
    assert OrderLine.objects.filter(cost_base=7).count() == 3
