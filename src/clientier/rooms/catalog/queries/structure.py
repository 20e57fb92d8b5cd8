"""What is in what, at any depth: the parts of an assembly, and the assemblies that a part is in.

One recursive question reads each edge once, however many ways lead over it; quantities are then summed along
the edges in one pass, so that a part used in a thousand places costs no more than one used in one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from clientier.rooms.catalog.models import Component, Product

BELOW = """
WITH RECURSIVE below AS (
    SELECT assembly_id, part_id, quantity FROM catalog_component WHERE assembly_id = ANY(%s)
    UNION SELECT c.assembly_id, c.part_id, c.quantity
    FROM catalog_component c JOIN below b ON c.assembly_id = b.part_id
)
SELECT assembly_id, part_id, quantity FROM below
"""
ABOVE = """
WITH RECURSIVE above AS (
    SELECT part_id, assembly_id, quantity FROM catalog_component WHERE part_id = ANY(%s)
    UNION SELECT c.part_id, c.assembly_id, c.quantity
    FROM catalog_component c JOIN above a ON c.part_id = a.assembly_id
)
SELECT part_id, assembly_id, quantity FROM above
"""
ONE_WRITER = (
    "SELECT pg_advisory_xact_lock(hashtext('catalog_refuse_ring'), 'catalog_component'::regclass::int)"
)


@dataclass(frozen=True)
class Found:
    """A product met on the way: how many steps off at the nearest, how many in all in one unit, and whether the
    way ends there."""

    product: int
    level: int
    quantity: Decimal
    is_end: bool


@dataclass(frozen=True)
class RolledUp:
    """What the parts at the very bottom cost together, by currency; ``lacking`` of them have no cost."""

    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    lacking: int = 0


def parts_of(assembly: int) -> list[Found]:
    """Everything in one unit of the assembly, the nearest first."""
    return _summed(assembly, _edges(BELOW, [assembly]))


def uses_of(part: int) -> list[Found]:
    """Everything that the part is in, the nearest first; the quantity is that of the part in one unit of it."""
    return _summed(part, _edges(ABOVE, [part]))


def rolled_up(parts: Iterable[Found]) -> RolledUp:
    """The cost of an assembly by the parts in it that have no parts themselves."""
    ends = {each.product: each.quantity for each in parts if each.is_end}
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    lacking = 0
    for key, cost, currency in Product.objects.filter(pk__in=ends).values_list("pk", "cost", "currency"):
        if cost is None:
            lacking += 1
        else:
            amounts[currency] += cost * ends[key]
    return RolledUp(dict(amounts), lacking)


def hold_structure() -> None:
    """Until the transaction ends nobody else changes what is in what: else two could each close half a ring."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)


class Structure:
    """What is in what below some products, as stored and as rows to come would have it."""

    def __init__(self) -> None:
        self._parts: dict[int, set[int]] = defaultdict(set)
        self._read: set[int] = set()

    def read_below(self, products: Collection[int]) -> None:
        """Learn all that is stored below these products."""
        if fresh := [key for key in products if key not in self._read]:
            for assembly, part, _quantity in _edges(BELOW, fresh):
                self._parts[assembly].add(part)
                self._read.add(assembly)
            self._read.update(fresh)

    def add(self, assembly: int, part: int) -> None:
        self._parts[assembly].add(part)

    def way(self, start: int, end: int) -> list[int]:
        """The products from one down to another that is in it, both among them; empty where it is not."""
        came: dict[int, int | None] = {start: None}
        waiting = [start]
        while waiting:
            here: int | None = waiting.pop()
            if here == end:
                found = []
                while here is not None:
                    found.append(here)
                    here = came[here]
                return found[::-1]
            for part in sorted(self._parts.get(here or 0, ())):
                if part not in came:
                    came[part] = here
                    waiting.append(part)
        return []


def closes_ring(component: Component) -> list[int]:
    """The way from the part down to the assembly that it would be put into; empty where there is none."""
    known = Structure()
    known.read_below([component.part_id])
    return known.way(component.part_id, component.assembly_id)


def _edges(statement: str, start: Collection[int]) -> list[tuple[int, int, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(start)])
        return list(cursor.fetchall())


def _summed(start: int, edges: list[tuple[int, int, Decimal]]) -> list[Found]:
    """The products that edges lead to, each after all that lead to it, with quantities multiplied and summed."""
    following: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    open_ways: dict[int, int] = defaultdict(int)
    for here, there, quantity in edges:
        following[here].append((there, quantity))
        open_ways[there] += 1
    levels, quantities = {start: 0}, defaultdict(Decimal, {start: Decimal(1)})
    ready = [start]
    while ready:
        here = ready.pop()
        for there, quantity in following.get(here, ()):
            quantities[there] += quantities[here] * quantity
            levels[there] = min(levels.get(there, levels[here] + 1), levels[here] + 1)
            open_ways[there] -= 1
            if not open_ways[there]:
                ready.append(there)
    found = [
        Found(key, level, quantities[key], key not in following)
        for key, level in levels.items()
        if key != start
    ]
    return sorted(found, key=lambda each: (each.level, each.product))
