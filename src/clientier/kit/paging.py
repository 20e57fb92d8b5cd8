"""Pages by key: the millionth row is as near as the first, and nothing shifts while one reads.

The bounded form ``a <= x AND (a < x OR id < y)`` lets PostgreSQL begin in the middle of an index.
Rows without a value come after all others, as a second stretch of their own, so that the first stretch
can follow an index through a join.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from clientier.core.access import field_at
from clientier.core.custom.definitions import PREFIX
from clientier.core.errors import BadQuestion
from clientier.core.outside import is_storable
from clientier.kit.rows import value_at


@dataclass(frozen=True)
class Page:
    """Some records in order, with the cursors of the pages after and before (empty where there is none)."""

    records: Sequence[Any]
    after: str
    before: str


@dataclass(frozen=True)
class Order:
    path: str
    descending: bool
    nullable: bool

    @classmethod
    def by(cls, model: type[Model], path: str, *, descending: bool) -> Order:
        return cls(path, descending, nullable=path != "pk" and _may_be_missing(model, path))


def page(found: QuerySet[Any], order: Order, *, size: int, after: str = "", before: str = "") -> Page:
    """The page after or before a cursor, or the first one."""
    backwards = bool(before)
    cursor = _decode(after or before, found.model, order)
    records = _stretch(found, order, cursor, size + 1, backwards=backwards)
    more = len(records) > size
    records = records[:size]
    if backwards:
        records.reverse()
    has_next, has_previous = (True, more) if backwards else (more, bool(after))
    return Page(
        records,
        after=_encode(records[-1], order) if records and has_next else "",
        before=_encode(records[0], order) if records and has_previous else "",
    )


def in_order(found: QuerySet[Any], order: Order) -> QuerySet[Any]:
    """All rows in the order in which the pages show them."""
    way = F(order.path).desc(nulls_last=True) if order.descending else F(order.path).asc(nulls_last=True)
    return found.order_by(way, "-pk" if order.descending else "pk")


def beside(found: QuerySet[Any], order: Order, record: Model) -> tuple[Any, Any]:
    """The records after and before this one, or None at the ends."""
    cursor = _decode(_encode(record, order), type(record), order)
    after = _stretch(found, order, cursor, 1, backwards=False)
    before = _stretch(found, order, cursor, 1, backwards=True)
    return (after or [None])[0], (before or [None])[0]


def _stretch(
    found: QuerySet[Any], order: Order, cursor: tuple[Any, int] | None, size: int, *, backwards: bool
) -> list[Any]:
    filled, missing = found, found.none()
    if order.nullable:
        filled = found.filter(**{f"{order.path}__isnull": False})
        missing = found.filter(**{f"{order.path}__isnull": True})
    descending = order.descending != backwards
    ways = [(filled, order.path, True), (missing, "pk", False)]
    if not order.nullable:
        ways.pop()
    if backwards:
        ways.reverse()
    if cursor and order.nullable and (cursor[0] is None) != (not ways[0][2]):
        ways.pop(0)
    records: list[Any] = []
    for rows, path, _valued in ways:
        if cursor:
            rows = rows.filter(_beyond(path, cursor, descending=descending))
            cursor = None
        sign = "-" if descending else ""
        keys = [f"{sign}{path}", f"{sign}pk"] if path != "pk" else [f"{sign}pk"]
        records += rows.order_by(*keys)[: size - len(records)]
        if len(records) >= size:
            break
    return records


def _beyond(path: str, cursor: tuple[Any, int], *, descending: bool) -> Q:
    value, pk = cursor
    less = "lt" if descending else "gt"
    if path == "pk":
        return Q(**{f"pk__{less}": pk})
    return Q(**{f"{path}__{less}e": value}) & (Q(**{f"{path}__{less}": value}) | Q(**{f"pk__{less}": pk}))


def _may_be_missing(model: type[Model], path: str) -> bool:
    if PREFIX in path:
        return True
    hops = path.split("__")
    steps = ["__".join(hops[: i + 1]) for i in range(len(hops))]
    return any(getattr(field_at(model, s), "null", True) or _is_reverse(field_at(model, s)) for s in steps)


def _is_reverse(field: Any) -> bool:
    return field.is_relation and not field.concrete


def _encode(record: Model, order: Order) -> str:
    value = record.pk if order.path == "pk" else value_at(record, order.path)
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, dt.datetime):
        value = value.isoformat()  # to the microsecond, which Django's encoder drops
    text = json.dumps([value, record.pk], cls=DjangoJSONEncoder)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, model: type[Model], order: Order) -> tuple[Any, int] | None:
    """The value and the key at which to go on, if they are of the kinds that the order has."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, pk = json.loads(base64.urlsafe_b64decode(padded))
        field = model._meta.pk if order.path == "pk" else field_at(model, order.path)
        known = field.to_python(value)
        if (known is None and not order.nullable) or not is_storable(str(known)):
            raise ValueError(value)
        return known, int(pk)
    except (ValueError, TypeError, OverflowError, binascii.Error, ValidationError) as error:
        raise BadQuestion(_("This page link is damaged. Open the list again.")) from error
