"""What the rows of an import can refer to: declared by the rooms, each slug once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import models

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit.resource import Words

LOOKUPS: dict[str, Lookup] = {}
FormerKeys = Callable[[Sequence[object]], Mapping[object, int]]
_former: dict[str, FormerKeys] = {}


@dataclass(frozen=True)
class Made:
    """The keys of records by the names that they were asked for by, and how many of them are new."""

    ids: Mapping[str, int]
    created: int


Make = Callable[[Sequence[str], Actor], Made]


@dataclass(frozen=True)
class Lookup:
    """Records that cells refer to by a key: which they are, and by which of their fields.

    What is not found by the key is looked for in the fields ``also``, whatever the case of the letters.
    ``make`` makes records of names, but for those that it cannot make.
    """

    slug: str
    model: type[models.Model]
    key: str
    label: Words
    also: tuple[str, ...] = ()
    make: Make | None = None


def register_lookup(
    slug: str,
    model: type[models.Model],
    key: str,
    label: Words,
    *,
    also: tuple[str, ...] = (),
    make: Make | None = None,
) -> Lookup:
    """Declare records that cells can refer to; a second of the same slug is refused."""
    if slug in LOOKUPS:
        raise ValueError(f"two lookups are called {slug!r}")
    for name in (key, *also):
        access.field_at(model, name)
    LOOKUPS[slug] = Lookup(slug, model, key, label, also, make)
    return LOOKUPS[slug]


def remember_former_keys(slug: str, find: FormerKeys) -> None:
    """Let a room say which records keys lead to that no record has any more: ``find(keys) -> {key: id}``."""
    if slug in _former:
        raise ValueError(f"two rooms know the former keys of {slug!r}")
    _former[slug] = find


def formerly(slug: str, keys: Sequence[object]) -> Mapping[object, int]:
    """The records that these former keys lead to."""
    return _former[slug](keys) if slug in _former and keys else {}
