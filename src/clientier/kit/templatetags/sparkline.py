"""Sparklines: the course of a few figures as one small line, drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

WIDTH = 90
HEIGHT = 18
PADDING = 2.5


def line_points(points: Sequence[float]) -> list[tuple[float, float]]:
    """Places the figures evenly from left to right and scales them to the height; the largest is on top."""
    low, high = min(points), max(points)
    span = (high - low) or 1
    inner_width, inner_height = WIDTH - 2 * PADDING, HEIGHT - 2 * PADDING
    step = inner_width / max(len(points) - 1, 1)
    level = 0.5 if high == low else None
    return [
        (
            round(PADDING + index * step, 1),
            round(PADDING + inner_height * (1 - (level if level is not None else (value - low) / span)), 1),
        )
        for index, value in enumerate(points)
    ]


def describe(points: Sequence[float]) -> str:
    """The line in words, for those who hear the page: where it starts, where it ends, its extremes."""
    return _("from %(first)s to %(last)s; lowest %(low)s, highest %(high)s") % {
        "first": _plain(points[0]),
        "last": _plain(points[-1]),
        "low": _plain(min(points)),
        "high": _plain(max(points)),
    }


def _plain(value: float) -> str:
    return f"{value:,.0f}"


@register.simple_tag
def sparkline(points: Sequence[float] | None, tone: str = "", label: str = "") -> SafeString:
    """A small line through the figures, with a dot on the last; a dash where fewer than two are known."""
    known = [float(value) for value in points or () if value is not None]
    if len(known) < 2:
        return mark_safe('<span class="cell-none">–</span>')
    placed = line_points(known)
    last_x, last_y = placed[-1]
    return format_html(
        '<svg class="spark" data-tone="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        tone,
        WIDTH,
        HEIGHT,
        label or describe(known),
        " ".join(f"{x},{y}" for x, y in placed),
        last_x,
        last_y,
    )
