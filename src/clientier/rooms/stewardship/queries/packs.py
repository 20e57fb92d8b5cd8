"""The visits of a day: whom somebody will see, where, and whose card is out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.coded import named
from clientier.kit.cells import Setting
from clientier.rooms.activities.choices import InteractionKind, TaskState
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.activities.queries import task_facts, title_words
from clientier.rooms.parties.models import Address, Contact, Customer
from clientier.rooms.stewardship.models import TakenCard

MOST_VISITS = 40


@dataclass
class Visit:
    """A customer to be seen on a day, and why: appointments by the hour first, then what is due."""

    customer: Customer
    at: dt.datetime | None = None
    tasks: list[Task] = field(default_factory=list)


def visits(actor: Actor, day: dt.date) -> list[Visit]:
    """The actor's own visits of the day: what is planned for an hour of it, and tasks that are due then."""
    found: dict[int, Visit] = {}
    customers = access.visible(actor, Customer)
    zone = ZoneInfo(actor.time_zone)
    begins = dt.datetime.combine(day, dt.time(), zone)
    planned = access.visible(actor, Interaction).filter(
        user=actor.user_id,
        kind__in=(InteractionKind.VISIT, InteractionKind.MEETING),
        at__gte=begins,
        at__lt=begins + dt.timedelta(days=1),
        customer__in=customers,
    )
    for each in planned.select_related("customer").order_by("at", "pk")[:MOST_VISITS]:
        found.setdefault(each.customer_id, Visit(each.customer, at=each.at))
    due = access.visible(actor, Task).filter(
        assigned_to=actor.user_id, state=TaskState.OPEN, due_on=day, customer__in=customers
    )
    for task in due.select_related("customer", "assigned_to").order_by("pk")[:MOST_VISITS]:
        if task.customer is not None:
            found.setdefault(task.customer.pk, Visit(task.customer)).tasks.append(task)
    return list(found.values())[:MOST_VISITS]


def taken(actor: Actor, day: dt.date) -> QuerySet[TakenCard]:
    """The cards that the actor has taken along on that day, in the order of the visits, as far as still in reach."""
    found = access.visible(actor, TakenCard).filter(user=actor.user_id, day=day)
    found = found.filter(customer__in=access.visible(actor, Customer))
    return found.select_related("customer").order_by("place", "pk")


def open_tasks_of(actor: Actor, card: TakenCard) -> list[Task]:
    """What the visit was for, and is done with it: the actor's tasks for the customer that were due by then."""
    found = access.visible(actor, Task, "change").filter(
        assigned_to=actor.user_id, state=TaskState.OPEN, customer=card.customer_id, due_on=card.day
    )
    return list(found.order_by("pk"))


def out_too_long(actor: Actor, today: dt.date) -> QuerySet[TakenCard]:
    """Cards in reach that were taken on an earlier day and have not come back."""
    found = access.visible(actor, TakenCard).filter(day__lt=today, returned_at__isnull=True)
    return found.select_related("customer", "user").order_by("day", "pk")


def stops(actor: Actor, day: dt.date, setting: Setting) -> list[dict[str, Any]]:
    """What the phone shows of each card that is out: whom, where, how to reach them, why, and whether it is back."""
    planned = {visit.customer.pk: visit for visit in visits(actor, day)}
    cards = list(taken(actor, day))
    places = _places(actor, [card.customer for card in cards])
    people = _first_contacts(actor, [card.customer_id for card in cards])
    readable = access.fields(actor, Customer).readable
    made = []
    for number, card in enumerate(cards, start=1):
        visit = planned.get(card.customer_id, Visit(card.customer))
        contact = people.get(card.customer_id)
        phone = card.customer.phone if "phone" in readable else ""
        address = places[card.customer_id]
        made.append(
            {
                "card": card, "number": number, "name": str(card.customer), "address": address,
                "map_url": f"https://www.openstreetmap.org/search?query={quote(address)}" if address else "",
                "phone": phone, "contact": contact,
                "at": f"{timezone.localtime(visit.at):%H:%M}" if visit.at else "",
                "why": [title_words(task) for task in visit.tasks],
                "reasons": [task_facts(task, setting)["why"] for task in visit.tasks],
                "url": reverse("customers-detail", args=[card.customer_id]),
                "return_url": reverse("pack-return", args=[card.pk]),
                "returned": f"{timezone.localtime(card.returned_at):%H:%M}" if card.returned_at else "",
            }
        )  # fmt: skip
    return made


def cover(day_words: str, user: str, stops: list[dict[str, Any]]) -> dict[str, Any]:
    """The first page of the pack: the visits in their order, with addresses and phones."""
    return {
        "title": _("Visits on %(day)s") % {"day": day_words},
        "subtitle": user,
        "heads": ["#", _("Customer"), _("Address"), _("Phone")],
        "rows": [
            {
                "number": stop["at"] or str(stop["number"]),
                "name": stop["name"],
                "why": " · ".join(stop["why"]),
                "address": stop["address"],
                "phone": " / ".join(filter(None, (stop["phone"], _phone_of(stop["contact"])))),
            }
            for stop in stops
        ],
    }


def _phone_of(contact: dict[str, str] | None) -> str:
    return f"{contact['name']} {contact['phone']}" if contact and contact["phone"] else ""


def _places(actor: Actor, customers: list[Customer]) -> dict[int, str]:
    """One address a customer: its first, or the city and what lies around it."""
    readable = access.fields(actor, Customer).readable
    found = {
        customer.pk: " ".join(
            named(customer, name) for name in ("city", "region", "country")
            if name in readable and getattr(customer, name)
        )
        for customer in customers
    }  # fmt: skip
    if access.can_read(actor, Address, "line"):
        kept = access.visible(actor, Address).filter(customer__in=found).order_by("customer_id", "pk")
        found |= {each.customer_id: str(each) for each in reversed(list(kept)) if str(each)}
    return found


def _first_contacts(actor: Actor, customers: list[int]) -> dict[int, dict[str, str]]:
    """Whom to ask for: of those who are there and may be contacted, who decides comes first."""
    readable = access.fields(actor, Contact).readable
    found = access.visible(actor, Contact).filter(
        customer__in=customers, left_on__isnull=True, do_not_contact=False
    )
    made: dict[int, dict[str, str]] = {}
    for person in sorted(found, key=lambda each: (each.decision_role != "decider", each.pk)):
        phone = person.phone if "phone" in readable else ""
        made.setdefault(person.customer_id, {"name": str(person), "phone": phone})
    return made
