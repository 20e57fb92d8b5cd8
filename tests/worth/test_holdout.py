"""The check against history: CDNOW as published, and what cannot be checked."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth import Policy
from clientier.worth.holdout import area_under_curve, hold_out
from tests.worth.books import appraise, orders


def test_area_under_curve_counts_pairs_and_half_the_ties():
    score, happened = np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, True, False, True])
    assert area_under_curve(score, happened) == pytest.approx(3.5 / 4)
    assert area_under_curve(score, np.ones(4, dtype=bool)) is None


def test_cdnow_holdout_equals_the_measured_one(shared_data):
    rows = [
        line.split() for line in (shared_data / "cdnow" / "CDNOW_sample.txt").read_text().splitlines() if line
    ]
    text = [f"{row[2][:4]}-{row[2][4:6]}-{row[2][6:]}" for row in rows]
    day = np.array(text, dtype="datetime64[D]").astype(np.int64)
    pairs = np.unique(np.stack([np.array([int(row[1]) for row in rows]), day]), axis=1)
    as_of = int(np.datetime64("1998-06-30").astype("datetime64[D]").astype(np.int64))
    held = hold_out(pairs[0], pairs[1], as_of, Policy(model="bg"))
    assert (held["days"], held["n_customers"]) == (272, 2357)
    assert held["actual"] == (pairs[1] > as_of - 272).sum()
    assert held["expected"] == pytest.approx(1653, rel=0.01)
    assert held["error"] < held["naive_error"]
    assert held["ranking"] > 0.7
    assert held["calibration"] == pytest.approx(1.14, abs=0.01)


def test_calibration_is_what_came_over_what_was_expected():
    rng = np.random.default_rng(2)
    lines = [
        (who, int(on), 10) for who in range(200) for on in rng.choice(np.arange(-400, 364), 12, replace=False)
    ]
    result = appraise(orders(*lines))
    held = result.model["holdout"]
    assert held["calibration"] == pytest.approx(held["actual"] / held["expected"])
    raw, calibrated = (result.customers[f"expected_purchases_365{end}"] for end in ("", "_calibrated"))
    assert np.allclose(calibrated, raw * held["calibration"])


def test_a_short_history_is_not_checked_and_not_calibrated():
    held = appraise(orders((1, 300, 5), (2, 310, 5), (1, 350, 5))).model["holdout"]
    assert (held["calibration"], held["reason"]) == (1.0, "history_too_short")
