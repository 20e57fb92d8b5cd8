"""What can be imported: declared by the rooms, closed, each slug once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.db import models

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.bulk import Outcome
from clientier.core.coded import CodedField
from clientier.core.custom import definitions
from clientier.kit.imports import custom
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.lookups import LOOKUPS
from clientier.kit.imports.reasons import Reason
from clientier.kit.imports.targets import Field, Kind, Target
from clientier.kit.resource import Words

Row = dict[str, Any]
TARGETS: dict[str, ImportTarget] = {}


@dataclass(slots=True)
class Batch:
    """Good rows on their way into the database: values by field, references by their stored column."""

    rows: list[Row]
    row_numbers: list[int]

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, positions: Sequence[int]) -> Batch:
        return Batch([self.rows[p] for p in positions], [self.row_numbers[p] for p in positions])


@dataclass(slots=True)
class Written:
    """What became of a batch: numbers, the rows refused by position, and numbers of other records made."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[int, Problem] = field(default_factory=dict)
    beside: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a writing is given at its start: who imports, and which fields the file fills."""

    actor: Actor
    fields: frozenset[str]


class Writing(Protocol):
    """One import under way in one room; it may keep what must be known from chunk to chunk."""

    @property
    def looks_ahead(self) -> bool:
        """Whether every row must have been seen once before the first can be written."""
        ...

    def look_ahead(self, batch: Batch, broken: Sequence[Row]) -> None:
        """See good rows, and what is legible of broken ones, before anything is written."""
        ...

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Complete the rows in place, once each and in the order of the file; say which are refused."""
        ...

    def write(self, batch: Batch) -> Written:
        """Write prepared rows in the running transaction; may be called again with fewer after a failure."""
        ...


Begin = Callable[[Beginning], Writing]
TakeBack = Callable[..., int]


