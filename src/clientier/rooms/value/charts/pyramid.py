"""The pyramid page in words and figures: headline, pictures with their labels, and the table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.kit import formats
from clientier.kit.cells import TIER_TONES
from clientier.rooms.value.charts import layers as shapes
from clientier.rooms.value.charts.links import customers_url
from clientier.rooms.value.choices import TIERS, Tier

PROFIT_BENCHMARK = 0.8
Table = dict[str, Any]


class LayerFigures(Protocol):
    """What a picture needs to know of one tier."""

    @property
    def tier(self) -> str: ...
    @property
    def benchmark(self) -> float: ...
    @property
    def customers(self) -> int: ...
    @property
    def revenue(self) -> Decimal: ...
    @property
    def cost_to_serve(self) -> Decimal: ...
    @property
    def net_profit(self) -> Decimal: ...
    @property
    def below_zero(self) -> int: ...
    @property
    def minutes(self) -> int: ...


class PyramidFigures(Protocol):
    """What the headline needs to know of the whole."""

    @property
    def layers(self) -> Sequence[LayerFigures]: ...
    @property
    def loss(self) -> Decimal: ...
    @property
    def customers(self) -> int: ...
    @property
    def revenue(self) -> Decimal: ...
    @property
    def cost_to_serve(self) -> Decimal: ...
    @property
    def net_profit(self) -> Decimal: ...
    @property
    def below_zero(self) -> int: ...
    @property
    def minutes(self) -> int: ...
    @property
    def key_benchmark(self) -> float: ...
    @property
    def key_share_of_profit(self) -> float | None: ...
    @property
    def key_share_of_minutes(self) -> float | None: ...


def headline(whole: PyramidFigures, currency: str, effort_url: str) -> list[dict[str, Any]]:
    """The five figures that tell how the company lives off its customers; each opens its records."""
    everyone = customers_url(f"standing__tier:in:{','.join(TIERS)}")
    key = customers_url(f"standing__tier:in:{','.join(TIERS[:2])}")
    below = customers_url("standing__net_profit:lte:-0.0001", order="standing__net_profit")
    share, minutes = whole.key_share_of_profit, whole.key_share_of_minutes
    benchmark = {"share": formats.percent(PROFIT_BENCHMARK)}
    return [
        _kpi(_("Active customers"), formats.number(whole.customers), url=everyone),
        _kpi(
            _("Net profit, 12 months"),
            formats.short(whole.net_profit, currency),
            url=reverse("value-profit"),
            tone="bad" if whole.net_profit < 0 else "",
        ),
        _kpi(
            _("Profit from the top %(share)s") % {"share": formats.percent(whole.key_benchmark)},
            _share(share),
            hint=_("benchmark %(share)s") % benchmark,
            url=key,
        ),
        _kpi(
            _("Below zero"),
            formats.number(whole.below_zero),
            hint=_("eat %(amount)s") % {"amount": formats.short(-whole.loss, currency)}
            if whole.below_zero
            else "",
            url=below,
            tone="bad" if whole.below_zero else "",
        ),
        _kpi(
            _("Service time for the top %(share)s") % {"share": formats.percent(whole.key_benchmark)},
            _share(minutes),
            hint=_("benchmark %(share)s") % benchmark,
            url=effort_url,
            tone="warn" if minutes is not None and minutes < PROFIT_BENCHMARK * 0.75 else "",
        ),
    ]


def _kpi(label: str, value: str, *, hint: str = "", url: str = "", tone: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "hint": hint, "url": url, "tone": tone}


def _share(share: float | None, decimals: int = 1) -> str:
    return "–" if share is None else formats.percent(share, decimals)


def pictures(whole: PyramidFigures, currency: str) -> list[dict[str, Any]]:
    """The pyramid of customers and, upside down, the one of their profit."""
    drawn = whole.layers
    by_number = shapes.upright([layer.customers for layer in drawn], whole.key_benchmark)
    by_profit = shapes.inverted([float(layer.net_profit) for layer in drawn], PROFIT_BENCHMARK)
    number = {
        "title": _("Customers"),
        "picture": by_number,
        "layers": [
            _label(layer, shape, formats.number(layer.customers), _number_hint(layer, whole.customers))
            for layer, shape in zip(drawn, by_number.shapes, strict=True)
        ],
        "mark": formats.percent(whole.key_benchmark),
        "mark_words": _("Benchmark: %(share)s of the customers")
        % {"share": formats.percent(whole.key_benchmark)},
    }
    profit = {
        "title": _("Net profit, upside down"),
        "picture": by_profit,
        "layers": [
            _label(
                layer, shape, formats.short(layer.net_profit, currency), _profit_hint(layer, whole.net_profit)
            )
            for layer, shape in zip(drawn, by_profit.shapes, strict=True)
        ],
        "mark": formats.percent(PROFIT_BENCHMARK),
        "mark_words": _("Benchmark: %(share)s of the profit") % {"share": formats.percent(PROFIT_BENCHMARK)},
    }
    return [number, profit]


def _label(layer: LayerFigures, shape: shapes.Shape, figure: str, hint: str) -> dict[str, Any]:
    return {
        "shape": shape,
        "name": str(Tier(layer.tier).label),
        "figure": figure,
        "hint": hint,
        "tone": "bad" if shape.negative else TIER_TONES[layer.tier],
        "url": customers_url(f"standing__tier:in:{layer.tier}"),
    }


def _number_hint(layer: LayerFigures, customers: int) -> str:
    share = formats.percent(layer.customers / customers, 1) if customers else "–"
    return _("%(share)s, benchmark %(benchmark)s") % {
        "share": share,
        "benchmark": formats.percent(layer.benchmark),
    }


def _profit_hint(layer: LayerFigures, total: Decimal) -> str:
    if layer.net_profit < 0:
        words = ngettext(
            "%(number)d customer below zero", "%(number)d customers below zero", layer.below_zero
        )
        return words % {"number": layer.below_zero}
    if total <= 0:
        return ""
    return _("%(share)s of the profit") % {"share": formats.percent(float(layer.net_profit / total), 1)}


def table(whole: PyramidFigures, currency: str) -> Table:
    """The figures of both pictures, a tier a row, beside the benchmark of each."""
    heads = (
        _("Tier"), _("Customers"), _("Share"), _("Benchmark"), _("Revenue"), _("Cost to serve"), _("Net profit"),
        _("Share of profit"), _("Profit a customer"), _("Below zero"), _("Share of service time"),
    )  # fmt: skip
    return {
        "label": _("The pyramid in figures"),
        "columns": [
            {"label": head, "align": "right" if place else "left"} for place, head in enumerate(heads)
        ],
        "rows": [_table_row(layer, whole, currency) for layer in whole.layers],
        "foot": _table_foot(whole, currency),
    }


def _table_row(layer: LayerFigures, whole: PyramidFigures, currency: str) -> list[Any]:
    chosen = f"standing__tier:in:{layer.tier}"
    below = customers_url(chosen, "standing__net_profit:lte:-0.0001", order="standing__net_profit")
    return [
        {
            "kind": "tier",
            "text": str(Tier(layer.tier).label),
            "tone": TIER_TONES[layer.tier],
            "url": customers_url(chosen),
        },
        {"kind": "number", "text": formats.number(layer.customers), "url": customers_url(chosen)},
        _part(layer.customers, whole.customers),
        formats.percent(layer.benchmark),
        formats.with_symbol(layer.revenue, currency),
        formats.with_symbol(layer.cost_to_serve, currency),
        _money(layer.net_profit, currency),
        _part(layer.net_profit, whole.net_profit),
        _money(layer.net_profit / layer.customers, currency) if layer.customers else None,
        {
            "kind": "number",
            "text": formats.number(layer.below_zero),
            "url": below if layer.below_zero else "",
        },
        _part(layer.minutes, whole.minutes),
    ]


def _table_foot(whole: PyramidFigures, currency: str) -> list[Any]:
    return [
        _("All"),
        formats.number(whole.customers),
        "",
        "",
        formats.with_symbol(whole.revenue, currency),
        formats.with_symbol(whole.cost_to_serve, currency),
        _money(whole.net_profit, currency),
        "",
        _money(whole.net_profit / whole.customers, currency) if whole.customers else None,
        formats.number(whole.below_zero),
        "",
    ]


def _money(amount: Decimal, currency: str) -> dict[str, Any]:
    return {
        "kind": "money",
        "text": formats.with_symbol(amount, currency),
        "tone": "bad" if amount < 0 else "",
    }


def _part(some: Decimal | int, whole: Decimal | int) -> dict[str, Any] | None:
    if whole <= 0:
        return None
    return {
        "kind": "percent",
        "text": formats.percent(float(some / whole), 1),
        "tone": "bad" if some < 0 else "",
    }
