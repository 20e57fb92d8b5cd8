"""What came after each of the last quarters' beginnings, beside what the model would have expected then."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models.protocol import BuyingModel
from clientier.worth.validation.level import QUARTER_DAYS, QUARTERS_BACK, SPANS, Surprise
from clientier.worth.validation.trial import Trial, log_gaps, look_back

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST_REPEATERS = 10
SHORTEST_PAST_DAYS = 60


def surprises(
    customer: Ints, day: Ints, as_of_day: int, window_days: int, fit: Callable[[Trial, float], BuyingModel]
) -> dict[tuple[int, int], Surprise]:
    """The surprises of up to `QUARTERS_BACK` quarters, as far back as ten customers had bought twice by then.

    `fit` makes the model from a trial and the logarithms of the gaps known at its origin.
    """
    found: dict[tuple[int, int], Surprise] = {}
    if not len(day):
        return found
    first = np.r_[True, customer[1:] != customer[:-1]]
    since = day[first][np.cumsum(first) - 1]
    for back in range(1, QUARTERS_BACK + 1):
        origin = as_of_day - back * QUARTER_DAYS
        if origin < day.min() + SHORTEST_PAST_DAYS:
            break
        trial, _ = look_back(customer, day, origin=origin, horizon_days=QUARTER_DAYS, window_days=window_days)
        if back > 1 and (trial.x > 0).sum() < FEWEST_REPEATERS:
            break
        model = fit(trial, log_gaps(customer, day, origin))
        theirs = day[(since <= origin) & (day > origin)]
        for span in SPANS:
            if span <= back * QUARTER_DAYS:
                expected = model.expected(trial.x, trial.t_x, trial.age, float(span)).sum()
                found[back, span] = Surprise(float(expected), float((theirs <= origin + span).sum()))
    return found


def present_rate(customer: Ints, day: Ints, known: Ints, as_of_day: int) -> Floats:
    """Purchases a day of each known customer by the last quarter alone, drawn to the mean of all.

    Gamma rates whose shape makes the counts of the quarter most likely (found on a grid, with a weak prior around
    one) and whose mean is that of all. It knows no leaving, and follows at once when everybody changes.
    """
    place = np.minimum(np.searchsorted(known, customer), len(known) - 1)
    ours = (known[place] == customer) & (day <= as_of_day)
    first = np.full(len(known), np.iinfo(np.int64).max)
    np.minimum.at(first, place[ours], day[ours])
    lately = ours & (day > np.maximum(as_of_day - QUARTER_DAYS, first[place]))
    count = np.bincount(place[lately], minlength=len(known)).astype(np.float64)
    seen = np.minimum(as_of_day - first, QUARTER_DAYS).astype(np.float64)
    mean = (count.sum() + 0.5) / (seen.sum() + 1.0)
    shape = _shape(count, seen, mean)
    return (shape + count) / (shape / mean + seen)


def _shape(count: Floats, seen: Floats, mean: float) -> float:
    pairs, number = np.unique(np.stack([count, np.ceil(seen / 7.0) * 7.0]), axis=1, return_counts=True)
    grid = np.exp(np.linspace(-4.0, 4.0, 33))[:, None]
    rate = grid / mean
    likelihood = special.gammaln(grid + pairs[0]) - special.gammaln(grid)
    likelihood += grid * np.log(rate) - (grid + pairs[0]) * np.log(rate + pairs[1])
    return float(grid[np.argmax(likelihood @ number - 0.5 * np.log(grid[:, 0]) ** 2), 0])
