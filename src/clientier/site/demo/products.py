"""The assortment of a house of industrial and consumer goods: eight categories, fifteen models each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .amounts import to_cents
from .chance import spread_ranks, stream, texts
from .world import Table


class Category(NamedTuple):
    """A product category: its lines of goods, price range in yuan, gross margin and rate of returns."""

    code: str
    name: str
    lines: tuple[str, ...]
    unit: str
    price_low: float
    price_high: float
    margin: float
    return_rate: float


CATEGORIES = (
    Category(
        "PT",
        "电动工具 Power tools",
        (
            "无绳电钻 Cordless drill",
            "角磨机 Angle grinder",
            "电锤 Rotary hammer",
            "电圆锯 Circular saw",
            "砂光机 Sander",
        ),
        "pcs",
        260,
        2400,
        0.34,
        0.035,
    ),
    Category(
        "HT",
        "手动工具 Hand tools",
        ("扳手组套 Spanner set", "螺丝刀 Screwdriver", "钳子 Pliers", "锤子 Hammer", "工具箱 Tool case"),
        "pcs",
        18,
        480,
        0.40,
        0.012,
    ),
    Category(
        "FA",
        "紧固件 Fasteners",
        ("六角螺栓 Hex bolt", "自攻螺钉 Self-tapping screw", "膨胀锚栓 Anchor", "垫圈 Washer", "铆钉 Rivet"),
        "pcs",
        0.08,
        6.5,
        0.31,
        0.008,
    ),
    Category(
        "ME",
        "测量仪器 Measuring instruments",
        (
            "激光测距仪 Laser meter",
            "数显卡尺 Caliper",
            "万用表 Multimeter",
            "水平仪 Level",
            "红外测温仪 Thermometer",
        ),
        "pcs",
        85,
        3200,
        0.43,
        0.030,
    ),
    Category(
        "SA",
        "安全防护 Safety",
        ("防护手套 Gloves", "安全鞋 Safety shoes", "护目镜 Goggles", "防尘口罩 Respirator", "安全帽 Helmet"),
        "pcs",
        4.5,
        420,
        0.37,
        0.022,
    ),
    Category(
        "LI",
        "照明电气 Lighting and electrical",
        ("工业灯 High bay lamp", "LED灯带 LED strip", "插排 Socket strip", "断路器 Breaker", "电缆 Cable"),
        "pcs",
        12,
        900,
        0.33,
        0.028,
    ),
    Category(
        "HO",
        "家用电器 Home appliances",
        (
            "空气净化器 Air purifier",
            "电热水壶 Kettle",
            "吸尘器 Vacuum cleaner",
            "电风扇 Fan",
            "除湿机 Dehumidifier",
        ),
        "pcs",
        120,
        2600,
        0.29,
        0.065,
    ),
    Category(
        "CL",
        "清洁用品 Cleaning supplies",
        (
            "工业清洁剂 Degreaser",
            "擦拭布 Wipes",
            "除锈剂 Rust remover",
            "滤芯 Filter cartridge",
            "润滑油 Lubricant",
        ),
        "box",
        9.5,
        360,
        0.42,
        0.010,
    ),
)
MODELS_PER_LINE = 3
_PRICE_GROWTH = 1.02
_COST_GROWTH = 1.03


def make_products(seed: int) -> Table:
    """The assortment with the prices and costs of today, in the base currency."""
    random = stream(seed, "products")
    columns: dict[str, list[object]] = {name: [] for name in ("external_id", "name", "category", "unit")}
    prices, margins = [], []
    for category in CATEGORIES:
        count = len(category.lines) * MODELS_PER_LINE
        columns["external_id"] += [f"{category.code}-{101 + position}" for position in range(count)]
        columns["name"] += [
            f"{category.lines[position // MODELS_PER_LINE]} {category.code}{101 + position}"
            for position in range(count)
        ]
        columns["category"] += [category.name] * count
        columns["unit"] += [category.unit] * count
        span = np.log(category.price_high / category.price_low)
        prices.append(category.price_low * np.exp(span * spread_ranks(random, count)))
        margins.append(np.clip(category.margin + random.normal(0, 0.04, count), 0.2, 0.55))
    price = np.concatenate(prices)
    return Table(
        {name: texts(values) for name, values in columns.items()}
        | {
            "cost_e4": tidy_price(price * (1 - np.concatenate(margins))),
            "price_e4": tidy_price(price),
            "currency": texts(["CNY"] * len(price)),
            "active": np.arange(len(price)) % 40 != 39,
        }
    )


def tidy_price(price: np.ndarray) -> np.ndarray:
    """Prices as they stand in a list, in ten-thousandths: four decimals below ten, two from there on."""
    price_e4 = np.maximum(np.rint(np.asarray(price) * 10_000), 1).astype(np.int64)
    return np.where(price_e4 < 100_000, price_e4, to_cents(price_e4))


def price_in_year(price_e4: np.ndarray, years_back: np.ndarray) -> np.ndarray:
    """The list price that many calendar years ago, as a figure still to be tidied."""
    return price_e4 / 10_000 * _PRICE_GROWTH ** -years_back.astype(float)


def cost_in_year(cost_e4: np.ndarray, years_back: np.ndarray) -> np.ndarray:
    """The unit cost that many calendar years ago; costs rise faster than prices do."""
    return cost_e4 / 10_000 * _COST_GROWTH ** -years_back.astype(float)


def category_positions() -> np.ndarray:
    """The position in `CATEGORIES` of every product."""
    return np.repeat(np.arange(len(CATEGORIES)), [len(one.lines) * MODELS_PER_LINE for one in CATEGORIES])
