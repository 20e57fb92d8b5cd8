"""Countries as people and files write them, known by their two letters (ISO 3166).

The table is written by ``tools/make_countries.py``: code, the name in each of our languages, and other spellings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from clientier.core.coded import CodedField

_COLUMNS = {"en": 1, "zh-hans": 2, "zh-hant": 3}
_SPELLINGS = 4


class CountryField(CodedField):
    """A country by its two letters, where it is one."""

    slug = "countries"

    @classmethod
    def in_language(cls, language: str) -> Mapping[str, str]:
        return _named(_COLUMNS.get(language, 1))

    @classmethod
    def spellings(cls) -> Iterator[tuple[str, str]]:
        for line in _lines():
            yield from ((words, line[0]) for words in line[_SPELLINGS].split("|"))


@cache
def _lines() -> tuple[list[str], ...]:
    table = files(__package__).joinpath("countries.tsv").read_text("utf-8")
    return tuple(line.split("\t") for line in table.splitlines())


@cache
def _named(column: int) -> Mapping[str, str]:
    return {line[0]: line[column] for line in _lines()}


region_of = CountryField.code_of
