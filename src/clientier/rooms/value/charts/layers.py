"""The two pyramids as shapes: areas that are true to the figures, labels that never collide.

A triangle cut at a depth has an area of that depth squared, so a layer that holds the share s below the
share c ends at the depth sqrt(c + s). Both pictures use this; profit below zero grows downwards from the
zero line in the same scale, so that a red area weighs as much as a coloured one of its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

WIDTH = 560.0
HEIGHT = 300.0
HALF = 168.0
CENTRE = 172.0
LABELS = 372.0
LABEL_ROOM = 46.0
TOP = 10.0
ZERO_ROOM = 10.0


@dataclass(frozen=True)
class Shape:
    """One layer: the corners of its area, the place of its label, and the line that joins them."""

    points: str
    label_y: str
    leader: str
    negative: bool
    empty: bool


@dataclass(frozen=True)
class Picture:
    """The shapes from the top; ``mark`` is the level of the benchmark, ``zero`` the zero line (or empty)."""

    shapes: tuple[Shape, ...]
    mark: str
    mark_end: str
    zero: str


@dataclass(frozen=True)
class _Level:
    top: float
    bottom: float
    half_above: float
    half_below: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def edge(self) -> float:
        return CENTRE + (self.half_above + self.half_below) / 2


def upright(amounts: Sequence[int], benchmark: float) -> Picture:
    """A pyramid whose areas are to each other as the amounts, first on top; dashed at the benchmark share."""
    depths = _depths([float(amount) for amount in amounts])
    levels = [
        _Level(TOP + above * HEIGHT, TOP + below * HEIGHT, above * HALF, below * HALF)
        for above, below in pairwise(depths)
    ]
    mark = TOP + sqrt(benchmark) * HEIGHT
    return _picture(levels, [False] * len(levels), mark=mark, half=sqrt(benchmark) * HALF, zero=None)


def inverted(amounts: Sequence[float], benchmark: float) -> Picture:
    """The pyramid upside down on a zero line: what is below zero hangs beneath, widening with what it eats.

    The dashed level has the benchmark share of the total (not only of the gains) above it.
    """
    gains = [max(amount, 0.0) for amount in amounts]
    losses = [max(-amount, 0.0) for amount in amounts]
    gained, lost = sum(gains), sum(losses)
    room = HEIGHT - (ZERO_ROOM if lost else 0)
    above = room * _part(sqrt(gained), sqrt(gained) + sqrt(lost))
    below = room - above if lost else 0.0
    zero = TOP + above
    upper = [1 - depth for depth in reversed(_depths(list(reversed(gains))))]
    lower = _depths(losses)
    levels = []
    for place, amount in enumerate(amounts):
        if amount < 0:
            start, end = lower[place] * below, lower[place + 1] * below
            base = zero + ZERO_ROOM
            levels.append(_Level(base + start, base + end, _half(start), _half(end)))
        else:
            start, end = upper[place] * above, upper[place + 1] * above
            levels.append(_Level(TOP + start, TOP + end, _half(above - start), _half(above - end)))
    left = 1 - benchmark * (gained - lost) / gained if gained > lost else None
    mark = zero - sqrt(left) * above if left is not None else None
    half = _half(sqrt(left) * above) if left is not None else 0.0
    shown_zero = zero + ZERO_ROOM / 2 if lost else None
    return _picture(levels, [amount < 0 for amount in amounts], mark=mark, half=half, zero=shown_zero)


def _half(height: float) -> float:
    return height / HEIGHT * HALF


def _part(some: float, whole: float) -> float:
    return some / whole if whole else 0.0


def _depths(amounts: Sequence[float]) -> list[float]:
    """Where each layer begins and ends, of a triangle of height one with its tip on top."""
    total, reached, depths = sum(amounts), 0.0, [0.0]
    for amount in amounts:
        reached += amount
        depths.append(min(sqrt(_part(reached, total)), 1.0))
    return depths


def _picture(
    levels: Sequence[_Level], negative: Sequence[bool], *, mark: float | None, half: float, zero: float | None
) -> Picture:
    heights = _spread([level.middle for level in levels])
    shapes = tuple(
        Shape(
            points=_corners(level),
            label_y=f"{y:.1f}",
            leader=f"{level.edge + 3:.1f},{level.middle:.1f} {LABELS - 30},{y:.1f} {LABELS - 8},{y:.1f}",
            negative=loses,
            empty=level.bottom - level.top < 0.05,
        )
        for level, y, loses in zip(levels, heights, negative, strict=True)
    )
    return Picture(
        shapes,
        mark="" if mark is None else f"{mark:.1f}",
        mark_end="" if mark is None else f"{CENTRE + half:.1f}",
        zero="" if zero is None else f"{zero:.1f}",
    )


def _corners(level: _Level) -> str:
    corners = (
        (CENTRE - level.half_above, level.top),
        (CENTRE + level.half_above, level.top),
        (CENTRE + level.half_below, level.bottom),
        (CENTRE - level.half_below, level.bottom),
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _spread(wanted: Sequence[float]) -> list[float]:
    """The heights nearest to the wanted ones that leave each label its room, within the picture."""
    low, high = LABEL_ROOM / 2, TOP * 2 + HEIGHT - LABEL_ROOM / 2
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + LABEL_ROOM if placed else low))
    limit = high
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - LABEL_ROOM
    return placed
