"""Order books drawn from known truths, for tests of the models and of their validation."""

from __future__ import annotations

import numpy as np

from tests.worth.books import day


def mbg_book(
    customers: int = 1500,
    *,
    days: int = 1460,
    seed: int = 7,
    r: float = 0.8,
    alpha: float = 40.0,
    a: float = 0.8,
    b: float = 4.0,
) -> dict[str, np.ndarray]:
    """Purchases of customers who behave as the MBG/NBD says, won over the first three quarters of `days` that
    end with 2026; spend is 100 give or take, cost 60 %.
    """  # fmt: skip
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(r, 1 / alpha, customers), rng.beta(a, b, customers)
    first = rng.integers(0, days * 3 // 4, customers).astype(float)
    who, when, active, now = [np.arange(customers)], [first], np.arange(customers), first.copy()
    while len(active):
        active = active[rng.random(len(active)) >= leave[active]]
        now[active] += rng.exponential(1 / rate[active])
        active = active[now[active] < days]
        who.append(active.copy())
        when.append(now[active].copy())
    customer, at = np.concatenate(who), np.floor(np.concatenate(when)).astype(int)
    level = rng.gamma(6.0, 100 / 6, customers)[customer] * rng.gamma(6.0, 1 / 6, len(customer))
    amount = np.rint(np.maximum(level, 1.0) * 10_000).astype(np.int64)
    return {
        "customer_id": customer,
        "day": day(364) - days + 1 + at,
        "amount_e4": amount,
        "cost_e4": np.rint(amount * 0.6).astype(np.int64),
    }


def stopped_book(customers: int = 400) -> dict[str, np.ndarray]:
    """A book against every buy-till-you-die model: everybody buys weekly for a year and a half, then monthly."""
    rng = np.random.default_rng(3)
    rows = []
    for who in range(customers):
        start = int(rng.integers(0, 30))
        rows += [(who, at) for at in range(start, 548, 7)] + [(who, at) for at in range(560, 1095, 30)]
    customer, at = np.array(rows).T
    return {
        "customer_id": customer,
        "day": day(364) - 1094 + at,
        "amount_e4": np.full(len(customer), 1_000_000),
    }


def launched_book(customers: int = 900, *, days: int = 900, launch: int = 660) -> dict[str, np.ndarray]:
    """A book whose customers bought once each until a launch, since when all buy again every 120 days at random."""
    rng = np.random.default_rng(11)
    first = np.sort(rng.integers(0, days - 60, customers))
    rows = [(who, at) for who, at in enumerate(first)]
    for who, start in enumerate(np.maximum(first, launch)):
        at = start + rng.exponential(120.0)
        while at < days:
            rows.append((who, int(at)))
            at += rng.exponential(120.0)
    customer, at = np.array(sorted(rows)).T
    return {
        "customer_id": customer,
        "day": day(364) - days + 1 + at,
        "amount_e4": np.full(len(customer), 1_000_000),
    }


def purchase_days(book: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Customers and days of the book's purchases, each day once, sorted by both."""
    pairs = np.unique(np.stack([book["customer_id"], book["day"]]), axis=1)
    return pairs[0], pairs[1]
