"""The rules of receivables and credit that hold now."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clientier.rooms.trade.choices.credit import RULED_LIKE, TIERS, first_rules
from clientier.rooms.trade.models import CreditPolicy


def current_rules() -> dict[str, Any]:
    """The newest version, completed by what a new installation begins with."""
    found = CreditPolicy.objects.order_by("-version").first()
    return {**first_rules(), **(found.rules if found else {})}


def policies() -> QuerySet[CreditPolicy]:
    """All versions of the rules, the newest first."""
    return CreditPolicy.objects.select_related("made_by").order_by("-version")


def of_tier(entries: list[Any], tier: str) -> Any:
    """The entry of a tier; a customer without one is ruled like an ordinary one."""
    return entries[TIERS.index(tier or RULED_LIKE)]
