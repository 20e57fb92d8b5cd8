"""What a room declares about records that can be imported: fields, kinds, and the words for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"


def words(listed: str) -> tuple[str, ...]:
    """The words of a list with commas: synonyms are many, and read better so."""
    return tuple(word.strip() for word in listed.split(","))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a choice field takes, with the words that files use for it."""

    value: str
    label: Words
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field that an import can fill.

    ``lookup`` names the target whose key the cells refer to; ``decimals`` rounds half-even to so many
    places; ``default`` stands where nothing is mapped or the cell is empty; ``choices`` are for CHOICE.
    ``looks_like`` tells whether a text could be a value of the field, for files whose headings say nothing.
    With ``first_of_several`` the first filled of several columns counts (else they are put together), and
    ``spill`` names the field that keeps what the others say.
    ``recognise`` turns a text that means something known into its code, and leaves others as they are.
    ``when_unknown`` is what is proposed for rows that refer to nothing known, until the importer chooses.
    """

    name: str
    label: Words
    kind: Kind = Kind.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    help: Words = ""
    lookup: str | None = None
    default: object = None
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    decimals: int | None = None
    looks_like: Callable[[str], bool] | None = None
    first_of_several: bool = False
    spill: str = ""
    when_unknown: str = "refuse"
    recognise: Callable[[str], str] | None = None

    def __post_init__(self) -> None:
        if (self.kind is Kind.CHOICE) != bool(self.choices):
            raise ValueError(f"field {self.name}: choices belong to kind CHOICE, and to no other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A kind of record that an import can create or update; ``key`` names the fields that identify one."""

    slug: str
    label: Words
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    description: Words = ""
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {declared.name: declared for declared in self.fields}
        if len(by_name) < len(self.fields):
            raise ValueError(f"target {self.slug} declares a field twice")
        if unknown := set(self.key) - set(by_name):
            raise ValueError(f"target {self.slug} has no field {sorted(unknown)} for its key")
        object.__setattr__(self, "by_name", by_name)
