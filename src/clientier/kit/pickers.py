"""Fields that choose one record among those the actor may see, however many there are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse

from clientier.core import access, entrusting
from clientier.core.actor import Actor
from clientier.core.outside import whole_numbers
from clientier.kit import resource

GIVING = "giving"  # asks a picker to leave out who cannot be given anything


class Picker(forms.Select):
    """Chooses one record among any number: it carries the chosen one and asks the server for others."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = whole_numbers([key for key in value if key])
        choices: Any = self.choices
        found = choices.queryset.filter(pk__in=chosen) if chosen else ()
        options = [("", "")] + [(record.pk, str(record)) for record in found]
        return [
            (None, [self.create_option(name, key, label, str(key) in value, index)], index)
            for index, (key, label) in enumerate(options)
        ]


def relation_options(related: type[models.Model], actor: Actor, *, gives: bool = True) -> dict[str, Any]:
    """What a form field needs to offer the records that the actor may see; where it ``gives`` something to users,
    those who may not sign in are not offered.
    """
    target = resource.of(related)
    found = access.visible(actor, related) if target else related._default_manager.all()
    options: dict[str, Any] = {"queryset": found.order_by("pk"), "empty_label": ""}
    if target and target.searchable:
        url = reverse(f"{target.slug}-pick")
        if gives and entrusting.offers_only_able(related):
            url += f"?{GIVING}=1"
        options["widget"] = Picker(attrs={"data-picker": url})
    return options
