"""Who is like the same third is like each other: pairs that follow from pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

LEAST_LINK, LARGEST_CIRCLE = 0.8, 20
Links = Mapping[int, Mapping[int, float]]


def following(pairs: Iterable[tuple[int, int, float]], *, least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of records that strong links join by way of others, each at the product of the best way there.

    Circles of more than twenty are left alone: so many are not one, but something they have in common.
    """
    links: dict[int, dict[int, float]] = defaultdict(dict)
    known = set()
    for first, second, probability in pairs:
        known.add((first, second))
        if probability >= LEAST_LINK:
            links[first][second] = links[second][first] = probability
    for circle in _circles(links):
        if len(circle) > LARGEST_CIRCLE:
            continue
        for first in circle:
            for second, probability in _reached(first, links).items():
                if first < second and (first, second) not in known and probability >= least:
                    yield first, second, probability


def _circles(links: Links) -> Iterator[list[int]]:
    """The records that links hold together, circle by circle."""
    seen: set[int] = set()
    for start in sorted(links):
        if start in seen:
            continue
        circle, waiting = [], [start]
        seen.add(start)
        while waiting:
            here = waiting.pop()
            circle.append(here)
            new = [other for other in links[here] if other not in seen]
            seen.update(new)
            waiting += new
        yield sorted(circle)


def _reached(start: int, links: Links) -> dict[int, float]:
    """The best product of links from here to every other of the circle."""
    best = {start: 1.0}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        for other, probability in links[here].items():
            through = best[here] * probability
            if through > best.get(other, 0.0) + 1e-12:
                best[other] = through
                waiting.append(other)
    return best
