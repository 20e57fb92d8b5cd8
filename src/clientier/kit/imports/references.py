"""Turns the keys in cells into the ids of the records they refer to: one query a chunk, each key once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.reasons import quoting
from clientier.kit.imports.registry import LOOKUPS, Batch, Row, formerly
from clientier.kit.imports.targets import Field, Target


class References:
    """The references of one import; what was found is remembered, what was not is asked for again.

    Asked for again, because rows of the same file may create what others of its rows refer to.
    """

    def __init__(self, target: Target, fields: Iterable[str], actor: Actor) -> None:
        self._target, self._actor = target, actor
        self._referring = [target.by_name[name] for name in fields if target.by_name[name].lookup]
        self._ids: dict[str, dict[object, int]] = {str(declared.lookup): {} for declared in self._referring}

    def resolve(self, batch: Batch) -> tuple[dict[int, list[Problem]], set[int]]:
        """Replace keys by ids, in place; give the rows that refer to nothing, and those that must wait.

        A row waits, unchanged, if what it refers to is of its own kind and may still come in the file.
        """
        problems: dict[int, list[Problem]] = {}
        waiting: set[int] = set()
        for declared in self._referring:
            ids = self._known(declared, batch.rows)
            for position, row in enumerate(batch.rows):
                key = row[declared.name]
                if key is None or key in ids:
                    continue
                if declared.lookup == self._target.slug:
                    waiting.add(position)
                else:
                    problem = Problem("", declared.name, quoting("not_found", key))
                    problems.setdefault(position, []).append(problem)
        self._replace(row for position, row in enumerate(batch.rows) if position not in {*problems, *waiting})
        return problems, waiting

    def missing(self, row: Row) -> list[Problem]:
        """Why a row that waited in vain is refused."""
        return [
            Problem("", declared.name, quoting("not_found", row[declared.name]))
            for declared in self._referring
            if row[declared.name] is not None and row[declared.name] not in self._ids[str(declared.lookup)]
        ]

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
        return ids
