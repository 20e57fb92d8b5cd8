"""What the sample company has beside its assortment: costs over time, prices, parts, and what stands where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from clientier.core.actor import Actor
from clientier.core.money import from_e4, rounded
from clientier.rooms.catalog.commands.categories import find_or_make_categories
from clientier.rooms.catalog.commands.components import write_components
from clientier.rooms.catalog.commands.costs import write_costs
from clientier.rooms.catalog.commands.files import (
    write_installations,
    write_price_lists,
    write_prices,
    write_warehouses,
)
from clientier.rooms.catalog.models import PriceList
from clientier.site.demo.chance import stream
from clientier.site.demo.products import cost_in_year, tidy_price
from clientier.site.demo.world import Table, World

Rows = list[dict[str, Any]]
Keys = Mapping[str, int]
YEARS_OF_COSTS = 3
SPARE_PARTS = "备件 Spare parts"
# Number, name, unit, cost in yuan, whether it is sold as a spare part.
PARTS = (
    ("SP-01", "碳刷 Carbon brush", "pair", "3.2", True),
    ("SP-02", "滚珠轴承 Ball bearing", "pcs", "4.6", True),
    ("SP-03", "转子 Rotor", "pcs", "28", False),
    ("SP-04", "定子 Stator", "pcs", "24", False),
    ("SP-05", "电机总成 Motor", "pcs", "78", True),
    ("SP-06", "齿轮 Gear", "pcs", "6.5", False),
    ("SP-07", "齿轮箱 Gearbox", "pcs", "39", True),
    ("SP-08", "开关 Switch", "pcs", "9.8", True),
    ("SP-09", "锂电芯 Battery cell", "pcs", "11.5", False),
    ("SP-10", "电池组 Battery pack", "pcs", "138", True),
    ("SP-11", "外壳 Housing", "set", "16", False),
    ("SP-12", "电源线 Power cord", "pcs", "8.4", True),
)
# Assembly, part, how many, whether it is exchanged in the course of time.
WITHIN_PARTS = (
    ("SP-05", "SP-03", 1, False), ("SP-05", "SP-04", 1, False), ("SP-05", "SP-02", 2, True),
    ("SP-05", "SP-01", 1, True), ("SP-07", "SP-06", 3, False), ("SP-07", "SP-02", 2, True),
    ("SP-10", "SP-09", 10, False),
)  # fmt: skip
OF_EVERY_TOOL = (("SP-05", 1, True), ("SP-08", 1, True), ("SP-11", 1, False))
CORDLESS = (("SP-07", 1, True), ("SP-10", 2, True))
CORDED = (("SP-07", 1, False), ("SP-12", 1, True))
CORDLESS_MODELS = 3
LISTS = ("PL-KEY", "PL-AGREED")
BREAKS = ((1, 93), (10, 90), (50, 86))
AGREED_SHARE = 84
HOLDERS_EVERY = 9
MOST_HOLDERS = 160
WAREHOUSES = (
    ("SH", "上海总仓 Shanghai", "上海市嘉定区安亭镇园国路 1188 号"),
    ("GZ", "广州分仓 Guangzhou", "广州市黄埔区开源大道 36 号"),
)


def product_rows(world: World, actor: Actor) -> Rows:
    """The products as columns, with their categories; their costs come with ``load_costs``."""
    texts = [*dict.fromkeys(world.products["category"].tolist()), SPARE_PARTS]
    categories, _made = find_or_make_categories(texts, actor=actor)
    rows = [
        {
            "external_id": number, "name": name, "category_id": categories[category], "unit": unit,
            "price": from_e4(price), "currency": currency, "active": active, "is_spare_part": False,
        }
        for number, name, category, unit, price, currency, active in world.products.rows(
            "external_id", "name", "category", "unit", "price_e4", "currency", "active"
        )
    ]  # fmt: skip
    return rows + [
        {
            "external_id": number, "name": name, "category_id": categories[SPARE_PARTS], "unit": unit,
            "price": Decimal(cost) * 2, "currency": world.base_currency, "active": sold, "is_spare_part": True,
        }
        for number, name, unit, cost, sold in PARTS
    ]  # fmt: skip


def load_costs(world: World, products: Keys, actor: Actor) -> None:
    """What everything cost from each New Year on; the last is what it costs today."""
    numbers, today = world.products["external_id"].tolist(), world.products["cost_e4"]
    rows: Rows = []
    for back in range(YEARS_OF_COSTS, -1, -1):
        day = date(world.today.year - back, 1, 1)
        then = tidy_price(cost_in_year(today, today * 0 + back)) if back else today
        rows += [
            {"product_id": products[number], "from_day": day, "cost": from_e4(cost)}
            for number, cost in zip(numbers, then.tolist(), strict=True)
        ]
        rows += [
            {"product_id": products[number], "from_day": day, "cost": Decimal(cost)}
            for number, _name, _unit, cost, _sold in (PARTS if not back else ())
        ]
    write_costs(rows, actor=actor)


def load_catalogue(world: World, keys: Mapping[str, Keys], actor: Actor) -> dict[str, int]:
    """Bills of materials, price lists, installed products and warehouses; returns how many of each."""
    products, customers = keys["product"], keys["customer"]
    tools = [number for number in products if number.startswith("PT-")]
    rows = {
        "components": [*_within_parts(products), *_within_tools(tools, products)],
        "price_lists": _lists(world, customers),
        "installations": _installations(world, tools, keys),
        "warehouses": [
            {"code": code, "name": name, "address": address, "active": True}
            for code, name, address in WAREHOUSES
        ],
    }
    write_components(rows["components"], actor=actor)
    write_price_lists(rows["price_lists"], actor=actor)
    rows["prices"] = _prices(world.products, products)
    write_prices(rows["prices"], actor=actor)
    write_installations(rows["installations"], actor=actor)
    write_warehouses(rows["warehouses"], actor=actor)
    return {name: len(made) for name, made in rows.items()}


def _within_parts(products: Keys) -> Rows:
    return [
        _component(products[assembly], products[part], quantity, place, spare=spare)
        for place, (assembly, part, quantity, spare) in enumerate(WITHIN_PARTS, start=1)
    ]


def _within_tools(tools: list[str], products: Keys) -> Rows:
    rows: Rows = []
    for position, tool in enumerate(sorted(tools)):
        within = (*OF_EVERY_TOOL, *(CORDLESS if position < CORDLESS_MODELS else CORDED))
        rows += [
            _component(products[tool], products[part], quantity, place, spare=spare)
            for place, (part, quantity, spare) in enumerate(within, start=1)
        ]
    return rows


def _component(assembly: int, part: int, quantity: int, position: int, *, spare: bool) -> dict[str, Any]:
    return {
        "assembly_id": assembly, "part_id": part, "quantity": Decimal(quantity), "position": position,
        "is_spare_part": spare,
    }  # fmt: skip


def _lists(world: World, customers: Keys) -> Rows:
    """One for the tier at the top, and one that was agreed with the customer who bought most."""
    bought: dict[str, int] = {}
    amounts = dict.fromkeys(world.orders["number"].tolist(), 0)
    for number, amount in world.lines.rows("order", "amount_base_e4"):
        amounts[number] += amount
    for number, customer in world.orders.rows("number", "customer"):
        bought[customer] = bought.get(customer, 0) + amounts[number]
    best = max(sorted(bought), key=lambda customer: bought[customer]) if bought else None
    year = date(world.today.year, 1, 1)
    facts = {"currency": world.base_currency, "valid_from": year, "priority": 0, "active": True}
    return [
        {
            **facts, "external_id": LISTS[0], "name": f"重要客户价目表 Important customers {year.year}",
            "tier": "important", "customer_id": None, "valid_until": None,
        },
        {
            **facts, "external_id": LISTS[1], "name": f"框架协议 Frame contract {year.year}", "tier": "",
            "customer_id": customers[best] if best else None, "valid_until": date(world.today.year, 12, 31),
        },
    ]  # fmt: skip


def _prices(goods: Table, products: Keys) -> Rows:
    """Off the product's own price, more so for more; the agreed ones are for tools alone."""
    lists = dict(PriceList.objects.filter(external_id__in=LISTS).values_list("external_id", "pk"))
    rows: Rows = []
    for number, price in goods.rows("external_id", "price_e4"):
        if number[:2] in ("PT", "ME"):
            rows += [
                _price(lists[LISTS[0]], products[number], least, price, share) for least, share in BREAKS
            ]
        if number[:2] == "PT":
            rows.append(_price(lists[LISTS[1]], products[number], 1, price, AGREED_SHARE))
    return rows


def _price(price_list: int, product: int, least: int, price_e4: int, share: int) -> dict[str, Any]:
    return {
        "price_list_id": price_list, "product_id": product, "minimum_quantity": Decimal(least),
        "unit_price": rounded(from_e4(price_e4) * share / 100, "CNY"),
    }  # fmt: skip


def _installations(world: World, tools: list[str], keys: Mapping[str, Keys]) -> Rows:
    """Tools at one company in a few, with their serial numbers."""
    random = stream(world.seed, "installations")
    companies = [number for number, kind in world.customers.rows("external_id", "kind") if kind == "company"]
    rows: Rows = []
    for customer in companies[::HOLDERS_EVERY][:MOST_HOLDERS]:
        for tool in random.permutation(sorted(tools))[: int(random.integers(1, 4))].tolist():
            installed = world.today - timedelta(days=int(random.integers(20, 1400)))
            number = len(rows) + 1
            rows.append(
                {
                    "external_id": f"I-{number:05}", "customer_id": keys["customer"][customer],
                    "product_id": keys["product"][tool], "quantity": Decimal(int(random.integers(1, 6))),
                    "serial_number": f"{tool}-{installed:%y%m}-{number:04}", "installed_on": installed,
                }
            )  # fmt: skip
    return rows
