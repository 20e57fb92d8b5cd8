"""Fields of the rules of credit: rising days in one text, and a table with one entry for each tier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clientier.rooms.trade.choices.credit import TIERS, OverLimit, TextTier
from clientier.rooms.trade.web.lines import MONEY

MOST_DAYS = 12
LATEST = 3650


class DaysField(forms.CharField):
    """Whole numbers of days, one after the other; whether they rise is for the command to say."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        found = [each for each in re.split(r"[\s,，、;；]+", super().clean(value)) if each]
        if (
            not found
            or len(found) > MOST_DAYS
            or not all(each.isdecimal() and len(each) <= 4 for each in found)
        ):
            raise forms.ValidationError(_("Whole days, such as 30, 60, 90."))
        return [min(int(each), LATEST) for each in found]


class TierTable(forms.Form):
    """For each tier the limit of who has none of their own, what happens beyond it, and how often one calls first."""

    def __init__(self, data: Any, *, known: Mapping[str, Any]) -> None:
        super().__init__(data)
        names = dict(TextTier.choices)
        for place, tier in enumerate(TIERS):
            whom = {"tier": names[tier]}
            self.fields[f"limit-{tier}"] = forms.DecimalField(
                label=_("Limit by tier: %(tier)s") % whom, required=False, min_value=0, max_digits=14,
                decimal_places=2, initial=known["limits"][place], widget=MONEY,
            )  # fmt: skip
            self.fields[f"over-{tier}"] = forms.ChoiceField(
                label=_("Beyond the limit: %(tier)s") % whom, choices=OverLimit.choices,
                initial=known["over_limit"][place],
            )  # fmt: skip
            self.fields[f"calls-{tier}"] = forms.IntegerField(
                label=_("Calls first: %(tier)s") % whom, min_value=0, max_value=MOST_DAYS,
                initial=known["dunning_calls"][place],
            )  # fmt: skip

    def by_tier(self) -> list[dict[str, Any]]:
        """One row a tier: its name and its three fields."""
        names = dict(TextTier.choices)
        return [
            {"label": names[tier], "fields": [self[f"{name}-{tier}"] for name in ("limit", "over", "calls")]}
            for tier in TIERS
        ]

    def rules(self) -> dict[str, list[Any]]:
        """What was entered, as the rules keep it; an empty limit is none."""
        facts = self.cleaned_data

        def plain(value: Decimal | None) -> float | None:
            return None if value is None else float(value)

        return {
            "limits": [plain(facts[f"limit-{tier}"]) for tier in TIERS],
            "over_limit": [facts[f"over-{tier}"] for tier in TIERS],
            "dunning_calls": [facts[f"calls-{tier}"] for tier in TIERS],
        }
