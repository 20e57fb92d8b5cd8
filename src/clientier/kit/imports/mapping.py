"""Which column of a file fills which field, and how the file is read: remembered, passed on as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from clientier.kit.imports.dates import DateOrder
from clientier.kit.imports.numbers import DecimalMark
from clientier.kit.imports.reasons import refuse

Unknown = Literal["refuse", "empty", "make"]


@dataclass(frozen=True, slots=True)
class Binding:
    """What fills one field: a column, several columns joined by blanks, or one constant for all rows.

    ``prefix`` is put before every value, so that keys of two files can live side by side ("R-17", "C-17").
    ``unknown`` says what becomes of a row that refers to nothing known: "refuse" it, or leave the field
    "empty", or "make" a record of that name, where the field allows it.
    """

    columns: tuple[str, ...] = ()
    constant: str | None = None
    prefix: str = ""
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A second file that adds columns: those of its row whose ``to`` equals the first file's ``on``."""

    file: str
    on: str
    to: str
    take: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """Keeps the rows whose column holds one of the values; with ``keep`` False, drops them."""

    column: str
    values: tuple[str, ...]
    keep: bool = True


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """All that must be known to import a file of one shape; what is None is detected."""

    target: str
    fields: Mapping[str, Binding]
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    heading_row: int | None = None
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    time_zone: str | None = None
    joins: tuple[Join, ...] = ()
    where: tuple[Where, ...] = ()

    def columns_read(self) -> set[str]:
        """The headings of the columns that the fields and the conditions need."""
        bound = {column for binding in self.fields.values() for column in binding.columns}
        return bound | {condition.column for condition in self.where}

    def treating_unknown(self, way: Unknown) -> list[str]:
        """The fields for which the importer chose this for rows that refer to nothing known."""
        return [name for name, bound in self.fields.items() if bound.unknown == way]


def replace_field(mapping: FieldMapping, name: str, bound: Binding) -> FieldMapping:
    """The mapping with this field filled so."""
    return replace(mapping, fields={**mapping.fields, name: bound})


def mapping_to_dict(mapping: FieldMapping) -> dict[str, Any]:
    """The mapping as plain JSON values, without what is not set; ``mapping_from_dict`` gives it back."""
    plain: dict[str, Any] = {
        option.name: getattr(mapping, option.name)
        for option in fields(mapping)
        if option.name not in ("fields", "joins", "where") and getattr(mapping, option.name) is not None
    }
    if mapping.joins:
        plain["joins"] = [_plain(join) for join in mapping.joins]
    if mapping.where:
        plain["where"] = [_plain(condition) for condition in mapping.where]
    plain["fields"] = {name: _plain_binding(binding) for name, binding in mapping.fields.items()}
    return plain


def mapping_from_dict(plain: Mapping[str, Any]) -> FieldMapping:
    """The mapping that a dictionary describes; ``ImportRefusedError`` names what is not understood."""
    given = dict(plain)
    bindings, joins, conditions = given.pop("fields", None), given.pop("joins", []), given.pop("where", [])
    if not isinstance(bindings, Mapping):
        raise refuse("bad_mapping", text="fields")
    if not isinstance(joins, list) or not isinstance(conditions, list):
        raise refuse("bad_mapping", text="joins, where")
    options = _checked(FieldMapping, given, "")
    return FieldMapping(
        fields={name: _binding(described, f"fields.{name}") for name, described in bindings.items()},
        joins=tuple(Join(**_checked(Join, described, "joins")) for described in joins),
        where=tuple(Where(**_checked(Where, described, "where")) for described in conditions),
        **options,
    )


def _plain(part: Join | Where | Binding) -> dict[str, Any]:
    empty: tuple[object, ...] = (None, (), "")
    values = {option.name: getattr(part, option.name) for option in fields(part)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value not in empty and not (name == "keep" and value)
    }


def _plain_binding(binding: Binding) -> str | dict[str, Any]:
    plain = _plain(binding)
    if binding.constant is not None:
        plain["constant"] = binding.constant
    if len(binding.columns) == 1:
        del plain["columns"]
        plain = {"column": binding.columns[0], **plain}
    return binding.columns[0] if plain.keys() == {"column"} else plain


def _binding(described: object, place: str) -> Binding:
    if isinstance(described, str):
        return Binding((described,))
    given = dict(described) if isinstance(described, Mapping) else {}
    if "column" in given:
        given["columns"] = [given.pop("column")]
    binding = Binding(**_checked(Binding, given, place))
    if bool(binding.columns) == (binding.constant is not None):
        raise refuse("bad_mapping", text=place)
    return binding


def _checked(part: type[object], described: object, place: str) -> dict[str, Any]:
    """The values for a part of a mapping, each of the type that it must have."""
    if not isinstance(described, Mapping):
        raise refuse("bad_mapping", text=place)
    values: dict[str, Any] = {}
    for name, value in described.items():
        expected = PARTS[part].get(name)
        if expected is None or not _fits(value, expected):
            raise refuse("bad_mapping", text=f"{place}.{name}".strip("."))
        values[name] = tuple(value) if expected is tuple else value
    if missing := REQUIRED & set(PARTS[part]) - set(values):
        raise refuse("bad_mapping", text=f"{place}.{min(missing)}".strip("."))
    return values


def _fits(value: object, expected: object) -> bool:
    if expected is tuple:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(expected, frozenset):
        return value in expected
    return isinstance(value, expected) if isinstance(expected, type) else False


DATE_ORDERS = frozenset(get_args(DateOrder))
DECIMAL_MARKS = frozenset(get_args(DecimalMark))
UNKNOWN = frozenset(get_args(Unknown))
REQUIRED = frozenset({"target", "file", "on", "to", "column", "values"})
PARTS: Mapping[type[object], Mapping[str, object]] = {
    Binding: {
        "columns": tuple,
        "constant": str,
        "prefix": str,
        "date_order": DATE_ORDERS,
        "decimal_mark": DECIMAL_MARKS,
        "unknown": UNKNOWN,
    },
    Join: {"file": str, "on": str, "to": str, "take": tuple},
    Where: {"column": str, "values": tuple, "keep": bool},
    FieldMapping: {
        "target": str,
        "sheet": str,
        "encoding": str,
        "delimiter": str,
        "heading_row": int,
        "date_order": DATE_ORDERS,
        "decimal_mark": DECIMAL_MARKS,
        "time_zone": str,
    },
}
