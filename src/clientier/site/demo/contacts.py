"""The persons at companies, with their part in a decision, and the addresses of all customers."""

from __future__ import annotations

import numpy as np

from .chance import choose, choose_weighted, stream, texts
from .characters import Characters
from .names import Name, Namer
from .places import CITIES, City, fill, mobiles
from .world import Table

# decision role: job title and department in Chinese and in English
_JOBS = {
    "decider": ("总经理", "管理层", "Managing director", "Management"),
    "buyer": ("采购经理", "采购部", "Purchasing manager", "Purchasing"),
    "user": ("生产主管", "生产部", "Production supervisor", "Operations"),
    "influencer": ("技术总监", "技术部", "Technical director", "Engineering"),
    "gatekeeper": ("行政助理", "行政部", "Office manager", "Administration"),
    "champion": ("设备工程师", "设备部", "Maintenance engineer", "Maintenance"),
    "blocker": ("财务经理", "财务部", "Finance manager", "Finance"),
}
_ROLE_ORDER = ("buyer", "decider", "user", "influencer", "gatekeeper")
_STREETS_CHINESE = (
    "中山路",
    "人民路",
    "解放路",
    "建设路",
    "和平路",
    "新华路",
    "工业园东路",
    "科技大道",
    "长江路",
)
_STREETS = {
    "HK": ("Queen's Road", "Canton Road", "King's Road", "Kwun Tong Road"),
    "DE": ("Hauptstraße", "Bahnhofstraße", "Industriestraße", "Gartenweg"),
    "FR": ("Rue de la Gare", "Avenue de la République", "Rue des Lilas"),
    "GB": ("Mill Lane", "Station Road", "High Street", "Church Road"),
    "SE": ("Storgatan", "Kungsgatan"),
    "NL": ("Stationsweg", "Dorpsstraat"),
    "IT": ("Via Roma", "Via Garibaldi"),
    "ES": ("Calle Mayor", "Avenida del Puerto"),
    "US": ("Main Street", "Oak Avenue", "Industrial Boulevard", "Maple Drive"),
    "CA": ("King Street", "Lakeshore Road"),
}


def make_contacts(
    seed: int, *, people: Characters, customers: Table, names: list[Name], today: np.datetime64
) -> Table:
    """One to five contacts for every company, the buyer first, most of them well disposed."""
    random = stream(seed, "contacts")
    companies = np.flatnonzero(people.is_company)
    mean = 0.3 + 3.0 * people.size_rank[companies] ** 1.5
    count = np.clip(1 + random.poisson(mean), 1, 5)
    company = np.repeat(companies, count)
    place = np.arange(len(company)) - np.repeat(np.cumsum(count) - count, count)
    country = customers["country"][company]
    role, attitude = _stances(random, place)
    namer = Namer(stream(seed, "contact names"))
    persons = [namer.person(one) for one in country]
    chinese = np.isin(country, ("CN", "HK"))
    met = list(zip(persons, place, company, strict=True))
    left = random.random(len(company)) < 0.03
    jobs = [_JOBS[one][0:2] if cn else _JOBS[one][2:4] for one, cn in zip(role, country == "CN", strict=True)]
    return Table(
        {
            "external_id": texts([f"K{number + 1:06d}" for number in range(len(company))]),
            "customer": customers["external_id"][company],
            "name": texts([person.written for person in persons]),
            "job_title": texts([title for title, _ in jobs]),
            "department": texts([department for _, department in jobs]),
            "decision_role": role,
            "attitude": attitude.astype(object),
            "phone": mobiles(random, country),
            "email": texts([f"{who.slug}{turn}@{names[at].slug}.example" for who, turn, at in met]),
            "wechat": texts(_wechats(persons, chinese)),
            "do_not_contact": random.random(len(company)) < 0.02,
            "left_on": np.where(left, today - random.integers(20, 700, len(company)), np.datetime64("NaT")),
        }
    )


def _wechats(persons: list[Name], chinese: np.ndarray) -> list[str]:
    return [
        f"demo_{who.slug.replace('.', '_')}_{number}" if yes else ""
        for number, (who, yes) in enumerate(zip(persons, chinese, strict=True))
    ]


def _stances(random: np.random.Generator, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part in decisions of the first, second, ... contact of a company, and their attitude."""
    usual, odd = texts(_ROLE_ORDER)[place], choose(random, ("champion", "blocker"), len(place))
    role = np.where((place > 0) & (random.random(len(place)) < 0.22), odd, usual)
    mood = choose_weighted(random, (0.34, 0.56, 0.10), len(place))
    attitude = np.where(role == "champion", "supporter", texts(("supporter", "neutral", "opponent"))[mood])
    return role, np.where(role == "blocker", "opponent", attitude)


def make_addresses(seed: int, people: Characters, customers: Table) -> Table:
    """A registered address for every company, more for some, one for most persons; near real centres."""
    random = stream(seed, "addresses")
    everyone = np.arange(len(people))
    chance = random.random(len(people))
    main = everyone[people.is_company | (chance < 0.75)]
    delivery = everyone[people.is_company & (chance < 0.3)]
    billing = everyone[people.is_company & (chance > 0.93)]
    customer = np.concatenate([main, delivery, billing])
    kind = np.repeat(texts(("registered", "delivery", "billing")), [len(main), len(delivery), len(billing)])
    kind = np.where(people.is_company[customer], kind, "delivery")
    order = np.argsort(customer, kind="stable")
    customer, kind = customer[order], kind[order]
    cities = [CITIES[position] for position in people.city[customer]]
    street, number = random.random(len(customer)), random.integers(1, 320, len(customer))
    offset = random.normal(0, 0.035, (2, len(customer)))
    return Table(
        {
            "customer": customers["external_id"][customer],
            "kind": kind,
            "line": texts(
                [_line(*one) for one in zip(cities, street.tolist(), number.tolist(), strict=True)]
            ),
            "city": texts([city.name for city in cities]),
            "region": texts([city.region for city in cities]),
            "postcode": fill(random, texts([city.postcode for city in cities])),
            "country": texts([city.country for city in cities]),
            "latitude": np.round([city.latitude for city in cities] + offset[0], 6),
            "longitude": np.round([city.longitude for city in cities] + offset[1], 6),
        }
    )


def _line(city: City, street: float, number: int) -> str:
    names = _STREETS_CHINESE if city.country == "CN" else _STREETS[city.country]
    name = names[int(street * len(names))]
    if city.country == "CN":
        return f"{name}{number}号"
    return f"{name} {number}" if city.country in ("DE", "SE", "NL", "IT", "ES") else f"{number} {name}"
