"""Reads vCards of every version, many in a file: forgiving in form, exact in what it could not read.

Own code, because the libraries that exist stop at the first broken line and do not read the soft line ends
that version 2.1 uses for everything that is not English.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

BEGIN, END = "BEGIN:VCARD", "END:VCARD"
PROPERTY = re.compile(
    r"(?:(?P<group>[\w-]+)\.)?(?P<name>[\w-]+)(?P<params>(?:;[^\"]*?(?:\"[^\"]*\")?)*?):", re.A
)
PARAMETER = re.compile(r";([\w-]+)(?:=((?:\"[^\"]*\"|[^;\"])*))?", re.A)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
PICTURES = frozenset(["PHOTO", "LOGO", "SOUND", "KEY"])
ENCODED = {"BASE64", "B", "QUOTED-PRINTABLE", "8BIT", "7BIT"}
SOFT_BREAK = "="
LONGEST_CARD_CHARACTERS = 8 << 20
LINES_IN_CARD = 20_000


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card: its name, its types in small letters, its value with the escapes still in it."""

    name: str
    types: frozenset[str]
    value: str
    preferred: bool = False

    def parts(self) -> list[str]:
        """The value cut at its semicolons, escapes taken off."""
        return [unescaped(part).strip() for part in re.split(r"(?<!\\);", self.value)]

    def text(self) -> str:
        """The whole value, escapes taken off."""
        return unescaped(self.value).strip()


@dataclass(slots=True)
class Card:
    """One card: where it begins in the file, its properties, how many pictures were passed over."""

    number: int
    properties: list[Property] = field(default_factory=list)
    pictures: int = 0
    fault: str = ""


def unescaped(text: str) -> str:
    """The text without the backslashes that a card puts before its own marks."""
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def read_cards(lines: Iterable[str]) -> Iterator[Card]:
    """Every card of a file, numbered from 1; one that is cut off or too long says so in its ``fault``."""
    gathered: list[str] | None = None
    number = size = 0
    for raw in lines:
        line = raw.rstrip("\r\n").lstrip("\ufeff")
        mark = line.strip().upper()
        if mark == BEGIN:
            if gathered is not None:
                yield _card(number, gathered, fault=_last(gathered))
            number, gathered, size = number + 1, [], 0
        elif gathered is None:
            continue
        elif mark == END:
            yield _card(number, gathered)
            gathered = None
        else:
            size += len(line)
            if size <= LONGEST_CARD_CHARACTERS and len(gathered) < LINES_IN_CARD:
                gathered.append(line)
            else:
                yield _card(number, gathered[:LINES_IN_CARD], fault=_last(gathered))
                gathered = None
    if gathered is not None:
        yield _card(number, gathered, fault=_last(gathered))


def _last(lines: list[str]) -> str:
    return (lines[-1] if lines else BEGIN)[:60]


def _card(number: int, lines: list[str], fault: str = "") -> Card:
    card = Card(number, fault=fault)
    for line in _unfolded(lines):
        found = PROPERTY.match(line)
        if not found:
            if line.strip() and not card.fault:
                card.fault = line.strip()[:60]
            continue
        name, params = found["name"].upper(), _parameters(found["params"])
        if name in PICTURES:
            card.pictures += 1
            continue
        value = line[found.end() :]
        types = frozenset(params["TYPE"]) | ({"x-label"} if found["group"] else frozenset())
        preferred = "pref" in types or bool(params.get("PREF"))
        card.properties.append(Property(name, types, _decoded(value, params), preferred))
    return card


def _unfolded(lines: list[str]) -> Iterator[str]:
    """Whole lines: put together where the next begins with a blank, or this one ends softly."""
    whole = ""
    soft = False
    for line in lines:
        if soft:
            whole = whole[:-1] + line.lstrip(" \t")
        elif line[:1] in (" ", "\t") and whole:
            whole += line[1:]
        else:
            if whole:
                yield whole
            whole = line
        head = whole.partition(":")[0].upper()
        soft = whole.endswith(SOFT_BREAK) and "QUOTED-PRINTABLE" in head
    if whole:
        yield whole.removesuffix(SOFT_BREAK) if soft else whole


def _parameters(written: str) -> dict[str, set[str]]:
    """Parameters by name; those of version 2.1, that have no name, are types or an encoding."""
    known: dict[str, set[str]] = {"TYPE": set()}
    for name, value in PARAMETER.findall(written):
        if not value:
            sort = "ENCODING" if name.upper() in ENCODED else "TYPE"
            known.setdefault(sort, set()).add(name.lower())
        else:
            words = {word.strip().lower() for word in value.replace('"', "").split(",")}
            known.setdefault(name.upper(), set()).update(words)
    return known


def _decoded(value: str, params: Mapping[str, set[str]]) -> str:
    """The value as text: its bytes taken from quoted-printable or base64, in the charset that it names."""
    encoding = params.get("ENCODING", set())
    charset = next(iter(params.get("CHARSET", ())), "utf-8")
    try:
        if "quoted-printable" in encoding:
            return _in_charset(quopri.decodestring(value.encode("ascii", "xmlcharrefreplace")), charset)
        if encoding & {"base64", "b"}:
            return _in_charset(binascii.a2b_base64(value), charset)
    except (ValueError, binascii.Error):
        return value
    return value


def _in_charset(content: bytes, charset: str) -> str:
    """The bytes in the charset named, else in those that telephones really wrote."""
    wanted = "gb18030" if charset in ("gb2312", "gbk") else charset
    for codec in (wanted, "utf-8", "gb18030"):
        try:
            return content.decode(codecs.lookup(codec).name)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("cp1252", errors="replace")
