"""Columns by which records are found and put in order; both follow from other columns of the row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Lookup

from clientier.core.channels import emails_in, phones_in
from clientier.core.closeness import loose_tokens, loosely
from clientier.core.custom import definitions
from clientier.core.custom.values import COLUMN, readable_texts
from clientier.core.tokens import prefixes, sort_key, tokens, vector

# Workers and compilation take longer to begin than a look-up takes, and a bitmap of all that somebody owns must not
# be cut down to whole pages for want of room: every row of those would be read. A page at a twentieth of its price, for
# what is looked up often is in memory: to read the few hundred rows that somebody owns takes a tenth of finding the
# tens of thousands that have a common token.
LOOKING_UP = {
    "enable_seqscan": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "work_mem": "64MB",
    "random_page_cost": "0.2",
}
_looking_up: ContextVar[bool] = ContextVar("looking_up", default=False)


@contextmanager
def looking_up() -> Iterator[None]:
    """Inside, tokens are looked up and never tried on row after row; around many look-ups it is set once for all.

    It must not run around a write, which it would slow.
    """
    if _looking_up.get():
        yield
        return
    inside = _looking_up.set(True)
    try:
        with transaction.atomic(savepoint=False), _set_to(LOOKING_UP):
            yield
    finally:
        _looking_up.reset(inside)


@contextmanager
def by_index(*, alone: bool) -> Iterator[None]:
    """Inside, one look-up: of a table that stands ``alone`` in the question, or of several together.

    Of the first few matches in no order PostgreSQL expects to meet them soon, and reads the whole table where it is
    wrong; or, of a table that stands alone, all rows that somebody owns: at a million customers 400 ms instead of 5.
    """
    with looking_up(), _set_to({"enable_indexscan": "off"} if alone else {}):
        yield


@contextmanager
def _set_to(settings: Mapping[str, str]) -> Iterator[None]:
    """For the rest of the transaction at most, and no longer than inside."""
    if not settings:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = '{value}'" for name, value in settings.items()))
        yield
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in settings))


class SearchField(models.Field):
    """A ``tsvector`` that follows from other fields of the same row; it is written, never read.

    ``channels`` are texts that list telephones and addresses; ``names`` are those of the ``texts`` that are found by
    parts of their words and with a slip, too.
    """

    def __init__(
        self,
        *,
        texts: tuple[str, ...] = (),
        numbers: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
        channels: tuple[str, ...] = (),
        **options: Any,
    ) -> None:
        self.texts, self.numbers, self.names = tuple(texts), tuple(numbers), tuple(names)
        self.channels = tuple(channels)
        super().__init__(**{**options, "editable": False, "serialize": False, "default": "", "blank": True})

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return "NULL::text", []

    @property
    def sources(self) -> tuple[str, ...]:
        return (*self.texts, *self.numbers, *self.channels)

    @property
    def columns(self) -> tuple[str, ...]:
        """All that the tokens are made of: the sources, and the custom values of which some are searchable."""
        own = (COLUMN,) if definitions.takes_custom_fields(self.model) else ()
        return (*self.sources, *own)

    def value_for(self, row: Any) -> str:
        """The vector for a mapping or a model instance."""
        read = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
        texts = [read(n) or "" for n in self.texts]
        if COLUMN in self.columns and (custom := read(COLUMN)):
            custom = json.loads(custom) if isinstance(custom, str) else custom
            texts += readable_texts(custom, definitions.live(self.model))
        listed = [read(n) or "" for n in self.channels]
        texts += [address for text in listed for address in emails_in(text)]
        numbers = [read(n) or "" for n in self.numbers] + [one for text in listed for one in phones_in(text)]
        plain = tokens(texts, numbers)
        return vector(plain | loose_tokens(read(n) or "" for n in self.names))

    def pre_save(self, instance: models.Model, add: bool) -> str:
        return self.value_for(instance)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for implied in ("editable", "serialize", "default", "blank"):
            options.pop(implied, None)
        given = {"texts": self.texts, "numbers": self.numbers, "names": self.names}
        given |= {"channels": self.channels} if self.channels else {}
        return name, path, args, {**options, **given}


@SearchField.register_lookup
class Matches(Lookup):
    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*params, prefixes(self.rhs))


@SearchField.register_lookup
class LooselyMatches(Lookup):
    """With slips and parts of words, for whom plain prefixes find nothing."""

    lookup_name = "loosely"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*params, loosely(self.rhs))


class SortKeyField(models.CharField):
    """The sort key of another field of the same row, in byte order, so that an index gives the order."""

    def __init__(self, *, source: str = "name", **options: Any) -> None:
        self.source = source
        implied = {
            "editable": False,
            "serialize": False,
            "blank": True,
            "max_length": 120,
            "db_collation": "C",
        }
        super().__init__(**{**options, **implied})

    def pre_save(self, instance: models.Model, add: bool) -> str:
        value = sort_key(getattr(instance, self.source))
        setattr(instance, self.attname, value)
        return value

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.sources

    def value_for(self, row: Any) -> str:
        return sort_key(row[self.source] if isinstance(row, dict) else getattr(row, self.source))

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for implied in ("editable", "serialize", "blank", "max_length", "db_collation"):
            options.pop(implied, None)
        return name, path, args, {**options, "source": self.source}
