"""The check against history: fit on the days before, compare with the days after, beside the naive rules."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.purchase_choice import choose_model
from clientier.worth.policy import Policy
from clientier.worth.tiers import places

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST_PURCHASES = 100
FURTHEST_CALIBRATION = (0.5, 2.0)


def hold_out(customer: Ints, day: Ints, as_of_day: int, policy: Policy) -> dict[str, Any]:
    """Hold back the last year (or the last half of a shorter history) and tell how the model would have done.

    `customer` and `day` are purchase days sorted by both. Without enough to hold back, `calibration` is 1 and
    `reason` says why. Naive rules: everybody goes on at his past rate; who bought last buys next.
    """
    days = min(365, int(as_of_day - day.min()) // 2) if len(day) else 0
    origin = as_of_day - days
    before = day <= origin
    if days < 90 or (~before).sum() < FEWEST_PURCHASES or not before.any():
        return {"calibration": 1.0, "reason": "history_too_short", "days": days}
    known, first_place, which = np.unique(customer[before], return_index=True, return_inverse=True)
    first = day[before][first_place]
    x = np.bincount(which).astype(np.float64) - 1.0
    last = np.zeros(len(known), dtype=np.int64)
    np.maximum.at(last, which, day[before])
    t_x, age = (last - first).astype(np.float64), (origin - first).astype(np.float64)
    later = customer[~before]
    later = later[np.isin(later, known)]
    actual = np.bincount(np.searchsorted(known, later), minlength=len(known)).astype(np.float64)
    model, _ = choose_model(x, t_x, age, policy)
    expected = model.expected(x, t_x, age, float(days))
    naive = x / np.maximum(age, 1.0) * days
    enough = expected.sum() > 0 and actual.sum() >= FEWEST_PURCHASES
    ratio = float(actual.sum() / expected.sum()) if enough else 1.0
    return {
        "reason": None if enough else "history_too_short",
        "days": days,
        "origin_day": origin,
        "n_customers": len(known),
        "actual": float(actual.sum()),
        "expected": float(expected.sum()),
        "naive": float(naive.sum()),
        "error": _root_mean_square(expected - actual),
        "naive_error": _root_mean_square(naive - actual),
        "ranking": area_under_curve(model.p_active(x, t_x, age, float(days)), actual > 0),
        "naive_ranking": area_under_curve(t_x - age, actual > 0),
        "calibration": float(np.clip(ratio, *FURTHEST_CALIBRATION)),
    }


def _root_mean_square(difference: Floats) -> float:
    return float(np.sqrt(np.mean(difference**2)))


def area_under_curve(score: Floats, happened: NDArray[np.bool_]) -> float | None:
    """The chance that one to whom it happened had the higher score (ties count half); None if all alike."""
    hits = int(happened.sum())
    if hits in (0, len(happened)):
        return None
    place, _ = places(-score, np.ones(len(score), dtype=bool))
    rank = place[happened].sum() * len(score) + hits / 2.0
    return float((rank - hits * (hits + 1) / 2.0) / (hits * (len(score) - hits)))
