"""Amounts in many currencies, rates by day, and the day of the company."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from clientier import worth
from tests.worth.books import appraise, day, orders, row

RATES = {
    "currency": ["USD", "USD", "EUR"],
    "day": [day(0), day(10), day(0)],
    "rate": ["7.1", "7.2", "7.845678901"],
}


def test_amounts_are_converted_at_the_rate_of_their_day_or_the_last_before_it():
    book = orders((1, 9, 100, 60), (1, 10, 100, 60), (1, 12, 1, 0), currency=["USD", "usd", "EUR"])
    only = row(appraise(book, rates=RATES, base_currency="CNY"), 1)
    assert only["revenue_e4"] == 7_100_000 + 7_200_000 + 78_457
    assert only["cost_e4"] == 4_260_000 + 4_320_000


def test_a_rows_own_rate_goes_before_the_table():
    book = orders((1, 9, 100), (2, 9, 100), currency=["USD", "USD"], rate_to_base=[6.5, None])
    result = appraise(book, rates=RATES, base_currency="CNY")
    assert (row(result, 1)["revenue_e4"], row(result, 2)["revenue_e4"]) == (6_500_000, 7_100_000)


def test_a_rate_too_old_or_missing_sets_the_row_aside_and_counts_it():
    book = orders((1, 9, 100), (1, 60, 200), (1, 9, 300), (1, 9, 5), currency=["USD", "USD", "GBP", None])
    result = appraise(book, rates=RATES, base_currency="CNY", rate_days=31)
    assert row(result, 1)["revenue_e4"] == 7_150_000
    assert result.set_aside == [{"table": "orders", "reason": "rate_missing", "rows": 2, "amount_e4": None}]
    assert result.counts["orders"] == {"in": 4, "used": 2, "set_aside": 2}


def test_one_currency_alone_is_the_base_currency():
    only = row(appraise(orders((1, 9, 100), currency=["USD"])), 1)
    assert only["revenue_e4"] == 1_000_000


def test_many_currencies_without_base_or_without_rates_are_refused():
    book = orders((1, 9, 100), (1, 9, 100), currency=["USD", "CNY"])
    with pytest.raises(worth.TableRefused) as refused:
        appraise(book)
    assert (refused.value.reason, refused.value.value) == ("base_currency_missing", "CNY, USD")
    with pytest.raises(worth.TableRefused) as refused:
        appraise(book, base_currency="CNY")
    assert (refused.value.reason, refused.value.row, refused.value.value) == (
        "currency_without_rate",
        1,
        "USD",
    )


def test_wrong_rates_are_refused():
    book = orders((1, 9, 100), currency=["USD"])
    twice = {"currency": ["USD", "USD"], "day": [day(0), day(0)], "rate": [7, 8]}
    with pytest.raises(worth.TableRefused) as refused:
        appraise(book, rates=twice, base_currency="CNY")
    assert (refused.value.reason, refused.value.table, refused.value.row) == ("rate_repeated", "rates", 2)
    with pytest.raises(worth.TableRefused) as refused:
        appraise(book, rates={"currency": ["USD"], "day": [day(0)], "rate": [-7]}, base_currency="CNY")
    assert (refused.value.reason, refused.value.row) == ("not_above_zero", 1)


def test_costs_are_converted_too():
    costs = {"customer_id": [1], "day": [day(9)], "kind": ["fee"], "amount": [10], "currency": ["USD"]}
    book = orders((1, 9, 100), currency=["CNY"])
    only = row(appraise(book, costs=costs, rates=RATES, base_currency="CNY"), 1)
    assert (only["revenue_e4"], only["serve_fee_e4"]) == (1_000_000, 710_000)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_an_instant_falls_on_the_day_of_the_companys_zone(zone):
    at = "2026-03-05T20:30:00Z"
    book = {"customer_id": [1], "day": [at], "amount": [1]}
    expected = {"Asia/Shanghai": "2026-03-06", "America/New_York": "2026-03-05"}[zone]
    assert str(row(appraise(book, time_zone=zone), 1)["last_day"]) == expected
    early = {"customer_id": [1], "day": ["2026-03-06T02:30:00+0800"], "amount": [1]}
    expected = {"Asia/Shanghai": "2026-03-06", "America/New_York": "2026-03-05"}[zone]
    assert str(row(appraise(early, time_zone=zone), 1)["last_day"]) == expected


def test_days_and_local_times_stay_what_they_are_in_any_zone():
    book = {"customer_id": [1, 2], "day": ["2026-03-05 23:30:00", "2026-03-06"], "amount": [1, 1]}
    result = appraise(book, time_zone="America/New_York")
    assert list(result.customers["last_day"]) == [np.datetime64("2026-03-05"), np.datetime64("2026-03-06")]


def test_an_unknown_zone_is_refused():
    with pytest.raises(worth.PolicyRefused) as refused:
        appraise(orders((1, 1, 1)), time_zone="Mars/Olympus")
    assert refused.value.values["setting"] == "time_zone"


def test_fiscal_years_are_named_by_the_year_they_end_in():
    book = {"customer_id": [1, 1, 1], "day": ["2025-03-31", "2025-04-01", "2026-03-31"], "amount": [1, 2, 4]}
    found = worth.break_down(
        worth.Tables(orders=book), worth.Policy(fiscal_year_start=4), by=["fiscal_year"]
    ).columns
    assert dict(zip(found["fiscal_year"], found["revenue_e4"].tolist(), strict=True)) == {
        "2025": 10_000, "2026": 60_000,
    }  # fmt: skip


def test_typed_instants_without_a_zone_are_read_in_universal_time():
    at = datetime.datetime(2026, 3, 5, 23, 30, tzinfo=datetime.UTC)
    assert str(row(appraise({"customer_id": [1], "day": [at], "amount": [1]}), 1)["last_day"]) == "2026-03-05"


def test_minutes_are_priced_in_the_base_currency_whatever_the_row_names():
    costs = {"customer_id": [1, 1], "day": [day(10)] * 2, "kind": ["visit", "fee"], "amount": [None, 10],
             "minutes": [60, None], "currency": ["USD", "USD"]}  # fmt: skip
    given = {"costs": costs, "rates": RATES, "base_currency": "CNY", "minute_cost_e4": 10_000}
    only = row(appraise(orders((1, 9, 100)), **given), 1)
    assert (only["serve_visit_e4"], only["serve_fee_e4"]) == (600_000, 720_000)


def test_the_base_currency_may_be_written_in_small_letters():
    book = orders((1, 9, 100), (1, 9, 1), currency=["CNY", "USD"])
    assert row(appraise(book, rates=RATES, base_currency="cny"), 1)["revenue_e4"] == 1_071_000
