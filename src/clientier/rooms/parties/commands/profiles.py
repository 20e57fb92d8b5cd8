"""Writing profiles, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.rooms.parties.models import CompanyProfile, PersonProfile

Rows = Sequence[Mapping[str, Any]]


def write_company_profiles(profiles: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update the one profile of each company. Rows hold stored columns."""
    return bulk.upsert(CompanyProfile, profiles, key=("customer_id",), actor=actor, action="import")


def write_person_profiles(profiles: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update the one profile of each person. Rows hold stored columns."""
    return bulk.upsert(PersonProfile, profiles, key=("customer_id",), actor=actor, action="import")
