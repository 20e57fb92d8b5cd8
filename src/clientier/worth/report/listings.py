"""The lists of the report: who carries the business, who costs, who rises, and who gives warning."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.explanation import explain
from clientier.worth.report.canvas import Canvas

LONGEST_LIST = 12


class Listings(Canvas):
    """Tables of customers, each at most a dozen long."""

    def best(self) -> str:
        profit = self.columns["net_profit_e4"]
        chosen = [index for index in _largest(profit, LONGEST_LIST) if profit[index] > 0]

        def cells(index: int) -> list[str]:
            return [
                self.who(index), f"<td class='text'>{self.badge(int(self.columns['tier'][index]))}</td>",
                *(self.cell(name, index) for name in ("revenue_e4", "gross_margin_e4", "cost_to_serve_e4")),
                self.cell("net_profit_e4", index), self.chance(index), self.cell("clv_e4", index),
            ]  # fmt: skip

        heads = ("customer", "tier", "revenue", "margin", "cost_to_serve", "net_profit", "active", "clv")
        return self.table("best", heads, np.array(chosen, dtype=int), cells)

    def worst(self) -> str:
        profit = self.columns["net_profit_e4"]
        chosen = [index for index in _largest(-profit, LONGEST_LIST) if profit[index] < 0]

        def cells(index: int) -> list[str]:
            names = ("revenue_e4", "cost_e4", "cost_to_serve_e4", "net_profit_e4")
            return [self.who(index), f"<td class='text'>{self.badge(int(self.columns['tier'][index]))}</td>",
                    *(self.cell(name, index, "" if name != "net_profit_e4" else "bad") for name in names),
                    self.cell("last_day", index)]  # fmt: skip

        heads = ("customer", "tier", "revenue", "cost", "cost_to_serve", "net_profit", "last_purchase")
        return self.table("worst", heads, np.array(chosen, dtype=int), cells)

    def risers(self) -> str:
        change = self.columns["net_profit_e4"] - self.columns["prior_net_profit_e4"]
        rising = (self.columns["stage"] == "growth") & (self.columns["net_profit_e4"] > 0) & (change > 0)
        return self._changing("risers", np.where(rising, change, 0), change)

    def fallers(self) -> str:
        change = self.columns["net_profit_e4"] - self.columns["prior_net_profit_e4"]
        falling = (change < 0) & (self.columns["prior_net_profit_e4"] > 0)
        return self._changing("fallers", np.where(falling, -change, 0), change)

    def _changing(self, title: str, size: NDArray[Any], change: NDArray[Any]) -> str:
        """The customers whose profit changed most against the window before."""
        chosen = [index for index in _largest(size, LONGEST_LIST) if size[index] > 0]

        def cells(index: int) -> list[str]:
            gap = self.columns["gap_to_next_tier_e4"][index]
            tone, sign = ("good", "+") if change[index] > 0 else ("bad", "")
            return [
                self.who(index), f"<td class='text'>{self.badge(int(self.columns['tier'][index]))}</td>",
                self.cell("net_profit_e4", index), f'<td class="{tone}">{sign}{self.exact(change[index])}</td>',
                f"<td>{self.exact(gap) if gap else ''}</td>", self.chance(index), self.cell("clv_e4", index),
            ]  # fmt: skip

        heads = ("customer", "tier", "net_profit", "change", "gap", "active", "clv")
        return self.table(title, heads, np.array(chosen, dtype=int), cells)

    def warnings(self) -> str:
        risk = np.where(self.columns["alert"] == "below_zero", 0, self.columns["value_at_risk_e4"])
        chosen = [index for index in _largest(risk, LONGEST_LIST) if risk[index] > 0]

        def cells(index: int) -> list[str]:
            return [
                self.who(index), f"<td class='text'>{self.badge(int(self.columns['tier'][index]))}</td>",
                f'<td class="text reason">{escape(self.alert_words(index))}</td>',
                self.cell("net_profit_e4", index), self.cell("value_at_risk_e4", index), self.chance(index),
            ]  # fmt: skip

        return self.table(
            "warnings",
            ("customer", "tier", "reason", "net_profit", "risk", "active"),
            np.array(chosen, dtype=int),
            cells,
        )

    def alert_words(self, index: int) -> str:
        reason = dict(explain(self.result, index)["alert"][0])
        code = reason.pop("code")
        for name in ("now", "then"):
            if isinstance(reason.get(name), float):
                reason[name] = f"{reason[name]:.0%}"
        for name in ("recency_days", "gap_limit_days"):
            if name in reason:
                reason[name] = f"{reason[name]:,.0f}"
        return self.say(f"alert.{code}", **reason)


def _largest(values: NDArray[Any], number: int) -> list[int]:
    number = min(number, len(values))
    return [int(index) for index in np.argsort(-values, kind="stable")[:number]]
