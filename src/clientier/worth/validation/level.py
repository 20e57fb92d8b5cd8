"""How far to move the model's totals: what each earlier day teaches of the surprises that came after it.

A surprise is the logarithm of the purchases that came over those expected, in a span of days after an earlier day.
The next one is told from two: the surprises of the newest quarters (a trend goes on), and that of the same days a
year ago (a season comes back). How much of each comes back is learned from the days before, from weights of a half and
a tenth on: a history that obeys neither ends near zero, a season near one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
QUARTER_DAYS = 91
YEAR_QUARTERS = 4
SPANS = (QUARTER_DAYS, 2 * QUARTER_DAYS, YEAR_QUARTERS * QUARTER_DAYS)
LESSONS = 4
QUARTERS_BACK = LESSONS - 1 + 2 * YEAR_QUARTERS
# The weights believed before any lesson, how freely they move, and what a lesson is blurred by beside chance.
FIRST_WEIGHTS, WEIGHTS_SPREAD, BLUR = (0.5, 0.1), 0.3, 0.1
PSEUDO_PURCHASES = 5.0
LARGEST_SURPRISE = 1.5
FURTHEST_FACTOR = 3.0


@dataclass(frozen=True)
class Surprise:
    """Purchases expected and come in a span after an earlier day, of the customers known then."""

    expected: float
    came: float

    @property
    def log(self) -> float:
        """The logarithm of came over expected, drawn to zero by five purchases and kept within a factor of 4.5."""
        ratio = (self.came + PSEUDO_PURCHASES) / (self.expected + PSEUDO_PURCHASES)
        return float(np.clip(math.log(ratio), -LARGEST_SURPRISE, LARGEST_SURPRISE))


# By quarters back (from 1, the newest) and span in days.
Surprises = Mapping[tuple[int, int], Surprise]


def span_of(days: float) -> int:
    """The span whose surprises speak for a horizon of so many days."""
    return min(SPANS, key=lambda span: abs(span - days))


def factor(found: Surprises, days: float) -> float:
    """What to multiply expectations of so many days by, from a third to threefold; 1 where nothing is known."""
    span = span_of(days)
    signs = _signs(found, 0, span)
    if signs is None:
        return 1.0
    furthest = math.log(FURTHEST_FACTOR)
    return math.exp(float(np.clip(weights(found, span) @ signs, -furthest, furthest)))


def weights(found: Surprises, span: int) -> Floats:
    """How much of the newest surprises and of last year's comes back: the mean of a normal posterior."""
    precision = np.eye(2) / WEIGHTS_SPREAD**2
    evidence = precision @ np.array(FIRST_WEIGHTS)
    first = span // QUARTER_DAYS
    for back in range(first, first + LESSONS):
        signs, lesson = _signs(found, back, span), found.get((back, span))
        if signs is None or lesson is None:
            continue
        doubt = BLUR**2 + 1.0 / (lesson.came + PSEUDO_PURCHASES)
        precision = precision + np.outer(signs, signs) / doubt
        evidence = evidence + signs * lesson.log / doubt
    return np.clip(np.linalg.solve(precision, evidence), 0.0, 1.0)


def _signs(found: Surprises, back: int, span: int) -> Floats | None:
    """What was known `back` quarters ago of the span then coming: the newest surprises, and last year's.

    For a quarter the newest quarter speaks; for longer spans the last four, the newer the more.
    """
    number = 1 if span == QUARTER_DAYS else YEAR_QUARTERS
    newest = []
    for place in range(1, number + 1):
        one = found.get((back + place, QUARTER_DAYS))
        if one is None:
            break
        newest.append(one.log)
    if not newest:
        return None
    year_ago = found.get((back + YEAR_QUARTERS, span))
    recent = np.average(newest, weights=np.arange(number, number - len(newest), -1))
    return np.array([recent, year_ago.log if year_ago else 0.0])
