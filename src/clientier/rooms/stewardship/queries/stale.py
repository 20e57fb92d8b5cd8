"""What is known of customers and was not found right for long: for the page that asks, and for reminders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.models import AuditEntry
from clientier.kit import detail, formats, resource
from clientier.kit.cells import Setting
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.stewardship.choices import TIERS
from clientier.rooms.stewardship.models import Confirmation
from clientier.rooms.stewardship.queries.rules import of_tier
from clientier.rooms.value.models import Standing

OF_CUSTOMER = ("phone", "email", "website", "country", "region", "city", "industry", "employees")
OF_CONTACT = ("job_title", "department", "decision_role", "attitude", "phone", "email", "wechat")
DAYS_A_MONTH = 30.44
MOST_CONTACTS = 40
ORIGIN = "confirm:"


def cutoff(rules: dict[str, Any], tier: str, today: dt.date) -> dt.date | None:
    """What was found right before this day is stale; None where nothing grows stale."""
    months = of_tier(rules["confirm_months"], tier)
    return today - dt.timedelta(days=round(months * DAYS_A_MONTH)) if months else None


def subjects(
    actor: Actor, customer: Customer, setting: Setting, since: dt.date | None
) -> list[dict[str, Any]]:
    """The customer and its contacts with what is known of each, when it was last found right, whether that is stale."""
    people: list[Contact] = []
    if actor.reach(Contact, "view") is not Reach.NONE:
        there = access.visible(actor, Contact).filter(customer=customer, left_on__isnull=True)
        people = list(there.order_by("sort_key", "pk")[:MOST_CONTACTS])
    known = _found_right(customer, people)
    back = f"?next={reverse('customer-confirm', args=[customer.pk])}"
    may_change = access.may(actor, customer, "change")
    theirs = access.visible(actor, Contact, "change").filter(customer=customer)
    changeable = set(theirs.values_list("pk", flat=True))
    made = []
    for record, slug, names in (
        (customer, "customers", OF_CUSTOMER),
        *((p, "contacts", OF_CONTACT) for p in people),
    ):
        day = known.get((slug, record.pk))
        may = record.pk in changeable if slug == "contacts" else may_change
        told = detail.facts(resource.REGISTRY[slug], actor, record, setting, names)
        made.append(
            {
                "key": "customer" if record is customer else str(record.pk),
                "name": _("The customer itself") if record is customer else str(record),
                "facts": [{"label": fact["label"], "text": fact["cell"].text} for fact in told],
                "when": formats.since(day, setting.today) if day else "",
                "stale": since is not None and (day is None or day < since),
                "edit_url": reverse(f"{slug}-update", args=[record.pk]) + back if may else "",
            }
        )  # fmt: skip
    return made


def still_stale(customer: Customer, since: dt.date | None) -> bool:
    """Whether anything about the customer or its people there is stale."""
    if since is None:
        return False
    people = list(Contact.objects.filter(customer=customer, left_on__isnull=True)[:MOST_CONTACTS])
    known = _found_right(customer, people)
    keys = [("customers", customer.pk), *(("contacts", person.pk) for person in people)]
    return any(known.get(key) is None or known[key] < since for key in keys)


def _found_right(customer: Customer, people: Iterable[Contact]) -> dict[tuple[str, int], dt.date]:
    """The last day on which each was confirmed, or entered or changed by a person."""
    found: dict[tuple[str, int], dt.date] = {}

    def learn(key: tuple[str, int], day: dt.date) -> None:
        found[key] = max(day, found.get(key, day))

    said = Confirmation.objects.filter(customer=customer).values_list("contact").annotate(last=Max("on"))
    for contact, day in said.order_by():
        learn(("contacts", contact) if contact else ("customers", customer.pk), day)
    keys = [str(person.pk) for person in people]
    entries = AuditEntry.objects.filter(
        Q(record="parties.customer", record_id=str(customer.pk), changes__has_any_keys=[*OF_CUSTOMER, "id"])
        | Q(record="parties.contact", record_id__in=keys, changes__has_any_keys=[*OF_CONTACT, "id"])
    )
    for record, key, at in entries.order_by().values_list("record", "record_id").annotate(last=Max("at")):
        learn(("customers" if record == "parties.customer" else "contacts", int(key)), at.date())
    return found


def owners_with_stale_cards() -> list[int]:
    """The users who answer for customers that have a tier, and may sign in."""
    found = Standing.objects.filter(customer__owner__is_active=True, tier__in=TIERS)
    return list(found.order_by("customer__owner").values_list("customer__owner", flat=True).distinct())


def stale_customers(owner: int, rules: dict[str, Any], today: dt.date, *, at_most: int) -> list[Standing]:
    """The owner's customers of whom something is stale and of whom no reminder is open, the most valuable first."""
    stale = Q()
    for tier in TIERS:
        since = cutoff(rules, tier, today)
        if since is not None:
            recent = Confirmation.objects.filter(contact=OuterRef("pk"), on__gte=since)
            people = Contact.objects.filter(customer=OuterRef("customer_id"), left_on__isnull=True)
            unconfirmed = Exists(people.filter(~Exists(recent)))
            confirmed_on = "customer__upkeep__confirmed_on"
            old = Q(**{f"{confirmed_on}__lt": since}) | Q(**{f"{confirmed_on}__isnull": True}) | unconfirmed
            stale = stale | (Q(tier=tier) & old)  # type: ignore[assignment]
    if not stale:
        return []
    waiting = Task.objects.filter(
        customer=OuterRef("customer_id"), state=TaskState.OPEN, origin__startswith=ORIGIN
    )
    found = Standing.objects.filter(stale, ~Exists(waiting), customer__owner=owner).select_related(
        "customer__owner"
    )
    return [
        score
        for score in found.order_by("-net_profit", "pk")[: at_most * 5]
        if still_stale(score.customer, cutoff(rules, score.tier, today))
    ][:at_most]


def reminder_title(code: str) -> str:
    return _("Ask whether what we know is still right")


def reminder_reason(facts: dict[str, Any], setting: Setting) -> str:
    """Why now: for how long nobody has found it right."""
    words = ngettext(
        "not confirmed for %(months)d month or longer",
        "not confirmed for %(months)d months or longer",
        facts["months"],
    )
    return words % {"months": facts["months"]}
