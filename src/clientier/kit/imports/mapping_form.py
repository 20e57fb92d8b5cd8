"""The table in which a person says which column is what: what it shows, and what it says when it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core.outside import whole_number
from clientier.kit.imports.dates import DateOrder
from clientier.kit.imports.encoding import LABELS
from clientier.kit.imports.mapping import Binding, FieldMapping
from clientier.kit.imports.numbers import DecimalMark
from clientier.kit.imports.proposing import BASES, Proposal, propose
from clientier.kit.imports.source import Facts
from clientier.kit.imports.survey import Column
from clientier.kit.imports.targets import Field, Kind, Target

Posted = Mapping[str, Any]
SURE, LIKELY = 0.9, 0.7
DATE_ORDERS: dict[DateOrder, Any] = {
    "ymd": gettext_lazy("year, month, day"),
    "dmy": gettext_lazy("day, month, year"),
    "mdy": gettext_lazy("month, day, year"),
}
DECIMAL_MARKS: dict[DecimalMark, Any] = {".": gettext_lazy("1,234.56"), ",": gettext_lazy("1.234,56")}
UNKNOWN = {
    "refuse": gettext_lazy("not found: refuse the row"),
    "empty": gettext_lazy("not found: leave it empty"),
}
DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar"),
}
KINDS = {
    Kind.TEXT: gettext_lazy("text"),
    Kind.INTEGER: gettext_lazy("whole numbers"),
    Kind.DECIMAL: gettext_lazy("numbers"),
    Kind.DAY: gettext_lazy("days"),
    Kind.MOMENT: gettext_lazy("days with times"),
    Kind.YES_NO: gettext_lazy("yes or no"),
    Kind.CHOICE: gettext_lazy("choices"),
}


@dataclass(frozen=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file in the table: what it holds, which field it fills, how sure that is and why."""

    place: int
    column: Column
    holds: str
    options: list[Option]
    field: Field | None
    tone: str
    sureness: str
    basis: str
    prefix: str
    takes_prefix: bool
    date_orders: list[Option]
    decimal_marks: list[Option]
    ambiguous: bool
    unknown: list[Option]


@dataclass(frozen=True)
class FieldRow:
    """A field that no column fills of itself: it can take a column once more, or one value for all rows."""

    field: Field
    missing: bool
    columns: list[Option]
    choices: list[Option]
    constant: str


def column_rows(
    target: Target, columns: Sequence[Column], mapping: FieldMapping, *, remembered: bool
) -> list[ColumnRow]:
    """One row for every column of the file."""
    proposals = {proposal.column: proposal for proposal in propose(target, columns)}
    filled = first_fields(target, mapping)
    return [
        _column_row(target, place, column, filled.get(column.heading), mapping, proposals, remembered)
        for place, column in enumerate(columns)
    ]


def first_fields(target: Target, mapping: FieldMapping) -> dict[str, Field]:
    """The field that each column fills; for one that fills several, the one it suits best by name."""
    fields: dict[str, Field] = {}
    for name, binding in mapping.fields.items():
        for heading in binding.columns:
            if name in target.by_name and (heading not in fields or name == "name"):
                fields[heading] = target.by_name[name]
    return fields


def field_rows(target: Target, columns: Sequence[Column], mapping: FieldMapping) -> list[FieldRow]:
    """One row for every field that has no column of its own, those that are required first."""
    own = {field.name for field in first_fields(target, mapping).values()}
    rows = [_field_row(field, columns, mapping) for field in target.fields if field.name not in own]
    return sorted(rows, key=lambda row: not (row.missing or row.field.required))


def posted_mapping(
    target: Target, headings: Sequence[str], posted: Posted, before: FieldMapping
) -> FieldMapping:
    """The mapping that the table says when it is sent."""
    bindings: dict[str, Binding] = {}
    for place, heading in enumerate(headings):
        name = posted.get(f"column-{place}", "")
        if name not in target.by_name:
            continue
        known = bindings.get(name, Binding())
        bindings[name] = Binding(
            (*known.columns, heading),
            prefix=posted.get(f"prefix-{place}", "").strip() or known.prefix,
            date_order=_one_of(DATE_ORDERS, posted.get(f"date_order-{place}")) or known.date_order,
            decimal_mark=_one_of(DECIMAL_MARKS, posted.get(f"decimal_mark-{place}")) or known.decimal_mark,
            unknown=_unknown(target.by_name[name], posted.get(f"unknown-{place}")) or known.unknown,
        )
    for name in target.by_name:
        if name in bindings:
            continue
        heading, constant = posted.get(f"also-{name}", ""), posted.get(f"constant-{name}", "").strip()
        if heading in headings:
            bindings[name] = Binding((heading,))
        elif constant:
            bindings[name] = Binding(constant=constant)
    for name, bound in bindings.items():
        former = before.fields.get(name, Binding()).columns
        if set(former) == set(bound.columns):  # the order in which several columns count is not in the table
            bindings[name] = replace(bound, columns=former)
    return replace(before, fields=bindings)


