"""From names to tokens: characters, pinyin, initials, Latin words and any part of a number.

A query becomes prefixes of such tokens, so that two Chinese characters are found as fast as two hundred, and
without any extension of the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

LONGEST_TOKEN = 40
_WORDS = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")


def fold(text: str) -> str:
    """Lower case, compatibility forms (full width to half) and no accents: Ａé → ae."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


def sort_key(name: str) -> str:
    """The order in which people look for names: Chinese by pinyin, Latin without accents or case."""
    folded = fold(name)
    return " ".join(syllables(folded))[:120] if _HAN.search(folded) else folded[:120]


def tokens(texts: Iterable[str], numbers: Iterable[str] = ()) -> set[str]:
    """Everything by which these texts (names, codes) and numbers (telephones) are to be found."""
    found: set[str] = set()
    for text in filter(None, texts):
        for run, is_han in runs(text):
            found |= _han_tokens(run) if is_han else {run[:LONGEST_TOKEN]}
    for number in filter(None, numbers):
        found |= suffixes(re.sub(r"\D", "", number), shortest=3)
    return found


def prefixes(query: str) -> str:
    """The query as a ``tsquery``: every part must begin some token. Empty when there is nothing to find.

    Two characters are a token themselves and begin no other: an index finds them in a quarter of the time of a
    beginning.

    Figures that begin with noughts are also looked for without: within a country one dials 027, from
    abroad +86 27, and either way of writing finds the other.
    """
    parts: list[str] = []
    for run, is_han in runs(query):
        pairs = is_han and len(run) > 1
        parts += map(quoted, bigrams(run)) if pairs else [_beginning(run[:LONGEST_TOKEN])]
    return " & ".join(dict.fromkeys(parts))


def _beginning(part: str) -> str:
    """A token that begins so, in a ``tsquery``."""
    short = part.lstrip("0") if part.isdecimal() else part
    either = f"({quoted(part)}:* | {quoted(short)}:*)"
    return either if short and short != part else f"{quoted(part)}:*"


def contained(text: str) -> str:
    """The part of this text by which every text that contains it, in whatever case, matches; often nothing.

    Chinese characters alone: they are found wherever they stand, and neither case nor folding changes them.
    """
    return "".join(c if _HAN.match(c) and c.isalnum() and fold(c) == c else " " for c in text).strip()


def vector(found: Iterable[str]) -> str:
    """Tokens in the text form of a ``tsvector``."""
    return " ".join(quoted(token) for token in sorted(found))


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The folded words of the text, cut where Chinese characters begin or end; and whether they are such."""
    for word in _WORDS.findall(fold(text)):
        for is_han, letters in groupby(word, lambda letter: bool(_HAN.match(letter))):
            yield "".join(letters), is_han


@lru_cache(maxsize=8192)
def syllables(text: str) -> tuple[str, ...]:
    """The pinyin of each Chinese character; what is not Chinese stays as it is, in one piece.

    Remembered, because a name is asked about for its order, its tokens and its likeness, one after another.
    """
    from pypinyin import lazy_pinyin  # a quarter of a second, which a start need not wait for

    return tuple(lazy_pinyin(text))


def _han_tokens(run: str) -> set[str]:
    spoken = syllables(run)
    initials = "".join(syllable[0] for syllable in spoken)
    spelled = {"".join(spoken[i:])[:LONGEST_TOKEN] for i in range(len(spoken))}
    return {*bigrams(run), run[-1], *spelled, *suffixes(initials, shortest=2)}


def bigrams(run: str) -> list[str]:
    """Each two characters that stand side by side."""
    return [run[i : i + 2] for i in range(len(run) - 1)]


def suffixes(text: str, *, shortest: int) -> set[str]:
    """The text from each of its places on, where so much is left; no longer than a token may be."""
    return {text[i:][:LONGEST_TOKEN] for i in range(max(0, len(text) - shortest + 1))}


def quoted(token: str) -> str:
    """A token as ``tsvector`` and ``tsquery`` read it."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
