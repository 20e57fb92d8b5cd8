"""Turns the keys in cells into the ids of the records they refer to: one query a chunk, each key once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models.functions import Lower

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.lookups import LOOKUPS, Lookup, formerly
from clientier.kit.imports.reasons import Reason, quoting
from clientier.kit.imports.registry import Batch, Row
from clientier.kit.imports.targets import Field, Target

SEVERAL = -1


class References:
    """The references of one import; what was found is remembered, what was not is asked for again.

    Asked for again, because rows of the same file may create what others of its rows refer to. ``left_empty``
    counts by field the keys that refer to nothing, where the importer chose to leave the field empty then; in the
    fields to ``make``, records are made of names that are not there, as soon as ``writes`` says so.
    """

    def __init__(
        self,
        target: Target,
        fields: Iterable[str],
        actor: Actor,
        *,
        leave_empty: Iterable[str] = (),
        make: Iterable[str] = (),
    ) -> None:
        self._target, self._actor = target, actor
        self._make = {name for name in make if name in target.by_name and target.by_name[name].makes_unknown}
        referring = [target.by_name[name] for name in fields if target.by_name[name].lookup]
        # What is made comes last: nothing is made for a row that another reference refuses or lets wait.
        self._referring = sorted(referring, key=lambda declared: declared.name in self._make)
        self._ids: dict[str, dict[object, int]] = {str(declared.lookup): {} for declared in self._referring}
        self._refused: dict[object, int] = {}
        self.left_empty: dict[str, Counter[str]] = {name: Counter() for name in leave_empty}
        self.writes, self._made = False, Counter[str]()

    def take_made(self) -> Counter[str]:
        """How many records were made of names since this was asked last, by the words for them."""
        made, self._made = self._made, Counter()
        return made

    def resolve(self, batch: Batch) -> tuple[dict[int, list[Problem]], set[int]]:
        """Replace keys by ids, in place; give the rows that refer to nothing, and those that must wait.

        A row waits, unchanged, if what it refers to is of its own kind and may still come in the file.
        """
        problems: dict[int, list[Problem]] = {}
        waiting: set[int] = set()
        for declared in self._referring:
            ids = self._known(declared, batch.rows)
            makes, put_off = declared.name in self._make, set[int]()
            if makes and self.writes:
                put_off = {*problems, *waiting}
                self._make_unknown(declared, [r for p, r in enumerate(batch.rows) if p not in put_off])
            for position, row in enumerate(batch.rows):
                key = row[declared.name]
                if key is None or (key in ids and ids[key] != SEVERAL):
                    continue
                if makes and key not in ids and (position in put_off or not self.writes):
                    continue  # refused or waiting, or only looked at: it would be made
                if key not in ids and declared.lookup == self._target.slug:
                    waiting.add(position)
                elif declared.name in self.left_empty:
                    self._leave_empty(declared, row)
                else:
                    reason = quoting("ambiguous" if key in ids else "not_found", key)
                    problems.setdefault(position, []).append(Problem("", declared.name, reason))
        self._replace(row for position, row in enumerate(batch.rows) if position not in {*problems, *waiting})
        return problems, waiting

    def give_up(self, batch: Batch) -> tuple[Batch, dict[int, list[Problem]], Batch]:
        """Of the rows that waited in vain: those to be written now, why others are refused, those to ask again.

        To be written are rows whose field the importer chose to leave empty; others may refer to these.
        """
        problems: dict[int, list[Problem]] = {n: [ring] for n, ring in self._rings(batch).items()}
        numbers = self._numbers_by_key(batch)
        key = self._target.key[0]
        written, again = [], []
        for position, row in enumerate(batch.rows):
            number = batch.row_numbers[position]
            self._refused.update({row.get(key): number} if number in problems else {})
            if number in problems:
                continue
            missing = [d for d in self._own() if self._is_missing(d, row)]
            if any(row[d.name] in numbers and row[d.name] not in self._refused for d in missing):
                again.append(position)
            elif found := [self._why_not(d, row) for d in missing if d.name not in self.left_empty]:
                problems[number] = found
                self._refused[row.get(key)] = number
            else:
                for declared in missing:
                    self._leave_empty(declared, row)
                written.append(position)
        ready = batch.at(written)
        refused, _waiting = self.resolve(ready)
        for position, reasons in refused.items():
            problems[ready.row_numbers[position]] = reasons
            self._refused[ready.rows[position].get(key)] = ready.row_numbers[position]
        return ready.at([p for p in range(len(ready)) if p not in refused]), problems, batch.at(again)

    def _is_missing(self, declared: Field, row: Row) -> bool:
        return row[declared.name] is not None and row[declared.name] not in self._ids[self._target.slug]

    def _why_not(self, declared: Field, row: Row) -> Problem:
        key = row[declared.name]
        if key in self._refused:
            return Problem("", declared.name, quoting("refers_to_refused", key, row=self._refused[key]))
        return Problem("", declared.name, quoting("not_found", key))

    def _rings(self, batch: Batch) -> dict[int, Problem]:
        """The rows that wait for each other in a ring, each with the ring named."""
        rows = dict(zip(batch.row_numbers, batch.rows, strict=True))
        numbers = self._numbers_by_key(batch)
        found: dict[int, Problem] = {}
        for declared in self._own():
            above = {number: numbers.get(row[declared.name]) for number, row in rows.items()}
            for ring in rings_among(above):
                text = " → ".join(str(rows[number].get(self._target.key[0])) for number in (*ring, ring[0]))
                where = ", ".join(map(str, ring))
                for number in ring:
                    found[number] = Problem("", declared.name, ring_reason(text, where))
        return found

    def _numbers_by_key(self, batch: Batch) -> dict[object, int]:
        key = self._target.key[0]
        return {row.get(key): number for row, number in zip(batch.rows, batch.row_numbers, strict=True)}

    def _own(self) -> list[Field]:
        return [declared for declared in self._referring if declared.lookup == self._target.slug]

    def _leave_empty(self, declared: Field, row: Row) -> None:
        self.left_empty[declared.name][str(row[declared.name])] += 1
        row[declared.name] = None

    def _replace(self, rows: Iterable[Row]) -> None:
        named = [(d.name, f"{d.name}_id", self._ids[str(d.lookup)]) for d in self._referring]
        for row in rows:
            for name, column, ids in named:
                row[column] = ids.get(row.pop(name))

    def _known(self, declared: Field, rows: Sequence[Row]) -> dict[object, int]:
        lookup = LOOKUPS[str(declared.lookup)]
        ids = self._ids[lookup.slug]
        unknown = {row[declared.name] for row in rows} - ids.keys() - {None}
        if unknown:
            found = access.visible(self._actor, lookup.model).filter(**{f"{lookup.key}__in": list(unknown)})
            ids.update(found.values_list(lookup.key, "pk"))
            former = formerly(lookup.slug, [key for key in unknown if key not in ids])
            there = access.visible(self._actor, lookup.model).filter(pk__in=former.values())
            reached = set(there.values_list("pk", flat=True))
            ids.update({key: pk for key, pk in former.items() if pk in reached})
            for name in lookup.also:
                self._look_in(lookup, name, unknown - ids.keys())
        return ids

    def _make_unknown(self, declared: Field, rows: Sequence[Row]) -> None:
        lookup = LOOKUPS[str(declared.lookup)]
        ids = self._ids[lookup.slug]
        known = {None, *ids}
        names = dict.fromkeys(str(row[declared.name]) for row in rows if row[declared.name] not in known)
        if names and lookup.make:
            made = lookup.make(list(names), self._actor)
            ids.update(made.ids)
            if made.created:
                self._made[f"{lookup.slug}_made"] += made.created

    def _look_in(self, lookup: Lookup, name: str, unknown: set[object]) -> None:
        """Find by another field than the key; what fits several records is none of them."""
        spelled: dict[str, list[object]] = {}
        for text in unknown:
            spelled.setdefault(str(text).strip().lower(), []).append(text)
        if not spelled:
            return
        found = access.visible(self._actor, lookup.model).annotate(spelled=Lower(name))
        ids = self._ids[lookup.slug]
        for text, pk in found.filter(spelled__in=list(spelled)).values_list("spelled", "pk"):
            for written in spelled[text]:
                ids[written] = pk if ids.get(written, pk) == pk else SEVERAL


def ring_reason(text: str, rows: str = "") -> Reason:
    """Why a row that would stand above itself is refused, with the way round and the rows that make it."""
    return Reason("ring_rows", {"text": text, "rows": rows}) if rows else Reason("ring", {"text": text})


def rings_among(above: Mapping[int, int | None]) -> list[list[int]]:
    """The rings in which each leads to the next, each once, beginning with its least."""
    done: set[int] = set()
    rings: list[list[int]] = []
    for start in sorted(above):
        passed: dict[int, int] = {}
        each: int | None = start
        while each is not None and each not in done and each not in passed:
            passed[each] = len(passed)
            each = above.get(each)
        if each is not None and each in passed:
            ring = list(passed)[passed[each] :]
            least = ring.index(min(ring))
            rings.append(ring[least:] + ring[:least])
        done |= passed.keys()
    return rings
