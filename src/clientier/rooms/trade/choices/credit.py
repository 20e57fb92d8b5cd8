"""Receivables and credit: buckets of age, what can become of a promise, and the rules a company begins with."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

TIERS = ("important", "major", "ordinary", "small")
KEY_TIERS = TIERS[:2]
RULED_LIKE = "ordinary"
"""A customer without a tier is trusted like an ordinary one."""


class Covers(models.TextChoices):
    CUSTOMER = "customer", pgettext_lazy("credit limit", "The customer alone")
    GROUP = "group", pgettext_lazy("credit limit", "The customer and all companies below it")


class OverLimit(models.TextChoices):
    """What becomes of an order that would go beyond the limit."""

    WARN = "warn", pgettext_lazy("credit limit", "warn and open")
    HOLD = "hold", pgettext_lazy("credit limit", "hold")


class ProposalState(models.TextChoices):
    OPEN = "open", pgettext_lazy("proposal", "Open")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "Accepted")
    REFUSED = "refused", pgettext_lazy("proposal", "Refused")


class ProposalKind(models.TextChoices):
    RAISE = "raise", pgettext_lazy("credit limit", "Raise")
    CUT = "cut", pgettext_lazy("credit limit", "Cut")


class PromiseState(models.TextChoices):
    OPEN = "open", pgettext_lazy("promise", "Running")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    BROKEN = "broken", pgettext_lazy("promise", "Broken")
    WITHDRAWN = "withdrawn", pgettext_lazy("promise", "Withdrawn")


PROMISE_TONES = {"open": "warn", "kept": "good", "broken": "bad", "withdrawn": ""}


class DunningWay(models.TextChoices):
    CALL = "call", pgettext_lazy("dunning", "Call by the account manager")
    EMAIL = "email", pgettext_lazy("dunning", "E-mail")
    LETTER = "letter", pgettext_lazy("dunning", "Letter")


class TextTier(models.TextChoices):
    """For whom a text is; a text for all stands in where there is none for the tier."""

    ALL = "", pgettext_lazy("dunning", "All others")
    IMPORTANT = "important", pgettext_lazy("tier", "Important")
    MAJOR = "major", pgettext_lazy("tier", "Major")
    ORDINARY = "ordinary", pgettext_lazy("tier", "Ordinary")
    SMALL = "small", pgettext_lazy("tier", "Small")


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SIMPLIFIED = "zh-hans", "简体中文"
    TRADITIONAL = "zh-hant", "繁體中文"


def first_rules() -> dict[str, Any]:
    """The rules that a new installation begins with; lists hold one entry for each tier, from the top.

    Amounts are in the base currency and shares in percent. ``limits`` of nothing mean that there is none.
    """
    return {
        "edges": [30, 60, 90],
        "sales_days": 90,
        "limits": [2_000_000, 500_000, 100_000, 20_000],
        "over_limit": ["warn", "hold", "hold", "hold"],
        "score_days": 730,
        "prior_score": 60,
        "prior_invoices": 5,
        "raise_from": 80,
        "raise_percent": 25,
        "raise_when_used_percent": 70,
        "cut_below": 40,
        "cut_percent": 50,
        "raises_by_itself": False,
        "cuts_by_itself": False,
        "interest_percent": 5,
        "collects_by_itself": False,
        "collect_from": 10_000,
        "dunning_days": [7, 21, 45],
        "dunning_pause_days": 7,
        "dunning_calls": [3, 2, 0, 0],
    }
