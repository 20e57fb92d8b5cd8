"""The custom values of a record: one JSON column that is read, asked and written by typed definitions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Lookup, Transform
from django.utils.translation import gettext as _

from clientier.core.custom import definitions, formula, kinds
from clientier.core.custom.definitions import PREFIX, Definition
from clientier.core.custom.kinds import CodesField
from clientier.core.custom.models import Kind

COLUMN = "custom"


class IsoDayField(models.DateField):
    """A day that is stored as text in ISO form, which sorts as days do."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        day = value if prepared else self.get_prep_value(value)
        return day.isoformat() if isinstance(day, dt.date) else day

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return dt.date.fromisoformat(value) if isinstance(value, str) else value


class CustomValuesField(models.JSONField):
    """What the definitions of ``core.custom`` put into a record; paths go on into it: ``custom__code``."""

    def __init__(self, *names: Any, **options: Any) -> None:
        fixed = {"default": dict, "db_default": {}, "blank": True, "editable": False}
        super().__init__(*names, **{**options, **fixed})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for fixed in ("default", "db_default", "blank", "editable"):
            options.pop(fixed, None)
        return name, path, args, options

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        cls.TAKES_CUSTOM_FIELDS = True

    def get_transform(self, lookup_name: str) -> Any:
        known = definitions.live(self.model).get(lookup_name)
        if known is None:
            return super().get_transform(lookup_name)
        return lambda *expressions: CustomValue(known, *expressions)


class CustomValue(Transform):
    """One custom value in the database, with the type that its definition gives it."""

    def __init__(self, definition: Definition, *expressions: Any) -> None:
        self.definition = definition
        super().__init__(*expressions, output_field=_stored_field(definition))

    @property
    def column(self) -> Any:
        """The column that holds all custom values of the record."""
        return self.lhs

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> tuple[str, Any]:
        column, params = compiler.compile(self.column)
        if self.definition.kind is Kind.FORMULA:
            table = column.rpartition(".")[0]
            return formula.as_sql(self.definition, self.column.target.model, table)
        return expression(self.definition, column), params


def expression(definition: Definition, column: str) -> str:
    """The SQL of a stored custom value; an index on it must say exactly the same."""
    text = f"({column} ->> '{definition.code}')"
    match definition.kind:
        case Kind.NUMBER | Kind.MONEY:
            return f"({text}::numeric)"
        case Kind.YES_NO:
            return f"({text}::boolean)"
        case Kind.USER | Kind.CUSTOMER:
            return f"({text}::bigint)"
        case Kind.CHOICES:
            return f"({column} -> '{definition.code}')"
        case _:
            return text


def _stored_field(definition: Definition) -> models.Field[Any, Any]:
    match definition.holds:
        case Kind.NUMBER | Kind.MONEY:
            return models.DecimalField(max_digits=60, decimal_places=20)
        case Kind.YES_NO:
            return models.BooleanField()
        case Kind.USER | Kind.CUSTOMER:
            return models.BigIntegerField()
        case Kind.CHOICES:
            return CodesField()
        case Kind.DATE:
            return models.DateField() if definition.kind is Kind.FORMULA else IsoDayField()
        case _:
            return models.TextField()


@CodesField.register_lookup
class HoldsAny(Lookup):
    """At least one of the codes."""

    lookup_name = "in"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} ?| %s::text[]", (*params, list(self.rhs))


def put(record: models.Model, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set the custom values among the changes, if they fit, and hand back the other changes.

    Required fields must be filled in new records, and stay so where they are changed; what else was there
    before is not judged anew. ValidationError names every field that does not fit.
    """
    model = type(record)
    given = {name: value for name, value in changes.items() if name.startswith(PREFIX)}
    others = {name: value for name, value in changes.items() if name not in given}
    fresh = record._state.adding
    if not definitions.takes_custom_fields(model) or not (given or fresh):
        return others
    definitions.hold_still()
    known = definitions.live(model)
    facts = {name: others.get(name, getattr(record, name, None)) for name in _deciding(known)}
    values = dict(getattr(record, COLUMN))
    if fresh:
        values |= defaults(known, facts)
    wrong: dict[str, list[str]] = {}
    for code, definition in known.items():
        if definition.path in given:
            try:
                value = accepted(definition, given[definition.path], values.get(code), facts)
            except ValidationError as refusal:
                wrong[definition.path] = refusal.messages
                continue
            values = {**values, code: value} if value is not None else _without(values, code)
        asked = definition.required and (fresh or definition.path in given) and definition.applies_to(facts)
        if asked and values.get(code) is None:
            wrong.setdefault(definition.path, [_("This field is required.")])
    if wrong:
        raise ValidationError(wrong)
    setattr(record, COLUMN, values)
    return others


def accepted(definition: Definition, value: Any, before: Any, facts: Mapping[str, Any]) -> Any:
    """The stored form of a value, if this record may have it; retired choices stay, and are not chosen anew."""
    kept = kinds.stored(definition, value)
    if kept is None or kept == before:
        return kept
    if not definition.applies_to(facts):
        raise ValidationError(_("This field is not for a record of this kind."))
    chosen = set(kept if isinstance(kept, list) else [kept]) if definition.choices else set()
    had = set(before if isinstance(before, list) else [before])
    for code in chosen - had:
        if definition.by_choice[code].retired:
            raise ValidationError(
                _("“%(value)s” is no longer chosen.") % {"value": definition.by_choice[code]}
            )
    return kept


def defaults(known: Mapping[str, Definition], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record starts with."""
    return {
        code: each.default
        for code, each in known.items()
        if each.default is not None and each.applies_to(facts)
    }


def value_of(record: models.Model, definition: Definition) -> Any:
    """The value of a stored custom field of this record."""
    return kinds.read(definition, getattr(record, COLUMN).get(definition.code))


def spread(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values by column, with each custom value by itself, as the audit keeps them."""
    if COLUMN not in values or not definitions.takes_custom_fields(model):
        return dict(values)
    single = values[COLUMN] or {}
    single = json.loads(single) if isinstance(single, str) else single
    others = {name: value for name, value in values.items() if name != COLUMN}
    return others | {f"{PREFIX}{code}": value for code, value in single.items()}


def gathered(record: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """The other way: values by column, the custom ones put into those that the record has now."""
    single = {name.removeprefix(PREFIX): v for name, v in values.items() if name.startswith(PREFIX)}
    others = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    if not single:
        return others
    whole = {**getattr(record, COLUMN), **single}
    return {**others, COLUMN: {code: value for code, value in whole.items() if value is not None}}


def _deciding(known: Mapping[str, Definition]) -> set[str]:
    return {name for each in known.values() for name in each.applies}


def _without(values: Mapping[str, Any], code: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != code}


def readable_texts(record: Any, known: Mapping[str, Definition]) -> Iterator[str]:
    """The texts of a record (or its values) by which the search box finds it."""
    values = record if isinstance(record, dict) else getattr(record, COLUMN)
    for code, each in known.items():
        if each.searchable and isinstance(value := values.get(code), str):
            yield value
