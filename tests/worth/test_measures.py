"""Measures of a forecast against small examples reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.validation import measures


def test_bias_is_the_share_by_which_the_total_was_off():
    assert measures.bias(np.array([2.0, 1.0]), np.array([1.0, 1.0])) == 0.5
    assert measures.bias(np.array([2.0, 1.0]), np.array([0.0, 0.0])) is None


def test_errors_of_single_customers():
    expected, actual = np.array([1.0, 2.0, 5.0]), np.array([1.0, 4.0, 1.0])
    assert measures.root_mean_square(expected, actual) == pytest.approx(np.sqrt(20 / 3))
    assert measures.mean_absolute(expected, actual) == 2.0


def test_normalised_gini_is_one_for_the_perfect_order_and_minus_one_for_its_reverse():
    actual = np.array([0.0, 1.0, 2.0, 5.0])
    assert measures.normalised_gini(actual**3, actual) == pytest.approx(1.0)
    assert measures.normalised_gini(-actual, actual) == pytest.approx(-1.0)


def test_normalised_gini_by_hand_with_a_tie_and_a_loss():
    # Places from the best: 0.25 and 0.25 for the tied two, 0.625, 0.875; less a half, against actual less 2.
    actual, score = np.array([6.0, -2.0, 1.0, 3.0]), np.array([9.0, 9.0, 3.0, 1.0])
    ours = -0.25 * 4 - 0.25 * -4 + 0.125 * -1 + 0.375 * 1
    best = -0.375 * 4 - 0.125 * 1 + 0.125 * -1 + 0.375 * -4
    assert measures.normalised_gini(score, actual) == pytest.approx(ours / best)
    assert measures.normalised_gini(score, np.full(4, 2.0)) is None


def test_area_under_curve_counts_pairs_and_half_the_ties():
    score, happened = np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, True, False, True])
    assert measures.area_under_curve(score, happened) == pytest.approx(3.5 / 4)
    assert measures.area_under_curve(score, np.ones(4, dtype=bool)) is None


def test_brier_is_the_mean_squared_distance():
    happened = np.array([True, False, True])
    assert measures.brier(np.array([0.9, 0.2, 0.5]), happened) == pytest.approx((0.01 + 0.04 + 0.25) / 3)


def test_groups_are_of_equal_number_lowest_first():
    expected, actual = np.array([4.0, 1.0, 3.0, 2.0]), np.array([8.0, 0.0, 2.0, 1.0])
    assert measures.groups(expected, actual, 2) == [
        {"group": 1, "n_customers": 2, "expected": 1.5, "actual": 0.5},
        {"group": 2, "n_customers": 2, "expected": 3.5, "actual": 5.0},
    ]
    assert measures.groups(np.array([]), np.array([])) == []


def test_coverage_takes_the_ends_in():
    low, high = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0, 4.0])
    assert measures.coverage(low, high, np.array([1.0, 0.0, 2.0, 5.0])) == 0.5


def test_captured_is_what_the_best_by_the_score_brought():
    actual = np.array([50.0, 30.0, 15.0, 5.0, 0.0])
    assert measures.captured(actual, actual, 0.2) == 0.5
    assert measures.captured(-actual, actual, 0.4) == 0.05


def test_captured_counts_those_who_tie_at_the_cut_with_the_same_part():
    # Two are wanted; one is above the cut, three tie at it: a third of each of theirs.
    score, actual = np.array([9.0, 5.0, 5.0, 5.0, 1.0]), np.array([40.0, 30.0, 0.0, 0.0, 30.0])
    assert measures.captured(score, actual, 0.4) == pytest.approx(0.5)
    assert measures.captured(score, -actual, 0.4) is None


def test_warning_quality_by_hand():
    warned = np.array([True, True, True, False, False, False, False, False])
    fallen = np.array([True, True, False, True, True, False, False, False])
    assert measures.warning_quality(warned, fallen) == {
        "n_customers": 8, "n_warned": 3, "n_fallen": 4, "n_right": 2, "precision": pytest.approx(2 / 3),
        "recall": 0.5, "base_rate": 0.5, "lift": pytest.approx(4 / 3),
    }  # fmt: skip


def test_nobody_warned_has_no_precision():
    quality = measures.warning_quality(np.zeros(2, dtype=bool), np.array([True, False]))
    assert quality["precision"] is None and quality["lift"] is None and quality["recall"] == 0.0
