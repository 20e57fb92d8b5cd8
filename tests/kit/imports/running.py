"""Short ways to import a text in tests, and to look at whole tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection

from clientier.core.actor import Actor, Door, system
from clientier.kit.imports.executing import execute, problems_of
from clientier.kit.imports.mapping import mapping_from_dict, mapping_to_dict
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.runs import proposal
from clientier.kit.imports.survey import survey
from clientier.kit.models import ImportRun

WRITTEN = (
    "parties_customer",
    "parties_contact",
    "catalog_product",
    "trade_order",
    "trade_orderline",
    "trade_costtoserve",
    "trade_currencyrate",
    "activities_interaction",
)
ACTOR = system(Door.COMMAND)


def prepared(path: Path, target: str, fields: dict[str, Any] | None = None, **options: Any) -> ImportRun:
    """An import that is ready to run; without fields, mapped as proposed."""
    if fields is None:
        mapping = proposal(TARGETS[target], survey(open_source(path)), ACTOR)
    else:
        mapping = mapping_from_dict({"target": target, "fields": fields, **options})
    return ImportRun(
        pk=uuid4(), target=target, file_name=path.name, path=str(path), mapping=mapping_to_dict(mapping)
    )


def imported(
    path: Path,
    target: str,
    fields: dict[str, Any] | None = None,
    *,
    actor: Actor = ACTOR,
    rows_at_a_time: int = 20_000,
    **options: Any,
) -> ImportRun:
    """The finished import of a file."""
    run = prepared(path, target, fields, **options)
    run.user_id = actor.user_id
    run.save()
    return execute(run, actor=actor, rows_at_a_time=rows_at_a_time)


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    """Rows, created, changed, unchanged, in error."""
    return run.rows_done, run.created, run.updated, run.unchanged, run.errors


def errors(run: ImportRun) -> dict[int, list[str]]:
    """The reasons by row."""
    return {number: [str(problem) for problem in problems] for number, problems in problems_of(run)}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that imports write."""
    found = {}
    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found
