"""Falling out of one's own rhythm."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from clientier import worth

AS_OF = dt.date(2026, 6, 30)


def regular(days_silent: int, gap_days: int = 30, purchases: int = 24) -> worth.Tables:
    """One customer who bought at even gaps and then stopped, among others who still buy."""
    last = AS_OF - dt.timedelta(days=days_silent)
    days = [last - dt.timedelta(days=gap_days * n) for n in range(purchases)]
    customers = [1] * purchases
    for other in range(2, 40):
        days += [AS_OF - dt.timedelta(days=17 * n + other) for n in range(1 + other % 9)]
        customers += [other] * (1 + other % 9)
    lines = np.arange(len(days))
    return worth.Tables(
        orders={
            "line_id": lines,
            "order_id": lines,
            "customer_id": np.array(customers),
            "day": np.array(days, dtype="datetime64[D]"),
            "kind": ["sale"] * len(days),
            "amount_e4": np.full(len(days), 1_000_000),
        }
    )


def lifecycle_of_first(tables: worth.Tables, **settings: float) -> str:
    result = worth.appraise(tables, worth.Policy(**settings), as_of=AS_OF)  # type: ignore[arg-type]
    return str(result.customers["lifecycle"][list(result.customers["customer_id"]).index(1)])


@pytest.mark.parametrize(("days_silent", "expected"), [(360, "not lost"), (370, "lost")])
def test_a_regular_customer_is_lost_after_a_year_and_three_of_its_longest_gaps(
    days_silent: int, expected: str
) -> None:
    found = lifecycle_of_first(regular(days_silent), lost_p_active=0.000001)
    assert (found == "lost") == (expected == "lost")


def test_who_buys_rarely_is_given_more_time() -> None:
    rare = regular(400, gap_days=180, purchases=8)
    assert lifecycle_of_first(rare, lost_p_active=0.000001) != "lost"


def test_the_multiple_is_a_setting_and_not_below_one() -> None:
    tables = regular(370)
    assert lifecycle_of_first(tables, lost_p_active=0.000001, lost_gap_multiple=20.0) != "lost"
    with pytest.raises(worth.PolicyRefused):
        worth.Policy(lost_gap_multiple=0.5)
