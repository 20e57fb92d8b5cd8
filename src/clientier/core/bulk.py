"""Thousands of records in one go: created or updated by their key, in the database's own speed.

The same rights as single changes hold: fields that are locked or hidden are refused, rows out of reach are
left alone and reported. Every record that changes leaves its former values in the ledger, so that the whole
can be taken back (``undo``); the caller writes the one audit entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction

from clientier.core import access, entrusting
from clientier.core.actor import Actor
from clientier.core.custom import definitions
from clientier.core.custom import rows as custom_rows
from clientier.core.custom.values import COLUMN
from clientier.core.derived import derive, derived_fields
from clientier.core.errors import NotAllowed
from clientier.core.ledger import undo as undo

Row = Mapping[str, Any]
STAGE = "bulk_stage"
TOUCHED = "bulk_touched"


@dataclass
class Outcome:
    """Numbers of records created, updated and found the same; positions of rows that were left out.

    ``incomplete`` would lack a required custom field, ``not_given`` would go to somebody who may not sign in.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    out_of_reach: list[int] = field(default_factory=list)
    incomplete: list[int] = field(default_factory=list)
    not_given: list[int] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        return len(self.out_of_reach) + len(self.incomplete) + len(self.not_given)


class _LeavesReach(Exception):
    """Rows at these positions would become records that their writer may not write."""

    def __init__(self, positions: list[int]) -> None:
        super().__init__(positions)
        self.positions = positions


@transaction.atomic
def upsert(
    model: type[models.Model],
    rows: Sequence[Row],
    *,
    key: Sequence[str],
    actor: Actor,
    derived: Sequence[str] = (),
    only_new: Sequence[str] = (),
    defaults: Mapping[str, Any] | None = None,
    action: str = "change",
) -> Outcome:
    """Create or update the rows by their key.

    ``rows`` map column names (``customer_id``, not ``customer``) to database values, all rows the same
    columns, no key twice. ``derived`` names columns that follow from others and are exempt from the field
    rule, ``only_new`` those that are left alone where the record exists already; ``defaults`` are what
    new records get in columns that the rows lack. ``action`` is the right that decides which records are in
    reach: before the write, and after it. Values must be valid already; what breaks a constraint raises
    IntegrityError, with nothing written.
    """
    if custom_rows.paths(model, rows) - access.fields(actor, model).writable:
        raise NotAllowed
    rows, derived = custom_rows.folded(model, rows), (*derived, COLUMN)
    kept = list(range(len(rows)))
    refused: list[int] = []
    while kept:
        chosen = rows if len(kept) == len(rows) else [rows[position] for position in kept]
        columns = list(rows[0])
        _refuse_fields(model, columns, derived, actor)
        try:
            with transaction.atomic():
                changing = [column for column in columns if column not in {*key, *only_new}]
                outcome = _write(model, chosen, key, changing, actor, defaults or {}, action)
        except _LeavesReach as leaving:
            out = {kept[position] for position in leaving.positions}
            refused += sorted(out)
            kept = [position for position in kept if position not in out]
            continue
        outcome.incomplete = [kept[position] for position in outcome.incomplete]
        outcome.not_given = [kept[position] for position in outcome.not_given]
        outcome.out_of_reach = sorted([*refused, *(kept[position] for position in outcome.out_of_reach)])
        return outcome
    return Outcome(out_of_reach=sorted(refused))


