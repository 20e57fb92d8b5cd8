"""How well a forecast did: errors, rankings, probabilities, ranges and warnings against what came."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.tiers import places

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
GROUPS = 10
FALLEN_TO = 0.5  # who buys at most half of what was usual has fallen


def bias(expected: Floats, actual: Floats) -> float | None:
    """How far the total was off, as a share of what came; None if nothing came."""
    came = float(actual.sum())
    return (float(expected.sum()) - came) / came if came > 0 else None


def root_mean_square(expected: Floats, actual: Floats) -> float:
    """Root of the mean squared error of single customers."""
    return float(np.sqrt(np.mean((expected - actual) ** 2))) if len(actual) else 0.0


def mean_absolute(expected: Floats, actual: Floats) -> float:
    """Mean absolute error of single customers."""
    return float(np.mean(np.abs(expected - actual))) if len(actual) else 0.0


def normalised_gini(score: Floats, actual: Floats) -> float | None:
    """How close ranking by the score comes to the perfect ranking: 1 is perfect, 0 is chance; ties share
    their places. None if all came alike. Holds for losses too.
    """
    best = _spread(actual, actual)
    return _spread(score, actual) / best if best > 0 else None


def _spread(score: Floats, actual: Floats) -> float:
    place, _ = places(-score, np.ones(len(score), dtype=bool))
    return float((place - 0.5) @ (actual - actual.mean())) if len(score) else 0.0


def area_under_curve(score: Floats, happened: Bools) -> float | None:
    """The chance that one to whom it happened had the higher score (ties count half); None if all alike."""
    hits = int(happened.sum())
    if hits in (0, len(happened)):
        return None
    place, _ = places(-score, np.ones(len(score), dtype=bool))
    rank = place[happened].sum() * len(score) + hits / 2.0
    return float((rank - hits * (hits + 1) / 2.0) / (hits * (len(score) - hits)))


def brier(probability: Floats, happened: Bools) -> float:
    """Mean squared distance of the probability from what happened: 0 is perfect, 0.25 a coin."""
    return float(np.mean((probability - happened) ** 2)) if len(happened) else 0.0


def groups(expected: Floats, actual: Floats, number: int = GROUPS) -> list[dict[str, Any]]:
    """Customers in groups of equal number by what was expected, lowest first: mean expected beside mean
    actual.
    """
    order = np.argsort(expected, kind="stable")
    found = []
    for place, members in enumerate(np.array_split(order, min(number, max(len(order), 1))), start=1):
        if len(members):
            found.append(
                {
                    "group": place,
                    "n_customers": len(members),
                    "expected": float(expected[members].mean()),
                    "actual": float(actual[members].mean()),
                }
            )
    return found


def coverage(low: Floats, high: Floats, actual: Floats) -> float | None:
    """The share of customers whose outcome lay within their range, ends included."""
    return float(np.mean((actual >= low) & (actual <= high))) if len(actual) else None


def captured(score: Floats, actual: Floats, share: float) -> float | None:
    """The part of the actual total that the best `share` of customers by the score brought; None if the total
    is not positive. Customers who tie at the cut count with the same part of what each brought.
    """
    total = float(actual.sum())
    if total <= 0:
        return None
    wanted = max(1.0, round(share * len(score)))
    cut = np.sort(score)[::-1][int(wanted) - 1]
    above, at = score > cut, score == cut
    part = (wanted - above.sum()) / at.sum()
    return float((actual[above].sum() + part * actual[at].sum()) / total)


def warning_quality(warned: Bools, happened: Bools) -> dict[str, Any]:
    """Precision (warned who fell), recall (fallen who were warned), the base rate and the lift over it."""
    n, number, fallen = len(warned), int(warned.sum()), int(happened.sum())
    right = int((warned & happened).sum())
    precision = right / number if number else None
    base = fallen / n if n else None
    return {
        "n_customers": n,
        "n_warned": number,
        "n_fallen": fallen,
        "n_right": right,
        "precision": precision,
        "recall": right / fallen if fallen else None,
        "base_rate": base,
        "lift": precision / base if precision is not None and base else None,
    }
