"""Names of companies brought down to what is theirs alone, so that short and legal names of one are alike."""

from __future__ import annotations

import re
from functools import lru_cache

from clientier.core.likeness.characters import simplified
from clientier.core.likeness.words import (
    CHINESE_FORMS,
    CHINESE_PLACES,
    CHINESE_SHORT,
    CHINESE_TRADES,
    LATIN_FILLERS,
    LATIN_FORMS,
    LATIN_TRADES,
    PLACE_ENDS,
)
from clientier.core.tokens import fold

HAN = re.compile(r"[㐀-䶿一-鿿]")
_SHORTEST = 2
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_MARKS = re.compile(r"[^\w]+|_")
_FORMS = re.compile("|".join(CHINESE_FORMS))
_TRADES = re.compile("|".join(CHINESE_TRADES))
_PLACES = re.compile(
    f"(?:{'|'.join(sorted(CHINESE_PLACES, key=len, reverse=True))})[{PLACE_ENDS}]?|(?<=[\\u4e00-\\u9fff])市"
)
_SHORT = re.compile("|".join(CHINESE_SHORT))


def plain(name: str) -> str:
    """The name without marks and spaces, folded, in simplified characters: what is written, whatever the script."""
    return _MARKS.sub("", simplified(fold(name)))


@lru_cache(maxsize=65_536)
def company_core(name: str) -> str:
    """What tells this company from others: without place, trade and form, as far as something is left of it.

    Chinese names end up as one word, Latin ones as words in the order of the alphabet.
    """
    text = simplified(fold(name))
    return _chinese_core(text) if HAN.search(text) else _latin_core(text)


def without_form(name: str) -> str:
    """The name without the words for its legal form alone: place and trade stay."""
    text = simplified(fold(name))
    if not HAN.search(text):
        return " ".join(w for w in _latin_words(text) if w not in LATIN_FORMS) or plain(name)
    return _left(_FORMS, _spelled_out(_MARKS.sub("", text)))


def _chinese_core(text: str) -> str:
    core = _spelled_out(_MARKS.sub("", text))
    for taken in (_FORMS, _PLACES, _TRADES):
        core = _left(taken, core)
    return core


def _spelled_out(text: str) -> str:
    """Short names that no rule gives, such as those of banks, in full."""
    return _SHORT.sub(lambda found: CHINESE_SHORT[found[0]], text)


def _left(taken: re.Pattern[str], text: str) -> str:
    """The text without these words, unless too little were left to know anybody by."""
    left = taken.sub("", text)
    return left if len(left) >= _SHORTEST else text


def _latin_core(text: str) -> str:
    words = _latin_words(text)
    for taken in (LATIN_FORMS | LATIN_FILLERS, LATIN_TRADES):
        words = [word for word in words if word not in taken] or words
    return " ".join(sorted(dict.fromkeys(words)))


def _latin_words(text: str) -> list[str]:
    """Its words; letters with full stops between them are one (S.A.), and an apostrophe parts nothing."""
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text.replace("'", "").replace("’", ""))
    text = re.sub(r"(?<=[a-z])/(?=[a-z]\b)", "", text)  # A/S, S/A
    return _MARKS.sub(" ", text).split()


@lru_cache(maxsize=65_536)
def places_of(name: str) -> frozenset[str]:
    """The places that a Chinese name holds, without the words for their kind."""
    text = _MARKS.sub("", simplified(fold(name)))
    found = {place.rstrip(PLACE_ENDS) for place in _PLACES.findall(text) if len(place) > 1}
    return frozenset(found - {"中国", "中华", "全国"})
