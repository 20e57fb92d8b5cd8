"""The buttons that this room puts on the pages of other rooms' records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core.actor import Actor
from clientier.rooms.parties.models import Customer


def on_card(actor: Actor, customer: Customer) -> list[dict[str, Any]]:
    """The card as paper."""
    url = reverse("customer-card-paper", args=[customer.pk])
    return [{"label": _("Print card"), "url": url, "icon": "printer", "key": "p"}]
