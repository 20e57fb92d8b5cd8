"""Which value stands where several customers become one, unless somebody chooses another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clientier.core.custom import definitions
from clientier.core.custom.definitions import PREFIX
from clientier.core.custom.models import Kind
from clientier.core.likeness.field import names_of
from clientier.rooms.parties.models import Customer

MERGED_FIELDS = (
    "name", "kind", "external_id", "other_names", "parent", "phone", "email", "website", "country", "region", "city",
    "industry", "employees", "registration_number", "first_seen", "owner", "territory", "note",
)  # fmt: skip
"""All that one fills in of a customer but custom fields; a test sees to it that none is forgotten."""
LONGEST_OTHER_NAMES = 300


def merged_fields() -> list[str]:
    """All that one fills in of a customer, and may choose when customers become one."""
    own = [each.path for each in definitions.live(Customer).values() if each.kind is not Kind.FORMULA]
    return [*MERGED_FIELDS, *own]


def column_of(name: str) -> str:
    """Under what a value is found among those that will stand."""
    return name if name.startswith(PREFIX) else Customer._meta.get_field(name).attname  # type: ignore[union-attr]


def held(customer: Customer, name: str) -> Any:
    """The stored value of a field, custom or not."""
    if name.startswith(PREFIX):
        return customer.custom.get(name.removeprefix(PREFIX))
    return getattr(customer, column_of(name))


def proposed(survivor: Customer, others: Sequence[Customer]) -> dict[str, Any]:
    """By column: the survivor's value, else the first that there is; names gathered, notes joined, the earliest day."""
    values: dict[str, Any] = {}
    for name in merged_fields():
        there = [held(each, name) for each in (survivor, *others)]
        values[column_of(name)] = next((value for value in there if value not in (None, "")), there[0])
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
