"""What stands of several records that become one where the first value there is would not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core.channels import Channel, channels_in, written
from clientier.core.likeness.field import names_of
from clientier.rooms.parties.models import Contact, Customer

LONGEST_OTHER_NAMES = 300
Values = Mapping[str, Any]


def gathered_of_customers(survivor: Customer, others: Sequence[Customer], values: Values) -> Values:
    """Names gathered, notes joined, the earliest day."""
    days = [each.first_seen for each in (survivor, *others) if each.first_seen]
    notes = dict.fromkeys(each.note.strip() for each in (survivor, *others) if each.note.strip())
    return {
        "first_seen": min(days, default=None),
        "note": "\n\n".join(notes),
        "other_names": gathered_names(survivor, others),
    }


def gathered_names(survivor: Customer, others: Sequence[Customer]) -> str:
    """The other names of all, and the names of those that go, as far as there is room."""
    texts = [survivor.other_names, *(text for each in others for text in (each.name, each.other_names))]
    kept = texts[0]
    for text in texts[1:]:
        longer = f"{kept}, {text}" if kept else text
        if text and text not in (survivor.name, *names_of(kept)) and len(longer) <= LONGEST_OTHER_NAMES:
            kept = longer
    return kept


def gathered_of_contacts(survivor: Contact, others: Sequence[Contact], values: Values) -> Values:
    """Who asked once not to be contacted is not contacted; whoever is there in one of them has not left; of
    telephones and addresses none is lost: what does not stand as the first is one more."""
    everybody = (survivor, *others)
    left = [each.left_on for each in everybody]
    further: list[Channel] = []
    for each in everybody:
        further += [Channel(value) for value in (each.phone, each.email) if value]
        further += channels_in(each.channels)
    first = {values["phone"], values["email"]}
    return {
        "channels": written([each for each in further if each.value not in first], str),
        "do_not_contact": any(each.do_not_contact for each in everybody),
        "left_on": None if None in left else max(day for day in left if day),
    }
