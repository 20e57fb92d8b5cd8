"""Streams between two columns of classes as ribbons: every width is true to the number of customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 760.0
HEIGHT = 330.0
LEFT = 196.0
RIGHT = 564.0
NODE = 12.0
GAP = 16.0
LEAST = 1.5
LABEL_ROOM = 34.0


@dataclass(frozen=True)
class Node:
    """One class in one column: its bar and the height of its label."""

    code: str
    customers: int
    x: str
    y: str
    height: str
    label_y: str


@dataclass(frozen=True)
class Ribbon:
    before: str
    after: str
    customers: int
    path: str


@dataclass(frozen=True)
class Drawing:
    left: list[Node]
    right: list[Node]
    ribbons: list[Ribbon]


def draw(streams: Mapping[tuple[str, str], int], order: Sequence[str]) -> Drawing:
    """Nodes in the given order on both sides, ribbons between them, the scale the same on both."""
    befores = {code: sum(n for (b, _), n in streams.items() if b == code) for code in order}
    afters = {code: sum(n for (_, a), n in streams.items() if a == code) for code in order}
    total = sum(streams.values())
    shown = max(sum(1 for n in befores.values() if n), sum(1 for n in afters.values() if n), 1)
    scale = (HEIGHT - GAP * (shown - 1)) / total if total else 0.0
    tops_left, tops_right = _tops(befores, scale), _tops(afters, scale)
    left = _nodes(befores, tops_left, scale, LEFT - NODE)
    right = _nodes(afters, tops_right, scale, RIGHT)
    reached_left, reached_right = dict(tops_left), dict(tops_right)
    ribbons = []
    for before in order:
        for after in order:
            if number := streams.get((before, after), 0):
                height = number * scale
                path = _path(reached_left[before], reached_right[after], max(height, LEAST))
                ribbons.append(Ribbon(before, after, number, path))
                reached_left[before] += height
                reached_right[after] += height
    return Drawing(left, right, ribbons)


def _tops(numbers: Mapping[str, int], scale: float) -> dict[str, float]:
    y, tops = 0.0, {}
    for code, number in numbers.items():
        if number:
            tops[code] = y
            y += number * scale + GAP
    return tops


def _nodes(numbers: Mapping[str, int], tops: Mapping[str, float], scale: float, x: float) -> list[Node]:
    """The bars of one column; labels keep their distance even where bars are thin."""
    wanted = {code: tops[code] + numbers[code] * scale / 2 for code in tops}
    nodes, lowest = [], HEIGHT + LABEL_ROOM / 2
    places: dict[str, float] = {}
    for code in reversed(list(wanted)):
        places[code] = lowest = min(wanted[code], lowest - LABEL_ROOM)
    highest = -LABEL_ROOM
    for code in wanted:
        places[code] = highest = max(places[code], highest + LABEL_ROOM)
        nodes.append(
            Node(
                code=code,
                customers=numbers[code],
                x=f"{x:.1f}",
                y=f"{tops[code]:.1f}",
                height=f"{max(numbers[code] * scale, LEAST):.1f}",
                label_y=f"{places[code]:.1f}",
            )
        )
    return nodes


def _path(start: float, end: float, height: float) -> str:
    """A band from the left column to the right one, with level ends."""
    middle = (LEFT + RIGHT) / 2
    return (
        f"M{LEFT:.1f},{start:.1f}C{middle:.1f},{start:.1f} {middle:.1f},{end:.1f} {RIGHT:.1f},{end:.1f}"
        f"V{end + height:.1f}C{middle:.1f},{end + height:.1f} {middle:.1f},{start + height:.1f} "
        f"{LEFT:.1f},{start + height:.1f}Z"
    )
