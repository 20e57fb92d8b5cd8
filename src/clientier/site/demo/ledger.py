"""Sales and returns as the two tables of an order book: orders and lines."""

from __future__ import annotations

from datetime import date

import numpy as np

from .amounts import to_base
from .chance import stream, texts
from .characters import Characters
from .rates import rates_on
from .returns import Returns
from .sales import Sales
from .staff import service_desks
from .trade import Trade
from .world import Table

_DAYS_TO_DELIVER = 5


def make_ledger(seed: int, trade: Trade, customers: Table) -> tuple[Table, Table]:
    """Orders (sales by day, then returns by day) and their lines in the same order."""
    people, products, sales, returns = trade.people, trade.products, trade.sales, trade.returns
    first_day = trade.first_day
    sale_number = _numbers("SO", first_day, sales.day)
    return_number = _numbers("RT", first_day, returns.day)
    returned = sales.order[returns.line]
    return_rate = rates_on(trade.rates, sales.currency[returned], np.datetime64(first_day) + returns.day)
    customer = np.concatenate([sales.customer, sales.customer[returned]])
    day = np.concatenate([sales.day, returns.day])
    orders = Table(
        {
            "number": np.concatenate([sale_number, return_number]),
            "kind": np.repeat(texts(("sale", "return")), [len(sale_number), len(return_number)]),
            "day": np.datetime64(first_day) + day,
            "customer": customers["external_id"][customer],
            "currency": np.concatenate([sales.currency, sales.currency[returned]]),
            "rate_e6": np.concatenate([sales.rate_e6, return_rate]),
            "sold_by": _sellers(seed, customers, people, customer),
            "status": np.where(day >= people.day_count - _DAYS_TO_DELIVER, "confirmed", "delivered").astype(
                object
            ),
            "return_of": np.concatenate([texts([""] * len(sale_number)), sale_number[returned]]),
        }
    )
    sale_lines = _lines(sale_number[sales.order], sales.line_no, products, sales.product, sales.unit_price_e4)
    sale_lines |= _money(sales, sales.rate_e6[sales.order])
    first = np.ones(len(returns.line), dtype=np.int64)
    line = returns.line
    return_lines = _lines(return_number, first, products, sales.product[line], sales.unit_price_e4[line])
    return_lines |= _money(returns, return_rate)
    both = {name: np.concatenate([sale_lines[name], return_lines[name]]) for name in sale_lines}
    return orders, Table(both)


def _numbers(prefix: str, first_day: date, day: np.ndarray) -> np.ndarray:
    years = (np.datetime64(first_day) + day).astype("datetime64[Y]").astype(int) + 1970
    return texts([f"{prefix}-{year}-{number + 1:06d}" for number, year in enumerate(years.tolist())])


def _sellers(seed: int, customers: Table, people: Characters, customer: np.ndarray) -> np.ndarray:
    """Mostly the owner; customer service where an order came in by telephone."""
    by_phone = stream(seed, "sellers").random(len(customer)) < 0.07
    return np.where(by_phone, service_desks(people.territory)[customer], customers["owner"][customer])


def _lines(
    order: np.ndarray, line_no: np.ndarray, products: Table, product: np.ndarray, unit_price_e4: np.ndarray
) -> dict[str, np.ndarray]:
    return {
        "order": order,
        "line_no": line_no,
        "product": products["external_id"][product],
        "description": products["name"][product],
        "unit_price_e4": unit_price_e4,
    }


def _money(source: Sales | Returns, rate_e6: np.ndarray) -> dict[str, np.ndarray]:
    freight_e4 = (
        source.freight_e4 if isinstance(source, Sales) else np.zeros(len(source.line), dtype=np.int64)
    )
    return {
        "quantity": source.quantity,
        "discount_e4": source.discount_e4,
        "amount_e4": source.amount_e4,
        "cost_e4": source.cost_e4,
        "freight_e4": freight_e4,
        "amount_base_e4": to_base(source.amount_e4, rate_e6),
        "cost_base_e4": to_base(source.cost_e4, rate_e6),
        "freight_base_e4": to_base(freight_e4, rate_e6),
        "discount_base_e4": to_base(source.discount_e4, rate_e6),
    }
