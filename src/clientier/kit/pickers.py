"""Fields that choose one record among those the actor may see, however many there are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.outside import whole_numbers
from clientier.kit import resource


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


def relation_options(related: type[models.Model], actor: Actor) -> dict[str, Any]:
    """What a form field needs to offer the records that the actor may see."""
    target = resource.of(related)
    found = access.visible(actor, related) if target else related._default_manager.all()
    options: dict[str, Any] = {"queryset": found.order_by("pk"), "empty_label": ""}
    if target and target.searchable:
        url = reverse(f"{target.slug}-pick")
        options["widget"] = Picker(attrs={"data-picker": url})
    return options
