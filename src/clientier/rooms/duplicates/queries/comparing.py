"""Customers and contacts as the search for duplicates compares them, read in columns and not as records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from clientier.core.likeness.comparisons import CONTACT
from clientier.core.likeness.gathered import Gathered, Record
from clientier.core.likeness.records import compared
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.models import Address, Contact, Customer

READ_AT_A_TIME = 5_000


def gather_customers(kind: str, into: Gathered) -> None:
    """All customers of a kind by their key, in the form in which they are compared."""
    into.add((facts["id"], compared(kind, facts)) for facts in _facts(kind))


def _facts(kind: str) -> Iterator[dict[str, Any]]:
    lines = _addresses()
    columns = ("id", "name", "phone", "email", "website", "registration_number", "city", "region")
    born = ("person_profile__born_on",)
    found = Customer.objects.filter(kind=kind).order_by("pk").values(*columns, *born)
    for row in found.iterator(chunk_size=READ_AT_A_TIME):
        line, postcode, city, region = lines.get(row["id"], ("", "", "", ""))
        yield {
            **row,
            "number": row["registration_number"],
            "born": row["person_profile__born_on"],
            "street": line,
            "postcode": postcode,
            "city": row["city"] or city,
            "region": row["region"] or region,
        }


def gather_contacts(into: Gathered) -> None:
    """All contacts by their key; who was erased is not compared."""
    into.add(_contacts())


def _contacts() -> Iterator[tuple[int, Record]]:
    columns = ("id", "name", "phone", "email")
    found = Contact.objects.filter(erased_on=None).order_by("pk").values(*columns, "customer__name")
    for row in found.iterator(chunk_size=READ_AT_A_TIME):
        yield row["id"], compared(CONTACT, {**row, "employer": row["customer__name"]})


def gather_contacts_and_persons(into: Gathered) -> None:
    """All contacts, and all customers who are persons, as contacts are compared; ``ends_among_both`` reads the keys."""
    into.add(((2 * key, record) for key, record in _contacts()), "contact")
    into.add(((2 * key + 1, record) for key, record in _persons()), "person")


def _persons() -> Iterator[tuple[int, Record]]:
    columns = ("id", "name", "phone", "email", "person_profile__employer")
    persons = Customer.objects.filter(kind=CustomerKind.PERSON).order_by("pk").values(*columns)
    for row in persons.iterator(chunk_size=READ_AT_A_TIME):
        yield row["id"], compared(CONTACT, {**row, "employer": row["person_profile__employer"]})


def ends_among_both(key: int, other: int) -> tuple[int, int]:
    """The key of the contact and that of the customer, of two among those of both kinds."""
    contact, person = (other, key) if key % 2 else (key, other)
    return contact // 2, person // 2


def _addresses() -> dict[int, tuple[str, str, str, str]]:
    """The first address of every customer."""
    found = Address.objects.order_by("customer", "pk").distinct("customer")
    rows = found.values_list("customer", "line", "postcode", "city", "region").iterator(
        chunk_size=READ_AT_A_TIME
    )
    return {customer: (line, postcode, city, region) for customer, line, postcode, city, region in rows}


def fingerprint(one: Record, other: Record) -> str:
    """The same as long as what was compared of both is the same."""
    text = json.dumps([sorted(one.items()), sorted(other.items())], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
