"""What the engine makes of companies whose truth is known: `python -m bench.scenarios`; nothing passes or fails by it.

Each company is simulated, validated at four days a quarter apart, and compared with the best naive rule: error, size of
the bias of the total, ranking of profit, cover of ranges. Tests hold a few of them; this prints all.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier import worth

Floats = NDArray[np.float64]
DAYS, YEAR = 1400, 365.25
FIRST_DAY = 15_000


@dataclass(frozen=True)
class Company:
    """Customers by what drives them: purchases a day, the chance to leave at each purchase, the regularity of gaps
    (stages k), the rate of leaving between purchases, and how busy each day is for everybody.
    """

    rate: Floats
    leave: Floats | None = None
    stages: int = 1
    hazard: Floats | None = None
    busy: Callable[[Floats], Floats] = np.ones_like
    days: int = DAYS
    won_within: float = 0.8


def book(company: Company, seed: int) -> dict[str, NDArray[Any]]:
    """Order lines of the company; spend varies between customers and purchases, cost is 60 %."""
    rng = np.random.default_rng(seed)
    number, rate = len(company.rate), company.rate
    most = float(company.busy(np.arange(company.days, dtype=float)).max())
    now = rng.uniform(0.0, company.days * company.won_within, number)
    gone = np.full(number, np.inf) if company.hazard is None else now + rng.exponential(1.0 / company.hazard)
    active = np.arange(number)
    who, when = [active], [now.copy()]
    staying = np.ones(number, dtype=bool)
    bought = np.ones(number, dtype=bool)
    while len(active):
        if company.leave is not None:
            staying[active] &= ~(bought[active] & (rng.random(len(active)) < company.leave[active]))
        active = active[staying[active]]
        now[active] += rng.gamma(company.stages, 1.0 / (company.stages * rate[active] * most))
        active = active[now[active] < np.minimum(company.days, gone[active])]
        bought[active] = rng.random(len(active)) < company.busy(now[active]) / most
        who.append(active[bought[active]])
        when.append(now[active[bought[active]]])
    customer, at = np.concatenate(who), np.floor(np.concatenate(when)).astype(int)
    level = rng.gamma(4.0, 25.0, number)[customer] * rng.gamma(6.0, 1 / 6, len(customer))
    amount = np.rint(np.maximum(level, 1.0) * 10_000).astype(np.int64)
    return {"customer_id": customer, "day": FIRST_DAY + at, "amount_e4": amount,
            "cost_e4": np.rint(amount * 0.6).astype(np.int64)}  # fmt: skip


def companies(seed: int) -> Iterator[tuple[str, Company]]:
    """The companies by name."""
    rng = np.random.default_rng(seed + 100)
    many = 800
    rate, leave = rng.gamma(0.8, 1 / 40, many), rng.beta(0.8, 4.0, many)
    yield "MBG/NBD", Company(rate, leave)
    yield "Pareto/NBD", Company(rng.gamma(0.55, 1 / 74, many), hazard=rng.gamma(0.6, 1 / 82, many) + 1e-9)
    yield "season (±80 %)", Company(rate, leave, busy=lambda day: 1.0 + 0.8 * np.sin(2 * np.pi * day / YEAR))
    yield "growth (+50 % a year)", Company(rate, leave / 2, busy=lambda day: 1.5 ** (day / YEAR))
    yield "decline (−35 % a year)", Company(rate, leave / 2, busy=lambda day: 0.65 ** (day / YEAR))
    yield "monthly contracts", Company(np.full(many, 1 / 30), rng.beta(0.7, 12.0, many), stages=100)
    yield "each quarter", Company(1 / rng.normal(91, 8, many), rng.beta(0.7, 12.0, many), stages=30)
    yield "some rhythm", Company(rng.gamma(1.5, 1 / 60, many), rng.beta(0.5, 6.0, many), stages=3)
    yield "step to a half", Company(rate, leave / 2, busy=lambda day: np.where(day < 1000, 1.0, 0.5))
    yield "launch", Company(rng.gamma(1.0, 1 / 200, many), busy=lambda day: np.where(day < 900, 1e-9, 1.0))
    yield "nearly all buy once", Company(rng.gamma(0.3, 1 / 200, 4 * many), rng.beta(9.0, 1.0, 4 * many))
    yield "one cohort", Company(rng.gamma(0.25, 1 / 31, 2 * many), rng.beta(0.8, 2.4, 2 * many), days=600,
                                won_within=0.14)  # fmt: skip
    yield "small and growing", Company(rng.gamma(2.0, 1 / 70, 70), rng.beta(0.4, 9.0, 70), days=900,
                                       busy=lambda day: 1.4 ** (day / YEAR))  # fmt: skip


def row(found: worth.Validation) -> tuple[float, ...]:
    """Error, bias and ranking beside the best naive rule's, and the share of outcomes in their ranges."""
    bought, gini = found.pooled["purchases"], found.pooled["money"]["gini"]
    ours, rules = bought["believed"], bought["rules"].values()
    return (ours["error"], min(rule["error"] for rule in rules), ours["bias_size"] or 0.0,
            min(rule["bias_size"] or 0.0 for rule in rules), gini["believed"] or 0.0, gini["past_profit"] or 0.0,
            bought["coverage"])  # fmt: skip


def main() -> None:
    """Print one line a company and horizon, the mean over the seeds; `main` takes the number of seeds."""
    seeds = range(1, 1 + (int(sys.argv[1]) if len(sys.argv) > 1 else 3))
    print(f"{'company':<24}{'days':>5} {'error':>7} {'naive':>7} {'bias':>7} {'naive':>7} {'gini':>7} {'past':>7} "
          f"{'cover':>6}")  # fmt: skip
    for place, (name, _) in enumerate(companies(1)):
        for horizon in (365, 180):
            rows = []
            for seed in seeds:
                company = list(companies(seed))[place][1]
                tables = worth.Tables(orders=book(company, seed))
                try:
                    rows.append(row(worth.validate(tables, worth.Policy(model="auto"), horizon_days=horizon)))
                except worth.HistoryTooShort:
                    continue
            if rows:
                figures = np.mean(rows, axis=0)
                marks = [" " if figures[0] <= figures[1] else "*", " " if figures[2] <= figures[3] else "*",
                         " " if figures[4] >= figures[5] - 0.01 else "*"]  # fmt: skip
                print(f"{name:<24}{horizon:>5} {figures[0]:7.3f}{marks[0]}{figures[1]:7.3f} {figures[2]:7.1%}{marks[1]}"
                      f"{figures[3]:7.1%} {figures[4]:7.3f}{marks[2]}{figures[5]:7.3f} {figures[6]:6.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