@dataclass(frozen=True, kw_only=True)
class ImportTarget:
    """A target with the room's way to write it and to take it back.

    ``writes`` lists the models that rows become, each after those it refers to; ``shown_in`` is the slug of
    the resource whose list shows them; ``beside`` has the words for the records that are counted beside rows;
    ``place`` orders the targets as one would import them; ``also`` names the fields that become records of
    other kinds: they are not offered to those who may not import such. ``makes`` lists the models of which records
    may be made of names that rows refer to.
    """

    target: Target
    writes: tuple[type[models.Model], ...]
    begin: Begin
    shown_in: str
    icon: str
    take_back: TakeBack | None = None
    changes_value: bool = False
    beside: Mapping[str, Words] = field(default_factory=dict)
    place: int = 50
    also: Mapping[type[models.Model], tuple[str, ...]] = field(default_factory=dict)
    makes: tuple[type[models.Model], ...] = ()

    @property
    def slug(self) -> str:
        return self.target.slug

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may import any such records."""
        return all(actor.reach(model, "import") is not Reach.NONE for model in self.writes)

    def for_actor(self, actor: Actor) -> Target:
        """The target without the fields that the actor may not write."""
        declared = [*self.target.fields, *custom.fields_of(self.writes)]
        open_to = [_as_far(each, actor) for each in declared if self._may_write(each, actor)]
        return replace_fields(self.target, open_to)

    def _may_write(self, declared: Field, actor: Actor) -> bool:
        for model, names in self.also.items():
            if declared.name in names:
                return actor.reach(model, "import") is not Reach.NONE
        known = [
            model
            for model in self.writes
            if declared.name in _field_names(model) or definitions.at(model, declared.name)
        ]
        return not known or any(declared.name in access.fields(actor, model).writable for model in known)


def register(target: ImportTarget) -> ImportTarget:
    """Declare what can be imported; a second of the same slug is refused."""
    if target.slug in TARGETS:
        raise ValueError(f"two import targets are called {target.slug!r}")
    for declared in target.target.fields:
        if declared.lookup and declared.lookup not in LOOKUPS:
            raise ValueError(f"{target.slug}.{declared.name} refers to unknown {declared.lookup!r}")
    bounded = replace(target, target=_bounded(target.target, target.writes))
    TARGETS[target.slug] = bounded
    return bounded


def _as_far(declared: Field, actor: Actor) -> Field:
    """The field; without the way to make what is unknown, for those who may not import such records."""
    if not declared.makes_unknown:
        return declared
    lookup = LOOKUPS[str(declared.lookup)]
    may = all(actor.reach(lookup.model, action) is not Reach.NONE for action in ("import", "add"))
    may = may and {*lookup.also} <= access.fields(actor, lookup.model).writable
    return declared if may else replace(declared, makes_unknown=False)


def open_targets(actor: Actor) -> list[ImportTarget]:
    """The targets that this actor may import, in the order in which one would."""
    found = [target for target in TARGETS.values() if target.open_to(actor)]
    return sorted(found, key=lambda target: target.place)


def replace_fields(target: Target, declared: Sequence[Field]) -> Target:
    """The same target with other fields."""
    return replace(target, fields=tuple(declared))


def _bounded(target: Target, written: Sequence[type[models.Model]]) -> Target:
    """Texts are no longer than the column that they go to, and known by it if that knows codes."""
    texts: dict[str, models.CharField[Any, Any]] = {}
    for model in written:
        for stored in model._meta.concrete_fields:
            if isinstance(stored, models.CharField) and stored.max_length:
                texts.setdefault(stored.name, stored)
    return replace_fields(
        target,
        [
            _as_stored(declared, texts[declared.name])
            if declared.kind is Kind.TEXT and declared.name in texts
            else declared
            for declared in target.fields
        ],
    )


def _as_stored(declared: Field, stored: models.CharField[Any, Any]) -> Field:
    length = declared.max_length if declared.max_length is not None else stored.max_length
    known = stored.recognise if isinstance(stored, CodedField) else declared.recognise
    return replace(declared, max_length=length, recognise=known)


def _field_names(model: type[models.Model]) -> Mapping[str, Any]:
    return {stored.name: stored for stored in model._meta.concrete_fields}


class WritesEach:
    """A writing for rows that each become one record, by one bulk command of the room."""

    looks_ahead = False

    def __init__(
        self,
        command: Callable[..., Outcome],
        model: type[models.Model],
        actor: Actor,
        standing_for_empty: Row | None = None,
    ) -> None:
        self._command, self._actor = command, actor
        self._blanks = blanks(model) | (standing_for_empty or {})

    def look_ahead(self, batch: Batch, broken: Sequence[Row]) -> None:
        """Nothing needs to be known beforehand."""

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Columns that hold no NULL get what stands for an empty cell."""
        fill(batch.rows, self._blanks)
        return {}

    def write(self, batch: Batch) -> Written:
        """All rows by the command; those out of reach are refused."""
        return written(self._command(batch.rows, actor=self._actor))


def each(command: Callable[..., Outcome], model: type[models.Model]) -> Begin:
    """Begin a writing that hands every batch to this bulk command: ``command(rows, *, actor)``."""
    return lambda beginning: WritesEach(command, model, beginning.actor)


def blanks(model: type[models.Model]) -> Row:
    """What an empty cell becomes, for the columns that hold no NULL."""
    return {
        str(f.column): f.get_default()
        for f in model._meta.concrete_fields
        if not f.null and not f.primary_key
    }


def fill(rows: Sequence[Row], standing_for_empty: Row) -> None:
    """Put these values where a row has the column and nothing in it."""
    if not rows:
        return
    for name in rows[0].keys() & standing_for_empty.keys():
        value = standing_for_empty[name]
        for row in rows:
            if row[name] is None:
                row[name] = value


def written(outcome: Outcome) -> Written:
    """The outcome of a bulk command as the fate of the batch that it was given."""
    refused = {position: Problem("", "", Reason("out_of_reach")) for position in outcome.out_of_reach}
    refused |= {position: Problem("", "", Reason("lacks_required")) for position in outcome.incomplete}
    refused |= {position: Problem("", "", Reason("cannot_be_given")) for position in outcome.not_given}
    return Written(outcome.created, outcome.updated, outcome.unchanged, refused)
