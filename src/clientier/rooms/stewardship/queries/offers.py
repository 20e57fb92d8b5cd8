"""The buttons that this room puts on the pages of other rooms' records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core.actor import Actor, Reach
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.stewardship.models import Confirmation


def on_card(actor: Actor, customer: Customer) -> list[dict[str, Any]]:
    """The card as paper."""
    url = reverse("customer-card-paper", args=[customer.pk])
    return [{"label": _("Print card"), "url": url, "icon": "printer", "key": "p"}]


def on_contact(actor: Actor, contact: Contact) -> list[dict[str, Any]]:
    """One click to say that all of it is still right."""
    if actor.reach(Confirmation, "add") is Reach.NONE or contact.left_on:
        return []
    url = reverse("contact-confirm", args=[contact.pk])
    return [{"label": _("Still right"), "url": url, "method": "post", "icon": "check"}]
