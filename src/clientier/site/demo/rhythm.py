"""When customers order: their own rhythm, bent by the season of their trade and by their fate."""

from __future__ import annotations

import numpy as np

from .chance import stream
from .characters import Characters

YEAR = 365


def pace(people: Characters) -> np.ndarray:
    """How much faster than its usual rhythm each customer buys on each day; 0 before and after its life."""
    days = np.arange(people.day_count)
    multiple = np.ones((len(people), people.day_count))
    rising = people.fate == "rising"
    multiple[rising] *= 1 + 2.2 * np.clip((days - (people.day_count - YEAR)) / 180, 0, 1)
    declining = people.fate == "declining"
    multiple[declining] *= 1 - 0.78 * np.clip((days - (people.day_count - 330)) / 210, 0, 1)
    alive = (days >= people.start[:, None]) & (days < people.end[:, None])
    paused = (days >= people.pause_from[:, None]) & (days < people.pause_to[:, None])
    return multiple * (alive & ~paused & (people.fate != "potential")[:, None])


def order_days(seed: int, people: Characters, intensities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The customer (position) and day of every order, sorted by day.

    Gaps are drawn on a customer's own clock, which runs fast in season and stands still in pauses: Erlang for
    companies, heavy-tailed for persons. The day follows from turning the clock back into the calendar.
    """
    random = stream(seed, "order days")
    clock = np.cumsum(pace(people) * intensities[people.season_row] / people.gap_days[:, None], axis=1)
    total = clock[:, -1]
    draws = np.where(total > 0, np.ceil(total * 1.6 + 8 * np.sqrt(total) + 6), 0).astype(int)
    customer = np.repeat(np.arange(len(people)), draws)
    gaps = _draw_gaps(random, people, customer)
    first = np.flatnonzero(np.diff(customer, prepend=-1))
    newcomers = people.newcomer[customer[first]]
    gaps[first] *= np.where(newcomers, 1e-9, random.random(len(first)))
    running = np.cumsum(gaps)
    moment = running - np.repeat(running[first] - gaps[first], draws[draws > 0])
    kept = moment < total[customer]
    kept &= (people.fate[customer] != "first_time") | _is_first(customer)
    customer, moment = customer[kept], moment[kept]
    stride = float(total.max()) + 10
    line = (clock + np.arange(len(people))[:, None] * stride).ravel()
    day = np.searchsorted(line, moment + customer * stride, side="right") - customer * people.day_count
    order = np.lexsort((customer, day))
    return customer[order], day[order]


def _draw_gaps(random: np.random.Generator, people: Characters, customer: np.ndarray) -> np.ndarray:
    company = people.is_company[customer]
    shape = people.regularity[customer]
    erlang = random.gamma(shape) / shape
    heavy = np.exp(random.normal(-0.6, 1.1, len(customer)))
    return np.where(company, erlang, heavy)


def _is_first(customer: np.ndarray) -> np.ndarray:
    return np.diff(customer, prepend=-1) != 0
