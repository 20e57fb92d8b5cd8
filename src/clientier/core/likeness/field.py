"""The column by which records that may be the same are found at once: keys of what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Field, Lookup

from clientier.core.channels import emails_in, phones_in
from clientier.core.likeness.companies import company_core
from clientier.core.likeness.people import person_name
from clientier.core.likeness.reached import domain_key, email_key, number_key, phone_key
from clientier.core.search import SearchField
from clientier.core.tokens import LONGEST_TOKEN, quoted, vector

_BETWEEN_NAMES = re.compile(r"[;,、，；|/\n]")


def names_of(text: str) -> list[str]:
    """The names in a text that may hold several."""
    return [name.strip() for name in [text, *_BETWEEN_NAMES.split(text)] if name.strip()]


def _company(text: str) -> Iterable[str]:
    return (company_core(name) for name in names_of(text))


def _person(text: str) -> Iterable[str]:
    return (person_name(name).together for name in names_of(text))


# Mark of the key, and what makes it; each kind of source has some.
MAKERS: dict[str, tuple[tuple[str, Callable[[str], Iterable[str]]], ...]] = {
    "names": (("c", _company), ("n", _person)),
    "phones": (("p", lambda text: (phone_key(text),)),),
    "emails": (("e", lambda text: (email_key(text),)), ("d", lambda text: (domain_key(text),))),
    "channels": (
        ("p", lambda text: map(phone_key, phones_in(text))),
        ("e", lambda text: map(email_key, emails_in(text))),
        ("d", lambda text: map(domain_key, emails_in(text))),
    ),
    "sites": (("d", lambda text: (domain_key(text),)),),
    "codes": (("r", lambda text: (number_key(text),)),),
}


class LikenessField(SearchField):
    """A ``tsvector`` of keys: two records that share one may be the same. It is written, never read."""

    def __init__(
        self,
        *,
        names: tuple[str, ...] = (),
        phones: tuple[str, ...] = (),
        emails: tuple[str, ...] = (),
        sites: tuple[str, ...] = (),
        codes: tuple[str, ...] = (),
        channels: tuple[str, ...] = (),
        **options: Any,
    ) -> None:
        given = {"names": names, "phones": phones, "emails": emails, "sites": sites, "codes": codes}
        given |= {"channels": channels}
        self.by_kind = {kind: tuple(fields) for kind, fields in given.items()}
        super().__init__(**options)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(name for fields in self.by_kind.values() for name in fields)

    def keys(self, row: Any, readable: Iterable[str] | None = None) -> set[str]:
        """The keys of a mapping or a record, from those of its fields that may be read."""
        read = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
        seen = set(self.sources if readable is None else readable)
        return {
            f"{mark}:{key}"[:LONGEST_TOKEN]
            for kind, fields in self.by_kind.items()
            for name in fields
            if name in seen and (text := read(name))
            for mark, make in MAKERS[kind]
            for key in make(str(text))
            if key
        }

    def value_for(self, row: Any) -> str:
        return vector(self.keys(row))

    def deconstruct(self) -> Any:
        name, path, args, options = Field.deconstruct(self)
        for implied in ("editable", "serialize", "default", "blank"):
            options.pop(implied, None)
        return (
            name,
            path,
            args,
            {**options, **{kind: fields for kind, fields in self.by_kind.items() if fields}},
        )


@LikenessField.register_lookup
class Shares(Lookup):
    """Records that have at least one of these keys."""

    lookup_name = "shares"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*params, " | ".join(quoted(key) for key in sorted(self.rhs)))
