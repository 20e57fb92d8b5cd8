"""Entering and changing customers, one by one and many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.core.commands import apply, command
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.commands.forgotten import refuse_filling
from clientier.rooms.parties.commands.phones import normal_phone
from clientier.rooms.parties.commands.registration import refuse_wrong_number
from clientier.rooms.parties.models import Customer

Rows = Sequence[Mapping[str, Any]]


@command("customer.enter", needs="add")
def enter_customer(model: type[Customer], *, actor: Actor, changes: dict[str, Any]) -> Customer:
    """A new customer, with a telephone number in its normal form and a registration number that holds."""
    return _written(model(), changes, actor)


@command("customer.change", needs="change")
def change_customer(customer: Customer, *, actor: Actor, changes: dict[str, Any]) -> Customer:
    """The customer with these changes; what was there before and stays is not judged anew."""
    return _written(customer, changes, actor)


def _written(customer: Customer, changes: dict[str, Any], actor: Actor) -> Customer:
    refuse_filling(customer, changes)
    known = {
        name: changes.get(name, getattr(customer, name))
        for name in ("kind", "country", "registration_number")
    }
    if changes.keys() & known.keys() and known["kind"] == CustomerKind.COMPANY:
        refuse_wrong_number(known["registration_number"] or "", known["country"] or "")
    if changes.get("phone"):
        changes = {**changes, "phone": normal_phone(changes["phone"], known["country"] or "")}
    written: Customer = apply(customer, changes, actor)
    return written


def write_customers(customers: Rows, *, actor: Actor, only_new: Sequence[str] = ()) -> bulk.Outcome:
    """Create or update customers by their number. Rows hold stored columns; ``only_new`` as in ``bulk.upsert``."""
    return bulk.upsert(
        Customer, customers, key=("external_id",), actor=actor, only_new=only_new, action="import"
    )
