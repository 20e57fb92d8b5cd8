"""Thousands of records in one go: created or updated by their key, in the database's own speed.

The same rights as single changes hold: fields that are locked or hidden are refused, rows out of reach are left
alone and reported. Every record that changes leaves its former values in the ledger, so that the whole can be
taken back; the caller writes the one audit entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict, LeavesReach, NotAllowed
from clientier.core.search import SearchField, SortKeyField

Row = Mapping[str, Any]
STAGE = "bulk_stage"


@dataclass
class Outcome:
    """Numbers of records created, updated and found the same; positions of rows that were out of reach."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    out_of_reach: list[int] = field(default_factory=list)


@transaction.atomic
def upsert(
    model: type[models.Model],
    rows: Sequence[Row],
    *,
    key: Sequence[str],
    actor: Actor,
    derived: Sequence[str] = (),
) -> Outcome:
    """Create or update the rows by their key.

    ``rows`` map column names (``customer_id``, not ``customer``) to database values, all rows the same columns,
    no key twice. ``derived`` names columns that follow from others and are exempt from the field rule.
    Values must be valid already; what breaks a constraint raises IntegrityError, with nothing written.
    Rows that would be made or pushed out of the actor's own reach raise LeavesReach, with nothing written.
    """
    if not rows:
        return Outcome()
    columns = list(rows[0])
    _refuse_fields(model, columns, derived, actor)
    stored = {f.column: f for f in model._meta.concrete_fields}
    with connection.cursor() as cursor:
        _stage(cursor, model, rows, columns, stored)
        outcome = Outcome(out_of_reach=_drop_out_of_reach(cursor, model, key, actor))
        changing = [c for c in columns if c not in key]
        outcome.updated = _update(cursor, model, key, changing, actor) if changing else 0
        outcome.created = _insert(cursor, model, key, columns, stored, actor)
        if outcome.created:
            access.require(actor, model, "add")
        _refuse_leaving(cursor, model, key, actor)
        outcome.unchanged = len(rows) - len(outcome.out_of_reach) - outcome.updated - outcome.created
        _derive(cursor, model, f"EXISTS (SELECT 1 FROM {STAGE} s WHERE {_matching(model, key)})")
        cursor.execute(f"DROP TABLE {STAGE}")
    return outcome


def _refuse_fields(
    model: type[models.Model], columns: Sequence[str], derived: Sequence[str], actor: Actor
) -> None:
    allowed = access.fields(actor, model).writable
    names = {f.column: f.name for f in model._meta.concrete_fields}
    if any(names[column] not in allowed for column in columns if column not in derived):
        raise NotAllowed


def _stage(cursor: Any, model: Any, rows: Sequence[Row], columns: list[str], stored: dict[str, Any]) -> None:
    types = ", ".join(f'"{c}" {stored[c].db_type(connection)}' for c in columns)
    cursor.execute(f"CREATE TEMP TABLE {STAGE} (bulk_position integer, {types}) ON COMMIT DROP")
    names = ", ".join(f'"{c}"' for c in columns)
    with cursor.copy(f"COPY {STAGE} (bulk_position, {names}) FROM STDIN") as copy:
        for position, row in enumerate(rows):
            copy.write_row([position, *(row[c] for c in columns)])
    cursor.execute(f"ANALYZE {STAGE}")


def _matching(model: Any, key: Sequence[str]) -> str:
    return " AND ".join(f't."{c}" = s."{c}"' for c in key)


def _reach(model: Any, actor: Actor, action: str) -> tuple[str, Any]:
    """A condition on ``t`` that holds for rows the actor may change."""
    if actor.reach(model, action) is Reach.NONE:
        return "FALSE", ()
    rule = access.rows(actor, model, action)
    if not rule:
        return "TRUE", ()
    inner, params = model._default_manager.filter(rule).values("pk").query.sql_with_params()
    return f"t.id IN ({inner})", params


def _drop_out_of_reach(cursor: Any, model: Any, key: Sequence[str], actor: Actor) -> list[int]:
    reach, params = _reach(model, actor, "change")
    if reach == "TRUE":
        return []
    cursor.execute(
        f"DELETE FROM {STAGE} s USING {model._meta.db_table} t "
        f"WHERE {_matching(model, key)} AND NOT ({reach}) RETURNING s.bulk_position",
        params,
    )
    return sorted(position for (position,) in cursor.fetchall())


def _refuse_leaving(cursor: Any, model: Any, key: Sequence[str], actor: Actor) -> None:
    made = (
        "EXISTS (SELECT 1 FROM core_bulkchange b WHERE b.request_id = %s AND b.record = %s "
        "AND b.record_id = t.id AND b.before IS NULL)"
    )
    for action, whose in (("add", made), ("change", f"NOT {made}")):
        reach, params = _reach(model, actor, action)
        if reach == "TRUE":
            continue
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {STAGE} s JOIN {model._meta.db_table} t ON {_matching(model, key)} "
            f"WHERE {whose} AND NOT ({reach}))",
            [actor.request_id, model._meta.label_lower, *params],
        )
        if cursor.fetchone()[0]:
            raise LeavesReach