def _write(
    model: type[models.Model],
    rows: Sequence[Row],
    key: Sequence[str],
    changing: list[str],
    actor: Actor,
    defaults: Mapping[str, Any],
    action: str,
) -> Outcome:
    columns, stored = list(rows[0]), {str(f.column): f for f in model._meta.concrete_fields}
    following = [f for f in derived_fields(model) if f.column not in columns]
    with definitions.held_of(model), connection.cursor() as cursor:
        _stage(cursor, rows, columns, following, stored)
        reach = _reach(model, actor, action)
        outcome = Outcome(out_of_reach=_drop_out_of_reach(cursor, model, key, reach))
        outcome.incomplete = _drop_incomplete(cursor, model, key, columns)
        outcome.not_given = _drop_not_given(cursor, model, key, columns, changing)
        outcome.updated = _update(cursor, model, key, changing, actor) if changing else 0
        if any(source in changing for f in following for source in f.columns):
            derive(cursor, model, f"t.id IN (SELECT id FROM {TOUCHED})")
        made = [*columns, *(f.column for f in following)]
        outcome.created = _insert(cursor, model, key, made, stored, actor, defaults)
        if outcome.created:
            _learn_size(cursor, model, outcome.created)
        if outcome.created and action == "change":
            access.require(actor, model, "add")
        outcome.unchanged = len(rows) - outcome.left_out - outcome.updated - outcome.created
        _refuse_leaving(cursor, model, key, reach)
        cursor.execute(f"DROP TABLE {STAGE}, {TOUCHED}")
    return outcome


def _refuse_fields(
    model: type[models.Model], columns: Sequence[str], derived: Sequence[str], actor: Actor
) -> None:
    allowed = access.fields(actor, model).writable
    names = {f.column: f.name for f in model._meta.concrete_fields}
    if any(names[column] not in allowed for column in columns if column not in derived):
        raise NotAllowed


def _stage(
    cursor: Any, rows: Sequence[Row], columns: list[str], following: Sequence[Any], stored: dict[str, Any]
) -> None:
    """The rows as a temporary table, with the columns that follow from others for those that are new."""
    staged = [*columns, *(f.column for f in following)]
    types = ", ".join(f'"{c}" {stored[c].db_type(connection)}' for c in staged)
    cursor.execute(f"CREATE TEMP TABLE {STAGE} (bulk_position integer, {types}) ON COMMIT DROP")
    cursor.execute(f"CREATE TEMP TABLE {TOUCHED} (id bigint) ON COMMIT DROP")
    names = ", ".join(f'"{c}"' for c in staged)
    sources = {source for f in following for source in f.columns}
    with cursor.copy(f"COPY {STAGE} (bulk_position, {names}) FROM STDIN") as copy:
        for position, row in enumerate(rows):
            facts = {source: row.get(source) or "" for source in sources}
            copy.write_row([position, *(row[c] for c in columns), *(f.value_for(facts) for f in following)])
    cursor.execute(f"ANALYZE {STAGE}")


def _matching(model: Any, key: Sequence[str]) -> str:
    return " AND ".join(f't."{c}" = s."{c}"' for c in key)


Reached = tuple[str, Any]
EVERYTHING: Reached = ("TRUE", ())


def _reach(model: Any, actor: Actor, action: str) -> Reached:
    """A condition on ``t`` that holds for rows the actor may write."""
    rule = access.rows(actor.by_right(), model, action)
    if not rule:
        return EVERYTHING
    try:
        inner, params = model._default_manager.filter(rule).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "FALSE", ()
    return f"t.id IN ({inner})", params


def _drop_out_of_reach(cursor: Any, model: Any, key: Sequence[str], reach: Reached) -> list[int]:
    if reach == EVERYTHING:
        return []
    cursor.execute(
        f"DELETE FROM {STAGE} s USING {model._meta.db_table} t "
        f"WHERE {_matching(model, key)} AND NOT ({reach[0]}) RETURNING s.bulk_position",
        reach[1],
    )
    return sorted(position for (position,) in cursor.fetchall())


def _drop_incomplete(cursor: Any, model: Any, key: Sequence[str], columns: Sequence[str]) -> list[int]:
    """New records need what is required; of those that exist nothing is asked that was not asked before."""
    lacking = custom_rows.incomplete(model, columns)
    if lacking is None:
        return []
    cursor.execute(
        f"DELETE FROM {STAGE} s WHERE ({lacking[0]}) AND NOT EXISTS "
        f"(SELECT 1 FROM {model._meta.db_table} t WHERE {_matching(model, key)}) RETURNING s.bulk_position",
        lacking[1],
    )
    return sorted(position for (position,) in cursor.fetchall())


