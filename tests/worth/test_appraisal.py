"""The rules of the run on small books: what counts, what is set aside, how profit is made of its parts."""

from __future__ import annotations

import datetime
from collections import defaultdict

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientier import worth
from clientier.worth.book.drivers import PRICED
from tests.worth.books import AS_OF, appraise, day, orders, row


def test_several_orders_on_a_day_are_one_purchase():
    result = appraise(
        orders((1, 10, 5, 0, "sale", "A"), (1, 10, 7, 0, "sale", "B"), (1, 40, 1, 0, "sale", "C"))
    )
    only = row(result, 1)
    assert (only["n_orders"], only["lifetime_n_purchase_days"], only["x"], only["t_x"]) == (3, 2, 1.0, 30.0)
    assert only["revenue_e4"] == 130_000


def test_returns_reduce_value_but_are_no_purchase():
    result = appraise(orders((1, 10, 100, 60), (1, 20, -40, -24, "return")))
    only = row(result, 1)
    assert (only["revenue_e4"], only["cost_e4"], only["net_profit_e4"]) == (600_000, 360_000, 240_000)
    assert (only["n_returns"], only["lifetime_n_purchase_days"]) == (1, 1)
    assert only["last_day"] == np.datetime64("2026-01-11")


def test_fully_returned_purchase_stays_an_event_without_value():
    only = row(appraise(orders((1, 10, 100, 60), (1, 10, -100, -60, "return"))), 1)
    assert (only["revenue_e4"], only["lifetime_n_purchase_days"]) == (0, 1)


def test_a_cancelled_order_leaves_nothing_and_is_counted():
    book = orders(
        (1, 10, 100, 60, "sale", "A"), (1, 11, -100, -60, "cancellation", "A"), (1, 50, 8, 0, "sale", "B")
    )
    result = appraise(book)
    assert row(result, 1)["lifetime_revenue_e4"] == 80_000
    assert row(result, 1)["first_day"] == np.datetime64("2026-02-20")
    assert [(entry["reason"], entry["rows"], entry["amount_e4"]) for entry in result.set_aside] == [
        ("cancellation", 1, -1_000_000),
        ("cancelled_order", 1, 1_000_000),
    ]
    assert result.counts["orders"] == {"in": 3, "used": 1, "set_aside": 2}


def test_credits_reduce_revenue_and_are_neither_purchase_nor_return():
    only = row(appraise(orders((1, 10, 100), (1, 60, -30, 0, "credit"))), 1)
    assert (only["revenue_e4"], only["n_returns"], only["lifetime_n_purchase_days"]) == (700_000, 0, 1)


def test_without_kinds_negative_lines_are_returns():
    book = orders((1, 10, 100), (1, 20, -10))
    del book["kind"]
    assert row(appraise(book), 1)["n_returns"] == 1


def test_zero_amounts_are_purchases_but_not_spend():
    only = row(appraise(orders((1, 10, 50), (1, 20, 0), (1, 30, 10))), 1)
    assert only["x"] == 2.0
    assert (only["n_spending_days"], only["gross_e4"]) == (2, 600_000)


def test_lines_without_customer_or_after_the_day_are_set_aside_by_reason():
    book = orders((1, 10, 5), (None, 11, 6), (2, 400, 7))
    result = appraise(book)
    assert result.counts["orders"] == {"in": 3, "used": 1, "set_aside": 2}
    assert {entry["reason"]: entry["rows"] for entry in result.set_aside} == {
        "customer_missing": 1,
        "after_as_of": 1,
    }
    assert row(result, 2)["lifecycle"] == "potential"


def test_cost_to_serve_is_split_by_driver_and_minutes_are_priced():
    costs = {
        "customer_id": [1, 1, 1, 1],
        "day": [day(5), day(6), day(7), day(8)],
        "kind": ["visit", "rebate", "freight", "bad_debt"],
        "amount": [None, 12.5, 3, 1],
        "minutes": [90, None, None, None],
    }
    result = appraise(orders((1, 10, 100, 40)), costs=costs, minute_cost_e4=20_000)
    only = row(result, 1)
    assert (only["serve_visit_e4"], only["serve_rebate_e4"], only["serve_freight_e4"]) == (
        1_800_000,
        125_000,
        30_000,
    )
    assert only["net_profit_e4"] == 600_000 - 1_800_000 - 125_000 - 30_000 - 10_000
    assert only["minutes"] == 90.0
    assert only["lifetime_n_purchase_days"] == 1


