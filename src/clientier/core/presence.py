"""What there is about a record at all, told by one question for a page that would ask a dozen.

A card shows what many kinds of records say about its customer, and of most kinds there is nothing. While a page is
put together, one question tells of which kinds there is any; it knows of no rights, so what is there is still asked
for under them. Nothing outlives the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.db import connection
from django.db.models import Model

from clientier.core.access import field_at

_known: ContextVar[tuple[Model, frozenset[Referring]] | None] = ContextVar("known", default=None)
_declared: list[Referring] = []


class Referring:
    """Records of one kind that refer to another by one of these columns, each of which has an index."""

    def __init__(self, model: type[Model], *names: str) -> None:
        self.model, self.names = model, names
        self.to = field_at(model, names[0]).related_model
        _declared.append(self)

    def may_be(self, record: Model) -> bool:
        """False where it is known that none refers to the record; where nobody looked, there may be some."""
        known = _known.get()
        return known is None or known[0] is not record or self not in known[1]

    def statement(self) -> str:
        """Whether any refers to the key that is given for each of the columns."""
        quoted = connection.ops.quote_name
        table = quoted(self.model._meta.db_table)
        columns = [quoted(field_at(self.model, name).column) for name in self.names]
        return " OR ".join(f"EXISTS (SELECT FROM {table} WHERE {column} = %s)" for column in columns)


@contextmanager
def looked_up(record: Model) -> Iterator[None]:
    """Inside, what refers to this record is known; nothing may be written meanwhile."""
    asked, statement, marks = _question(type(record))
    if not asked:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, [record.pk] * marks)
        answers = cursor.fetchone()
    absent = frozenset(each for each, is_there in zip(asked, answers, strict=True) if not is_there)
    token = _known.set((record, absent))
    try:
        yield
    finally:
        _known.reset(token)


@cache
def _question(model: type[Model]) -> tuple[list[Referring], str, int]:
    """Those declared for this kind, and the one question for them; of what is declared later, nothing is known."""
    asked = [each for each in _declared if each.to is model]
    statement = "SELECT " + ", ".join(each.statement() for each in asked)
    return asked, statement, sum(len(each.names) for each in asked)
