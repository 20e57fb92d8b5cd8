"""Records as vCards (version 3.0, which every telephone and mail program reads)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import get_language

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit import rows
from clientier.kit.resource import Column, Resource

MARKS = re.compile(r"([\\,;])")
LONGEST_LINE_BYTES = 75
ROWS_AT_A_TIME = 2_000
# The places of an address in a card: box, extension, street, city, region, postcode, country.
ADDRESS = ("", "", "street", "city", "region", "postcode", "country")


def as_vcf(shown: Resource, actor: Actor, found: QuerySet[Any]) -> HttpResponseBase:
    """The records as one file of cards, sent while it is made; without what the actor may not read."""
    allowed = {
        name: path for name, path in shown.business_card.items() if access.can_read(actor, shown.model, path)
    }
    columns = [Column(path=path) for path in allowed.values()]
    records = rows.joined(shown, found, columns, actor).order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME)

    language = get_language()

    def stream() -> Iterator[str]:
        for record in records:
            with translation.override(language):  # sent after the page is answered
                made = card({name: _text(record, path) for name, path in allowed.items()})
            yield made

    response = StreamingHttpResponse(stream(), content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{shown.slug}.vcf"'
    return response


def card(facts: dict[str, str]) -> str:
    """One card from texts by property; "ORG.unit" and "ADR.city" are parts of their property."""
    plain = {name: text for name, text in facts.items() if text}
    called = plain.pop("FN", "")
    is_company = plain.pop("KIND", "") == "company"
    company = called if is_company else plain.pop("ORG", "")
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(called)}", f"N:{_escaped(called)};;;;"]
    if company or "ORG.unit" in plain:
        lines.append(f"ORG:{_escaped(company)};{_escaped(plain.pop('ORG.unit', ''))}".rstrip(";"))
    if is_company:
        lines.append("X-ABSHOWAS:COMPANY")
    parts = [_escaped(plain.pop(f"ADR.{part}", "")) if part else "" for part in ADDRESS]
    if any(parts):
        lines.append(f"ADR;TYPE=WORK:{';'.join(parts)}")
    lines += [f"{name}:{_escaped(text)}" for name, text in plain.items()]
    return "\r\n".join(_folded(line) for line in [*lines, "END:VCARD", ""])


def _text(record: Model, path: str) -> str:
    return str(rows.value_at(record, path)) if path == "kind" else rows.text_at(record, path)


def _escaped(text: str) -> str:
    return MARKS.sub(r"\\\1", text).replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> str:
    """The line cut into pieces of at most 75 bytes, never within a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode("utf-8", errors="replace"))
        if size + width > LONGEST_LINE_BYTES - 1:
            pieces.append(piece)
            piece, size = "", 0
        piece += character
        size += width
    return "\r\n ".join([*pieces, piece])
