"""A file of vCards as a source: one row a card, as many columns for telephones and addresses as it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from clientier.kit.imports.encoding import Encoding
from clientier.kit.imports.reasons import Reason, quoting, refuse
from clientier.kit.imports.source import ROWS_IN_CHUNK, Chunk, Facts, Limits
from clientier.kit.imports.vcards import Card, Property, read_cards

LONGEST_LINE = 1 << 22
MOST_OF_A_KIND = 8
ADDRESS = ("PO Box", "Extended address", "Street", "City", "State", "Postcode", "Country")
NAME = ("Last name", "First name", "Middle name", "Prefix", "Suffix")
SINGLE = {
    "UID": "UID",
    "KIND": "Card kind",
    "NICKNAME": "Nickname",
    "TITLE": "Job title",
    "ROLE": "Role",
    "BDAY": "Birthday",
    "NOTE": "Notes",
    "CATEGORIES": "Categories",
    "X-WECHAT": "WeChat",
    "X-ABSHOWAS": "Shown as",
    "GENDER": "Gender",
    "REV": "Changed at",
}
SEVERAL = {"TEL": "Phone", "EMAIL": "E-mail", "URL": "Website", "IMPP": "Messenger"}
ORDER = (
    "UID", "Card kind", "Full name", *NAME, "Nickname", "Company name", "Department", "Job title", "Role",
    "Phone", "E-mail", "Website", "WeChat",
)  # fmt: skip


class CardSource:
    """Cards as rows. Pictures are passed over and counted, for they are said on the page."""

    def __init__(self, path: Path, encoding: Encoding, *, name: str, limits: Limits) -> None:
        self.name = name
        self._path, self._encoding = path, encoding
        self.pictures = 0
        found: Counter[str] = Counter()
        cards = 0
        for card in self._cards():
            cards += 1
            self.pictures += card.pictures
            found.update(_cells(card).keys())
        if not cards:
            raise refuse("file_empty")
        known = [heading for heading in ORDER if heading in found]
        self.headings = (*known, *sorted(found.keys() - set(known)))
        if len(self.headings) > limits.columns:
            raise refuse("too_many_columns", columns=len(self.headings), limit=limits.columns)
        notes = []
        if self.pictures:
            notes.append(_("%(number)s pictures in the cards are left out.") % {"number": self.pictures})
        self.facts = Facts("vcard", encoding, notes=tuple(notes))
        self.row_estimate: int = cards
        self.row_count: int | None = cards

    def chunks(
        self, only: Collection[str] | None = None, rows_at_a_time: int = ROWS_IN_CHUNK
    ) -> Iterator[Chunk]:
        """All cards in order, numbered from 1."""
        cards = self._cards()
        while some := list(islice(cards, rows_at_a_time)):
            rows = [_cells(card) for card in some]
            columns = {heading: [row.get(heading, "") for row in rows] for heading in self.headings}
            faults: dict[int, Reason] = {
                position: quoting("card_broken", card.fault)
                for position, card in enumerate(some)
                if card.fault
            }
            yield Chunk([card.number for card in some], columns, faults)

    def _cards(self) -> Iterator[Card]:
        with self._path.open(encoding=self._encoding.codec, errors="replace", newline=None) as text:
            text.seek(0)
            lines = iter(lambda: text.readline(LONGEST_LINE), "")
            yield from read_cards(lines)


def _cells(card: Card) -> dict[str, str]:
    """What a card says, by heading; of several telephones the preferred one comes first."""
    cells: dict[str, str] = {}
    for found in card.properties:
        if found.name == "FN":
            cells["Full name"] = found.text()
        elif found.name == "N":
            cells |= {heading: part for heading, part in zip(NAME, found.parts(), strict=False) if part}
        elif found.name == "ORG":
            company, *units = found.parts()
            cells |= {"Company name": company, "Department": " · ".join(filter(None, units))}
        elif found.name in SINGLE:
            cells.setdefault(SINGLE[found.name], _plain(found))
    for name, heading in SEVERAL.items():
        _number(cells, heading, _ordered([p for p in card.properties if p.name == name]))
    for place, found in enumerate(_ordered([p for p in card.properties if p.name == "ADR"]), start=1):
        for heading, part in zip(ADDRESS, found.parts(), strict=False):
            if part and place <= MOST_OF_A_KIND:
                cells[heading if place == 1 else f"{heading} {place}"] = " ".join(part.split("\n"))
    if not cells.get("Full name"):
        cells["Full name"] = _called(cells)
    return {heading: text for heading, text in cells.items() if text}


def _called(cells: dict[str, str]) -> str:
    """A name for a card without one: made of its parts, else the company's."""
    family, given = cells.get("Last name", ""), cells.get("First name", "")
    chinese = all(part == "" or part[0] > "\u2e7f" for part in (family, given))
    whole = f"{family}{given}" if chinese else f"{given} {family}".strip()
    return whole or cells.get("Company name", "")


def _ordered(found: Sequence[Property]) -> list[Property]:
    return sorted(found, key=lambda each: (not each.preferred, "fax" in each.types))


def _number(cells: dict[str, str], heading: str, found: Sequence[Property]) -> None:
    for place, each in enumerate(found[:MOST_OF_A_KIND], start=1):
        cells[heading if place == 1 else f"{heading} {place}"] = _plain(each)


def _plain(found: Property) -> str:
    """The value without what only says of what kind it is: tel:, mailto:, urn:uuid:."""
    text = found.text()
    for prefix in ("tel:", "mailto:", "urn:uuid:"):
        if text.lower().startswith(prefix):
            text = text[len(prefix) :]
    return text.split(";ext=")[0] + (f" ext. {text.split(';ext=')[1]}" if ";ext=" in text else "")
