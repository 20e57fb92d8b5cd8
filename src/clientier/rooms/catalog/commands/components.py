"""Bills of materials: what is in what, and never in itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientier.core import access, bulk
from clientier.core.actor import Actor
from clientier.core.commands import apply, command
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.references import ring_reason
from clientier.kit.imports.registry import Batch, Beginning, WritesEach
from clientier.rooms.catalog.models import Component, Product
from clientier.rooms.catalog.queries.structure import Structure, closes_ring, hold_structure

Rows = Sequence[Mapping[str, Any]]


@command("component.enter", needs="add")
def enter_component(model: type[Component], *, actor: Actor, changes: dict[str, Any]) -> Component:
    """So much of the part is in the assembly; refused where the assembly is in the part."""
    return _written(model(), changes, actor)


@command("component.change", needs="change")
def change_component(component: Component, *, actor: Actor, changes: dict[str, Any]) -> Component:
    """The component with these changes, under the same rule."""
    return _written(component, changes, actor)


def _written(component: Component, changes: dict[str, Any], actor: Actor) -> Component:
    hold_structure()
    for name in ("assembly", "part"):
        if name in changes:
            setattr(component, name, changes[name])
    different = component.assembly_id and component.part_id and component.assembly_id != component.part_id
    if different and (ring := closes_ring(component)):
        words = _("The assembly is in the part already: %(way)s")
        raise ValidationError({"part": words % {"way": _called(ring, actor)}})
    written: Component = apply(component, changes, actor)
    return written


def write_components(components: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update components by assembly and part. Rows hold stored columns."""
    key = ("assembly_id", "part_id")
    return bulk.upsert(Component, components, key=key, actor=actor, action="import")


class ComponentWriting(WritesEach):
    """Bills of materials of a file on their way in; rows that close a ring are refused, with the ring."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(write_components, Component, beginning.actor)
        self._structure = Structure()

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Rows are judged by what is stored and by the rows before them."""
        refused = super().prepare(batch)
        self._structure.read_below({row["part_id"] for row in batch.rows})
        for position, row in enumerate(batch.rows):
            if ring := self._structure.way(row["part_id"], row["assembly_id"]):
                refused[position] = Problem("", "part", ring_reason(_called(ring, self._actor)))
            else:
                self._structure.add(row["assembly_id"], row["part_id"])
        return refused


def _called(ring: Sequence[int], actor: Actor) -> str:
    """The products of a ring, from the first back to it, as far as the actor sees them."""
    seen = access.visible(actor, Product).filter(pk__in=ring).values_list("pk", "external_id", "name")
    names = {pk: number or name for pk, number, name in seen}
    return " → ".join(names.get(key, "…") for key in (*ring, ring[0]))
