"""Names of people in parts that can be compared, whatever the order and the script they were written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from clientier.core.likeness.characters import simplified
from clientier.core.likeness.companies import HAN
from clientier.core.likeness.words import spaced
from clientier.core.tokens import fold

TITLES = spaced(
    "mr mrs ms miss mx dr prof professor sir herr frau dipl ing mag phd md jr sr mme mlle monsieur madame"
)
CHINESE_TITLES = re.compile("(?:先生|女士|小姐|太太|老师|教授|博士|经理|总经理|总监|总|工)$")
TWO_CHARACTER_FAMILIES = spaced(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 司空 夏侯 端木 百里 南宫 独孤 轩辕"
)
_MARKS = re.compile(r"[^\w'’]+|_")


@dataclass(frozen=True, slots=True)
class PersonName:
    given: str
    family: str

    @property
    def together(self) -> str:
        """Both parts in the order of the alphabet: Lovelace, Ada is Ada Lovelace."""
        return " ".join(sorted(f"{self.given} {self.family}".split()))


@lru_cache(maxsize=65_536)
def person_name(name: str) -> PersonName:
    """The given and the family name; what stands before a comma is the family name, else the last word is.

    Of a Chinese name the family name is the first character, or one of the known two.
    """
    text = simplified(fold(name))
    if HAN.search(text):
        return _chinese(_MARKS.sub("", text))
    before, comma, after = text.partition(",")
    words = _words(after) + _words(before) if comma else _words(text)
    return PersonName(" ".join(words[:-1]), words[-1] if words else "")


def _words(text: str) -> list[str]:
    found = [word.replace("'", "").replace("’", "") for word in _MARKS.sub(" ", text).split()]
    return [word for word in found if word not in TITLES] or found


def _chinese(text: str) -> PersonName:
    shorter = CHINESE_TITLES.sub("", text)
    text = shorter if len(shorter) >= 2 else text
    cut = 2 if len(text) > 2 and text[:2] in TWO_CHARACTER_FAMILIES else 1
    return PersonName(text[cut:], text[:cut])
