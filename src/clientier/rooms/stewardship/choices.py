"""What upkeep knows: the things that a card should tell, by tier; the reasons for a review; ways to divide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.kit.resource import Words

TIERS = ("important", "major", "ordinary", "small")
KEY_TIERS = TIERS[:2]
RULED_LIKE = "ordinary"
"""A customer without a tier is held to what an ordinary one should tell."""


class ReviewReason(models.TextChoices):
    TIER = "tier", pgettext_lazy("review", "Key customer")
    CHANGED = "changed", pgettext_lazy("review", "Changed")
    STALE = "stale", pgettext_lazy("review", "Not confirmed for long")
    SAMPLE = "sample", pgettext_lazy("review", "Sample")


class ReviewState(models.TextChoices):
    DUE = "due", pgettext_lazy("review", "Due")
    DONE = "done", pgettext_lazy("review", "Done")
    MISSED = "missed", pgettext_lazy("review", "Missed")


class Split(models.TextChoices):
    BALANCED = "balanced", _("by load, evenly")
    TERRITORY = "territory", _("by territory, then evenly")
    TIER = "tier", _("by tier: key customers to the first, others evenly")
    SIZE = "size", _("by size: evenly by net profit")


class HandOverState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("hand-over", "Planned")
    DONE = "done", pgettext_lazy("hand-over", "Done")


@dataclass(frozen=True)
class Item:
    """One thing that a card should tell: ``weights`` by tier from the top, ``place`` the form that opens for it."""

    label: Words
    kinds: tuple[str, ...]
    weights: tuple[int, int, int, int]
    place: str


BOTH = ("company", "person")
COMPANY = ("company",)
PERSON = ("person",)
ITEMS: dict[str, Item] = {
    "phone": Item(_("phone"), BOTH, (3, 3, 3, 3), "customer"),
    "email": Item(_("e-mail"), BOTH, (2, 2, 2, 1), "customer"),
    "city": Item(_("city"), BOTH, (2, 2, 2, 1), "customer"),
    "owner": Item(_("account manager"), BOTH, (3, 3, 3, 1), "customer"),
    "website": Item(_("website"), COMPANY, (1, 1, 0, 0), "customer"),
    "industry": Item(_("industry"), COMPANY, (2, 2, 1, 1), "customer"),
    "employees": Item(_("employees"), COMPANY, (1, 1, 0, 0), "customer"),
    "registration": Item(_("registration number"), COMPANY, (2, 2, 1, 0), "customer"),
    "contact": Item(_("a contact"), COMPANY, (3, 3, 3, 1), "contact"),
    "reachable": Item(_("a contact with phone or e-mail"), COMPANY, (3, 2, 2, 0), "contact"),
    "decider": Item(_("who decides"), COMPANY, (4, 4, 2, 0), "contact"),
    "attitude": Item(_("attitude of who decides"), COMPANY, (3, 2, 0, 0), "contact"),
    "basics": Item(pgettext_lazy("profile", "basics"), BOTH, (2, 2, 1, 0), "profile"),
    "characteristics": Item(_("characteristics"), COMPANY, (2, 1, 0, 0), "profile"),
    "condition": Item(_("business condition"), COMPANY, (3, 2, 0, 0), "profile"),
    "trading": Item(_("trading condition"), COMPANY, (3, 3, 1, 0), "profile"),
    "career": Item(_("career"), PERSON, (3, 2, 0, 0), "profile"),
    "lifestyle": Item(_("lifestyle"), PERSON, (3, 2, 0, 0), "profile"),
    "ties": Item(_("social ties"), PERSON, (2, 1, 0, 0), "profile"),
}


def first_rules() -> dict[str, Any]:
    """The rules that a new installation begins with: lists hold one figure for each tier, from the top."""
    return {
        "weights": {
            kind: {code: list(item.weights) for code, item in ITEMS.items() if kind in item.kinds}
            for kind in BOTH
        },
        "confirm_months": [6, 9, 12, 0],
        "reminders_a_week": 5,
        "review_every_weeks": [1, 8, 0, 0],
        "review_changed": 5,
        "review_stale": 3,
        "review_sample": 3,
        "remark_days": 5,
    }
