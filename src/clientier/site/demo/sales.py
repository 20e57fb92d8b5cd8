"""Orders and their lines: what was sold, at which price, with which discount, cost and freight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from . import products as assortment
from .amounts import ONE_E4, divide_half_even, from_float, to_base, to_cents
from .chance import stream, texts
from .characters import Characters
from .places import CITIES, currency_of
from .rates import CURRENCIES, rates_on
from .rhythm import YEAR, order_days
from .world import Table

FAVOURITES = 12
_EXPORT_PREMIUM = 1.06

# How much each industry, in the order of `INDUSTRIES`, then persons, wants of PT HT FA ME SA LI HO CL.
_APPETITES = np.array(
    [
        (3, 3, 6, 4, 4, 1, 0.1, 4),
        (6, 4, 6, 3, 4, 4, 0.1, 1),
        (4, 5, 3, 1, 1, 4, 5, 3),
        (4, 4, 5, 2, 3, 4, 3, 3),
        (0.2, 0.5, 0.2, 0.2, 2, 3, 5, 6),
        (0.2, 0.3, 0.3, 4, 6, 2, 2, 5),
        (1, 2, 1, 5, 2, 3, 2, 2),
        (1, 2, 1, 1, 6, 3, 0.5, 3),
        (1, 3, 3, 6, 3, 5, 0.3, 3),
        (0.3, 0.6, 0.5, 2, 5, 2, 2, 6),
        (2, 2, 0.2, 0.5, 0.4, 2, 6, 1),
    ]
)


@dataclass(frozen=True)
class Sales:
    """The sales before they become tables: one entry per order, and one per line, sorted by day and order.

    Money is in ten-thousandths of the order's currency.
    """

    customer: np.ndarray
    day: np.ndarray
    currency: np.ndarray
    rate_e6: np.ndarray
    order: np.ndarray
    line_no: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    unit_price_e4: np.ndarray
    discount_e4: np.ndarray
    amount_e4: np.ndarray
    cost_e4: np.ndarray
    freight_e4: np.ndarray

    def order_totals(self, column_e4: np.ndarray) -> np.ndarray:
        """Sums a column of lines over each order, in the base currency."""
        totals = np.zeros(len(self.day), dtype=np.int64)
        np.add.at(totals, self.order, to_base(column_e4, self.rate_e6[self.order]))
        return totals


def make_sales(
    seed: int, *, people: Characters, intensities: np.ndarray, products: Table, rates: Table, first_day: date
) -> Sales:
    """Draws every sale of the period."""
    random = stream(seed, "sales")
    customer, day = order_days(seed, people, intensities)
    dates = np.datetime64(first_day) + day
    currency = texts([currency_of(one.country) for one in CITIES])[people.city[customer]]
    rate_e6 = rates_on(rates, currency, dates)
    order, line_no, wanted = _split_into_lines(random, people, customer, day)
    product = _choose_products(random, people, products, customer[order], line_no)
    unit_price_e4, unit_cost = _prices(products, rates, currency[order], dates[order], product)
    price = unit_price_e4 / ONE_E4
    quantity = np.maximum(1, np.rint(wanted / (rate_e6[order] / 1e6) / price)).astype(np.int64)
    gross_e4 = quantity * unit_price_e4
    share_e4 = _discount_shares(random, people, products, product, customer[order])
    discount_e4 = to_cents(divide_half_even(gross_e4 * share_e4, ONE_E4))
    amount_e4 = gross_e4 - discount_e4
    return Sales(
        customer=customer,
        day=day,
        currency=currency,
        rate_e6=rate_e6,
        order=order,
        line_no=line_no,
        product=product,
        quantity=quantity,
        unit_price_e4=unit_price_e4,
        discount_e4=discount_e4,
        amount_e4=amount_e4,
        cost_e4=from_float(quantity * unit_cost / (rate_e6[order] / 1e6)),
        freight_e4=_freight(random, people, customer[order], amount_e4, line_no),
    )


def _split_into_lines(
    random: np.random.Generator, people: Characters, customer: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The order, number and wanted value in the base currency of every line."""
    company = people.is_company[customer]
    value = people.yearly_revenue[customer] * people.gap_days[customer] / YEAR
    lately = np.clip((day - (people.day_count - YEAR)) / 180, 0, 1)
    value = value * np.where(people.fate[customer] == "rising", 1 + 0.5 * lately, 1.0)
    value = value * np.where(people.fate[customer] == "declining", 1 - 0.4 * lately, 1.0)
    value = value * np.exp(random.normal(-0.06, np.where(company, 0.35, 0.55)))
    count = 1 + np.minimum(random.poisson(np.where(company, 1.45, 0.5)), 5)
    order = np.repeat(np.arange(len(customer)), count)
    starts = np.cumsum(count) - count
    weight = random.gamma(1.5, size=len(order)) + 0.15
    shares = weight / np.add.reduceat(weight, starts)[order]
    return order, np.arange(len(order)) - starts[order] + 1, value[order] * shares


