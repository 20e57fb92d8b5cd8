"""Refuses rows by which a record would come to stand above itself, by way of others or directly."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.references import ring_reason, rings_among
from clientier.kit.imports.registry import Row

CALLED_SO = 12


def refuse_rings(
    model: type[models.Model], rows: Sequence[Row], row_numbers: Sequence[int], *, field: str, actor: Actor
) -> dict[int, Problem]:
    """By position: the rows that close a ring of ``field`` together with what is stored already.

    Only records that exist can: nothing refers to a new one before it is written. Records of the ring that are
    out of the actor's reach are not named.
    """
    column = f"{field}_id"
    if not rows or column not in rows[0]:
        return {}
    if all(row[column] is None for row in rows):
        return {}
    keys = [row.get("external_id") for row in rows]
    ids = dict(
        model._default_manager.filter(external_id__in=[key for key in keys if key]).values_list(
            "external_id", "pk"
        )
    )
    changed = {
        ids[row["external_id"]]: position
        for position, row in enumerate(rows)
        if row.get("external_id") in ids
    }
    refused: dict[int, Problem] = {}
    above = _lines_above(model, column, [rows[p][column] for p in changed.values() if rows[p][column]])
    stored = dict(above)
    above.update({record: rows[position][column] for record, position in changed.items()})
    while rings := [ring for ring in rings_among(above) if any(each in changed for each in ring)]:
        for ring in rings:
            at = [changed[each] for each in ring if each in changed]
            names = _named(model, ring, actor)
            where = ", ".join(str(row_numbers[position]) for position in sorted(at))
            for position in at:
                refused[position] = Problem("", field, ring_reason(names, where))
            for each in ring:
                above[each] = stored.get(each)
                changed.pop(each, None)
    return refused


def _lines_above(model: type[models.Model], column: str, start: Sequence[int]) -> dict[int, int | None]:
    """The records above these, each with the one above it, to the top."""
    if not start:
        return {}
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH RECURSIVE line AS (SELECT id, "{column}" FROM "{table}" WHERE id = ANY(%s) '
            f'UNION SELECT t.id, t."{column}" FROM "{table}" t JOIN line ON t.id = line."{column}") '
            "SELECT * FROM line",
            [list(set(start))],
        )
        return dict(cursor.fetchall())


def _named(model: type[models.Model], ring: Sequence[int], actor: Actor) -> str:
    seen = access.visible(actor, model).filter(pk__in=ring)
    names = dict(seen.values_list("pk", "external_id"))
    around = [(names[each] or str(each)) if each in names else "…" for each in (*ring, ring[0])]
    return " → ".join(around if len(around) <= CALLED_SO else [*around[:CALLED_SO], "…", around[0]])
