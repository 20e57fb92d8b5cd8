"""The arithmetic of a question: each change applied to each customer's figures, one after the other, with what
it moves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.appraisal import Result
from clientier.worth.book.drivers import ACTIVITIES, DRIVERS
from clientier.worth.whatif.changes import Changes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TIMED = tuple(f"serve_{driver}" for driver in (*ACTIVITIES, "minutes"))
PARTS = ("revenue", "cost", "freight", *(f"serve_{driver}" for driver in DRIVERS))


class Reckoning:
    """Figures and net `profit` of all customers while changes are applied; `steps` tells what each one moved.

    Prices act first, then factors of drivers, then the cost of a minute, then service levels. A minute costs what
    minutes cost on the average of the window, whatever the rates; without any, what the policy says.
    """

    def __init__(self, result: Result) -> None:
        c = result.customers
        self.policy = result.policy
        self.tier = c["tier_exact"]
        self.figures: dict[str, Ints] = {name: c[f"{name}_e4"].copy() for name in PARTS}
        self.profit: Ints = c["net_profit_e4"].copy()
        self.minutes: Floats = c["minutes"].copy()
        spent = sum(int(self.figures[name].sum()) for name in TIMED)
        minutes = float(self.minutes.sum())
        self.minute_cost = spent / minutes if minutes > 0 and spent > 0 else result.policy.minute_cost_e4
        self.steps: list[dict[str, Any]] = []

    def apply(self, changes: Changes) -> None:
        """Apply what changes money or time."""
        self._prices(changes)
        for driver, factor in changes.drivers.items():
            self._driver(driver, factor)
        if changes.minute_cost_e4 is not None:
            self._minute_cost(changes.minute_cost_e4)
        for tier, service in sorted(changes.service.items()):
            self._service(tier, service.contacts, service.minutes)

    def _prices(self, changes: Changes) -> None:
        change = np.full(len(self.tier), changes.price)
        for tier, price in changes.tier_prices.items():
            change[self.tier == tier] = price
        if not change.any():
            return
        sold = 1.0 + changes.elasticity * change
        moved = {
            "revenue": _times(self.figures["revenue"], sold * (1.0 + change)),
            "cost": _times(self.figures["cost"], sold),
            "freight": _times(self.figures["freight"], sold),
        }
        step = {"code": "prices", "price": changes.price, "elasticity": changes.elasticity,
                "tier_prices": {str(tier): price for tier, price in changes.tier_prices.items()}}  # fmt: skip
        self._move(step, moved)

    def _driver(self, driver: str, factor: float) -> None:
        names = ("freight", "serve_freight") if driver == "freight" else (f"serve_{driver}",)
        moved = {name: _times(self.figures[name], np.float64(factor)) for name in names}
        self._move({"code": "driver", "driver": driver, "factor": factor}, moved)

    def _minute_cost(self, cost_e4: int) -> None:
        step = {"code": "minute_cost", "from_e4": self.minute_cost, "to_e4": cost_e4,
                "minutes": float(self.minutes.sum())}  # fmt: skip
        if self.minute_cost and any(self.figures[name].any() for name in TIMED):
            factor = np.float64(cost_e4 / self.minute_cost)
            moved = {name: _times(self.figures[name], factor) for name in TIMED}
        else:
            moved = {"serve_minutes": np.rint(self.minutes * cost_e4).astype(np.int64)}
        self.minute_cost = cost_e4
        self._move(step, moved)

    def _service(self, tier: int, contacts: float, minutes: float) -> None:
        here = self.tier == tier
        years = self.policy.window_days / 365.0
        before = float(self.minutes[here].sum())
        self.minutes[here] = contacts * minutes * years
        moved = {name: np.where(here, 0, self.figures[name]) for name in TIMED}
        priced = np.rint(self.minutes * self.minute_cost).astype(np.int64)
        moved["serve_minutes"] = np.where(here, priced, self.figures["serve_minutes"])
        step = {"code": "service", "tier": tier, "contacts": contacts, "minutes_each": minutes,
                "n_customers": int(here.sum()), "minutes_before": before,
                "minutes_after": float(self.minutes[here].sum()), "minute_cost_e4": self.minute_cost}  # fmt: skip
        self._move(step, moved)

    def _move(self, step: dict[str, Any], moved: dict[str, Ints]) -> None:
        parts = {}
        for name, after in moved.items():
            sign = 1 if name == "revenue" else -1
            change = sign * (after - self.figures[name])
            parts[f"{name}_e4"] = int(change.sum())
            self.profit = self.profit + change
            self.figures[name] = after
        self.steps.append(step | {"parts": parts, "net_profit_change_e4": sum(parts.values())})


def _times(amounts: Ints, factor: Floats | np.float64) -> Ints:
    return np.where(factor == 1.0, amounts, np.rint(amounts * factor).astype(np.int64))