def _update(cursor: Any, model: Any, key: Sequence[str], changing: list[str], actor: Actor) -> int:
    table = model._meta.db_table
    old = ", ".join(f't."{c}"' for c in changing)
    new = ", ".join(f's."{c}"' for c in changing)
    differs = (
        f"{_matching(model, key)} AND ({old}) IS DISTINCT FROM ({new})"
        if len(changing) > 1
        else (f"{_matching(model, key)} AND {old} IS DISTINCT FROM {new}")
    )
    before = ", ".join(f"'{c}', t.\"{c}\"" for c in changing)
    cursor.execute(
        "INSERT INTO core_bulkchange (request_id, record, record_id, before) "
        f"SELECT %s, %s, t.id, jsonb_build_object({before}) FROM {table} t, {STAGE} s WHERE {differs}",
        [actor.request_id, model._meta.label_lower],
    )
    settings = ", ".join(f'"{c}" = s."{c}"' for c in changing)
    cursor.execute(f"UPDATE {table} t SET {settings} FROM {STAGE} s WHERE {differs}")
    return int(cursor.rowcount)


def _insert(
    cursor: Any, model: Any, key: Sequence[str], columns: list[str], stored: dict[str, Any], actor: Actor
) -> int:
    table = model._meta.db_table
    constants = {
        name: f.get_db_prep_save(f.get_default(), connection)
        for name, f in stored.items()
        if name not in columns and not f.primary_key and not isinstance(f, SearchField)
    }
    names = ", ".join(f'"{c}"' for c in [*columns, *constants])
    values = ", ".join([*(f's."{c}"' for c in columns), *("%s" for _ in constants)])
    searched = next((f.column for f in stored.values() if isinstance(f, SearchField)), None)
    if searched:
        names, values = f'{names}, "{searched}"', f"{values}, ''::tsvector"
    cursor.execute(
        f"WITH made AS (INSERT INTO {table} ({names}) SELECT {values} FROM {STAGE} s "
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {_matching(model, key)}) "
        "ORDER BY s.bulk_position RETURNING id) "
        "INSERT INTO core_bulkchange (request_id, record, record_id, before) "
        "SELECT %s, %s, id, NULL FROM made",
        [*constants.values(), actor.request_id, model._meta.label_lower],
    )
    return int(cursor.rowcount)


def _derive(cursor: Any, model: Any, touched: str, params: Sequence[Any] = ()) -> None:
    """Compute search tokens and sort keys of the rows ``t`` for which the condition holds."""
    derived = [f for f in model._meta.concrete_fields if isinstance(f, SearchField | SortKeyField)]
    if not derived:
        return
    table = model._meta.db_table
    sources = sorted({n for f in derived for n in f.sources})
    cursor.execute(
        f"SELECT t.id, {', '.join(f't.{n}' for n in sources)} FROM {table} t WHERE {touched}", params
    )
    rows = [dict(zip(("id", *sources), values, strict=True)) for values in cursor.fetchall()]
    casts = ", ".join(f"{f.column} {'tsvector' if isinstance(f, SearchField) else 'text'}" for f in derived)
    cursor.execute(f"CREATE TEMP TABLE bulk_derived (id bigint, {casts}) ON COMMIT DROP")
    with cursor.copy(f"COPY bulk_derived (id, {', '.join(f.column for f in derived)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row["id"], *(f.value_for(row) for f in derived)])
    settings = ", ".join(f"{f.column} = d.{f.column}" for f in derived)
    cursor.execute(f"UPDATE {table} t SET {settings} FROM bulk_derived d WHERE t.id = d.id")
    cursor.execute("DROP TABLE bulk_derived")


LEDGER = "SELECT record_id FROM core_bulkchange WHERE request_id = %s AND record = %s"


def undo(model: type[models.Model], *, actor: Actor, request_id: Any) -> int:
    """Put back the records of this kind as they were before that request; returns how many.

    Raises Conflict when a record was changed again since, IntegrityError when others have come to depend on it.
    """
    access.require(actor, model, "delete")
    table, label = model._meta.db_table, model._meta.label_lower
    params = [request_id, label]
    with connection.cursor() as cursor:
        _refuse_if_changed_since(cursor, params)
        names = [f.column for f in model._meta.concrete_fields if not f.primary_key and f.serialize]
        former = f"jsonb_populate_record(NULL::{table}, b.before)"
        settings = ", ".join(
            f'"{c}" = CASE WHEN b.before ? \'{c}\' THEN ({former})."{c}" ELSE t."{c}" END' for c in names
        )
        earliest = "SELECT DISTINCT ON (record_id) record_id, before FROM core_bulkchange "
        earliest += "WHERE request_id = %s AND record = %s ORDER BY record_id, id"
        cursor.execute(
            f"UPDATE {table} t SET {settings} FROM ({earliest}) b "
            "WHERE b.record_id = t.id AND b.before IS NOT NULL",
            params,
        )
        restored = int(cursor.rowcount)
        cursor.execute(
            f"DELETE FROM {table} t USING core_bulkchange b "
            "WHERE b.request_id = %s AND b.record = %s AND b.record_id = t.id AND b.before IS NULL",
            params,
        )
        removed = int(cursor.rowcount)
        _derive(cursor, model, f"t.id IN ({LEDGER})", params)
    return restored + removed


def _refuse_if_changed_since(cursor: Any, params: Sequence[Any]) -> None:
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM core_bulkchange b JOIN core_bulkchange later "
        "ON later.record = b.record AND later.record_id = b.record_id AND later.id > b.id "
        "AND later.request_id <> b.request_id WHERE b.request_id = %s AND b.record = %s) "
        "OR EXISTS (SELECT 1 FROM core_bulkchange b JOIN core_auditentry a "
        "ON a.record = b.record AND a.record_id = b.record_id::text AND a.at > "
        "(SELECT max(at) FROM core_auditentry WHERE request_id = %s) "
        "WHERE b.request_id = %s AND b.record = %s)",
        [*params, params[0], *params],
    )
    if cursor.fetchone()[0]:
        raise Conflict(_("Some of these records were changed again since. Nothing was undone."))
