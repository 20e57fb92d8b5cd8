"""What every section of the report is made of: words, amounts, panels, tables and their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.appraisal import Result
from clientier.worth.report import pictures
from clientier.worth.report.words import say


class Canvas:
    """One result in one language; formats values and builds panels and tables."""

    def __init__(self, result: Result, language: str, currency: str) -> None:
        self.result, self.language, self.currency = result, language, currency
        self.columns = result.customers
        self.scale = _scale(result.totals["window"]["revenue_e4"], language)

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def money(self, amount_e4: float) -> str:
        """A large amount in thousands, millions, 万 or 亿, three or more figures."""
        return _short_money(float(amount_e4) / 10_000.0, self.scale, self.currency)

    def exact(self, amount_e4: float) -> str:
        """An amount in whole units."""
        text = f"{abs(round(float(amount_e4) / 10_000.0)):,}"
        return f"{'−' if amount_e4 < 0 and text != '0' else ''}{self.currency}{text}"

    def tier_name(self, tier: int) -> str:
        return self.say(f"tier{tier}") if tier <= 4 else str(tier)

    def badge(self, tier: int) -> str:
        return f'<span class="tier tier{min(tier, 4)}">{escape(self.tier_name(tier))}</span>'

    def panel(self, title: str, content: str) -> str:
        return f'<section class="panel"><h2>{escape(self.say(title))}</h2>{content}</section>'

    def table(
        self, title: str, headings: Sequence[str], indices: NDArray[Any], cells: Callable[[int], list[str]]
    ) -> str:
        if not len(indices):
            return self.panel(title, f'<p class="soft">{escape(self.say("none"))}</p>')
        head = "".join(heading_cell(heading, self.say(heading)) for heading in headings)
        rows = "".join(f"<tr>{''.join(cells(int(index)))}</tr>" for index in indices)
        return self.panel(title, f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>')

    def who(self, index: int) -> str:
        name = self.columns["name"][index] or self.columns["customer_id"][index]
        return f'<td class="name">{escape(str(name))}</td>'

    def cell(self, name: str, index: int, tone: str = "") -> str:
        value = self.columns[name][index]
        shown = (
            self.exact(value)
            if name.endswith("_e4")
            else ""
            if _unknown(value)
            else f"{value:,}"
            if _number(value)
            else str(value)
        )
        colour = tone or ("bad" if name.endswith("_e4") and value < 0 else "")
        return f'<td class="{colour}">{escape(shown)}</td>'

    def chance(self, index: int) -> str:
        value = self.columns[self.active_column()][index]
        if np.isnan(value):
            return "<td></td>"
        return f"<td>{value:.0%}{pictures.bar(float(value), 'warn' if value < 0.25 else '')}</td>"

    def active_column(self) -> str:
        horizon = min(self.result.policy.horizon_days, key=lambda days: abs(days - 90))
        return f"p_active_{horizon}"


def heading_cell(key: str, words: str) -> str:
    return f'<th class="{"text" if key in ("reason", "tier", "from", "to") else ""}">{escape(words)}</th>'


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating))


def _unknown(value: Any) -> bool:
    return bool(np.isnat(value)) if isinstance(value, np.datetime64) else False


def _scale(revenue_e4: int, language: str) -> tuple[float, str]:
    steps = [(1e8, " 亿"), (1e4, " 万")] if language == "zh" else [(1e9, " bn"), (1e6, " M"), (1e3, " k")]
    revenue = abs(revenue_e4) / 10_000.0
    return next(((size, unit) for size, unit in steps if revenue >= size), (1.0, ""))


def _short_money(amount: float, scale: tuple[float, str], currency: str) -> str:
    size, unit = scale
    value = abs(amount) / size
    digits = 0 if value >= 1000 or size == 1.0 else 1 if value >= 100 else 2
    text = f"{value:,.{digits}f}"
    return f"{'−' if amount < 0 and float(text.replace(',', '')) else ''}{currency}{text}{unit}"
