"""Texts that mean one thing of a known list, in whatever words: kept as its code, shown by its name.

What is not recognised stays as it was written: no list is complete, and nothing may be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

LISTS: dict[str, type[CodedField]] = {}
"""The known lists, by the word that stands for each in addresses."""
_BETWEEN_WORDS = re.compile(r"[\s_]+")


class CodedField(models.CharField):
    """A kind of list says which codes there are and how they are called; see ``in_language`` and ``spellings``."""

    slug = ""

    def __init_subclass__(cls) -> None:
        LISTS[cls.slug] = cls

    @classmethod
    def in_language(cls, language: str) -> Mapping[str, str]:
        """Every code with its name in that language."""
        raise NotImplementedError

    @classmethod
    def spellings(cls) -> Iterator[tuple[str, str]]:
        """Other words by which the things of the list are known, each with its code."""
        return iter(())

    @property
    def flatchoices(self) -> list[tuple[str, str]]:
        """Codes and names in the active language, as Django knows the choices of a field."""
        return list(self.in_language(get_language() or settings.LANGUAGE_CODE).items())

    @classmethod
    def name_of(cls, kept: str) -> str:
        """What is kept, as a reader calls it."""
        return cls.in_language(get_language() or settings.LANGUAGE_CODE).get(kept, kept)

    @classmethod
    def code_of(cls, written: str) -> str:
        """The code of what is written, by its name in any of our languages; empty where it is not known."""
        return _codes(cls.slug).get(_plain(written), "")

    @classmethod
    def recognise(cls, written: str) -> str:
        """The code of what is written; else the text itself."""
        return cls.code_of(written) or written

    def to_python(self, value: Any) -> Any:
        return self.recognise(value) if isinstance(value, str) else super().to_python(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))


def named(record: models.Model, name: str) -> str:
    """The text of a field as a reader calls it, whether its field knows codes or not."""
    field, value = record._meta.get_field(name), str(getattr(record, name) or "")
    return field.name_of(value) if isinstance(field, CodedField) else value


@cache
def _codes(slug: str) -> Mapping[str, str]:
    kind = LISTS[slug]
    known = {_plain(words): code for words, code in kind.spellings()}
    for language, _name in settings.LANGUAGES:
        known |= {_plain(name): code for code, name in kind.in_language(language).items()}
    return known | {_plain(code): code for code in kind.in_language(settings.LANGUAGE_CODE)}


def _plain(words: str) -> str:
    return _BETWEEN_WORDS.sub(" ", words).strip().rstrip(".").casefold()
