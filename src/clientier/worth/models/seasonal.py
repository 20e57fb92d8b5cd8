"""An empirical forecast for customers with contracts or seasons: the same weeks of former years, and how often he came.

No story of leaving: a customer's purchases a year are those of his last years, drawn to those of his cohort by
evidence (the mean of a gamma prior, as in the NBD). They fall on the weeks of the year as his own and his cohort's
former ones did, the own weighing as much as they would have helped to foretell the last year. For a customer who
renews each March the forecast of February to April is one, that of May to January nearly none, which no rate says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAYS_PER_YEAR = 365.2425
WEEKS = 52
NEIGHBOUR = 0.25
TRIED_STRENGTHS = (0.5, 2.0, 8.0, 32.0, 128.0, 512.0)
USUAL_STRENGTH = 8.0
FEWEST_TO_TRY = 20
UNIFORM_PURCHASES = 26.0
FORMER_YEARS = 3


@dataclass(frozen=True)
class SeasonalModel:
    """Purchases a year and their shares by week of the year, customers in rows; times are days since 1970."""

    as_of_day: int
    yearly: Floats
    own_weeks: Floats
    cohort: Ints
    cohort_weeks: Floats
    own_purchases: Floats
    cohort_strength: float

    def expected(self, horizon: float) -> Floats:
        """Expected purchases of each customer in the `horizon` days after the day as of."""
        share = week_shares(self.as_of_day, horizon)
        own, together = self.own_weeks @ share, (self.cohort_weeks @ share)[self.cohort]
        trust = self.own_purchases / (self.own_purchases + self.cohort_strength)
        return self.yearly * (trust * own + (1.0 - trust) * together)

    def p_active(self, horizon: float) -> Floats:
        """Probability of at least one purchase, purchases being by chance around what is expected."""
        return -np.expm1(-self.expected(horizon))


def fit(
    customer: Ints, day: Ints, first_day: Ints, as_of_day: int, cohort: Ints | None = None
) -> SeasonalModel:
    """Count the purchases of the last three years at most, by customer and week of the year.

    `customer` (0 to the number of customers less one) and `day` are purchase days, any order; `first_day` and
    `cohort` (0, 1, ...) have one entry a customer. A customer younger than a year counts for the time he is known.
    Raises ValueError where a purchase lies after the day as of.
    """
    if len(day) and day.max() > as_of_day:
        raise ValueError("a purchase lies after the day as of")
    groups = np.zeros(len(first_day), dtype=np.int64) if cohort is None else cohort
    window = round(FORMER_YEARS * DAYS_PER_YEAR)
    later = (day > as_of_day - window) & (day > first_day[customer])
    who, weeks = customer[later], week_of(day[later])
    members = int(groups.max(initial=0)) + 1
    own, together = _profiles(who, weeks, groups, members)
    own_purchases = own.sum(axis=1)
    years = np.minimum(as_of_day - first_day, window) / DAYS_PER_YEAR
    return SeasonalModel(
        as_of_day=as_of_day,
        yearly=_yearly_rates(own_purchases, years, groups, members),
        own_weeks=own / np.maximum(own_purchases, 1.0)[:, None],
        cohort=groups,
        cohort_weeks=together,
        own_purchases=own_purchases,
        cohort_strength=_cohort_strength(who, weeks, day[later] > as_of_day - DAYS_PER_YEAR, groups),
    )


def _profiles(who: Ints, weeks: Ints, groups: Ints, members: int) -> tuple[Floats, Floats]:
    """Purchases by customer and week, a little spread to the weeks beside, and each cohort's shares by week."""
    own = np.zeros((len(groups), WEEKS))
    np.add.at(own, (who, weeks), 1.0)
    together = np.full((members, WEEKS), UNIFORM_PURCHASES / WEEKS)
    np.add.at(together, groups, own)
    return _smooth(own), _smooth(together) / together.sum(axis=1, keepdims=True)


def _cohort_strength(who: Ints, weeks: Ints, last_year: NDArray[np.bool_], groups: Ints) -> float:
    """How many own purchases the cohort's weeks weigh as much as: what would have foretold the last year best."""
    own, together = _profiles(who[~last_year], weeks[~last_year], groups, int(groups.max(initial=0)) + 1)
    known = own.sum(axis=1)
    came, when = who[last_year], weeks[last_year]
    came, when = came[known[came] > 0], when[known[came] > 0]
    if len(came) < FEWEST_TO_TRY:
        return USUAL_STRENGTH
    mine, theirs = own[came, when], together[groups[came], when]
    told = [
        np.log((mine + strength * theirs) / (known[came] + strength)).sum() for strength in TRIED_STRENGTHS
    ]
    return TRIED_STRENGTHS[int(np.argmax(told))]


def week_of(day: Ints) -> Ints:
    """The week of the year, 0 to 51, of days since 1970; the last has the days left over."""
    dates = np.asarray(day).astype("datetime64[D]")
    in_year = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    return np.minimum(in_year // 7, WEEKS - 1)


def week_shares(as_of_day: int, horizon: float) -> Floats:
    """How much of each week of the year lies in the days after the day as of: 1 whole, 2 in two years, 0 not."""
    days = as_of_day + 1 + np.arange(int(np.ceil(horizon)))
    part = np.ones(len(days))
    if len(days):
        part[-1] -= len(days) - horizon
    length = np.full(WEEKS, 7.0)
    length[-1] = DAYS_PER_YEAR - 7.0 * (WEEKS - 1)
    return np.bincount(week_of(days), weights=part, minlength=WEEKS) / length


def _smooth(weeks: Floats) -> Floats:
    """Some of each week to its neighbours, round the turn of the year: nobody renews on the day."""
    beside = np.roll(weeks, 1, axis=1) + np.roll(weeks, -1, axis=1)
    return (1.0 - 2.0 * NEIGHBOUR) * weeks + NEIGHBOUR * beside


def _yearly_rates(purchases: Floats, years: Floats, groups: Ints, members: int) -> Floats:
    """Purchases a year, drawn to the cohort's mean by as much time as a customer's rate usually varies."""
    time = np.bincount(groups, weights=years, minlength=members)
    mean = np.bincount(groups, weights=purchases, minlength=members) / np.maximum(time, 1e-9)
    expected = mean[groups] * years
    beyond = np.bincount(groups, weights=(purchases - expected) ** 2 - expected, minlength=members)
    squares = np.bincount(groups, weights=years**2, minlength=members)
    variance = np.maximum(beyond / np.maximum(squares, 1e-9), 1e-3 * mean**2 + 1e-12)
    evidence = (mean / variance)[groups]
    return (purchases + mean[groups] * evidence) / (years + evidence)
