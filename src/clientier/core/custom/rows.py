"""Custom values of many records at once, on their way through ``core.bulk``: checked as single ones are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from clientier.core.custom import definitions, values
from clientier.core.custom.definitions import PREFIX, Definition
from clientier.core.custom.models import Kind
from clientier.core.custom.values import COLUMN

Row = Mapping[str, Any]
BETWEEN_CHOICES = re.compile(r"[;,|\n、；，]")


def folded(model: type[models.Model], rows: Sequence[Row]) -> Sequence[Row]:
    """The same rows with all custom values in their one column; ValidationError where one does not fit."""
    if not rows or not any(name.startswith(PREFIX) for name in rows[0]):
        return rows
    definitions.hold_still()
    with definitions.held():
        known = {name: of for name in rows[0] if (of := named(model, name))}
        readers = {name: (of.code, _remembering(of)) for name, of in known.items()}
        folded_rows = []
        for row in rows:
            single = {code: read(row[name]) for name, (code, read) in readers.items()}
            others = {name: value for name, value in row.items() if name not in readers}
            folded_rows.append(others | {COLUMN: json.dumps(single, ensure_ascii=False)})
    return folded_rows


def named(model: type[models.Model], name: str) -> Definition | None:
    """The field of a column of such rows: references come under their key."""
    found = definitions.at(model, name)
    return found or (definitions.at(model, name.removesuffix("_id")) if name.endswith("_id") else None)


def paths(model: type[models.Model], rows: Sequence[Row]) -> set[str]:
    """The names of the custom fields that the rows hold."""
    return {of.path for name in (rows[0] if rows else ()) if (of := named(model, name))}


def from_cell(definition: Definition, cell: Any) -> Any:
    """The stored form of a value from a file, where several choices stand in one text, by their names or codes."""
    if definition.kind is Kind.CHOICES and isinstance(cell, str):
        by_word = {
            word.casefold(): choice.code
            for choice in definition.choices
            for word in (*choice.names.values(), choice.code)
        }
        words = [word.strip() for word in BETWEEN_CHOICES.split(cell) if word.strip()]
        cell = [by_word.get(word.casefold(), word) for word in words]
    return values.accepted(definition, cell, None, {})


def _remembering(definition: Definition) -> Callable[[Any], Any]:
    """Equal cells are judged once."""
    seen: dict[Any, Any] = {}

    def read(cell: Any) -> Any:
        if cell not in seen:
            seen[cell] = from_cell(definition, cell)
        return seen[cell]

    return read


def defaults_json(model: type[models.Model]) -> str:
    """What new records start with, in fields that are for all of them."""
    every = {code: each for code, each in definitions.live(model).items() if not each.applies}
    return json.dumps(values.defaults(every, {}))


def merged(column: str) -> str:
    """The SQL of a staged column; custom values are put over those that the record has."""
    return f'jsonb_strip_nulls(t."{column}" || s."{column}")' if column == COLUMN else f's."{column}"'


def incomplete(model: type[models.Model], columns: Sequence[str]) -> tuple[str, list[Any]] | None:
    """A condition on the staged rows ``s``: those that lack a required value; None where none can."""
    lacking: list[str] = []
    params: list[Any] = []
    for each in definitions.live(model).values():
        if not each.required or (each.default is not None and not each.applies):
            continue
        holds = [f"s.\"{COLUMN}\" ->> '{each.code}' IS NULL"] if COLUMN in columns else ["TRUE"]
        for name, wanted in each.applies.items():
            if name in columns:
                holds.append(f"coalesce(s.{connection.ops.quote_name(name)}, '') = ANY(%s)")
                params.append([*wanted, ""])
        lacking.append(f"({' AND '.join(holds)})")
    return (" OR ".join(lacking), params) if lacking else None
