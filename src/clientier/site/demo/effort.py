"""The time that people spent on customers: calls, visits and letters, much of it on the wrong ones."""

from __future__ import annotations

import numpy as np

from .chance import stream, texts
from .characters import Characters
from .places import CITIES, market_of
from .staff import service_desks
from .wording import NEXT_STEPS, OUTCOMES, describe
from .world import Table

KINDS = ("call", "email", "message", "visit", "meeting")
_MINUTES = np.array([13.0, 9.0, 5.0, 125.0, 70.0])
_SHARES_COMPANY = np.array([0.36, 0.24, 0.14, 0.19, 0.07])
_SHARES_PERSON = np.array([0.36, 0.34, 0.30, 0.0, 0.0])
_SHARES_OVER_SERVED = np.array([0.30, 0.15, 0.10, 0.32, 0.13])
# The hour in UTC at which the working day begins in each market.
_MORNING = {"china": 1, "europe": 7, "america": 14}


def make_interactions(
    seed: int, *, people: Characters, customers: Table, contacts: Table, today: np.datetime64
) -> Table:
    """All interactions by time, within working hours of the customer's market."""
    random = stream(seed, "interactions")
    customer, kind = _occasions(random, people)
    moment = _moments(random, people, customer, today - people.day_count)
    order = np.argsort(moment, kind="stable")
    customer, kind, moment = customer[order], kind[order], moment[order]
    minutes = np.maximum(1, np.rint(_MINUTES[kind] * random.gamma(4.0, 0.25, len(kind)))).astype(np.int64)
    pressed = people.trouble[customer] == "price_pressure"
    minutes = np.where(pressed, minutes * 3 // 2, minutes)
    chinese = np.isin(customers["country"], ("CN",))[customer]
    by_service = (random.random(len(customer)) < 0.15) & (KINDS.index("visit") != kind)
    outcome = random.integers(0, len(OUTCOMES), len(customer))
    step = random.integers(0, len(NEXT_STEPS), len(customer))
    return Table(
        {
            "external_id": texts([f"I{number + 1:06d}" for number in range(len(customer))]),
            "customer": customers["external_id"][customer],
            "contact": _contacts_met(random, people, customers, contacts, customer),
            "kind": texts(KINDS)[kind],
            "at": moment,
            "minutes": minutes,
            "user": np.where(
                by_service, service_desks(people.territory)[customer], customers["owner"][customer]
            ),
            "summary": describe(random, kind, chinese),
            "outcome": texts([OUTCOMES[at][0 if cn else 1] for at, cn in zip(outcome, chinese, strict=True)]),
            "next_step": texts(
                [NEXT_STEPS[at][0 if cn else 1] for at, cn in zip(step, chinese, strict=True)]
            ),
        }
    )


def yearly_minutes(people: Characters) -> np.ndarray:
    """How many minutes a year each customer gets: more for the large, far too many for the over-served."""
    minutes = np.where(people.is_company, 18 * np.exp(4.1 * people.size_rank), 6.0)
    minutes = np.where(people.trouble == "over_served", 240 + 0.15 * people.yearly_revenue, minutes)
    minutes = np.where(people.trouble == "price_pressure", minutes * 3, minutes)
    return np.where(people.fate == "potential", np.where(people.is_company, 12.0, 0.0), minutes)


def _occasions(random: np.random.Generator, people: Characters) -> tuple[np.ndarray, np.ndarray]:
    shares = np.where(people.is_company[:, None], _SHARES_COMPANY, _SHARES_PERSON)
    shares = np.where((people.trouble == "over_served")[:, None], _SHARES_OVER_SERVED, shares)
    years = (people.end - people.start) / 365
    per_kind = (yearly_minutes(people) * years / (shares @ _MINUTES))[:, None] * shares
    count = random.poisson(per_kind)
    customer = np.repeat(np.arange(len(people)), count.sum(axis=1))
    return customer, np.repeat(np.tile(np.arange(len(KINDS)), len(people)), count.ravel())


def _moments(
    random: np.random.Generator, people: Characters, customer: np.ndarray, first_day: np.datetime64
) -> np.ndarray:
    life = (people.end - people.start)[customer]
    day = first_day + people.start[customer] + (random.random(len(customer)) * life).astype(int)
    weekday = (day.astype(int) + 3) % 7
    day = np.maximum(day - np.clip(weekday - 4, 0, 2), first_day)
    morning = np.array([_MORNING[market_of(one.country)] for one in CITIES])[people.city[customer]]
    minute = morning * 60 + random.integers(0, 9 * 12, len(customer)) * 5
    return day.astype("datetime64[s]") + minute * np.timedelta64(60, "s")


def _contacts_met(
    random: np.random.Generator, people: Characters, customers: Table, contacts: Table, customer: np.ndarray
) -> np.ndarray:
    position = {one: at for at, one in enumerate(customers["external_id"])}
    company = np.array([position[one] for one in contacts["customer"]], dtype=int)
    first = np.searchsorted(company, np.arange(len(people)))
    count = np.bincount(company, minlength=len(people))[customer]
    pick = first[customer] + (random.random(len(customer)) ** 1.7 * count).astype(int)
    met = contacts["external_id"][np.minimum(pick, len(contacts) - 1)]
    return np.where(count > 0, met, "")
