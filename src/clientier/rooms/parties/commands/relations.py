"""What customers are to each other: ended one by one, written many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.numbering import MadeNumbers
from clientier.kit.imports.registry import Batch, Beginning, WritesEach
from clientier.rooms.parties.models import Relation

Rows = Sequence[Mapping[str, Any]]


def write_relations(relations: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update relations by their number. Rows hold stored columns."""
    return bulk.upsert(Relation, relations, key=("external_id",), actor=actor, action="import")


class RelationWriting(WritesEach):
    """Relations of a file on their way in; those without a number are known by what they say."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(write_relations, Relation, beginning.actor)
        facts = ("from_customer_id", "kind", "to_customer_id")
        self._numbers = None if "external_id" in beginning.fields else MadeNumbers(facts)

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Number the rows that have no number."""
        refused = super().prepare(batch)
        if self._numbers:
            self._numbers.number(batch.rows)
        return refused


@command("relation.end", needs="change")
def end_relation(relation: Relation, *, actor: Actor, on: dt.date) -> Relation:
    """The relation held until that day; it is kept, and told as one that has ended."""
    relation.until = on
    relation.full_clean()
    relation.save(update_fields=["until"])
    return relation
