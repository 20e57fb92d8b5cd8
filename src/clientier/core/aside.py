"""What rooms keep of persons beside their records, such as who was merged: found, and forgotten, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class KeptAside:
    """What a room keeps of persons beside their records, so that they can come apart or come back.

    ``parts(kind, key)`` are the other keys under which the same person was known, with the values of then;
    ``returning(kind)`` are the keys of those who are not there, and may come back; ``forget(kind, key)`` takes out
    what is kept of this person along with others.
    """

    parts: Callable[[str, int], dict[int, Values]]
    returning: Callable[[str], set[int]]
    forget: Callable[[str, int], None]


_aside: list[KeptAside] = []


def is_kept_by(by: KeptAside) -> None:
    """Let a room say what it keeps of persons: whoever forgets a person forgets that too."""
    _aside.append(by)


def parts_of(kind: str, key: int) -> dict[int, Values]:
    """The other keys under which records may tell of this person, with the values that were known under them."""
    return {other: values for by in _aside for other, values in by.parts(kind, key).items()}


def keys_of(kind: str, key: int) -> list[int]:
    """All keys under which records may tell of this person, its own first."""
    return [key, *parts_of(kind, key)]


def returning(kind: str) -> set[int]:
    """The keys of persons who are not there now, and may come back to what is kept of them."""
    return {key for by in _aside for key in by.returning(kind)}


def forget(kind: str, key: int) -> None:
    """Take out what rooms keep of this person along with what they keep of others."""
    for by in _aside:
        by.forget(kind, key)


def sorted_out(kept: list[Values], told: Values) -> tuple[list[Values], list[Values]]:
    """Those of the kept records that tell what ``told`` tells, and the others; each with its kind and values."""
    going: list[Values] = []
    staying: list[Values] = []
    for each in kept:
        alike = each["record"] == told["record"] and told["values"].items() <= each["values"].items()
        (going if alike and "key" not in each else staying).append(each)
    return going, staying
