"""Taking cards along for a day of visits, and bringing them back with what was learned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core.actor import Actor
from clientier.core.commands import command, create
from clientier.core.errors import DomainError
from clientier.rooms.activities.choices import InteractionKind
from clientier.rooms.activities.commands import complete_task, log_interaction
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.stewardship.models import TakenCard
from clientier.rooms.stewardship.queries.packs import open_tasks_of, visits


class NotTodaysCustomer(DomainError):
    """Cards are taken along for the visits of the day alone."""

    code = "not_todays_customer"
    message = gettext_lazy(
        "Only the cards of the day's visits are taken along. Plan a visit first; nothing was changed."
    )


class CardIsBack(DomainError):
    """A card comes back once a day."""

    code = "card_is_back"
    message = gettext_lazy("This card was brought back already. Nothing was changed.")


@command("card.take", needs="add")
def take_card(
    model: type[TakenCard], *, actor: Actor, customer: Customer, day: dt.date, at: dt.datetime
) -> TakenCard:
    """Take a customer's card along for a visit of the day."""
    if customer.pk not in {visit.customer.pk for visit in visits(actor, day)}:
        raise NotTodaysCustomer
    place = model.objects.filter(user=actor.user, day=day).count() + 1
    return model.objects.create(user_id=actor.user, day=day, customer=customer, place=place, taken_at=at)


@transaction.atomic
def take_pack(
    customers: Sequence[Customer], *, actor: Actor, day: dt.date, at: dt.datetime
) -> list[TakenCard]:
    """Take several cards along, in this order; those that are out already are left as they are."""
    User.objects.select_for_update().get(pk=actor.user)  # two clicks take each card once
    known = set(TakenCard.objects.filter(user=actor.user, day=day).values_list("customer_id", flat=True))
    return [
        take_card(TakenCard, actor=actor, customer=customer, day=day, at=at)
        for customer in dict.fromkeys(customers)
        if customer.pk not in known
    ]


def plan_visit(customer: Customer, actor: Actor, day: dt.date) -> Customer:
    """Put a customer on the list of the day's visits; who is on it already stays there once."""
    if customer.pk not in {visit.customer.pk for visit in visits(actor, day)}:
        _plan(actor, customer, _("Visit"), day)
    return customer


def _plan(actor: Actor, customer: Customer, title: str, day: dt.date) -> None:
    me = User.objects.get(pk=actor.user)
    facts = {"title": title, "customer": customer, "due_on": day, "assigned_to": me}
    create(Task, actor=actor, changes=facts)


@command("card.put_in_order", needs="change")
def put_in_order(card: TakenCard, *, actor: Actor, place: int) -> TakenCard:
    """The visit comes at this place of the day; those behind it move on."""
    if card.returned_at:
        raise CardIsBack
    card.place = place
    card.save(update_fields=["place"])
    return card


@transaction.atomic
def order_pack(cards: Sequence[TakenCard], *, actor: Actor) -> list[TakenCard]:
    """Put all these cards in this order; one that is back already refuses the whole."""
    return [put_in_order(card, actor=actor, place=place) for place, card in enumerate(cards, start=1)]


@command("card.bring_back", needs="change")
def bring_back(card: TakenCard, *, actor: Actor, at: dt.datetime, notes: Mapping[str, Any]) -> TakenCard:
    """The card is back: what was said becomes an interaction, the visit is done, and the next step a task.

    ``notes`` holds ``summary``, ``minutes``, ``contact``, ``next_title`` and ``next_on``; all may be missing.
    """
    if card.returned_at:
        raise CardIsBack
    if notes.get("summary") or notes.get("minutes"):
        facts = {
            "customer": card.customer, "kind": InteractionKind.VISIT, "at": at,
            "minutes": notes.get("minutes") or 0, "summary": notes.get("summary", ""),
            "contact": notes.get("contact"), "next_step": notes.get("next_title") or "",
        }  # fmt: skip
        entered = {name: value for name, value in facts.items() if value not in (None, "")}
        card.interaction = log_interaction(Interaction, actor=actor, changes=entered)
        for task in open_tasks_of(actor, card):
            complete_task(task, actor=actor, at=at)
    if notes.get("next_on"):
        title = notes.get("next_title") or _("Follow up the visit")
        _plan(actor, card.customer, title, notes["next_on"])
    card.returned_at = at
    card.save(update_fields=["returned_at", "interaction"])
    return card
