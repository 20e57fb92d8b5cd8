"""Entering and changing contacts, one by one and many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.core.channels import channels_in, written
from clientier.core.commands import apply, command
from clientier.rooms.parties.commands.forgotten import refuse_filling
from clientier.rooms.parties.commands.phones import normal_phone
from clientier.rooms.parties.models import Contact

Rows = Sequence[Mapping[str, Any]]


@command("contact.enter", needs="add")
def enter_contact(model: type[Contact], *, actor: Actor, changes: dict[str, Any]) -> Contact:
    """A new contact, with a telephone number in the normal form of the customer's country."""
    return _written(model(), changes, actor)


@command("contact.change", needs="change")
def change_contact(contact: Contact, *, actor: Actor, changes: dict[str, Any]) -> Contact:
    """The contact with these changes; a new telephone number is brought into its normal form."""
    return _written(contact, changes, actor)


def _written(contact: Contact, changes: dict[str, Any], actor: Actor) -> Contact:
    refuse_filling(contact, changes)
    if changes.get("phone") or changes.get("channels"):
        customer = changes.get("customer") or (contact.customer if contact.customer_id else None)
        changes = {**changes, **normal_reach(changes, customer.country if customer else "")}
    written: Contact = apply(contact, changes, actor)
    return written


def normal_reach(facts: Mapping[str, Any], country: str) -> dict[str, str]:
    """Those of the telephones among the facts that hold something, in the normal form of the country."""
    normal = partial(normal_phone, country=country)
    made = {}
    if phone := facts.get("phone"):
        made["phone"] = normal(phone)
    if further := facts.get("channels"):
        made["channels"] = written(channels_in(further), normal)
    return made


def write_contacts(contacts: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update contacts by their number. Rows hold stored columns."""
    return bulk.upsert(Contact, contacts, key=("external_id",), actor=actor, action="import")
