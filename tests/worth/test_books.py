"""Returns and cancellations against their sale, money owed, capacity and overheads; what has gone in comes out."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientier import worth
from clientier.worth.book.drivers import DRIVERS
from clientier.worth.book.overheads import KEYS
from tests.worth.books import AS_OF, DAY_ZERO, appraise, day, orders, row


def codes(result):
    return {notice["code"]: notice.get("rows") for notice in result.notices}


def reasons(result, table="orders"):
    return {entry["reason"]: entry["rows"] for entry in result.set_aside if entry["table"] == table}


def test_a_return_counts_on_its_own_day_or_on_the_day_of_its_sale():
    book = orders((1, -10, 100, 0, "sale", "A"), (1, 20, -40, 0, "return", "R"), of_order=[None, "A"])
    own = row(appraise(book), 1)
    assert (own["prior_revenue_e4"], own["revenue_e4"]) == (1_000_000, -400_000)
    of_sale = row(appraise(book, returns_on="sale_day"), 1)
    assert (of_sale["prior_revenue_e4"], of_sale["revenue_e4"]) == (600_000, 0)
    assert of_sale["lifetime_revenue_e4"] == own["lifetime_revenue_e4"] == 600_000


def test_a_cancellation_takes_out_the_line_or_the_order_that_it_names():
    book = orders(
        (1, 1, 10, 0, "sale", "A"), (1, 1, 20, 0, "sale", "A"), (1, 5, 40, 0, "sale", "B"),
        (1, 9, -20, 0, "cancellation", "X"), (1, 9, -40, 0, "cancellation", "Y"),
        line_id=["a", "b", "c", "d", "e"], of_line=[None, None, None, "b", None],
        of_order=[None, None, None, None, "B"],
    )  # fmt: skip
    result = appraise(book)
    assert row(result, 1)["revenue_e4"] == 100_000
    assert reasons(result) == {"cancellation": 2, "cancelled_line": 1, "cancelled_order": 1}
    assert codes(result) == {}


def test_what_names_a_sale_that_is_not_there_is_said_and_kept():
    book = orders(
        (1, 1, 10, 0, "sale", "A"), (1, 2, -4, 0, "return", "R"), (1, 3, -30, 0, "return", "S"),
        (1, 4, -5, 0, "cancellation", "Z"),
        of_order=[None, "gone", "A", None],
    )  # fmt: skip
    result = appraise(book)
    assert row(result, 1)["revenue_e4"] == -240_000
    assert codes(result) == {
        "cancellation_without_sale": 1, "return_without_sale": 1, "more_returned_than_sold": 1,
    }  # fmt: skip


def test_interest_runs_from_the_due_day_to_the_payment_and_stops_at_the_day_as_of():
    owed = {
        "customer_id": [1, 1, 2, 2],
        "due_on": [day(0), day(0), day(-1000), day(300)],
        "paid_on": [day(73), day(-5), day(-900), None],
        "amount": [1_000, 9_999, 365, 100],
    }
    result = appraise(orders((1, 5, 1), (2, 5, 1)), receivables=owed, receivable_rate=0.10)
    assert row(result, 1)["serve_late_interest_e4"] == 200_000  # 1000 x 10 % x 73 / 365
    two = row(result, 2)
    assert two["serve_late_interest_e4"] == round(100e4 * 0.10 * 64 / 365)
    assert two["lifetime_serve_e4"] - two["serve_e4"] - two["prior_serve_e4"] == 100_000
    assert (two["receivable_e4"], two["overdue_e4"], two["days_overdue"]) == (1_000_000, 1_000_000, 64)
    assert row(result, 1)["receivable_e4"] == 0


def test_interest_of_months_adds_up_to_that_of_the_whole():
    owed = {"customer_id": [1], "due_on": [day(-700)], "paid_on": [None], "amount": [777.77]}
    tables = worth.Tables(orders=orders((1, 5, 1)), receivables=owed)
    found = worth.break_down(tables, worth.Policy(receivable_rate=0.083), by=["month"], last=AS_OF).columns
    assert len(found["month"]) == 35
    assert found["serve_late_interest_e4"].sum() == round(777.77e4 * 0.083 * (364 + 700) / 365)


def test_roles_price_their_minutes_and_what_they_did_not_use_is_shown():
    capacity = {"role": ["rep", "boss"], "from": [day(0), day(0)], "until": [day(364), day(364)],
                "cost": [60_000, 90_000], "minutes": [60_000, 30_000]}  # fmt: skip
    costs = {"customer_id": [1, 1, 2, 2], "day": [day(5)] * 4, "role": ["rep", "boss", "rep", "temp"],
             "kind": ["visit", "call", "case", "email"], "minutes": [120, 10, 30, 7]}  # fmt: skip
    result = appraise(orders((1, 1, 1)), costs=costs, capacity=capacity, minute_cost_e4=5_000)
    one, two = row(result, 1), row(result, 2)
    assert (one["serve_visit_e4"], one["serve_call_e4"]) == (1_200_000, 300_000)
    assert (two["serve_case_e4"], two["serve_minutes_e4"]) == (300_000, 35_000)
    assert [(use["role"], use["used_minutes"], use["unused_e4"]) for use in result.capacity] == [
        ("boss", 10.0, 899_700_000), ("rep", 150.0, 598_500_000),
    ]  # fmt: skip
    assert result.capacity[1]["share_used"] == 150 / 60_000


def test_capacity_counts_by_its_days_inside_the_window():
    capacity = {"role": [""], "from": [day(-365)], "until": [day(364)], "cost": [7_300], "minutes": [730]}
    used = appraise(orders((1, 1, 1)), capacity=capacity).capacity
    assert (used[0]["supplied_minutes"], used[0]["supplied_e4"]) == (365.0, 36_500_000)


def test_capacity_twice_for_one_role_is_refused():
    capacity = {"role": ["a", "a"], "from": [day(0), day(9)], "until": [day(9), day(20)],
                "cost": [1, 1], "minutes": [1, 1]}  # fmt: skip
    with pytest.raises(worth.TableRefused) as refused:
        appraise(orders((1, 1, 1)), capacity=capacity)
    assert (refused.value.reason, refused.value.row) == ("capacity_overlaps", 2)


def test_overheads_are_carried_by_the_key_and_add_up():
    book = orders((1, 5, 100, 40), (2, 6, 300, 290), (3, 7, 0.01, 0))
    overheads = {"day": [day(3), day(20)], "amount": [100, 0.01]}
    costs = {"customer_id": [3], "day": [day(4)], "minutes": [5]}

    def carried(key):
        result = appraise(book, overheads=overheads, costs=costs, overhead_key=key)
        assert all(check["ok"] for check in result.checks)
        return result.customers["serve_overhead_e4"].tolist()

    assert carried("revenue") == [250_019, 750_056, 25]  # 100 : 300 : 0.01 of 100.01
    assert carried("minutes") == [0, 0, 1_000_100]
    assert carried("customers") == [333_367, 333_366, 333_367]
    assert carried("margin")[1] < carried("margin")[0]
    assert sum(carried("lines")) == 1_000_100


def test_overheads_of_a_span_without_any_business_are_set_aside():
    overheads = {"day": [day(40), day(3), day(400)], "amount": [70, 1, 2]}
    result = appraise(orders((1, 5, 100)), overheads=overheads)
    assert reasons(result, "overheads") == {"nobody_to_carry": 1, "after_as_of": 1}
    assert result.counts["overheads"] == {"in": 3, "used": 1, "set_aside": 2}
    assert row(result, 1)["serve_overhead_e4"] == 10_000


LINES = st.lists(
    st.tuples(
        st.integers(1, 6), st.integers(-800, 364), st.integers(-5_000, 90_000), st.integers(0, 70_000),
        st.sampled_from(["sale", "sale", "sale", "return", "credit", "cancellation"]), st.sampled_from("ABCD"),
    ),
    min_size=1, max_size=40,
)  # fmt: skip
CLAIMS = st.lists(
    st.tuples(st.integers(1, 7), st.integers(-900, 400), st.one_of(st.none(), st.integers(-900, 400)),
              st.integers(-9_999, 999_999)),
    max_size=12,
)  # fmt: skip
COMMON = st.lists(st.tuples(st.integers(-800, 400), st.integers(-9_999, 99_999)), max_size=8)


@settings(max_examples=6, deadline=None)
@given(LINES, CLAIMS, COMMON, st.sampled_from(sorted(KEYS)), st.sampled_from(["own_day", "sale_day"]))
def test_nothing_is_lost_and_groups_of_every_kind_add_up(lines, claims, common, key, returns_on):
    book = orders(*((c, d, (a if k == "sale" else -abs(a)) / 100, cost / 100, k, o)
                    for c, d, a, cost, k, o in lines))  # fmt: skip
    book["product"] = [f"P{number % 3}" for number in range(len(lines))]
    customers = {"customer_id": [1, 2, 3], "territory": ["north", "south", None]}
    owed = {"customer_id": [c for c, *_ in claims], "due_on": [day(d) for _, d, *_ in claims],
            "paid_on": [None if p is None else day(p) for _, _, p, _ in claims],
            "amount_e4": [a for *_, a in claims]}  # fmt: skip
    shared = {"day": [day(d) for d, _ in common], "amount_e4": [a for _, a in common]}
    tables = worth.Tables(orders=book, customers=customers, receivables=owed, overheads=shared)
    policy = worth.Policy(receivable_rate=0.12, overhead_key=key, returns_on=returns_on)
    result = worth.appraise(tables, policy, as_of=AS_OF)
    assert all(check["ok"] for check in result.checks)
    served = sum(int(result.customers[f"serve_{driver}_e4"].sum()) for driver in DRIVERS)
    assert served == result.totals["window"]["serve_e4"]
    whole = result.totals["lifetime"]["net_profit_e4"]
    for by in (["product"], ["territory", "month"]):
        found = worth.break_down(tables, policy, by=by, last=AS_OF)
        assert all(check["ok"] for check in found.checks), (by, found.checks)
        assert found.columns["net_profit_e4"].sum() == whole
    of_customers = worth.break_down(tables, policy, by=["customer_id"], last=AS_OF).columns
    by_id = dict(zip(of_customers["customer_id"], of_customers["net_profit_e4"].tolist(), strict=True))
    for who, profit in zip(
        result.customers["customer_id"], result.customers["lifetime_net_profit_e4"], strict=True
    ):
        assert by_id.get(str(who), 0) == profit


def test_a_breakdown_names_headings_that_are_not_there():
    with pytest.raises(worth.TableRefused) as refused:
        worth.break_down(worth.Tables(orders=orders((1, 1, 1))), by=["colour"])
    assert (refused.value.reason, refused.value.column) == ("column_missing", "colour")


def test_headings_with_quotes_are_read_as_they_are():
    book = {'the "customer"': ["A"], "day": [day(1)], "amount": [5]}
    tables = worth.Tables(orders=book, mapping={"orders": {"customer_id": 'the "customer"'}})
    assert worth.appraise(tables, as_of=AS_OF).customers["revenue_e4"].tolist() == [50_000]


def test_customers_all_alike_share_rank_tier_and_place():
    result = appraise(orders(*((number, 100, 10, 4) for number in range(1, 9))))
    assert np.unique(result.customers["rank"]).tolist() == [1]
    assert len(np.unique(result.customers["tier"])) == 1
    assert result.concentration["gini"] == 0.0
    assert result.concentration["hhi"] == pytest.approx(1 / 8)


def test_minutes_with_an_amount_of_nothing_are_not_called_unpriced():
    costs = {"customer_id": [1, 1], "day": [day(5)] * 2, "amount": [0, None], "minutes": [30, 30]}
    notices = appraise(orders((1, 1, 1)), costs=costs).notices
    assert [notice["rows"] for notice in notices if notice["code"] == "minutes_without_rate"] == [1]


def test_two_breakdowns_one_after_the_other_add_up_to_that_of_all_days():
    tables = worth.Tables(
        orders=orders((1, 10, 100), (1, 25, 50)),
        receivables={"customer_id": [1], "due_on": [day(0)], "amount": [365]},
        overheads={"day": [day(12), day(26)], "amount": [7, 5]},
    )

    def served(first: int | None, last: int) -> tuple[int, int]:
        days = [None if number is None else DAY_ZERO + datetime.timedelta(number) for number in (first, last)]
        found = worth.break_down(
            tables, worth.Policy(receivable_rate=0.1), by=[], first=days[0], last=days[1]
        ).columns
        return int(found["serve_overhead_e4"].sum()), int(found["serve_late_interest_e4"].sum())

    assert served(None, 364) == (120_000, 364_000)
    assert [served(None, 21), served(22, 364)] == [(70_000, 21_000), (50_000, 343_000)]
