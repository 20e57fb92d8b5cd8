"""The buttons that this room puts on the pages of other rooms' records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core.actor import Actor, Reach
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.people.models import User
from clientier.rooms.stewardship.models import Confirmation, HandOver, HandOverBrief
from clientier.rooms.stewardship.queries import stale


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


def on_user(actor: Actor, user: User) -> list[dict[str, Any]]:
    """The way to hand over all that a user answers for."""
    if actor.reach(HandOver, "add") is Reach.NONE:
        return []
    return [
        {"label": _("Hand over"), "url": f"{reverse('hand-over-new')}?user={user.pk}", "icon": "user-share"}
    ]


def on_task(actor: Actor, task: Task) -> list[dict[str, Any]]:
    """From a task that this room made to the page where it is done."""
    if task.origin and task.origin.startswith(stale.ORIGIN) and task.customer_id:
        url = reverse("customer-confirm", args=[task.customer_id])
        return [{"label": _("Is it still right?"), "url": url, "icon": "check", "primary": True}]
    if task.reason.get("code") == "briefs":
        first = HandOverBrief.objects.filter(
            hand_over=task.reason["plan"], successor=task.assigned_to_id, read_at__isnull=True
        ).order_by("pk").first()  # fmt: skip
        url = reverse("brief", args=[first.pk]) if first else reverse("hand-over-briefs-list")
        return [{"label": _("Read the briefs"), "url": url, "icon": "clipboard-list", "primary": True}]
    return []


def on_hand_over(actor: Actor, plan: HandOver) -> list[dict[str, Any]]:
    url = reverse("hand-over-plan", args=[plan.pk])
    return [{"label": _("Open the plan"), "url": url, "icon": "list-check", "primary": True}]


def on_brief(actor: Actor, brief: HandOverBrief) -> list[dict[str, Any]]:
    return [{"label": _("Read"), "url": reverse("brief", args=[brief.pk]), "icon": "eye", "primary": True}]
