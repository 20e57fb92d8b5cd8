"""Which value stands where several records become one, unless somebody chooses another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from clientier.core import entrusting
from clientier.core.custom import definitions
from clientier.core.custom.definitions import PREFIX
from clientier.core.custom.models import Kind
from clientier.rooms.duplicates.queries.kinds import kind_of
from clientier.rooms.parties.models import Customer


def merged_fields(model: type[Model] = Customer) -> list[str]:
    """All that one fills in of such a record, and may choose when several become one."""
    own = [each.path for each in definitions.live(model).values() if each.kind is not Kind.FORMULA]
    return [*kind_of(model).fields, *own]


def column_of(model: type[Model], name: str) -> str:
    """Under what a value is found among those that will stand."""
    return name if name.startswith(PREFIX) else model._meta.get_field(name).attname  # type: ignore[union-attr]


def held(record: Any, name: str) -> Any:
    """The stored value of a field, custom or not."""
    if name.startswith(PREFIX):
        return record.custom.get(name.removeprefix(PREFIX))
    return getattr(record, column_of(type(record), name))


def proposed(survivor: Any, others: Sequence[Any], chosen: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """By column: what was chosen, else the survivor's value, else the first there is; and what the kind gathers.

    Unless chosen, nobody who may not sign in comes to answer for the survivor.
    """
    model = type(survivor)
    values: dict[str, Any] = {}
    answering = set(entrusting.naming(model))
    names = [name for name in merged_fields(model) if column_of(model, name) in answering]
    shut_out = entrusting.shut_out(held(each, name) for each in others for name in names)
    for name in merged_fields(model):
        own, *further = (held(each, name) for each in (survivor, *others))
        if name in names:
            further = [key for key in further if key not in shut_out]
        values[column_of(model, name)] = next((v for v in (own, *further) if v not in (None, "")), own)
    values |= chosen or {}
    gathered = kind_of(model).gathers(survivor, others, values)
    return values | dict(gathered) | dict(chosen or {})
