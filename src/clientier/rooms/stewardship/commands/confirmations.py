"""Saying that what is known is still right, and being reminded where nobody has said so for long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import translation

from clientier.core import access, audit
from clientier.core.actor import Actor, Door, system
from clientier.core.commands import command
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.commands import complete_task
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.stewardship.commands.completeness import judge_cards
from clientier.rooms.stewardship.models import Confirmation
from clientier.rooms.stewardship.queries import stale
from clientier.rooms.stewardship.queries.rules import current_rules, of_tier
from clientier.rooms.value.models import Standing
from clientier.rooms.value.queries.standings import standing_of

DAYS_TO_ACT = 7


@command("card.confirm", needs="add")
def confirm_card(
    model: type[Confirmation], *, actor: Actor, customer: Customer, contact: Contact | None, on: dt.date
) -> Confirmation:
    """What is known of the customer, or of one contact there, was right on that day."""
    access.get(actor, Customer, customer.pk)
    if contact is not None:
        contact = access.get(actor, Contact, contact.pk)
        customer = contact.customer
    return model.objects.create(customer=customer, contact=contact, on=on, by_id=actor.user)


@transaction.atomic
def confirm_all(
    customer: Customer, people: Sequence[Contact | None], *, actor: Actor, on: dt.date, at: dt.datetime
) -> int:
    """Confirm the customer (None) and these contacts; where nothing stays stale, the reminder is done."""
    for contact in people:
        confirm_card(Confirmation, actor=actor, customer=customer, contact=contact, on=on)
    judge_cards([customer.pk])
    score = standing_of(customer.pk)
    if not stale.still_stale(customer, stale.cutoff(current_rules(), score.tier if score else "", on)):
        reminders = access.visible(actor, Task, "change").filter(
            customer=customer, state=TaskState.OPEN, origin__startswith=stale.ORIGIN
        )
        for task in reminders:
            complete_task(task, actor=actor, at=at)
    return len(people)


@transaction.atomic
def remind(today: dt.date) -> int:
    """Make this week's reminders, one a customer, never more for one user than the rules allow; returns how many."""
    rules, week = current_rules(), "{}-W{:02}".format(*today.isocalendar()[:2])
    allowed = rules["reminders_a_week"]
    made: list[Task] = []
    for owner in stale.owners_with_stale_cards():
        prefix = f"{stale.ORIGIN}{week}:"
        got = Task.objects.filter(assigned_to=owner, origin__startswith=prefix).count()
        if got < allowed:
            due = stale.stale_customers(owner, rules, today, at_most=allowed - got)
            made += [_reminder(score, rules, today, prefix) for score in due]
    Task.objects.bulk_create(made, ignore_conflicts=True)
    if made:
        audit.note("upkeep.remind", Task, system(Door.JOB), tasks=len(made), week=week)
    return len(made)


def _reminder(score: Standing, rules: dict[str, list[int]], today: dt.date, prefix: str) -> Task:
    owner = score.customer.owner
    with translation.override(owner.language if owner else None):
        title = stale.reminder_title("confirm")
    return Task(
        customer_id=score.customer_id,
        title=title,
        due_on=today + dt.timedelta(days=DAYS_TO_ACT),
        assigned_to=owner,
        reason={"code": "confirm", "title": title, "months": of_tier(rules["confirm_months"], score.tier)},
        origin=f"{prefix}{score.customer_id}",
    )
