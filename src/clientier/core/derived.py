"""Columns that follow from other columns of their row, computed for many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clientier.core.custom import definitions
from clientier.core.search import SearchField, SortKeyField


def derived_fields(model: Any) -> list[Any]:
    """The search and sort-key columns of a model."""
    return [f for f in model._meta.concrete_fields if isinstance(f, SearchField | SortKeyField)]


def derive(cursor: Any, model: Any, touched: str, params: Sequence[Any] = ()) -> None:
    """Compute search tokens and sort keys of the rows ``t`` for which the condition holds."""
    derived = derived_fields(model)
    if not derived:
        return
    table = model._meta.db_table
    sources = sorted({n for f in derived for n in f.columns})
    cursor.execute(
        f"SELECT t.id, {', '.join(f't.{n}' for n in sources)} FROM {table} t WHERE {touched}", params
    )
    rows = [dict(zip(("id", *sources), values, strict=True)) for values in cursor.fetchall()]
    casts = ", ".join(f"{f.column} {'tsvector' if isinstance(f, SearchField) else 'text'}" for f in derived)
    cursor.execute(f"CREATE TEMP TABLE bulk_derived (id bigint, {casts}) ON COMMIT DROP")
    copying = f"COPY bulk_derived (id, {', '.join(f.column for f in derived)}) FROM STDIN"
    with definitions.held_of(model), cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row([row["id"], *(f.value_for(row) for f in derived)])
    settings = ", ".join(f"{f.column} = d.{f.column}" for f in derived)
    cursor.execute(f"UPDATE {table} t SET {settings} FROM bulk_derived d WHERE t.id = d.id")
    cursor.execute("DROP TABLE bulk_derived")


def derive_all(connection: Any, model: Any, *, at_once: int = 20_000) -> None:
    """Compute them anew for every row, some at a time: what a migration does when the tokens are made otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(id), max(id) FROM {model._meta.db_table}")
        lowest, highest = cursor.fetchone()
        for first in range(lowest or 0, (highest or 0) + 1, at_once):
            derive(cursor, model, "t.id BETWEEN %s AND %s", (first, first + at_once - 1))
