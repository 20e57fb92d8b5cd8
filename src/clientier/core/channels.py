"""Further telephones and e-mail addresses in one text: one a line, each perhaps with a word before it.

“Mobile: +86 138 0000 0000” is a telephone called Mobile; what holds an @ is an address, all else a telephone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clientier.core.addresses import ADDRESS

_BETWEEN = re.compile(r"[\n;；]")
_LABELLED = re.compile(r"(?P<label>[^:：@]{1,60})[:：]\s*(?P<value>.+)", re.DOTALL)
_NOT_DIALLED = re.compile(r"[^\d+*#]")
_LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Channel:
    """One telephone or address, and what it is called."""

    value: str
    label: str = ""

    @property
    def is_email(self) -> bool:
        return "@" in self.value

    @property
    def url(self) -> str:
        """What a touch opens; nothing where there is neither a number nor an address."""
        if self.is_email:
            return f"mailto:{self.value}" if ADDRESS.fullmatch(self.value) else ""
        return telephone_url(self.value)

    def __str__(self) -> str:
        return f"{self.label}: {self.value}" if self.label else self.value


def telephone_url(number: str) -> str:
    """The address by which a telephone dials the number; nothing where there are no digits."""
    dialled = _NOT_DIALLED.sub("", number.split("ext")[0])
    return f"tel:{dialled}" if sum(c.isdigit() for c in dialled) >= _LEAST_DIGITS else ""


def channels_in(text: str) -> list[Channel]:
    """The telephones and addresses that a text lists."""
    found = []
    for line in _BETWEEN.split(text or ""):
        if not (plain := line.strip()):
            continue
        named = _LABELLED.fullmatch(plain)
        found.append(Channel(named["value"].strip(), named["label"].strip()) if named else Channel(plain))
    return found


def emails_in(text: str) -> list[str]:
    return [each.value for each in channels_in(text) if each.is_email]


def phones_in(text: str) -> list[str]:
    return [each.value for each in channels_in(text) if not each.is_email]


def written(channels: Iterable[Channel], normal_phone: Callable[[str], str]) -> str:
    """The channels as text, one a line, each once, telephones in their normal form."""
    lines: dict[str, str] = {}
    for each in channels:
        value = each.value if each.is_email else normal_phone(each.value)
        lines[value] = lines.get(value) or each.label
    return "\n".join(str(Channel(value, label)) for value, label in lines.items())
