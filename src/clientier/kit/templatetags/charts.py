"""Charts: the options for the drawing and the same numbers as a table, from one description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString

register = template.Library()

WIDTH = 520
HEIGHT = 300
GAP = 4
NARROWEST = 16
ROOM_FOR_TEXT = 190
LEAST_HEIGHT = 40.0


@register.simple_tag
def chart_options(chart: Mapping[str, Any]) -> SafeString:
    """The options of a chart as a JSON island that the browser's chart module reads."""
    return json_script(chart["options"], f"{chart['id']}-options")


def layer_edges(heights: Sequence[float], *, inverted: bool) -> list[tuple[float, float, float, float]]:
    """Top, bottom, half width above and half width below of each layer, top layer first.

    Heights are shares of the whole; each layer keeps a least height so that a small one still can be hit.
    The sides are one straight line, so that the whole is a pyramid and each layer's height tells its share.
    """
    room = HEIGHT - GAP * (len(heights) - 1)
    least = min(LEAST_HEIGHT, room / max(len(heights), 1))
    total = sum(max(height, 0) for height in heights) or 1
    spare = room - least * len(heights)
    edges = []
    top = 0.0
    for height in heights:
        bottom = top + least + spare * max(height, 0) / total
        edges.append((top, bottom, _half_width(top, inverted), _half_width(bottom, inverted)))
        top = bottom + GAP
    return edges


def _half_width(y: float, inverted: bool) -> float:
    depth = min(max(y / HEIGHT, 0), 1)
    if inverted:
        depth = 1 - depth
    return NARROWEST / 2 * (1 - depth) + (WIDTH - ROOM_FOR_TEXT) / 2 * depth


@register.simple_tag
def pyramid(layers: Sequence[Mapping[str, Any]], label: str, inverted: bool = False) -> SafeString:
    """A pyramid of layers {label, text, hint, share, tone, url}, top first; each opens its customers."""
    edges = layer_edges([float(layer.get("share") or 0) for layer in layers], inverted=inverted)
    drawn = format_html_join(
        "", "{}", ((_layer(layer, edge),) for layer, edge in zip(layers, edges, strict=True))
    )
    return format_html(
        '<svg class="pyramid" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        label,
        drawn,
    )


def _layer(layer: Mapping[str, Any], edge: tuple[float, float, float, float]) -> SafeString:
    top, bottom, half_above, half_below = edge
    centre = (WIDTH - ROOM_FOR_TEXT) / 2
    corners = (
        (centre - half_above, top),
        (centre + half_above, top),
        (centre + half_below, bottom),
        (centre - half_below, bottom),
    )
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    middle = (top + bottom) / 2
    inner = format_html(
        '<g data-tone="{}"><polygon points="{}"/><line class="leader" x1="{}" y1="{}" x2="{}" y2="{}"/>'
        '<text y="{}"><tspan x="{}" dy="{}">{}</tspan> <tspan font-weight="600">{}</tspan>'
        '<tspan class="pyramid-hint" x="{}" dy="1.25em">{}</tspan></text></g>',
        layer.get("tone") or "",
        points,
        f"{centre + (half_above + half_below) / 2 + 4:.1f}",
        f"{middle:.1f}",
        WIDTH - ROOM_FOR_TEXT + 8,
        f"{middle:.1f}",
        f"{middle:.1f}",
        WIDTH - ROOM_FOR_TEXT + 14,
        "-0.2em" if layer.get("hint") else "0.35em",
        layer["label"],
        layer["text"],
        WIDTH - ROOM_FOR_TEXT + 14,
        layer.get("hint") or "",
    )
    if not layer.get("url"):
        return inner
    return format_html('<a href="{}">{}</a>', layer["url"], inner)


@register.filter
def percent_of(value: float, whole: float) -> str:
    """The whole-number percentage of a part, for progress bars; 0 where the whole is 0."""
    return str(round(100 * float(value) / float(whole))) if whole else "0"


@register.filter
def job_has_ended(state: str) -> bool:
    """Whether a piece of long work in this state needs no more watching."""
    return state in ("done", "failed")
