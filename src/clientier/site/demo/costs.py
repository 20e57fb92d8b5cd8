"""What serving customers costs beside the goods: rebates, listing fees, late payment, freight and more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .amounts import from_float, to_base
from .chance import stream, texts
from .characters import Characters
from .places import CITIES, currency_of
from .rates import BASE_CURRENCY, rates_on
from .returns import Returns
from .sales import Sales
from .seasons import INDUSTRIES
from .trade import Trade
from .world import Table

_QUARTER_DAYS = 91
_NOTES = {
    "rebate": "季度返利 Quarterly rebate",
    "fee": "年度进场费 Yearly listing fee",
    "late_interest": "逾期占用资金利息 Interest on late payment",
    "bad_debt": "坏账核销 Written off",
    "rush": "加急运费 Rush freight",
    "return": "退货运费 Freight of a return",
    "service": "上门服务 Service on site",
    "expense": "商务接待 Hospitality",
    "reward": "会员积分兑换 Loyalty reward",
}
_KIND_OF = {"rush": "freight", "return": "freight"}


@dataclass(frozen=True)
class _Cost:
    """Costs of one kind: who, on which day, how much in the base currency, and whether booked in it."""

    name: str
    customer: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    in_base: bool = True


def make_costs(seed: int, trade: Trade, customers: Table) -> Table:
    """Every cost to serve of the period, by day."""
    people, sales, returns = trade.people, trade.sales, trade.returns
    random = stream(seed, "costs")
    order_value = sales.order_totals(sales.amount_e4) / 10_000
    quarterly = _revenue_by_quarter(people, sales, order_value)
    kinds = [
        _rebates(random, people, quarterly),
        _listing_fees(random, people, quarterly),
        _late_interest(random, people, quarterly),
        _bad_debts(random, people, sales, order_value),
        _rush_freight(random, people, sales, order_value),
        _return_freight(random, people, sales, returns),
        *_attention(random, people),
    ]
    return _book(kinds, trade, customers)


def _book(kinds: list[_Cost], trade: Trade, customers: Table) -> Table:
    name = np.repeat(texts([one.name for one in kinds]), [len(one.day) for one in kinds])
    customer = np.concatenate([one.customer for one in kinds])
    day = np.concatenate([one.day for one in kinds])
    amount = np.concatenate([one.amount for one in kinds])
    in_base = np.repeat([one.in_base for one in kinds], [len(one.day) for one in kinds])
    local = texts([currency_of(one.country) for one in CITIES])[trade.people.city[customer]]
    currency = np.where(in_base, BASE_CURRENCY, local).astype(object)
    rate_e6 = rates_on(trade.rates, currency, np.datetime64(trade.first_day) + day)
    amount_e4 = from_float(amount / (rate_e6 / 1e6))
    kept = np.flatnonzero(amount_e4 > 0)
    kept = kept[np.argsort(day[kept], kind="stable")]
    return Table(
        {
            "external_id": texts([f"X{number + 1:06d}" for number in range(len(kept))]),
            "customer": customers["external_id"][customer[kept]],
            "day": np.datetime64(trade.first_day) + day[kept],
            "kind": texts([_KIND_OF.get(one, one) for one in name[kept]]),
            "amount_e4": amount_e4[kept],
            "currency": currency[kept],
            "rate_e6": rate_e6[kept],
            "amount_base_e4": to_base(amount_e4[kept], rate_e6[kept]),
            "note": texts([_NOTES[one] for one in name[kept]]),
        }
    )


def _revenue_by_quarter(people: Characters, sales: Sales, order_value: np.ndarray) -> np.ndarray:
    table = np.zeros((len(people), people.day_count // _QUARTER_DAYS + 1))
    np.add.at(table, (sales.customer, sales.day // _QUARTER_DAYS), order_value)
    return table[:, : people.day_count // _QUARTER_DAYS]


def _quarter_end(quarter: np.ndarray) -> np.ndarray:
    return (quarter + 1) * _QUARTER_DAYS - 1


def _rebates(random: np.random.Generator, people: Characters, quarterly: np.ndarray) -> _Cost:
    pressed = people.trouble == "price_pressure"
    entitled = people.is_company & (people.size_rank > 0.82) & (random.random(len(people)) < 0.55)
    share = np.where(
        pressed, random.uniform(0.035, 0.06, len(people)), random.uniform(0.008, 0.025, len(people))
    )
    customer, quarter = np.nonzero((quarterly > 0) & (pressed | entitled)[:, None])
    return _Cost(
        "rebate",
        customer,
        _quarter_end(quarter),
        quarterly[customer, quarter] * share[customer],
        in_base=False,
    )


def _listing_fees(random: np.random.Generator, people: Characters, quarterly: np.ndarray) -> _Cost:
    trade = np.isin(people.industry, [INDUSTRIES.index("retail"), INDUSTRIES.index("wholesale")])
    pressed = people.trouble == "price_pressure"
    listed = (people.is_company & trade & (people.size_rank > 0.7)) | pressed
    yearly = quarterly[:, : quarterly.shape[1] // 4 * 4].reshape(len(people), -1, 4).sum(axis=2)
    customer, year = np.nonzero((yearly > 0) & listed[:, None])
    share = np.where(pressed[customer], 0.018, 0.007) * random.uniform(0.6, 1.4, len(customer))
    return _Cost("fee", customer, _quarter_end(year * 4 + 3), yearly[customer, year] * share, in_base=False)


def _late_interest(random: np.random.Generator, people: Characters, quarterly: np.ndarray) -> _Cost:
    late = np.isin(people.trouble, ("late_payer", "bad_debt"))
    customer, quarter = np.nonzero((quarterly > 0) & late[:, None])
    days_late = random.gamma(4.0, 18.0, len(customer))
    return _Cost(
        "late_interest",
        customer,
        _quarter_end(quarter),
        quarterly[customer, quarter] * 0.0003 * days_late,
        in_base=False,
    )


def _bad_debts(
    random: np.random.Generator, people: Characters, sales: Sales, order_value: np.ndarray
) -> _Cost:
    """What a bad debtor bought in its last months is not paid, and written off a while later."""
    last_months = sales.day >= people.end[sales.customer] - 150
    unpaid = np.zeros(len(people))
    np.add.at(unpaid, sales.customer[last_months], order_value[last_months])
    customer = np.flatnonzero((people.trouble == "bad_debt") & (unpaid > 0))
    day = people.end[customer] + random.integers(110, 200, len(customer))
    return _Cost(
        "bad_debt", customer, day, unpaid[customer] * random.uniform(0.6, 1, len(customer)), in_base=False
    )


def _rush_freight(
    random: np.random.Generator, people: Characters, sales: Sales, order_value: np.ndarray
) -> _Cost:
    hurried = people.is_company & (random.random(len(people)) < 0.08)
    pressed = people.trouble == "price_pressure"
    likelihood = np.where(pressed, 0.3, np.where(hurried, 0.12, 0.0))[sales.customer]
    order = np.flatnonzero(random.random(len(sales.day)) < likelihood)
    amount = random.uniform(60, 240, len(order)) + 0.015 * order_value[order]
    return _Cost("rush", sales.customer[order], sales.day[order], amount)


def _return_freight(random: np.random.Generator, people: Characters, sales: Sales, returns: Returns) -> _Cost:
    customer = sales.customer[sales.order[returns.line]]
    fixed = np.where(people.is_company[customer], 35.0, 14.0)
    return _Cost("return", customer, returns.day, fixed * random.uniform(0.7, 1.6, len(customer)))


def _attention(random: np.random.Generator, people: Characters) -> list[_Cost]:
    """Service on site, hospitality for the large, rewards for persons: spread over each customer's life."""
    company = people.is_company
    service = 0.25 + 1.2 * people.size_rank**2
    service = np.where(people.trouble == "over_served", 2.0, service) * company
    hospitality = np.where(people.size_rank > 0.88, 2.0, 0.0) * company
    reward = np.where(company, 0.0, 0.35)
    return [
        _spread(random, people, "service", service, 70, 420),
        _spread(random, people, "expense", hospitality, 400, 2600),
        _spread(random, people, "reward", reward, 10, 45),
    ]


def _spread(
    random: np.random.Generator, people: Characters, name: str, per_year: np.ndarray, low: float, high: float
) -> _Cost:
    buyers = people.fate != "potential"
    life = np.clip(people.end - people.start, 1, None)
    customer = np.repeat(np.arange(len(people)), random.poisson(per_year * buyers * life / 365))
    day = people.start[customer] + (random.random(len(customer)) * life[customer]).astype(int)
    return _Cost(name, customer, day, random.uniform(low, high, len(customer)))
