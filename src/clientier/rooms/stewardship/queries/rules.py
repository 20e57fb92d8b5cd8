"""The rules of upkeep that hold now."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet

from clientier.rooms.stewardship.choices import RULED_LIKE, TIERS, first_rules
from clientier.rooms.stewardship.models import UpkeepPolicy


def current_rules() -> dict[str, Any]:
    """The newest version, completed by what a new installation begins with."""
    found = UpkeepPolicy.objects.order_by("-version").first()
    rules = first_rules()
    if found:
        weights = {
            kind: {**known, **found.rules.get("weights", {}).get(kind, {})}
            for kind, known in rules["weights"].items()
        }
        rules |= {**found.rules, "weights": weights}
    return rules


def current_version() -> int:
    """The number of the newest version; 0 while those of a new installation hold."""
    return UpkeepPolicy.objects.aggregate(newest=Max("version"))["newest"] or 0


def policies() -> QuerySet[UpkeepPolicy]:
    """All versions of the rules, the newest first."""
    return UpkeepPolicy.objects.select_related("made_by").order_by("-version")


def of_tier(figures: list[int], tier: str) -> int:
    """The figure of a tier; a customer without one is held to what an ordinary one is."""
    return figures[TIERS.index(tier or RULED_LIKE)]