def test_unpriced_minutes_are_said():
    costs = {"customer_id": [1], "day": [day(5)], "minutes": [30]}
    assert {"code": "minutes_without_rate", "rows": 1} in appraise(orders((1, 10, 1)), costs=costs).notices


def test_costs_without_customer_are_set_aside_with_their_amount():
    costs = {"customer_id": [1, None], "day": [day(5), day(5)], "kind": ["fee", "fee"], "amount": [1, 9]}
    result = appraise(orders((1, 10, 1)), costs=costs)
    assert result.set_aside == [
        {"table": "costs", "reason": "customer_missing", "rows": 1, "amount_e4": 90_000}
    ]


def test_customers_without_orders_are_kept_as_what_they_are():
    known = {"customer_id": [3, 1, 2], "prospect": ["target", None, "non-customer"], "name": ["C", "A", "B"],
             "first_seen": [None, "2026-02-03", None]}  # fmt: skip
    result = appraise(orders((1, 10, 5)), customers=known)
    assert list(result.customers["customer_id"]) == [1, 2, 3]
    assert list(result.customers["lifecycle"]) == ["first_time", "non_customer", "target"]
    assert list(result.customers["name"]) == ["A", "B", "C"]
    assert str(result.customers["first_seen"][0]) == "2026-02-03"
    assert np.isnat(result.customers["first_seen"][1])
    assert np.isnan(result.customers["p_alive"][2]) and result.customers["tier"][2] == 0


def test_windows_follow_one_another_and_all_history_is_kept():
    result = appraise(orders((1, 364, 1), (1, 0, 2), (1, -1, 4), (1, -365, 8), (1, -366, 16)))
    only = row(result, 1)
    assert only["revenue_e4"] == 30_000
    assert only["prior_revenue_e4"] == 120_000
    assert only["lifetime_revenue_e4"] == 310_000


def test_one_customer_with_one_purchase_on_the_day_itself():
    result = appraise(orders((1, 364, 10)))
    only = row(result, 1)
    assert (only["age"], only["x"], only["recency_days"], only["tier"]) == (0.0, 0.0, 0.0, 1)
    assert result.model["purchases"]["evidence"] == "prior"
    assert 0 < only["p_active_90"] < 1 and only["low_evidence"]


def test_an_empty_book_gives_an_empty_answer():
    result = appraise(orders())
    assert result.counts["customers"]["all"] == 0
    assert all(len(column) == 0 for column in result.customers.values())
    assert result.whale["n_customers"] == 0


def test_an_empty_book_without_a_day_is_refused():
    with pytest.raises(worth.TableRefused) as refused:
        worth.appraise(worth.Tables(orders=orders()))
    assert refused.value.reason == "no_orders"


def test_text_ids_are_sorted_as_text_and_numbers_as_numbers():
    assert list(appraise(orders((10, 1, 1), (9, 1, 1))).customers["customer_id"]) == [9, 10]
    assert list(appraise(orders(("10", 1, 1), ("9", 1, 1))).customers["customer_id"]) == ["10", "9"]


def test_a_relation_on_the_callers_connection_is_read_and_the_connection_left_clean():
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE book AS SELECT 7 AS customer, DATE '2026-05-01' AS day, 12.34 AS amount"
        )
        tables = worth.Tables(orders=connection.sql("SELECT * FROM book"), connection=connection)
        result = worth.appraise(tables, as_of=AS_OF)
        left = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert row(result, 7)["revenue_e4"] == 123_400
    assert left == [("book",)]


def test_policy_travels_as_plain_values_and_unknown_settings_are_refused():
    policy = worth.Policy(window_days=180, boundaries=(0.05, 0.15, 0.30, 0.50))
    assert worth.Policy.from_dict(policy.as_dict()) == policy
    with pytest.raises(worth.PolicyRefused) as refused:
        worth.Policy.from_dict({"windowdays": 3})
    assert refused.value.values["setting"] == "windowdays"
    with pytest.raises(worth.PolicyRefused):
        worth.Policy(boundaries=(0.5, 0.6))


