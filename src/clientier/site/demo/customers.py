"""The customers as records: names, ways to reach them, groups, owners."""

from __future__ import annotations

from datetime import date

import numpy as np

from . import staff
from .chance import choose_weighted, stream, texts
from .characters import Characters
from .names import Name, Namer
from .places import CITIES, fill, mobiles
from .seasons import INDUSTRIES
from .world import Table

_NOTES_CHINESE = ("", "", "", "", "对交期要求严格。", "月底集中下单。", "偏好含税报价。", "采购需三方比价。")
_NOTES_ENGLISH = (
    *("", "", "", ""),
    "Strict about delivery dates.",
    "Orders towards the end of the month.",
    "Wants one invoice a month.",
    "Compares three offers before buying.",
)


def customer_ids(count: int) -> np.ndarray:
    """The external ids of customers by position."""
    return texts([f"C{position + 1:06d}" for position in range(count)])


def make_customers(seed: int, people: Characters, today: date) -> tuple[Table, list[Name]]:
    """The customers, parents first within their group by reference, and their names in all forms."""
    random = stream(seed, "customer records")
    cities = [CITIES[position] for position in people.city]
    country = texts([city.country for city in cities])
    names = _draw_names(seed, people)
    company = people.is_company
    ids = customer_ids(len(people))
    landline = fill(stream(seed, "landlines"), texts([city.landline for city in cities]))
    table = Table(
        {
            "external_id": ids,
            "kind": np.where(company, "company", "person").astype(object),
            "name": texts([name.written for name in names]),
            "other_names": texts([name.latin for name in names]),
            "phone": np.where(company, landline, mobiles(random, country)),
            "email": texts(_emails(names, company)),
            "website": texts(
                [
                    f"https://www.{name.slug}.example" if one else ""
                    for name, one in zip(names, company, strict=True)
                ]
            ),
            "industry": np.where(company, texts(INDUSTRIES)[people.industry], ""),
            "city": texts([city.name for city in cities]),
            "region": texts([city.region for city in cities]),
            "country": country,
            "employees": _employees(random, people),
            "registration_number": _registration_numbers(country, company),
            "owner": staff.assign_owners(
                seed, territory=people.territory, is_company=company, size_rank=people.size_rank
            ),
            "territory": people.territory,
            "parent": np.where(people.parent >= 0, ids[people.parent], ""),
            "first_seen": np.datetime64(today) - people.day_count + _first_seen(random, people),
            "note": _notes(random, country),
        }
    )
    return table, names


def _draw_names(seed: int, people: Characters) -> list[Name]:
    parent = people.parent
    namer = Namer(stream(seed, "names"))
    brands = {head: namer.brand(CITIES[people.city[head]].country) for head in np.unique(parent[parent >= 0])}
    names = []
    for position in range(len(people)):
        city = CITIES[people.city[position]]
        if people.is_company[position]:
            brand = brands.get(parent[position]) or brands.get(position)
            names.append(namer.company(city, INDUSTRIES[people.industry[position]], brand))
        else:
            names.append(namer.person(city.country))
    return names


def _emails(names: list[Name], company: np.ndarray) -> list[str]:
    return [
        f"office@{name.slug}.example" if one else f"{name.slug}{position}@example.net"
        for position, (name, one) in enumerate(zip(names, company, strict=True))
    ]


def _employees(random: np.random.Generator, people: Characters) -> np.ndarray:
    drawn = np.exp(1.5 + 5.0 * people.size_rank + random.normal(0, 0.8, len(people)))
    return texts([int(one) + 1 if yes else None for one, yes in zip(drawn, people.is_company, strict=True)])


def _registration_numbers(country: np.ndarray, company: np.ndarray) -> np.ndarray:
    """Numbers of the form that the country uses, marked so that none can be that of a real firm."""
    return texts(
        [
            "" if not yes else f"91000000DEMO{number:06d}" if one == "CN" else f"DEMO-{one}-{number:06d}"
            for number, (one, yes) in enumerate(zip(country, company, strict=True))
        ]
    )


def _first_seen(random: np.random.Generator, people: Characters) -> np.ndarray:
    """Days from the first day of trade; customers of old were first seen up to seven years before it."""
    long_ago = -(random.random(len(people)) ** 1.5 * 2500).astype(int) - 1
    shortly_before = people.start - random.integers(0, 60, len(people))
    lately = (random.random(len(people)) * (people.day_count - 1)).astype(int)
    known = np.where(people.newcomer, shortly_before, long_ago)
    return np.where(people.fate == "potential", lately, known)


def _notes(random: np.random.Generator, country: np.ndarray) -> np.ndarray:
    pick = choose_weighted(random, np.ones(len(_NOTES_CHINESE)), len(country))
    return np.where(country == "CN", texts(_NOTES_CHINESE)[pick], texts(_NOTES_ENGLISH)[pick])
