"""What a custom field asks of the database behind the scenes: its index, and its words in the search box."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from clientier.core import jobs
from clientier.core.custom import definitions, values
from clientier.core.custom.definitions import Definition
from clientier.core.custom.models import Kind
from clientier.core.derived import derive

ROWS_AT_ONCE = 5_000


@jobs.task(name="core.settle_custom_field")
def settle(record: str, code: str, search: bool = False) -> None:
    """Bring the index of a field in line with its definition, and the search tokens of records that hold it."""
    model = apps.get_model(record)
    known = definitions.every(model).get(code)
    if known is None:
        return
    for former in Kind:
        if former != known.kind:
            drop_index(model, replace(known, kind=former))
    wanted = known.indexed and not known.retired and known.kind is not Kind.FORMULA
    build_index(model, known) if wanted else drop_index(model, known)
    if search:
        _derive_search(model, code)


def index_name(model: Any, definition: Definition) -> str:
    """One name for each field, kind and table: an index of another kind is another index."""
    whole = f"{model._meta.db_table}.{definition.code}.{definition.kind}"
    return f"custom_{definition.code[:20]}_{hashlib.sha256(whole.encode()).hexdigest()[:10]}"


def build_index(model: Any, definition: Definition) -> None:
    """Make the index without stopping anybody's work; one that was left half made is made anew."""
    name, table = index_name(model, definition), model._meta.db_table
    expression = values.expression(definition, '"custom"')
    ways = f"USING gin ({expression})" if definition.kind is Kind.CHOICES else f"({expression}, id)"
    concurrently = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        if found := cursor.fetchone():
            if found[0]:
                return
            cursor.execute(f'DROP INDEX {concurrently} "{name}"')
        cursor.execute(f'CREATE INDEX {concurrently} "{name}" ON "{table}" {ways}')
        cursor.execute(f'ANALYZE "{table}"')


def drop_index(model: Any, definition: Definition) -> None:
    concurrently = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX {concurrently} IF EXISTS "{index_name(model, definition)}"')


def _derive_search(model: Any, code: str) -> None:
    """Some records at a time, those that hold the field."""
    last = 0
    while True:
        found = model._default_manager.filter(pk__gt=last, custom__has_key=code).order_by("pk")
        keys = list(found.values_list("pk", flat=True)[:ROWS_AT_ONCE])
        if not keys:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            derive(cursor, model, "t.id = ANY(%s)", (keys,))
        last = keys[-1]
