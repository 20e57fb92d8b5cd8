"""Entering and changing customers, one by one and many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError

from clientier.core import access, bulk
from clientier.core.actor import Actor, Reach
from clientier.core.commands import apply, command
from clientier.kit.imports.lookups import Made, formerly
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


def make_companies(names: Sequence[str], actor: Actor) -> Made:
    """A company for each of these names, whatever the case of its letters.

    One that was made of the same name before is found again: under its new name, or in what it was merged into.
    Who reaches not everything answers for what they bring. Names too long, and companies that are there out of
    reach, are left out.
    """
    spelled: dict[str, list[str]] = {}
    for name in names:
        if 0 < len(name.strip()) <= LONGEST_NAME:
            spelled.setdefault(name.strip().lower(), []).append(name)
    rows: list[dict[str, Any]] = [{"name": each[0].strip()} for each in spelled.values()]
    MadeNumbers(("name",)).number(rows)
    forgotten = forgotten_rows(Customer, rows)
    rows = [row for position, row in enumerate(rows) if position not in forgotten]
    spellings = {row["external_id"]: spelled[row["name"].lower()] for row in rows}
    merged = formerly("customers", list(spellings))
    fresh = [row for row in rows if row["external_id"] not in merged]
    try:
        created = _write_companies(fresh, actor)
    except IntegrityError:  # another import made one of them at this moment: now it is there
        created = _write_companies(fresh, actor)
    reached = access.visible(actor, Customer, "import")
    ids = dict(reached.filter(external_id__in=spellings).values_list("external_id", "pk"))
    survivors = set(reached.filter(pk__in=merged.values()).values_list("pk", flat=True))
    ids |= {str(number): pk for number, pk in merged.items() if pk in survivors}
    return Made({name: pk for number, pk in ids.items() for name in spellings[number]}, created)


def _write_companies(rows: list[dict[str, Any]], actor: Actor) -> int:
    """Those of the rows that are not there yet; all but the name follows from it and from who brings it."""
    if not rows:
        return 0
    follows: dict[str, Any] = {"kind": CustomerKind.COMPANY}
    if actor.user_id and actor.reach(Customer, "import") is not Reach.ALL:
        follows["owner_id"] = actor.user_id
    return bulk.upsert(
        Customer,
        [{**row, **follows} for row in rows],
        key=("external_id",),
        actor=actor,
        derived=("external_id", *follows),
        only_new=("name", *follows),
        action="import",
    ).created
