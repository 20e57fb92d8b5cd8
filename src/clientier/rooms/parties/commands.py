"""Writing customers and the people and places that belong to them, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.rooms.parties.models import Address, CompanyProfile, Contact, Customer, PersonProfile

Rows = Sequence[Mapping[str, Any]]


def write_customers(customers: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update customers by their number. Rows hold stored columns."""
    return bulk.upsert(Customer, customers, key=("external_id",), actor=actor, action="import")


def write_contacts(contacts: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update contacts by their number. Rows hold stored columns."""
    return bulk.upsert(Contact, contacts, key=("external_id",), actor=actor, action="import")


def write_addresses(addresses: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update the one address of each kind that a customer has. Rows hold stored columns."""
    return bulk.upsert(Address, addresses, key=("customer_id", "kind"), actor=actor, action="import")


def write_company_profiles(profiles: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update the one profile of each company. Rows hold stored columns."""
    return bulk.upsert(CompanyProfile, profiles, key=("customer_id",), actor=actor, action="import")


def write_person_profiles(profiles: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update the one profile of each person. Rows hold stored columns."""
    return bulk.upsert(PersonProfile, profiles, key=("customer_id",), actor=actor, action="import")
