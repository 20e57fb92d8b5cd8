"""Custom fields as fields that an import can fill: proposed by their names, and checked cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from clientier.core.custom import definitions, rows
from clientier.core.custom.definitions import Definition
from clientier.core.custom.models import Kind
from clientier.kit.imports.kinds import cell_text
from clientier.kit.imports.reasons import Reason, quoting
from clientier.kit.imports.targets import Choice, Field
from clientier.kit.imports.targets import Kind as CellKind

CELLS = {
    Kind.NUMBER: CellKind.DECIMAL, Kind.MONEY: CellKind.DECIMAL, Kind.DATE: CellKind.DAY,
    Kind.YES_NO: CellKind.YES_NO, Kind.CHOICE: CellKind.CHOICE,
}  # fmt: skip
LOOKUPS = {Kind.USER: "users", Kind.CUSTOMER: "customers"}


def fields_of(models: Iterable[type[Model]]) -> list[Field]:
    """The custom fields of the records that a target writes, but for those that are computed."""
    return [
        _field(each)
        for model in models
        for each in definitions.live(model).values()
        if each.kind is not Kind.FORMULA and (each.kind is not Kind.CHOICE or _choices(each))
    ]


def _field(each: Definition) -> Field:
    kind = CELLS.get(each.kind, CellKind.TEXT)
    return Field(
        name=each.path,
        label=each.label,
        kind=kind,
        synonyms=(*filter(None, each.names.values()), each.code),
        help=definitions.said(each.helps),
        lookup=LOOKUPS.get(each.kind),
        choices=_choices(each) if kind is CellKind.CHOICE else (),
        decimals={Kind.NUMBER: 6, Kind.MONEY: 4}.get(each.kind),
    )


def _choices(each: Definition) -> tuple[Choice, ...]:
    return tuple(
        Choice(choice.code, str(choice), tuple(choice.names.values()))
        for choice in each.choices
        if not choice.retired
    )


def checks_for(models: Iterable[type[Model]], names: Iterable[str]) -> dict[str, Any]:
    """A check of the whole column for every custom field among these."""
    known = {name: definitions.at(model, name) for model in models for name in names}
    return {name: _check(each) for name, each in known.items() if each and each.kind not in LOOKUPS}


def _check(definition: Definition) -> Any:
    judged: dict[Any, Reason | None] = {}

    def judge(cell: Any) -> Reason | None:
        if cell not in judged:
            try:
                rows.from_cell(definition, cell)
                judged[cell] = None
            except ValidationError as refusal:
                judged[cell] = quoting("does_not_fit", cell_text(cell), why=" ".join(refusal.messages))
        return judged[cell]

    def check(cells: Sequence[Any]) -> Mapping[int, Reason]:
        found = {position: judge(cell) for position, cell in enumerate(cells) if cell is not None}
        return {position: reason for position, reason in found.items() if reason is not None}

    return check