def _drop_not_given(
    cursor: Any, model: Any, key: Sequence[str], columns: Sequence[str], changing: Sequence[str]
) -> list[int]:
    """Nobody who may not sign in is given a record; where they have it already, it stays theirs."""
    dropped, users = set(), get_user_model()._meta.db_table
    for given, there in entrusting.given_anew(model, columns):
        same = f"{there} = {given}" if any(f'"{column}"' in given for column in changing) else "TRUE"
        cursor.execute(
            f"DELETE FROM {STAGE} s USING {users} u WHERE u.id = {given} AND NOT u.is_active AND NOT EXISTS "
            f"(SELECT 1 FROM {model._meta.db_table} t WHERE {_matching(model, key)} AND {same}) "
            "RETURNING s.bulk_position"
        )
        dropped |= {position for (position,) in cursor.fetchall()}
    return sorted(dropped)


def _refuse_leaving(cursor: Any, model: Any, key: Sequence[str], reach: Reached) -> None:
    """New records, and changed ones, must lie in the writer's own reach when all is done."""
    if reach == EVERYTHING:
        return
    cursor.execute(
        f"SELECT s.bulk_position FROM {STAGE} s JOIN {model._meta.db_table} t ON {_matching(model, key)} "
        f"WHERE NOT ({reach[0]})",
        reach[1],
    )
    if leaving := [position for (position,) in cursor.fetchall()]:
        raise _LeavesReach(leaving)


def _update(cursor: Any, model: Any, key: Sequence[str], changing: list[str], actor: Actor) -> int:
    table = model._meta.db_table
    old = ", ".join(f't."{c}"' for c in changing)
    new = ", ".join(custom_rows.merged(c) for c in changing)
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
    settings = ", ".join(f'"{c}" = {custom_rows.merged(c)}' for c in changing)
    cursor.execute(
        f"WITH made AS (UPDATE {table} t SET {settings} FROM {STAGE} s WHERE {differs} RETURNING t.id) "
        f"INSERT INTO {TOUCHED} SELECT id FROM made"
    )
    return int(cursor.rowcount)


def _learn_size(cursor: Any, model: Any, created: int) -> None:
    """Renew the planner's statistics when a table has outgrown them.

    Nobody else can do it before this transaction ends, and by then joins of thousands of orders that are
    planned for an empty table have taken minutes.
    """
    table = model._meta.db_table
    cursor.execute("SELECT reltuples < %s FROM pg_class WHERE oid = %s::regclass", [created, table])
    if cursor.fetchone()[0]:
        cursor.execute(f'ANALYZE "{table}"')


def _insert(
    cursor: Any,
    model: Any,
    key: Sequence[str],
    columns: list[str],
    stored: dict[str, Any],
    actor: Actor,
    defaults: Mapping[str, Any],
) -> int:
    table = model._meta.db_table
    custom = [custom_rows.defaults_json(model)] if COLUMN in stored else []
    constants = {
        name: f.get_db_prep_save(defaults.get(name, f.get_default()), connection)
        for name, f in stored.items()
        if name not in columns and not f.primary_key
    }
    if COLUMN in constants:
        constants[COLUMN] = custom.pop()
    names = ", ".join(f'"{c}"' for c in [*columns, *constants])
    staged = [f'jsonb_strip_nulls(%s::jsonb || s."{c}")' if c == COLUMN else f's."{c}"' for c in columns]
    values = ", ".join([*staged, *("%s" for _ in constants)])
    cursor.execute(
        f"WITH made AS (INSERT INTO {table} ({names}) SELECT {values} FROM {STAGE} s "
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {_matching(model, key)}) "
        "ORDER BY s.bulk_position RETURNING id) "
        "INSERT INTO core_bulkchange (request_id, record, record_id, before) "
        "SELECT %s, %s, id, NULL FROM made",
        [*custom, *constants.values(), actor.request_id, model._meta.label_lower],
    )
    return int(cursor.rowcount)