def posted_reading(posted: Posted, before: FieldMapping) -> FieldMapping:
    """How the file is to be read: what is left empty is detected."""
    row = posted.get("heading_row", "").strip()
    return replace(
        before,
        encoding=posted.get("encoding") or None,
        delimiter=_one_of(DELIMITERS, posted.get("delimiter")),
        sheet=posted.get("sheet") or None,
        heading_row=whole_number(row),
        date_order=_one_of(DATE_ORDERS, posted.get("date_order")),
        decimal_mark=_one_of(DECIMAL_MARKS, posted.get("decimal_mark")),
    )


def reading_options(facts: Facts, mapping: FieldMapping) -> dict[str, Any]:
    """What was detected, each with what else it could be."""
    detected = _("as detected")
    return {
        "form": facts.form,
        "encodings": _encodings(facts, mapping, detected),
        "delimiters": _delimiters(facts, mapping),
        "sheets": _options({name: name for name in facts.sheets}, mapping.sheet or facts.sheet)
        if len(facts.sheets) > 1
        else [],
        "heading_row": mapping.heading_row if mapping.heading_row is not None else facts.heading_row,
        "date_orders": [Option("", detected), *_options(DATE_ORDERS, mapping.date_order)],
        "decimal_marks": [Option("", detected), *_options(DECIMAL_MARKS, mapping.decimal_mark)],
    }


def _encodings(facts: Facts, mapping: FieldMapping, detected: str) -> list[Option]:
    if facts.encoding is None:
        return []
    found = f"{facts.encoding.label} – {facts.encoding.basis_words}"
    return [Option("", detected if mapping.encoding else found), *_options(LABELS, mapping.encoding)]


def _delimiters(facts: Facts, mapping: FieldMapping) -> list[Option]:
    if facts.delimiter is None:
        return []
    chosen = mapping.delimiter or facts.delimiter
    return _options(DELIMITERS | ({chosen: chosen} if chosen not in DELIMITERS else {}), chosen)


def _column_row(
    target: Target,
    place: int,
    column: Column,
    field: Field | None,
    mapping: FieldMapping,
    proposals: Mapping[str, Proposal],
    remembered: bool,
) -> ColumnRow:
    binding = mapping.fields.get(field.name, Binding()) if field else Binding()
    proposal = proposals.get(column.heading)
    tone, sureness, basis = _why(field, proposal, remembered)
    detection = column.detection
    fills_days = field is not None and field.kind in (Kind.DAY, Kind.MOMENT)
    dated = fills_days and detection.form.date_order != "ymd"
    return ColumnRow(
        place,
        column,
        str(KINDS[detection.kind]),
        [Option(f.name, str(f.label), field is not None and f.name == field.name) for f in target.fields],
        field,
        tone,
        sureness,
        basis,
        binding.prefix,
        field is not None and field.kind is Kind.TEXT,
        _options(DATE_ORDERS, binding.date_order or detection.form.date_order) if dated else [],
        _options(DECIMAL_MARKS, binding.decimal_mark or detection.form.decimal_mark)
        if detection.ambiguous and field is not None and field.kind in (Kind.INTEGER, Kind.DECIMAL)
        else [],
        detection.ambiguous,
        _options(UNKNOWN, binding.unknown or "refuse") if field is not None and field.lookup else [],
    )


def _why(field: Field | None, proposal: Proposal | None, remembered: bool) -> tuple[str, str, str]:
    """Tone, how sure, and on what it rests."""
    if field is None:
        return "", _("not imported"), ""
    if remembered:
        return "good", _("as last time"), ""
    if proposal is None or proposal.field != field.name:
        return "info", _("chosen"), ""
    basis = str(BASES[proposal.basis])
    if proposal.confidence >= SURE:
        return "good", _("sure"), basis
    return ("good", _("likely"), basis) if proposal.confidence >= LIKELY else ("warn", _("guess"), basis)


def _field_row(field: Field, columns: Sequence[Column], mapping: FieldMapping) -> FieldRow:
    binding = mapping.fields.get(field.name, Binding())
    taken = binding.columns[0] if binding.columns else ""
    return FieldRow(
        field,
        field.required and field.default is None and field.name not in mapping.fields,
        [Option(column.heading, column.heading, column.heading == taken) for column in columns],
        [
            Option(choice.value, str(choice.label), choice.value == binding.constant)
            for choice in field.choices
        ],
        binding.constant or "",
    )


def _options(labels: Mapping[Any, Any], chosen: str | None) -> list[Option]:
    return [Option(value, str(label), value == chosen) for value, label in labels.items()]


def _unknown(field: Field, chosen: Any) -> Any:
    """What the importer chose for rows that refer to nothing known; before that, what the field proposes."""
    if not field.lookup:
        return None
    return _one_of(UNKNOWN, chosen) or (field.when_unknown if field.when_unknown != "refuse" else None)


def _one_of(labels: Mapping[Any, Any], value: Any) -> Any:
    return value if value in labels else None
