"""The profit statement of a card, line by line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from clientier.kit.cells import Setting
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import ValueRun
from clientier.rooms.value.queries.card import statement
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2026, 6, 30)


def test_time_stands_by_what_was_done_with_its_hours_below_and_each_line_opens_its_records() -> None:
    customer = make.some_customer()
    make.some_order(
        customer, [{"amount": Decimal(900), "cost": Decimal(400), "freight": Decimal(10)}], day=AS_OF
    )
    person = make.some_user(minute_cost=Decimal(2))
    for kind, minutes in (("visit", 60), ("meeting", 15), ("call", 9), ("letter", 6)):
        make.some_interaction(customer, user=person, kind=kind, minutes=minutes)
    make.some_cost(customer, kind="rebate", amount=Decimal(20), day=AS_OF)
    actor = make.acting(make.administrator())
    run_value(ValueRun, actor=actor, as_of=AS_OF)
    shown = statement(actor, customer, Setting(currency="CNY", today=AS_OF))
    assert shown is not None
    assert [(row["label"], row["amount"]) for row in shown["rows"]] == [
        ("Sales (1 order)", "900"), ("Cost of goods", "−400"), ("Gross margin", "500"), ("Freight", "−10"),
        ("Visits and meetings", "−150"), ("Calls", "−18"), ("Messages and other time", "−12"),
        ("served for 1.5 h", ""), ("Rebates", "−20"), ("Net profit", "290"),
    ]  # fmt: skip
    urls = {row["label"]: row["url"] for row in shown["rows"]}
    assert urls["Visits and meetings"].endswith("&f=kind:in:visit,meeting")
    assert urls["Rebates"].startswith("/costs/") and urls["Rebates"].endswith("&f=kind:in:rebate")
