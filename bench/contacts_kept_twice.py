"""Febrl's people as contacts of made-up companies: with a switchboard, mail, and a share that changed employer.

No published set has contacts with employers whose answers are known; what is made up here is the same at every run.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COMPANIES = 300
SWITCHBOARD, WITH_PHONE, WITH_EMAIL, STILL_THERE = 0.4, 0.7, 0.6, 0.92
FIRST = ["Acme", "Nova", "Delta", "Orion", "Zenit", "Polar", "Vega", "Lumen", "Quarz", "Tern"]
SECOND = ["Tools", "Foods", "Steel", "Paper", "Glass", "Cables", "Seeds", "Motors", "Paints", "Toys"]
Row = Mapping[str, str]


@dataclass(frozen=True)
class Post:
    company: str
    phone: str


def contacts(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The facts of a contact for each record; records of one person share company and telephone, mostly."""
    dice = random.Random(7)
    companies = [f"{dice.choice(FIRST)} {dice.choice(SECOND)} {number} Ltd" for number in range(COMPANIES)]
    boards = {each: f"0161 {dice.randint(200, 999)} {dice.randint(1000, 9999)}" for each in companies}
    posts: dict[str, Post] = {}
    made = []
    for row in rows:
        company, own = dice.choice(companies), f"07{dice.randint(10**8, 10**9 - 1)}"
        phone = boards[company] if dice.random() < SWITCHBOARD else own
        post = posts.setdefault(row["rec_id"].split("-")[1], Post(company, phone))
        there = post.company if dice.random() < STILL_THERE else dice.choice(companies)
        host = post.company.replace(" ", "").lower()
        email = f"{row['given_name'][:1]}.{row['surname']}@{host}.example"
        made.append(
            {
                "name": f"{row['given_name']} {row['surname']}",
                "employer": there,
                "phone": post.phone if dice.random() < WITH_PHONE else "",
                "email": email if dice.random() < WITH_EMAIL else "",
            }
        )
    return made
