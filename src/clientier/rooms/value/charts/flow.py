"""The flow page: streams between classes, the leaky bucket, who went and who came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.value.charts import ribbons
from clientier.rooms.value.charts.figures import badge, heads, kpi, money, number
from clientier.rooms.value.charts.links import customer_url, customers_url
from clientier.rooms.value.choices import LIFECYCLE_TONES, Lifecycle

NOT_YET = ""
ORDER = (NOT_YET, Lifecycle.FIRST_TIME, Lifecycle.REPEAT, Lifecycle.LOYAL, Lifecycle.LOST)
HEIGHTS = {NOT_YET: 0, Lifecycle.FIRST_TIME: 1, Lifecycle.REPEAT: 2, Lifecycle.LOYAL: 3, Lifecycle.LOST: -1}
YEAR = 12


class StreamFigures(Protocol):
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def customers(self) -> int: ...
    @property
    def net_profit(self) -> Decimal: ...


class MonthFigures(Protocol):
    @property
    def month(self) -> dt.date: ...
    @property
    def gained(self) -> int: ...
    @property
    def lost(self) -> int: ...
    @property
    def margin_gained(self) -> Decimal: ...
    @property
    def margin_lost(self) -> Decimal: ...


def headline(
    months: Sequence[MonthFigures], as_of: dt.date, lost_url: str, won_back: int, currency: str
) -> list[dict[str, Any]]:
    """Twelve months of the bucket in four figures."""
    year = months[-YEAR:]
    lost = sum(each.lost for each in year)
    gained = sum((each.margin_gained for each in year), Decimal(0))
    leaked = sum((each.margin_lost for each in year), Decimal(0))
    return [
        kpi(
            _("Won in 12 months"),
            formats.number(sum(each.gained for each in year)),
            hint=_("margin %(amount)s so far") % {"amount": formats.short(gained, currency)},
            url=customers_url(f"standing__first_day:between:{year[0].month},{as_of}"),
        ),
        kpi(
            _("Lost in 12 months"),
            formats.number(lost),
            hint=_("margin %(amount)s a year") % {"amount": formats.short(leaked, currency)},
            url=lost_url,
            tone="bad" if leaked > gained else "",
        ),
        kpi(
            _("Balance of margin"),
            formats.short(gained - leaked, currency),
            tone="bad" if gained < leaked else "",
        ),
        kpi(_("Won back"), formats.number(won_back), hint=_("lost or silent for a year before")),
    ]


def class_words(code: str) -> str:
    return str(Lifecycle(code).label) if code else _("Not yet buying")


def tone_of(before: str, after: str) -> str:
    """What a stream means: lost is bad, won back and rising good, sinking a warning, staying quiet."""
    if before == after:
        return "stay"
    if after == Lifecycle.LOST:
        return "bad"
    return "good" if before == Lifecycle.LOST or HEIGHTS[after] > HEIGHTS[before] else "warn"


def streams(found: Sequence[StreamFigures], dates: str, *, current: bool) -> dict[str, Any]:
    """The ribbons and the matrix beside them; who neither bought before nor after is left out."""
    kept = {(s.before, s.after): s for s in found if (s.before, s.after) != (NOT_YET, NOT_YET)}
    drawn = ribbons.draw({pair: stream.customers for pair, stream in kept.items()}, ORDER)
    return {
        "left": [_node(node, "") for node in drawn.left],
        "right": [_node(node, _class_url(node.code) if current else "") for node in drawn.right],
        "ribbons": [
            {
                "path": ribbon.path,
                "tone": tone_of(ribbon.before, ribbon.after),
                "url": _stream_url(dates, ribbon.before, ribbon.after),
                "words": _("%(before)s → %(after)s: %(customers)s customers")
                % {
                    "before": class_words(ribbon.before),
                    "after": class_words(ribbon.after),
                    "customers": formats.number(ribbon.customers),
                },
            }
            for ribbon in drawn.ribbons
        ],
        "matrix": _matrix(kept, dates),
        "empty": not kept,
    }


def _node(node: ribbons.Node, url: str) -> dict[str, Any]:
    return {
        "node": node,
        "name": class_words(node.code),
        "figure": formats.number(node.customers),
        "url": url,
        "tone": "bad" if node.code == Lifecycle.LOST else "",
    }


def _class_url(code: str) -> str:
    return customers_url(f"standing__lifecycle:in:{code}") if code else ""


def _stream_url(dates: str, before: str, after: str) -> str:
    return f"?{dates}&before={before}&after={after}#stream"


def _matrix(kept: Mapping[tuple[str, str], StreamFigures], dates: str) -> dict[str, Any]:
    after_order = ORDER[1:]
    rows = []
    for before in ORDER:
        here = [kept.get((before, after)) for after in after_order]
        if not any(here):
            continue
        cells = [
            number(stream.customers, _stream_url(dates, before, stream.after)) if stream else None
            for stream in here
        ]
        rows.append([class_words(before), *cells, number(sum(stream.customers for stream in here if stream))])
    totals = [sum(s.customers for (_b, a), s in kept.items() if a == after) for after in after_order]
    return {
        "label": _("From the class at the left to the class above, in customers"),
        "columns": heads(_("From"), *(class_words(after) for after in after_order), _("All")),
        "rows": rows,
        "foot": [_("All"), *(number(total) for total in totals), number(sum(totals))],
    }


def bucket(months: Sequence[MonthFigures], currency: str) -> dict[str, Any]:
    """Margin won above the line, margin lost beneath it, and the customers behind both."""
    largest = max((max(abs(m.margin_gained), abs(m.margin_lost)) for m in months), default=Decimal(0))
    size, name = formats.scale(largest)
    unit = f"\u202f{name}" if name else ""
    labels = [f"{m.month:%Y-%m}" for m in months]
    return {
        "id": "bucket",
        "title": _("Margin won and lost by month"),
        "options": {
            "legend": {"top": 0, "left": 0},
            "tooltip": {"trigger": "item", "formatter": "{b}"},
            "xAxis": {"type": "category", "data": labels},
            "yAxis": {"type": "value", "axisLabel": {"formatter": f"{{value}}{unit}"}},
            "series": [
                _bars(_("Won"), months, True, size, currency),
                _bars(_("Lost"), months, False, size, currency),
            ],
        },
        "table": _bucket_table(months, currency),
    }


def _bars(name: str, months: Sequence[MonthFigures], won: bool, size: int, currency: str) -> dict[str, Any]:
    points = []
    for each in months:
        amount = each.margin_gained if won else -each.margin_lost
        customers = each.gained if won else each.lost
        words = ngettext("%(number)s customer", "%(number)s customers", customers) % {
            "number": formats.number(customers)
        }
        points.append(
            {
                "value": round(float(amount) / size, 4),
                "name": f"{each.month:%Y-%m} · {name}: {words}, {formats.short(amount, currency)}",
            }
        )
    colour = "var(--t3-fill)" if won else "var(--bad-fill)"
    return {
        "type": "bar",
        "name": name,
        "stack": "bucket",
        "data": points,
        "itemStyle": {"color": colour},
        "barMaxWidth": 26,
    }


def _bucket_table(months: Sequence[MonthFigures], currency: str) -> dict[str, Any]:
    return {
        "label": _("Customers and margin won and lost by month"),
        "columns": heads(_("Month"), _("Won"), _("Lost"), _("Margin won"), _("Margin lost"), _("Balance")),
        "rows": [
            [
                {"kind": "text", "text": f"{m.month:%Y-%m}"},
                number(m.gained),
                number(m.lost),
                money(m.margin_gained, currency),
                money(-m.margin_lost, currency),
                money(m.margin_gained - m.margin_lost, currency),
            ]
            for m in reversed(months)
        ],
    }


def gone(standings: Sequence[Any], setting: Setting, *, lost: bool) -> list[dict[str, Any]]:
    """Who was lost, with what they brought in the year before; who was won back, with what they bring."""
    return [
        {
            "customer": {"kind": "link", "text": each.customer.name, "url": customer_url(each.pk)},
            "lifecycle": {
                "kind": "badge",
                "text": class_words(each.lifecycle),
                "tone": LIFECYCLE_TONES.get(each.lifecycle, ""),
            },
            "words": _("last bought on %(day)s") % {"day": formats.day(each.last_day)},
            "value": money(each.prior_net_profit if lost else each.net_profit, setting.currency),
        }
        for each in standings
    ]


def members(scores: Sequence[Any], currency: str) -> list[dict[str, Any]]:
    """The customers of one stream."""
    return [
        {
            "customer": {"kind": "link", "text": score.customer.name, "url": customer_url(score.customer_id)},
            "tier": badge(score.tier) if score.tier else None,
            "spark": {"kind": "spark", "points": score.months},
            "last": {"kind": "date", "text": formats.day(score.last_day) if score.last_day else ""},
            "profit": money(score.net_profit, currency),
        }
        for score in scores
    ]
