"""Goods that came back: which lines, how many, when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .amounts import to_cents
from .chance import stream
from .characters import Characters
from .products import CATEGORIES, category_positions
from .sales import Sales


@dataclass(frozen=True)
class Returns:
    """One entry per returned line, by day; `line` is the position of the sold line; figures are negative."""

    line: np.ndarray
    day: np.ndarray
    quantity: np.ndarray
    discount_e4: np.ndarray
    amount_e4: np.ndarray
    cost_e4: np.ndarray


def make_returns(seed: int, people: Characters, sales: Sales) -> Returns:
    """Draws returns: more of some products, far more from a few customers, days or weeks after the sale."""
    random = stream(seed, "returns")
    count = len(sales.order)
    customer = sales.customer[sales.order]
    rate = np.array([one.return_rate for one in CATEGORIES])[category_positions()][sales.product]
    faulty = stream(seed, "faulty products").random(len(category_positions())) < 0.06
    rate = rate * np.where(faulty[sales.product], 3.0, 1.0) * np.where(people.is_company[customer], 0.7, 1.3)
    rate = np.where(people.trouble[customer] == "serial_returner", 0.62, rate)
    day = sales.day[sales.order] + 2 + random.gamma(2.0, 5.0, count).astype(int)
    line = np.flatnonzero((random.random(count) < rate) & (day < people.day_count))
    line = line[np.argsort(day[line], kind="stable")]
    part = np.where(random.random(len(line)) < 0.5, 1.0, random.random(len(line)))
    part = np.where(people.is_company[customer[line]] & (sales.quantity[line] > 4), part * 0.4, part)
    sold = sales.quantity[line]
    quantity = np.clip(np.rint(sold * part), 1, sold).astype(np.int64)
    discount_e4 = _share(sales.discount_e4[line], quantity, sold)
    return Returns(
        line=line,
        day=day[line],
        quantity=-quantity,
        discount_e4=-discount_e4,
        amount_e4=-(quantity * sales.unit_price_e4[line] - discount_e4),
        cost_e4=-_share(sales.cost_e4[line], quantity, sold),
    )


def _share(whole_e4: np.ndarray, quantity: np.ndarray, sold: np.ndarray) -> np.ndarray:
    """The part of a line's figure that falls on some of its pieces, in whole hundredths; all of it on all."""
    part = to_cents((whole_e4 // sold) * quantity + (whole_e4 % sold) * quantity // sold)
    return np.where(quantity == sold, whole_e4, part)
