"""Pictures of movement and of trust as inline SVG: ribbons between tiers, expected against actual."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 520.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 18.0, 14.0, 46.0
TICKS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
NODE, GAP, LEAST = 14.0, 10.0, 3.0


def calibration(groups: Sequence[Mapping[str, Any]], words: Mapping[str, str], *, share: bool) -> str:
    """Groups of customers, what was expected of them across, what came upwards, and the line where both are
    alike; axes by square roots, so that the many small and the few great are both seen.
    """
    most = 1.0 if share else max([0.1, *(max(one["expected"], one["actual"]) for one in groups)]) * 1.08

    def across(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.sqrt(max(value, 0.0) / most)

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * math.sqrt(max(value, 0.0) / most)

    parts = []
    for tick in _ticks(most):
        label = f"{tick:.0%}" if share else f"{tick:g}"
        parts.append(
            f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(tick):.1f}" y2="{up(tick):.1f}"/>'
        )
        parts.append(
            f'<text class="tick" x="{LEFT - 8}" y="{up(tick) + 4:.1f}" text-anchor="end">{label}</text>'
        )
        parts.append(
            f'<text class="tick" x="{across(tick):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>'
        )
    parts.append(
        f'<line class="guide" x1="{across(0):.1f}" y1="{up(0):.1f}" x2="{across(most):.1f}" y2="{up(most):.1f}"/>'
    )
    for one in groups:
        form = "{:.1%}" if share else "{:.2f}"
        hint = f"{words['expected']} {form.format(one['expected'])}, {words['came']} {form.format(one['actual'])}"
        parts.append(
            f'<circle class="dot" cx="{across(one["expected"]):.1f}" cy="{up(one["actual"]):.1f}" r="5">'
            f"<title>{escape(hint)} ({one['n_customers']:,})</title></circle>"
        )
    axis = escape(words["expected"])
    parts.append(f'<text class="tick" x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{axis} →</text>')
    parts.append(f'<text class="tick" x="{LEFT}" y="{HEIGHT - 6}">↑ {escape(words["came"])}</text>')
    return _svg("".join(parts), words["title"])


def tracking(expected: Sequence[float], actual: Sequence[float], words: Mapping[str, str]) -> str:
    """What had been bought by the end of each week: what came as a curve, what was expected dashed."""
    most = max([1.0, *expected, *actual]) * 1.05

    def path(values: Sequence[float]) -> str:
        wide = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
        high = (HEIGHT - TOP - BOTTOM) / most
        spots = [
            f"{LEFT + wide * place:.1f},{HEIGHT - BOTTOM - high * value:.1f}"
            for place, value in enumerate([0.0, *values])
        ]
        return "M" + " L".join(spots)

    parts = [
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>',
        f'<path class="curve" d="{path(actual)}"><title>{escape(words["came"])}</title></path>',
        f'<path class="guide" fill="none" d="{path(expected)}"><title>{escape(words["expected"])}</title></path>',
        f'<text class="tick" x="{LEFT}" y="{TOP + 12}">{actual[-1]:,.0f} / {expected[-1]:,.0f}</text>',
        f'<text class="tick" x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{escape(words["weeks"])} →</text>',
    ]
    return _svg("".join(parts), words["title"])


def _ticks(most: float) -> list[float]:
    """Round values up to the most, far enough apart to be read."""
    chosen: list[float] = [0.0]
    for tick in TICKS[1:]:
        if tick <= most and math.sqrt(tick / most) - math.sqrt(chosen[-1] / most) > 0.11:
            chosen.append(tick)
    return chosen


def flow(moves: Sequence[Mapping[str, Any]], names: Mapping[str, str], title: str) -> str:
    """Ribbons from the tier before (left) to the tier now (right), as thick as there are customers."""
    order = [name for name in (*(tier for tier in names if tier != "0"), "0") if name in names]
    total = sum(move["n_customers"] for move in moves) or 1
    sides = []
    for end in ("from", "to"):
        sizes = {name: sum(m["n_customers"] for m in moves if str(m[end]) == name) for name in order}
        sides.append({name: size for name, size in sizes.items() if size})
    free = HEIGHT - 2 * TOP - GAP * (max(len(side) for side in sides) - 1)
    per_customer = free / total
    starts = [_stack(side, per_customer) for side in sides]
    left, right = 120.0, WIDTH - 120.0
    used: list[dict[str, float]] = [dict(starts[0]), dict(starts[1])]
    parts = []
    for old in order:
        for new in order:
            thick = per_customer * sum(
                m["n_customers"] for m in moves if str(m["from"]) == old and str(m["to"]) == new
            )
            if thick <= 0:
                continue
            y0, y1 = used[0][old], used[1][new]
            used[0][old] += thick
            used[1][new] += thick
            tone = "stay" if old == new else f"ribbon{min(int(new), 4)}"
            parts.append(_ribbon(left + NODE, right, y0, y1, max(thick, 0.7), tone))
    for side, x, anchor, shift in ((0, left, "end", -10.0), (1, right, "start", NODE + 10.0)):
        for name, start in starts[side].items():
            size = max(sides[side][name] * per_customer, LEAST)
            band = f"band{min(int(name), 4)}" if name != "0" else "rail"
            parts.append(
                f'<rect class="{band}" x="{x}" y="{start:.1f}" width="{NODE}" height="{size:.1f}" rx="2"/>'
            )
            parts.append(
                f'<text x="{x + shift:.1f}" y="{start + size / 2 + 4:.1f}" text-anchor="{anchor}">'
                f'{escape(names[name])} <tspan class="soft">{sides[side][name]:,}</tspan></text>'
            )
    return _svg("".join(parts), title)


def _stack(sizes: Mapping[str, int], per_customer: float) -> dict[str, float]:
    """Where each node begins, and room enough between two to read both labels."""
    starts, y, last = {}, TOP, -100.0
    for name, size in sizes.items():
        height = max(size * per_customer, LEAST)
        y = max(y, last + 16.0 - height / 2.0)
        starts[name] = y
        last = y + height / 2.0
        y += height + GAP
    return starts


def _ribbon(x0: float, x1: float, y0: float, y1: float, thick: float, tone: str) -> str:
    middle = (x0 + x1) / 2.0
    return (
        f'<path class="{tone}" d="M{x0:.1f},{y0:.1f} C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f} '
        f'v{thick:.1f} C{middle:.1f},{y1 + thick:.1f} {middle:.1f},{y0 + thick:.1f} {x0:.1f},{y0 + thick:.1f} Z"/>'
    )


def _svg(content: str, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" width="100%" role="img" aria-label="{escape(title)}">'
        f"{content}</svg>"
    )
