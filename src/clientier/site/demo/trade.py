"""The trade of three years before it becomes tables: assortment, rates, sales and returns, of one piece."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .characters import Characters
from .products import make_products
from .rates import make_rates
from .returns import Returns, make_returns
from .sales import Sales, make_sales
from .seasons import daily_intensities
from .world import Table


@dataclass(frozen=True)
class Trade:
    """Who traded what from `first_day` on; days in `people`, `sales` and `returns` count from there."""

    first_day: date
    people: Characters
    products: Table
    rates: Table
    sales: Sales
    returns: Returns


def make_trade(seed: int, people: Characters, today: date) -> Trade:
    """Draws the whole trade of the days before `today`."""
    first_day = today - timedelta(days=people.day_count)
    products, rates = make_products(seed), make_rates(seed, first_day, today)
    sales = make_sales(
        seed,
        people=people,
        intensities=daily_intensities(first_day, people.day_count),
        products=products,
        rates=rates,
        first_day=first_day,
    )
    return Trade(first_day, people, products, rates, sales, make_returns(seed, people, sales))
