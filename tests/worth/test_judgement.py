"""Lifecycle, stages, value types, warnings and health; and that every judgement can be explained."""

from __future__ import annotations

import numpy as np
import pytest

from clientier import worth
from clientier.worth.alerts import ALERTS, HEALTH_PARTS
from clientier.worth.facts import own_gap_quantile
from clientier.worth.lifecycle import CLASSES, STAGES, VALUE_TYPES
from tests.worth.books import appraise, day, orders, row


def rhythm(customer, first, last, gap, amount=100.0, cost=60.0):
    return [(customer, number, amount, cost) for number in range(first, last, gap)]


@pytest.fixture(scope="module")
def company():
    """Two years of a small company: 60 steady buyers and the cases that matter."""
    lines = [line for who in range(100, 160) for line in rhythm(who, -360 + who % 30, 364, 28 + who % 9)]
    lines += rhythm(1, -360, 120, 14)  # a good one who fell silent
    lines += rhythm(8, -360, 340, 20)  # a good one, silent for 44 days where 20 are usual
    lines += rhythm(2, -300, 364, 20, 500, 200)  # a growing great one
    lines += [(3, 300, 100, 60)]  # bought once, not long ago
    lines += rhythm(4, -200, 364, 30, 100, 130)  # costs more than it brings
    lines += [*rhythm(5, -360, 0, 20), (5, 60, 100, 60), (5, 340, 100, 60)]  # buys ever less
    lines += rhythm(6, -700, -640, 20)  # gone long ago
    return appraise(orders(*lines), customers={"customer_id": [7, 1], "prospect": ["target", None]})


def test_classes_are_those_of_the_glossary(company):
    assert set(company.customers["lifecycle"]) <= set(CLASSES)
    assert set(company.customers["stage"]) <= set(STAGES)
    assert set(company.customers["value_type"]) <= set(VALUE_TYPES)
    assert set(company.customers["alert"]) <= set(ALERTS)


def test_each_case_is_seen_for_what_it_is(company):
    assert row(company, 2)["lifecycle"] == "loyal" and row(company, 2)["value_type"] == "most_valuable"
    assert row(company, 3)["lifecycle"] == "first_time" and row(company, 3)["stage"] == "acquisition"
    assert row(company, 4)["value_type"] == "below_zero" and row(company, 4)["alert"] == "below_zero"
    assert row(company, 6)["lifecycle"] == "lost" and row(company, 6)["stage"] == "churned"
    assert row(company, 7)["lifecycle"] == "target" and np.isnan(row(company, 7)["health"])


def test_silence_is_measured_against_the_own_rhythm(company):
    silent = row(company, 1)
    assert silent["gap_is_own"] and silent["gap_limit_days"] == 14.0
    assert silent["lifecycle"] == "lost" and silent["alert"] == ""
    late = row(company, 8)
    assert (late["gap_limit_days"], late["recency_days"], late["alert"]) == (20.0, 44.0, "silence")
    assert late["alert_silence"] == 100
    assert row(company, 2)["alert_silence"] == 0


def test_falling_purchases_are_seen_before_silence(company):
    falling = row(company, 5)
    assert (falling["n_purchase_days"], falling["prior_n_purchase_days"]) == (2, 18)
    assert falling["alert_purchases_falling"] == 89 and falling["stage"] == "decline"


def test_below_zero_is_worth_what_it_costs(company):
    bad = row(company, 4)
    assert bad["value_at_risk_e4"] == -bad["net_profit_e4"] > 0
    assert bad["alert_strength"] == 30


def test_health_is_the_weighted_mean_of_its_parts(company):
    good = row(company, 2)
    parts = [good[f"health_{part}"] for part in HEALTH_PARTS]
    assert good["health"] == pytest.approx(np.dot(parts, company.policy.health_weights), abs=1.0)
    assert 0 <= good["health"] <= 100
    assert row(company, 1)["health"] < good["health"]


def test_lost_takes_two_runs_and_buying_again_wins_back():
    steady = [line for who in range(10, 40) for line in rhythm(who, 0, 400, 25)]
    start = orders(*steady, *rhythm(1, 0, 100, 5))
    first = appraise(start, as_of=_date(110))
    assert row(first, 1)["lifecycle"] == "loyal"
    second = appraise(start, as_of=_date(300), previous=worth.Previous.from_result(first))
    assert row(second, 1)["p_active_365"] < 0.10
    assert (row(second, 1)["lifecycle"], row(second, 1)["lost_signals"]) == ("repeat", 1)
    third = appraise(start, as_of=_date(301), previous=worth.Previous.from_result(second))
    assert (row(third, 1)["lifecycle"], row(third, 1)["lost_signals"]) == ("lost", 2)
    back = orders(*steady, *rhythm(1, 0, 100, 5), (1, 310, 100, 60), (1, 315, 100, 60))
    fourth = appraise(back, as_of=_date(320), previous=worth.Previous.from_result(third))
    assert row(fourth, 1)["lifecycle"] in ("repeat", "loyal") and row(fourth, 1)["won_back"]
    assert {"from": "lost", "to": row(fourth, 1)["lifecycle"]}.items() <= {
        key: value
        for move in fourth.moves["lifecycle"]
        if move["from"] == "lost"
        for key, value in move.items()
    }.items()


def _date(number):
    return np.datetime64(day(number), "D").item()


def test_own_gap_quantile_equals_numpy():
    gaps = [np.array([3.0, 9, 4]), np.array([]), np.array([7.0]), np.arange(1.0, 30)]
    counts = np.array([len(own) for own in gaps])
    got = own_gap_quantile(counts, np.concatenate([np.sort(own) for own in gaps]), 0.9)
    expected = [np.quantile(own, 0.9) if len(own) else np.nan for own in gaps]
    assert np.allclose(got, expected, equal_nan=True)


def test_every_judgement_has_its_reasons(company):
    for place in range(len(company.customers["customer_id"])):
        reasons = worth.explain(company, place)
        for name in ("tier", "lifecycle", "stage", "value_type"):
            assert reasons[name][0]["code"] is not None
        sounding = [reason["code"] for reason in reasons["alert"]]
        assert (company.customers["alert"][place] or None) == (sounding[0] if sounding else None)
        steps = [reason["amount_e4"] for reason in reasons["profit"]]
        assert sum(steps[:-1]) == steps[-1]


def test_reasons_hold_the_figures_they_rest_on(company):
    place = list(company.customers["customer_id"]).index(5)
    falling = next(
        reason for reason in worth.explain(company, place)["alert"] if reason["code"] == "purchases_falling"
    )
    assert (falling["now"], falling["before"], falling["window_days"]) == (2, 18, 365)


def test_small_books_say_that_a_prior_stands_behind_them(company):
    assert company.model["purchases"]["evidence"] == "prior_and_data"
    assert company.model["purchases"]["fallback"] == "few_repeat_customers"
    assert company.model["purchases"]["n_repeat_customers"] == 66
