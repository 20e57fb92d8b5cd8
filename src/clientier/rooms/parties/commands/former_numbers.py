"""Rows of a file that still name a record that was merged, on their way to the one that it is part of now."""

from __future__ import annotations

from collections.abc import Sequence

from clientier.kit.imports.lookups import formerly
from clientier.kit.imports.registry import Row
from clientier.rooms.parties.models import Contact, Customer


def lead_on(model: type[Customer] | type[Contact], slug: str, rows: Sequence[Row]) -> None:
    """Give rows with the number of a record that was merged the number of the one that remained, in place."""
    numbers = {row["external_id"] for row in rows if row.get("external_id")}
    known = model._default_manager.filter(external_id__in=numbers).values_list("external_id", flat=True)
    former = formerly(slug, sorted(numbers - set(known)))
    there = model._default_manager.filter(pk__in=former.values())
    now = dict(there.values_list("pk", "external_id"))
    for row in rows:
        if remaining := now.get(former.get(row.get("external_id"), 0)):
            row["external_id"] = remaining
