"""The pictures of the report as inline SVG: the pyramid, its inverse by profit, the whale curve,
small bars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT, MIDDLE = 520.0, 280.0, 215.0
TOP, GAP = 10.0, 4.0


def pyramid(labels: Sequence[tuple[str, str]]) -> str:
    """A triangle in bands, the most valuable tier at the tip; each label is (name and number, share)."""
    heights = _bands(len(labels), [0.8, *[1.0] * (len(labels) - 1)])
    return _triangle(labels, heights, inverted=False, losing=[False] * len(labels))


def profit_pyramid(labels: Sequence[tuple[str, str]], shares: Sequence[float]) -> str:
    """The triangle upside down, each band as high as the tier's share of profit; a band that loses is red."""
    weights = [max(share, 0.0) for share in shares]
    return _triangle(
        labels, _bands(len(labels), weights), inverted=True, losing=[share < 0 for share in shares]
    )


def _bands(number: int, weights: Sequence[float]) -> list[float]:
    smallest = 26.0
    free = HEIGHT - 2 * TOP - GAP * (number - 1) - smallest * number
    total = sum(weights) or 1.0
    return [smallest + free * weight / total for weight in weights]


def _triangle(
    labels: Sequence[tuple[str, str]], heights: Sequence[float], *, inverted: bool, losing: Sequence[bool]
) -> str:
    parts, y, half = [], TOP, 200.0

    def reach(at: float) -> float:
        share = (at - TOP) / (HEIGHT - 2 * TOP)
        return half * ((1.0 - share) * 0.96 + 0.04 if inverted else share)

    for level, ((name, share), height) in enumerate(zip(labels, heights, strict=True), start=1):
        upper, lower = reach(y), reach(y + height)
        corners = [(-upper, y), (upper, y), (lower, y + height), (-lower, y + height)]
        points = " ".join(f"{MIDDLE + x:.1f},{at:.1f}" for x, at in corners)
        parts.append(
            f'<polygon class="{"loss" if losing[level - 1] else f"band{level}"}" points="{points}"/>'
        )
        parts.append(_label(name, share, y + height / 2.0, min(upper, lower), max(upper, lower)))
        y += height + GAP
    return _svg(WIDTH, HEIGHT, "".join(parts))


def _label(name: str, share: str, y: float, narrow: float, wide: float) -> str:
    """Inside the band where it fits, else to its right."""
    middle = (narrow + wide) / 2.0
    length = sum(13.0 if ord(letter) > 0x2E80 else 7.0 for letter in f"{name} {share}")
    inside = length < 2.0 * middle - 24.0
    x = MIDDLE if inside else MIDDLE + wide + 12.0
    anchor = ' text-anchor="middle"' if inside else ""
    tone = "on" if inside else "off"
    return (
        f'<text class="{tone}" x="{x:.1f}" y="{y + 4.5:.1f}"{anchor}>{escape(name)} '
        f'<tspan class="soft">{escape(share)}</tspan></text>'
    )


def whale(curve: Mapping[str, Any], words: dict[str, str]) -> str:
    """Cumulative profit over customers, with the peak and the total marked."""
    width, height, left, right, top, bottom = 1080.0, 300.0, 16.0, 150.0, 26.0, 30.0
    counts, amounts = curve["customers"], curve["cumulative_profit_e4"]
    most = max(counts[-1], 1)
    low, high = min(0, *amounts), max(1, *amounts)

    def place(count: float, amount: float) -> tuple[float, float]:
        x = left + (width - left - right) * count / most
        return x, top + (height - top - bottom) * (high - amount) / (high - low)

    spots = [place(count, amount) for count, amount in zip(counts, amounts, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    zero_y = place(0, 0)[1]
    end_x, end_y = spots[-1]
    peak_x, peak_y = place(curve["peak_customers"], curve["peak_e4"])
    parts = [f'<line class="axis" x1="{left}" x2="{end_x:.1f}" y1="{zero_y:.1f}" y2="{zero_y:.1f}"/>']
    parts += [
        f'<text class="tick" x="{place(most * share, 0)[0]:.1f}" y="{height - 8}" '
        f'text-anchor="middle">{share:.0%}</text>'
        for share in (0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    parts.append(f'<polygon class="area" points="{left},{zero_y:.1f} {line} {end_x:.1f},{zero_y:.1f}"/>')
    parts.append(f'<polyline class="curve" points="{line}"/>')
    if curve["n_below_zero"]:
        parts.append(
            f'<line class="guide" x1="{peak_x:.1f}" x2="{peak_x:.1f}" y1="{peak_y:.1f}" y2="{zero_y:.1f}"/>'
        )
        parts.append(f'<circle class="dot" cx="{peak_x:.1f}" cy="{peak_y:.1f}" r="4.5"/>')
        anchor = "start" if peak_x < 700 else "end"
        shift = 10 if anchor == "start" else -10
        parts.append(
            f'<text class="strong" x="{peak_x + shift:.1f}" y="{peak_y - 8:.1f}" text-anchor="{anchor}">'
            f"{escape(words['peak'])}</text>"
        )
    parts.append(f'<circle class="dot end" cx="{end_x:.1f}" cy="{end_y:.1f}" r="4.5"/>')
    parts.append(
        f'<text class="off" x="{end_x + 10:.1f}" y="{min(end_y + 4.5, height - bottom):.1f}">'
        f"{escape(words['total'])}</text>"
    )
    return _svg(width, height, "".join(parts))


def bar(share: float, tone: str = "") -> str:
    """A thin bar from 0 to 1 for a table cell."""
    filled = max(0.0, min(1.0, share)) * 60.0
    return (
        '<svg class="bar" width="60" height="6" viewBox="0 0 60 6" aria-hidden="true">'
        '<rect class="rail" width="60" height="6" rx="3"/>'
        f'<rect class="fill {tone}" width="{filled:.1f}" height="6" rx="3"/></svg>'
    )


def _svg(width: float, height: float, content: str) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="100%" role="img">{content}</svg>'
