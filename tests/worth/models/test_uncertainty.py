"""Ranges hold what they claim for customers with known truth, and never hold more than they may in memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from clientier.worth.models import pareto_fit, purchase_fit, registry, regular_fit, uncertainty
from clientier.worth.models.uncertainty import Doubt, customer_intervals, parameter_draws, total_interval
from tests.worth.models.populations import leaving_at_purchases, leaving_unseen

BUSY = (3.0, 30.0, 0.4, 60.0)
SMALL = (0.9, 40.0, 0.8, 5.0)


def covered(people, fitted, doubt=None):
    """The share of customers within their range: of all, and of those surely here who buy in tens."""
    low, high = customer_intervals(fitted, *people.parts, 180.0, doubt)
    within = (people.bought >= low) & (people.bought <= high)
    busy = (fitted.model.p_alive(*people.parts) > 0.97) & (fitted.model.expected(*people.parts, 180.0) > 8)
    return float(within.mean()), float(within[busy].mean())


def test_four_of_five_customers_lie_within_their_range():
    people = leaving_at_purchases(np.random.default_rng(1), 4_000, BUSY)
    fitted = purchase_fit.fit(people.history, "mbg")
    everybody, busy = covered(people, fitted)
    assert 0.78 < everybody < 0.90  # more than four of five, for nobody can buy less than nothing
    assert 0.75 < busy < 0.85
    assert 0.45 < covered(people, fitted, Doubt(share=0.5))[1] < 0.58


def test_ranges_of_regular_buyers_are_narrow_and_hold():
    people = leaving_at_purchases(np.random.default_rng(2), 4_000, (8.0, 20.0, 0.4, 60.0), k=6)
    fitted, plain = regular_fit.fit(people.history, "mbg_k"), purchase_fit.fit(people.history, "mbg")
    assert 0.75 < covered(people, fitted)[1] < 0.90
    (low, high), (low_plain, high_plain) = (
        customer_intervals(f, *people.parts, 180.0) for f in (fitted, plain)
    )
    assert (high - low).mean() < 0.8 * (high_plain - low_plain).mean()


@pytest.mark.parametrize(("kind", "companies"), [("mbg", 100), ("pareto", 50)])
def test_four_of_five_totals_lie_within_their_range(kind, companies):
    """Small companies, each fitted on its own 300 customers."""
    within, random = 0, np.random.default_rng(17)
    for _ in range(companies):
        if kind == "mbg":
            people = leaving_at_purchases(random, 300, SMALL)
            fitted = purchase_fit.fit(people.history, "mbg", purchase_fit.weak_prior(people.history))
        else:
            people = leaving_unseen(random, 300, (0.9, 40.0, 0.8, 300.0))
            fitted = pareto_fit.fit(people.history, pareto_fit.weak_prior(people.history))
        range_ = total_interval(fitted, people.history, 180.0, Doubt(draws=100))
        within += range_.low <= people.bought.sum() <= range_.high
    sampling_error = np.sqrt(0.8 * 0.2 / companies)
    assert abs(within / companies - 0.8) < 2.5 * sampling_error


def test_a_part_of_the_rows_tells_the_range_of_all(monkeypatch):
    people = leaving_at_purchases(np.random.default_rng(7), 6_000, SMALL)
    fitted = purchase_fit.fit(people.history, "mbg")
    whole = total_interval(fitted, people.history, 180.0)
    monkeypatch.setattr(uncertainty, "MOST_ROWS", 1_500)
    part = total_interval(fitted, people.history, 180.0)
    assert part.expected == whole.expected
    assert part.high - part.low == pytest.approx(whole.high - whole.low, rel=0.25)


def test_many_customers_and_few_agree_on_the_range():
    people = leaving_at_purchases(np.random.default_rng(3), 4_900, SMALL)
    fitted = purchase_fit.fit(people.history, "mbg")
    drawn = total_interval(fitted, people.history, 180.0)
    doubled = type(people.history)(*people.parts, 2.0 * people.history.weight)
    normal = total_interval(fitted, doubled, 180.0)
    relative = [(i.high - i.low) / i.expected for i in (drawn, normal)]
    assert normal.expected == pytest.approx(2 * drawn.expected)
    assert relative[1] < relative[0] < 1.6 * relative[1]


def test_backtests_shift_and_widen_the_range(cdnow):
    fitted = registry.fit(cdnow, "mbg")
    plain, wide = (
        total_interval(fitted, cdnow, 39.0, doubt) for doubt in (None, Doubt(calibration=1.16, spread=0.1))
    )
    assert wide.expected == pytest.approx(1.16 * plain.expected)
    assert wide.high - wide.low > 1.5 * (plain.high - plain.low)
    assert (
        plain.high < 1882 < wide.high
    )  # what CDNOW's customers really bought: parameter error alone misses it
    parts = cdnow.x, cdnow.t_x, cdnow.age
    tops = [customer_intervals(fitted, *parts, 39.0, d)[1] for d in (None, Doubt(calibration=2.0))]
    busy = tops[0] >= 5
    assert np.mean(tops[1][busy] / tops[0][busy]) == pytest.approx(2.0, abs=0.1)


def test_parameter_draws_have_the_spread_of_the_standard_errors(cdnow):
    fitted = registry.fit(cdnow, "bg")
    drawn = list(parameter_draws(fitted, 4_000, np.random.default_rng(5)))
    logs = np.log([[getattr(model, name) for name in model.PARAMETERS] for model in drawn])
    centre = np.log([getattr(fitted.model, name) for name in fitted.model.PARAMETERS])
    relative = np.array(fitted.standard_errors) / np.exp(centre)
    assert np.allclose(logs.mean(axis=0), centre, atol=0.02)
    assert np.allclose(logs.std(axis=0), relative, rtol=0.06)


def test_the_same_seed_gives_the_same_range(cdnow):
    fitted = registry.fit(cdnow, "mbg")
    assert total_interval(fitted, cdnow, 39.0) == total_interval(fitted, cdnow, 39.0)


def test_customers_times_draws_are_never_in_memory_together():
    people = leaving_at_purchases(np.random.default_rng(6), 10_000, SMALL)
    fitted = purchase_fit.fit(people.history, "mbg")
    tracemalloc.start()
    customer_intervals(fitted, *people.parts, 180.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.75 * 10_000 * 400 * 8  # the table itself, without what drawing it takes
