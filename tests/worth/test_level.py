"""How totals are set right by surprises of earlier quarters: a trend goes on, a season comes back, chance does not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clientier.worth.validation.level import Surprise, factor, span_of, weights
from clientier.worth.validation.surprises import present_rate, surprises
from clientier.worth.validation.trial import Trial
from tests.worth.simulated import launched_book, mbg_book, purchase_days

MANY = 1_000_000.0


def series(logs, span=91):
    """Surprises of that size, the newest first, so many purchases that chance plays no part."""
    return {(place, span): Surprise(MANY, MANY * math.exp(size)) for place, size in enumerate(logs, start=1)}


def test_nothing_known_changes_nothing():
    assert factor({}, 90) == 1.0
    assert weights({}, 91).tolist() == pytest.approx([0.5, 0.1])


def test_without_lessons_half_of_the_newest_surprise_comes_back():
    assert factor(series([0.2]), 90) == pytest.approx(math.exp(0.1), rel=1e-4)


def test_a_trend_that_went_on_is_believed_more_and_one_that_turned_less():
    steady, turning = series([0.4] * 8), series([0.4, -0.4] * 4)
    assert weights(steady, 91)[0] > 0.65
    assert weights(turning, 91)[0] < 0.2
    assert factor(steady, 90) > math.exp(0.3)


def test_a_season_comes_back_a_year_later():
    logs = [
        0.6,
        0.0,
        -0.6,
        0.0,
    ] * 3  # the newest quarter was high, so the coming one is like that a year ago: flat
    newest, year_ago = weights(series(logs), 91)
    assert year_ago > 0.5 and newest < 0.3
    assert factor(series(logs[3:]), 90) == pytest.approx(
        math.exp(-0.6 * weights(series(logs[3:]), 91)[1]), rel=0.2
    )


def test_the_factor_stays_within_threefold():
    assert factor(series([1.5] * 8), 90) == pytest.approx(3.0)
    assert factor(series([-1.5] * 8), 90) == pytest.approx(1 / 3)


def test_few_purchases_surprise_little():
    assert Surprise(1.0, 3.0).log == pytest.approx(math.log(8 / 6))
    assert Surprise(0.0, 1e9).log == 1.5


def test_each_horizon_has_its_span():
    assert [span_of(days) for days in (30, 90, 180, 365)] == [91, 91, 182, 364]


def test_surprises_count_what_came_to_the_customers_known_then():
    customer, day = purchase_days(mbg_book(300))

    class Nothing:
        def expected(self, x, t_x, age, days):
            return np.full(len(x), days)

    seen: list[Trial] = []

    def fit(trial, gaps):
        seen.append(trial)
        return Nothing()

    as_of = int(day.max())
    found = surprises(customer, day, as_of, 365, fit)
    assert max(back for back, _ in found) == 11 and (1, 182) not in found and (2, 182) in found
    origin = as_of - 4 * 91
    known = np.unique(customer[day <= origin])
    came = (day > origin) & (day <= origin + 182) & np.isin(customer, known)
    assert found[4, 182] == Surprise(len(known) * 182.0, float(came.sum()))
    assert len(seen) == 11


def test_the_present_rate_follows_a_launch_at_once():
    customer, day = purchase_days(launched_book())
    known, as_of = np.unique(customer), int(day.max())
    rate = present_rate(customer, day, known, as_of)
    truth = 1 / 120  # everybody buys every 120 days, since the launch
    assert rate.mean() == pytest.approx(truth, rel=0.1)
    lately = np.isin(known, customer[day > as_of - 30])
    assert rate[lately].mean() >= rate[~lately].mean()
