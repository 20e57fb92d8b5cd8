"""What comes from outside, as far as the database can hold it: whole numbers, texts, and JSON of a known shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """The whole number that the text says in figures, if a key can be so large; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def whole_numbers(texts: list[str]) -> list[int]:
    """The same of many, in their order, without what is none."""
    return [number for text in texts if (number := whole_number(text)) is not None]


def is_storable(value: Any) -> bool:
    """Whether the database can hold the text, or every text in a list or mapping."""
    if isinstance(value, str):
        return not UNSTORABLE.search(value)
    if isinstance(value, Mapping):
        return all(is_storable(name) and is_storable(each) for name, each in value.items())
    return not isinstance(value, list | tuple) or all(map(is_storable, value))


def refuse_unstorable(facts: Mapping[str, Any]) -> None:
    """ValidationError by name where a fact holds a character that cannot be stored."""
    if wrong := [name for name, value in facts.items() if not is_storable({name: value})]:
        words = _("The text holds a character that cannot be stored.")
        raise ValidationError(dict.fromkeys(wrong, words))


def is_like(value: Any, shape: Any) -> bool:
    """Whether JSON has this shape: a type, a list of one, or a mapping to one (``{str: int}``).

    A mapping of names says what a mapping may hold, and no more.
    """
    if isinstance(shape, list):
        return isinstance(value, list) and all(is_like(each, shape[0]) for each in value)
    if not isinstance(shape, dict):
        return type(value) is shape
    if not isinstance(value, dict):
        return False
    if str in shape:
        return all(isinstance(name, str) and is_like(each, shape[str]) for name, each in value.items())
    return all(name in shape and is_like(each, shape[name]) for name, each in value.items())