def _choose_products(
    random: np.random.Generator,
    people: Characters,
    products: Table,
    customer: np.ndarray,
    line_no: np.ndarray,
) -> np.ndarray:
    """Products out of each customer's dozen of favourites, never twice in an order."""
    appetite = np.log(_APPETITES[np.where(people.is_company, people.industry, len(_APPETITES) - 1)])
    liking = appetite[:, assortment.category_positions()]
    typical_line = people.yearly_revenue * people.gap_days / YEAR / 2.2
    too_dear = np.log(products["price_e4"] / ONE_E4)[None, :] - np.log(typical_line)[:, None]
    too_cheap = -too_dear - np.log(np.where(people.is_company, 600, 6))[:, None]
    liking = liking - 2.5 * np.maximum(too_dear, 0) ** 2 - 1.5 * np.maximum(too_cheap, 0) ** 2
    liking = np.where(products["active"], liking, -np.inf) - np.log(-np.log(random.random(liking.shape)))
    favourites = np.argsort(-liking, axis=1, kind="stable")[:, :FAVOURITES]
    opening = (random.random(len(customer)) ** 2 * FAVOURITES).astype(int)
    first_line = np.flatnonzero(line_no == 1)
    opening = opening[first_line][np.cumsum(line_no == 1) - 1]
    return favourites[customer, (opening + line_no - 1) % FAVOURITES]


def _prices(
    products: Table, rates: Table, currency: np.ndarray, dates: np.ndarray, product: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The list price (exact, in the order's currency) and the unit cost in the base currency of every line.

    A price list holds for a calendar year and is made with the rate at its beginning.
    """
    years = dates.astype("datetime64[Y]").astype(int)
    last_year = int(years.max(initial=0))
    first_price_day = rates["day"].min()
    price_e4 = np.zeros(len(product), dtype=np.int64)
    for year in np.unique(years):
        january = np.maximum(np.datetime64(int(year), "Y").astype("datetime64[D]"), first_price_day)
        local = assortment.price_in_year(products["price_e4"], np.array(last_year - year))
        for one in CURRENCIES:
            rate = rates_on(rates, texts([one]), np.array([january]))[0] / 1e6
            price_list = assortment.tidy_price(local / rate * (1 if one == "CNY" else _EXPORT_PREMIUM))
            chosen = (years == year) & (currency == one)
            price_e4[chosen] = price_list[product[chosen]]
    return price_e4, assortment.cost_in_year(products["cost_e4"][product], last_year - years)


def _discount_shares(
    random: np.random.Generator,
    people: Characters,
    products: Table,
    product: np.ndarray,
    customer: np.ndarray,
) -> np.ndarray:
    """The discount of every line in ten-thousandths: by size, and to the bone under price pressure."""
    rank = people.size_rank[customer]
    usual = np.where(people.is_company[customer], 0.01 + 0.09 * rank**2, 0.02)
    promoted = random.random(len(customer)) < np.where(people.is_company[customer], 0.10, 0.25)
    margin = 1 - products["cost_e4"][product] / products["price_e4"][product]
    pressed = np.maximum(margin - 0.055, 0.1)
    share = np.where(people.trouble[customer] == "price_pressure", pressed, usual + 0.08 * promoted)
    return np.rint(share * 200).astype(np.int64) * 50


def _freight(
    random: np.random.Generator,
    people: Characters,
    customer: np.ndarray,
    amount_e4: np.ndarray,
    line_no: np.ndarray,
) -> np.ndarray:
    """What delivery costs the house: a share of the amount, more abroad, and a fixed part an order."""
    abroad = np.array([one.country not in ("CN", "HK") for one in CITIES])[people.city[customer]]
    share = np.where(abroad, 0.048, 0.021) * random.uniform(0.7, 1.3, len(customer))
    share = np.where(people.trouble[customer] == "price_pressure", share + 0.02, share)
    fixed = np.where(line_no == 1, np.where(people.is_company[customer], 9.0, 6.0), 0.0)
    return from_float(amount_e4 / ONE_E4 * share + fixed)
