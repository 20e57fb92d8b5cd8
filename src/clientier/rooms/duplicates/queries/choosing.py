"""Which value stands where several customers become one, unless somebody chooses another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clientier.core.likeness.field import names_of
from clientier.rooms.parties.models import Customer

MERGED_FIELDS = (
    "name", "kind", "external_id", "other_names", "parent", "phone", "email", "website", "country", "region", "city",
    "industry", "employees", "registration_number", "first_seen", "owner", "territory", "note",
)  # fmt: skip
"""All that one fills in of a customer; a test sees to it that none is forgotten."""
LONGEST_OTHER_NAMES = 300


def proposed(survivor: Customer, others: Sequence[Customer]) -> dict[str, Any]:
    """By column: the survivor's value, else the first that there is; names gathered, notes joined, the earliest day."""
    values: dict[str, Any] = {}
    for name in MERGED_FIELDS:
        column = Customer._meta.get_field(name).attname  # type: ignore[union-attr]
        there = [getattr(each, column) for each in (survivor, *others)]
        values[column] = next((value for value in there if value not in (None, "")), there[0])
    days = [each.first_seen for each in (survivor, *others) if each.first_seen]
    notes = dict.fromkeys(each.note.strip() for each in (survivor, *others) if each.note.strip())
    values |= {
        "first_seen": min(days, default=None),
        "note": "\n\n".join(notes),
        "other_names": gathered_names(survivor, others),
    }
    return values


def gathered_names(survivor: Customer, others: Sequence[Customer]) -> str:
    """The other names of all, and the names of those that go, as far as there is room."""
    texts = [survivor.other_names, *(text for each in others for text in (each.name, each.other_names))]
    kept = texts[0]
    for text in texts[1:]:
        longer = f"{kept}, {text}" if kept else text
        if text and text not in (survivor.name, *names_of(kept)) and len(longer) <= LONGEST_OTHER_NAMES:
            kept = longer
    return kept
