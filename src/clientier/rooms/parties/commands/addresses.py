"""Writing addresses, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.rooms.parties.models import Address

Rows = Sequence[Mapping[str, Any]]


def write_addresses(addresses: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update the one address of each kind that a customer has. Rows hold stored columns."""
    return bulk.upsert(Address, addresses, key=("customer_id", "kind"), actor=actor, action="import")
