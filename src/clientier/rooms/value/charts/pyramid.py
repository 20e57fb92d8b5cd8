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
from clientier.rooms.value.charts.figures import badge, heads, kpi, money, number, part
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
    top = {"share": formats.percent(whole.key_benchmark)}
    eaten = formats.short(-whole.loss, currency)
    return [
        kpi(_("Active customers"), formats.number(whole.customers), url=everyone),
        kpi(
            _("Net profit, 12 months"),
            formats.short(whole.net_profit, currency),
            url=reverse("value-profit"),
            tone="bad" if whole.net_profit < 0 else "",
        ),
        kpi(
            _("Profit from the top %(share)s") % top,
            _share(share),
            hint=_("benchmark %(share)s") % benchmark,
            url=key,
        ),
        kpi(
            _("Below zero"),
            formats.number(whole.below_zero),
            hint=_("eat %(amount)s") % {"amount": eaten} if whole.below_zero else "",
            url=below,
            tone="bad" if whole.below_zero else "",
        ),
        kpi(
            _("Service time for the top %(share)s") % top,
            _share(minutes),
            hint=_("benchmark %(share)s") % benchmark,
            url=effort_url,
            tone="warn" if minutes is not None and minutes < PROFIT_BENCHMARK * 0.75 else "",
        ),
    ]


def _share(share: float | None, decimals: int = 1) -> str:
    return "–" if share is None else formats.percent(share, decimals)


def pictures(whole: PyramidFigures, currency: str) -> list[dict[str, Any]]:
    """The pyramid of customers and, upside down, the one of their profit."""
    drawn = whole.layers
    by_number = shapes.upright([layer.customers for layer in drawn], whole.key_benchmark)
    by_profit = shapes.inverted([float(layer.net_profit) for layer in drawn], PROFIT_BENCHMARK)
    customers = [(formats.number(each.customers), _number_hint(each, whole.customers)) for each in drawn]
    profits = [
        (formats.short(each.net_profit, currency), _profit_hint(each, whole.net_profit)) for each in drawn
    ]
    top, most = formats.percent(whole.key_benchmark), formats.percent(PROFIT_BENCHMARK)
    return [
        {
            "title": _("Customers"),
            "picture": by_number,
            "layers": _labelled(drawn, by_number, customers),
            "mark": top,
            "mark_words": _("Benchmark: %(share)s of the customers") % {"share": top},
        },
        {
            "title": _("Net profit, upside down"),
            "picture": by_profit,
            "layers": _labelled(drawn, by_profit, profits),
            "mark": most,
            "mark_words": _("Benchmark: %(share)s of the profit") % {"share": most},
        },
    ]


def _labelled(
    drawn: Sequence[LayerFigures], picture: shapes.Picture, words: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    return [
        _label(layer, shape, figure, hint)
        for layer, shape, (figure, hint) in zip(drawn, picture.shapes, words, strict=True)
    ]


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
        number_below = layer.below_zero
        words = ngettext("%(number)d customer below zero", "%(number)d customers below zero", number_below)
        return words % {"number": number_below}
    if total <= 0:
        return ""
    return _("%(share)s of the profit") % {"share": formats.percent(float(layer.net_profit / total), 1)}


def table(whole: PyramidFigures, currency: str) -> Table:
    """The figures of both pictures, a tier a row, beside the benchmark of each."""
    columns = heads(
        _("Tier"), _("Customers"), _("Share"), _("Benchmark"), _("Revenue"), _("Cost to serve"),
        _("Net profit"), _("Share of profit"), _("Profit a customer"), _("Below zero"),
        _("Share of service time"),
    )  # fmt: skip
    return {
        "label": _("The pyramid in figures"),
        "columns": columns,
        "rows": [_table_row(layer, whole, currency) for layer in whole.layers],
        "foot": _table_foot(whole, currency),
    }


def _table_row(layer: LayerFigures, whole: PyramidFigures, currency: str) -> list[Any]:
    chosen = f"standing__tier:in:{layer.tier}"
    everyone = customers_url(chosen)
    below = customers_url(chosen, "standing__net_profit:lte:-0.0001", order="standing__net_profit")
    return [
        badge(layer.tier, everyone),
        number(layer.customers, everyone),
        part(layer.customers, whole.customers),
        formats.percent(layer.benchmark),
        money(layer.revenue, currency),
        money(layer.cost_to_serve, currency),
        money(layer.net_profit, currency),
        part(layer.net_profit, whole.net_profit),
        money(layer.net_profit / layer.customers, currency) if layer.customers else None,
        number(layer.below_zero, below if layer.below_zero else ""),
        part(layer.minutes, whole.minutes),
    ]


def _table_foot(whole: PyramidFigures, currency: str) -> list[Any]:
    return [
        _("All"),
        number(whole.customers),
        part(whole.customers, whole.customers),
        formats.percent(sum(layer.benchmark for layer in whole.layers)),
        money(whole.revenue, currency),
        money(whole.cost_to_serve, currency),
        money(whole.net_profit, currency),
        part(whole.net_profit, whole.net_profit),
        money(whole.net_profit / whole.customers, currency) if whole.customers else None,
        number(whole.below_zero),
        part(whole.minutes, whole.minutes),
    ]
