"""Questions to the database that are put into words once a process, and asked with ever other values.

What is asked before every page takes Django longer to word than PostgreSQL to answer. Only the wording is kept,
never an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

_FAR = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
_LARGE = 2**31 - 2**12
Value = int | dt.datetime | Sequence[int]


class Prepared:
    """A question by keys, moments and lists of keys: ``ask`` makes its queryset from any such values.

    ``ask`` must do the same whatever the values, and its fields must be of kinds that the database gives as they
    are kept in records.
    """

    def __init__(self, ask: Callable[..., QuerySet[Any, Any]]) -> None:
        self._ask = ask
        self._worded: dict[tuple[int, ...], tuple[str, list[Any], dict[int, int]]] = {}

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """What the database answers for these values."""
        lengths = tuple(len(value) if isinstance(value, Sequence) else -1 for value in values)
        sql, parameters, places = self._worded.get(lengths) or self._put_into_words(values, lengths)
        if not sql:
            return []
        given = [one for value in values for one in (value if isinstance(value, Sequence) else (value,))]
        asked = list(parameters)
        for place, number in places.items():
            asked[place] = given[number]
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _put_into_words(
        self, values: Sequence[Value], lengths: tuple[int, ...]
    ) -> tuple[str, list[Any], dict[int, int]]:
        """The question for marks that stand for the values: no real key and no real moment looks like them."""
        marks: list[Any] = []
        standing: list[Any] = []
        for value, length in zip(values, lengths, strict=True):
            first, kinds = len(marks), value if isinstance(value, Sequence) else (value,)
            marks += [_mark(each, first + place) for place, each in enumerate(kinds)]
            standing.append(marks[first:] if length >= 0 else marks[first])
        try:
            sql, parameters = self._ask(*standing).query.sql_with_params()
        except EmptyResultSet:  # of an empty list, say: nothing need be asked
            worded = self._worded[lengths] = ("", [], {})
            return worded
        places = {place: marks.index(each) for place, each in enumerate(parameters) if each in marks}
        if set(places.values()) != set(range(len(marks))):
            raise ValueError("a value does not stand in the question")
        worded = self._worded[lengths] = (sql, list(parameters), places)
        return worded


def record(model: type[Model], row: Sequence[Any]) -> Any:
    """The record that a row holds, all its fields in their order; TypeError where one is stored in another form."""
    return model.from_db(None, _plain_names(model), row)


@cache
def _plain_names(model: type[Model]) -> list[str]:
    fields = model._meta.concrete_fields
    if unlike := [field.name for field in fields if hasattr(field, "from_db_value")]:
        raise TypeError(f"{model.__name__} keeps {', '.join(unlike)} otherwise than the database gives it")
    return [field.attname for field in fields]


def _mark(value: int | dt.datetime, number: int) -> int | dt.datetime:
    return _FAR + dt.timedelta(seconds=number) if isinstance(value, dt.datetime) else _LARGE + number