LINES = st.lists(
    st.tuples(
        st.integers(1, 8),
        st.integers(-700, 400),
        st.integers(-50_000, 900_000),
        st.integers(0, 700_000),
        st.sampled_from(["sale", "sale", "sale", "return", "credit"]),
    ),
    min_size=1,
    max_size=60,
)
EXPENSES = st.lists(
    st.tuples(
        st.integers(1, 9), st.integers(-700, 400), st.sampled_from(PRICED), st.integers(-9_999, 99_999)
    ),
    max_size=20,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, EXPENSES)
def test_profit_agrees_with_a_plain_sum_and_adds_up(lines, expenses):
    lines = [
        (who, on, -abs(amount) if kind == "return" else amount, cost, kind)
        for who, on, amount, cost, kind in lines
    ]
    book = {
        "customer_id": [line[0] for line in lines],
        "day": [day(line[1]) for line in lines],
        "amount_e4": [line[2] for line in lines],
        "cost_e4": [line[3] for line in lines],
        "kind": [line[4] for line in lines],
    }
    costs = {
        "customer_id": np.array([item[0] for item in expenses], dtype=np.int64),
        "day": np.array([day(item[1]) for item in expenses], dtype=np.int64),
        "kind": np.array([item[2] for item in expenses], dtype=object),
        "amount_e4": np.array([item[3] for item in expenses], dtype=np.int64),
    }
    result = appraise(book, costs=costs)
    window, before = defaultdict(int), defaultdict(int)
    for who, on, amount, cost, _ in lines:
        (window if 0 <= on <= 364 else before)[who] += (amount - cost) if -365 <= on <= 364 else 0
    for who, on, _, amount in expenses:
        (window if 0 <= on <= 364 else before)[who] -= amount if -365 <= on <= 364 else 0
    ids = result.customers["customer_id"]
    assert list(result.customers["net_profit_e4"]) == [window[who] for who in ids]
    assert list(result.customers["prior_net_profit_e4"]) == [before[who] for who in ids]
    assert all(check["ok"] for check in result.checks)
    inside = result.customers["tier"] > 0
    assert sum(entry["n_customers"] for entry in result.tiers) == inside.sum()
    assert sum(entry["net_profit_e4"] for entry in result.tiers) == result.totals["window"]["net_profit_e4"]
    chances = result.customers["p_active_365"]
    known = ~np.isnan(chances)
    assert np.all((chances[known] >= 0) & (chances[known] <= 1))
    assert np.all(result.customers["clv_low_e4"] <= result.customers["clv_high_e4"])


def test_the_same_book_gives_the_same_answer_in_any_order():
    rng = np.random.default_rng(5)
    who, on, value = rng.integers(1, 40, 300), rng.integers(-300, 364, 300), rng.integers(1, 99, 300)
    book = orders(*zip(who.tolist(), on.tolist(), value.tolist(), strict=True))
    order = rng.permutation(300)
    shuffled = {name: [column[place] for place in order] for name, column in book.items()}
    first, second = appraise(book).customers, appraise(shuffled).customers
    for name in ("tier", "rank", "net_profit_e4", "lifecycle", "alert", "clv_e4"):
        assert np.array_equal(first[name], second[name])


def test_as_of_makes_yesterdays_answer_repeatable():
    book = orders((1, 10, 5), (2, 20, 6), (1, 300, 7))
    early = appraise(book, as_of=datetime.date(2026, 3, 1))
    assert early.as_of == datetime.date(2026, 3, 1)
    assert row(early, 1)["revenue_e4"] == 50_000
    assert early.counts["orders"]["set_aside"] == 1


def test_ids_that_are_floating_because_some_are_missing_are_whole_numbers():
    book = orders((1, 10, 5), (2, 11, 6)) | {"customer_id": np.array([17850.0, np.nan])}
    result = appraise(book)
    assert list(result.customers["customer_id"]) == [17850]
    assert result.set_aside[0]["reason"] == "customer_missing"


def test_amounts_that_cannot_be_added_up_are_refused():
    book = orders((1, 10, 1), (1, 11, 1)) | {"amount_e4": [2**62, 2**62]}
    with pytest.raises(worth.TableRefused) as refused:
        appraise(book)
    assert refused.value.reason == "amounts_too_large"


def test_customers_alone_with_a_day_are_enough():
    result = appraise(orders(), customers={"customer_id": ["b", "a"]})
    assert list(result.customers["customer_id"]) == ["a", "b"]
    assert result.counts["customers"]["lifecycle"] == {"potential": 2}
