"""Entering and changing customers, one by one and many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import access, bulk
from clientier.core.actor import Actor, Reach
from clientier.core.commands import apply, command
from clientier.kit.imports.numbering import MadeNumbers
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.commands.forgotten import forgotten_rows, refuse_filling
from clientier.rooms.parties.commands.phones import normal_phone
from clientier.rooms.parties.commands.registration import refuse_wrong_number
from clientier.rooms.parties.models import Customer

Rows = Sequence[Mapping[str, Any]]
LONGEST_NAME = 200


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


def make_companies(names: Sequence[str], actor: Actor) -> dict[str, int]:
    """A company for each of these names, whatever the case of its letters; the keys by name as it was written.

    Who reaches not everything answers for what they bring. Names too long, and companies that are there out of
    reach, are left out.
    """
    spelled: dict[str, list[str]] = {}
    for name in names:
        if 0 < len(name.strip()) <= LONGEST_NAME:
            spelled.setdefault(name.strip().casefold(), []).append(name)
    rows: list[dict[str, Any]] = [
        {"name": each[0].strip(), "kind": CustomerKind.COMPANY} for each in spelled.values()
    ]
    MadeNumbers(("name",)).number(rows)
    if actor.user_id and actor.reach(Customer, "import") is not Reach.ALL:
        rows = [{**row, "owner_id": actor.user_id} for row in rows]
    forgotten = forgotten_rows(Customer, rows)
    rows = [row for position, row in enumerate(rows) if position not in forgotten]
    if not rows:
        return {}
    write_customers(rows, actor=actor, only_new=("name", "kind", "owner_id"))
    numbers = [row["external_id"] for row in rows]
    reached = access.visible(actor, Customer, "import").filter(external_id__in=numbers)
    ids = dict(reached.values_list("external_id", "pk"))
    keys = {row["name"].casefold(): ids[row["external_id"]] for row in rows if row["external_id"] in ids}
    return {name: key for folded, key in keys.items() for name in spelled[folded]}
