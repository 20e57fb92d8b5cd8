"""A file of customers as another CRM would export it, of any length: companies and people, Chinese and Latin."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

HEADINGS = (
    "customer no,name,kind,phone,email,website,registration number,country,region,city,street,postcode,"
    "first seen,note"
)
SEED = 11
FIRST = [
    "Acme",
    "Nova",
    "Delta",
    "Orion",
    "Zenit",
    "Polar",
    "Vega",
    "Lumen",
    "Quarz",
    "Tern",
    "Sørby",
    "Müller",
]
SECOND = ["Tools", "Foods", "Steel", "Paper", "Glass", "Cables", "Seeds", "Motors", "Paints", "Toys"]
FORMS = ["Ltd", "GmbH", "Inc.", "S.A."]
WORDS = [
    "华",
    "鑫",
    "东",
    "远",
    "恒",
    "瑞",
    "达",
    "盛",
    "和",
    "宏",
    "信",
    "泰",
    "佳",
    "美",
    "创",
    "金",
    "海",
    "新",
]
TRADES = ["机械", "化工", "食品", "电子", "贸易", "建材"]
PLACES = [("CN", "浙江", "杭州"), ("CN", "江苏", "苏州"), ("CN", "广东", "深圳"), ("CN", "上海", "上海")]
ABROAD = [("GB", "", "Leeds"), ("DE", "Bayern", "München"), ("US", "TX", "Austin"), ("FR", "", "Lyon")]
GIVEN = ["Anna", "John", "María", "Wei", "Olga", "Jonas", "Emma", "Luca", "Nina", "Tom"]
FAMILY = ["Smith", "Weber", "García", "Rossi", "Novak", "Dubois", "Jensen", "Brown", "Kowalski", "Lind"]
SHARE_CHINESE, SHARE_PEOPLE, SHARE_WITH_NOTE = 0.5, 0.2, 0.2


def write_customers(path: Path, rows: int) -> None:
    """A CSV of so many rows, written line by line; the same at every run."""
    dice = random.Random(SEED)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS + "\n")
        file.writelines(f"{','.join(_cells(dice, number))}\n" for number in range(rows))


def _cells(dice: random.Random, number: int) -> Iterator[str]:
    chinese, is_person = dice.random() < SHARE_CHINESE, dice.random() < SHARE_PEOPLE
    country, region, city = dice.choice(PLACES if chinese else ABROAD)
    if is_person:
        name = f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}-{dice.choice(FAMILY)}"
    elif chinese:
        name = f"{city}{''.join(dice.choices(WORDS, k=3))}{dice.choice(TRADES)}有限公司"
    else:
        name = f"{dice.choice(FIRST)} {dice.choice(SECOND)} {number} {dice.choice(FORMS)}"
    phone = f"+86 139{number:08d}" if chinese else f"+44 20 7{number % 10**7:07d}"
    yield f"M{number:07d}"
    yield name
    yield "person" if is_person else "company"
    yield phone
    yield f"office@k{number}.example.com"
    yield f"https://www.k{number}.example.com"
    yield "" if is_person else f"R{number * 7:09d}"
    yield from (country, region, city)
    yield f"{dice.randint(1, 99)} Station Road"
    yield f"{dice.randint(10000, 99999)}"
    yield f"20{dice.randint(10, 25)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    yield "Met at the fair; likes to be called in the morning." if dice.random() < SHARE_WITH_NOTE else ""
