"""What is owed by age, as bars from what is not due to the oldest, with the same figures in a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clientier.kit import formats

COLOURS = ("var(--t3-fill)", "var(--warn)", "var(--warn)", "var(--bad-fill)", "var(--bad-fill)")


class AgedFigures(Protocol):
    @property
    def total(self) -> Decimal: ...
    @property
    def buckets(self) -> tuple[Decimal, ...]: ...
    @property
    def notes(self) -> Decimal: ...


def bucket_labels(edges: Sequence[int]) -> list[str]:
    """Not due, 1–30, 31–60, 61–90, over 90."""
    starts = [1, *(edge + 1 for edge in edges[:-1])]
    between = [
        _("%(first)d–%(last)d days") % {"first": first, "last": last}
        for first, last in zip(starts, edges, strict=True)
    ]
    return [pgettext("age", "Not due"), *between, _("over %(days)d days") % {"days": edges[-1]}]


def chart(whole: AgedFigures, edges: Sequence[int], currency: str) -> dict[str, Any]:
    """The chart of the buckets; credit notes that settle nothing yet stand in the table alone."""
    labels = bucket_labels(edges)
    size, name = formats.scale(max(map(abs, whole.buckets), default=Decimal(0)))
    unit = f"\u202f{name}" if name else ""
    points = [
        {
            "value": round(float(amount / size), 4),
            "name": f"{label}: {formats.with_symbol(amount, currency)}",
            "itemStyle": {"color": COLOURS[min(place, len(COLOURS) - 1)]},
        }
        for place, (label, amount) in enumerate(zip(labels, whole.buckets, strict=True))
    ]
    return {
        "id": "ageing",
        "title": _("Receivables by age"),
        "size": "small",
        "options": {
            "tooltip": {"trigger": "item", "formatter": "{b}"},
            "grid": {"left": 8, "right": 8, "top": 16, "bottom": 8, "containLabel": True},
            "xAxis": {"type": "category", "data": labels},
            "yAxis": {"type": "value", "axisLabel": {"formatter": f"{{value}}{unit}"}},
            "series": [{"type": "bar", "barMaxWidth": 56, "data": points}],
        },
        "table": _table(whole, labels, currency),
    }


def _table(whole: AgedFigures, labels: Sequence[str], currency: str) -> dict[str, Any]:
    def row(label: str, amount: Decimal) -> list[Any]:
        share = formats.percent(float(amount / whole.total), 1) if whole.total > 0 else ""
        return [label, {"kind": "money", "text": formats.with_symbol(amount, currency, cents=True)}, share]

    rows = [row(label, amount) for label, amount in zip(labels, whole.buckets, strict=True)]
    if whole.notes:
        rows.append(row(_("Credit notes that settle nothing yet"), whole.notes))
    right = {"align": "right"}
    return {
        "label": _("Receivables by age"),
        "columns": [{"label": _("Age")}, {"label": _("Amount"), **right}, {"label": _("Share"), **right}],
        "rows": rows,
        "foot": row(_("All"), whole.total),
    }
