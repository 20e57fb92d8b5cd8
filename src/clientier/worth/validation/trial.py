"""One look back: what was known of each customer on a day, what came after it, and the naive rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clientier.worth.validation import measures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOTAL_RULES = ("last_year", "past_rate")
RANKING_RULES = ("recency", "frequency_recency", *TOTAL_RULES)


@dataclass(frozen=True)
class Trial:
    """Purchases of customers known at the origin (x, t_x and age in days; `recent` within `window_days`
    before it) and how many purchases came in the `horizon_days` after it.
    """

    horizon_days: int
    window_days: int
    x: Floats
    t_x: Floats
    age: Floats
    recent: Floats
    actual: Floats

    def rule(self, name: str) -> Floats:
        """What a naive rule says: last year's purchases go on; the past rate x/T goes on; who bought last
        buys next; who bought often and then last buys next.
        """
        if name == "last_year":
            return self.recent * (self.horizon_days / self.window_days)
        if name == "past_rate":
            return self.x / np.maximum(self.age, 1.0) * self.horizon_days
        silence = self.age - self.t_x
        if name == "recency":
            return -silence
        return self.x + 1.0 - silence / (silence.max(initial=0.0) + 1.0)

    def totals(self) -> dict[str, dict[str, float | None]]:
        """Error and bias of the naive rules that say how many purchases come."""
        return {name: self.judge(self.rule(name)) for name in TOTAL_RULES}

    def rankings(self) -> dict[str, float | None]:
        """How well each naive rule tells who buys from who does not."""
        return {name: measures.area_under_curve(self.rule(name), self.bought) for name in RANKING_RULES}

    def judge(self, expected: Floats) -> dict[str, float | None]:
        """Error, bias and ranking of expected purchases."""
        return {
            "expected": float(expected.sum()),
            "bias": measures.bias(expected, self.actual),
            "error": measures.root_mean_square(expected, self.actual),
            "mean_absolute_error": measures.mean_absolute(expected, self.actual),
            "gini": measures.normalised_gini(expected, self.actual),
        }

    @property
    def bought(self) -> NDArray[np.bool_]:
        return self.actual > 0


def look_back(
    customer: Ints, day: Ints, *, origin: int, horizon_days: int, window_days: int
) -> tuple[Trial, Ints]:
    """The trial of purchase days (sorted by customer and day) at the origin, and the customers it is about."""
    before = day <= origin
    known, first_place, which = np.unique(customer[before], return_index=True, return_inverse=True)
    first = day[before][first_place]
    last = np.zeros(len(known), dtype=np.int64)
    np.maximum.at(last, which, day[before])
    lately = day[before] > origin - window_days
    recent = np.bincount(which, weights=lately, minlength=len(known)).astype(np.float64)
    x = np.bincount(which, minlength=len(known)).astype(np.float64) - 1.0
    after = ~before & (day <= origin + horizon_days)
    later = customer[after]
    later = later[np.isin(later, known)]
    actual = np.bincount(np.searchsorted(known, later), minlength=len(known)).astype(np.float64)
    age = (origin - first).astype(np.float64)
    return Trial(horizon_days, window_days, x, (last - first).astype(np.float64), age, recent, actual), known


def log_gaps(customer: Ints, day: Ints, origin: int) -> float:
    """The sum of the logarithms of all gaps between purchase days up to the origin."""
    seen = day <= origin
    known, on = customer[seen], day[seen]
    gaps = np.diff(on)[known[1:] == known[:-1]]
    return float(np.log(gaps).sum())
