"""Doing what the rules of retention say, with a trace of how many and by which rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from clientier.core import aside, audit
from clientier.core.actor import Actor
from clientier.core.errors import NotAllowed
from clientier.core.models import TrashedRecord
from clientier.rooms.parties.choices.privacy import RetentionStep, RetentionWay
from clientier.rooms.parties.commands.erasure import forget_people
from clientier.rooms.parties.models import Contact, Customer, RetentionRule, SensitiveFact
from clientier.rooms.parties.queries.consents import Person
from clientier.rooms.parties.queries.retention import due, rules_in_force
from clientier.rooms.parties.queries.whole_person import facts_of

AT_A_TIME = 200


def keep_rules(*, actor: Actor, day: dt.date) -> None:
    """What every night does: act by the rules that say so, and note how many the others propose."""
    for rule in rules_in_force():
        if rule.way == RetentionWay.ACT:
            carry_out(rule, actor=actor, day=day)
        elif number := due(rule, day).count():
            audit.note("retention.propose", RetentionRule, actor, rule=rule.pk, persons=number)


def carry_out(rule: RetentionRule, *, actor: Actor, day: dt.date, only: Collection[int] | None = None) -> int:
    """Erase what the rule says of everybody it is about today (or of those chosen); returns of how many."""
    if not actor.unlimited:
        raise NotAllowed
    found = due(rule, day)
    if only is not None:
        found = found.filter(pk__in=only)
    keys = list(found.values_list("pk", flat=True))
    number = 0
    for start in range(0, len(keys), AT_A_TIME):
        with transaction.atomic():
            people = list(due(rule, day).filter(pk__in=keys[start : start + AT_A_TIME]))
            _apply(rule, people, actor, day)
            done = [person.pk for person in people]
            audit.note("retention.act", RetentionRule, actor, rule=rule.pk, step=rule.step, keys=done)
        number += len(done)
    return number


def _apply(rule: RetentionRule, people: list[Person], actor: Actor, day: dt.date) -> None:
    if rule.step == RetentionStep.ANONYMISE:
        forget_people(people, actor=actor, day=day)
    else:
        for person in people:
            facts_of(person).delete()


def clear_orphans() -> int:
    """Erase the facts of persons who are gone for good: neither there nor anywhere from where they may come back."""
    found = SensitiveFact.objects.annotate(
        person_there=Exists(Customer.objects.filter(pk=OuterRef("customer"))),
        post_there=Exists(Contact.objects.filter(pk=OuterRef("contact"))),
    )
    gone = found.filter(Q(person_there=False) | Q(contact__isnull=False, post_there=False))
    customers, contacts = _returning(Customer), _returning(Contact)
    lost = [
        fact.pk
        for fact in gone.iterator()
        if fact.customer_id not in customers and fact.contact_id not in contacts
    ]
    return SensitiveFact.objects.filter(pk__in=lost).delete()[0]


def _returning(model: type[Person]) -> set[int]:
    """The keys of those who can still come back: from the trash, alone or with others, or where they are kept aside."""
    label = model._meta.label_lower
    kept = aside.returning(label)
    for trashed in TrashedRecord.objects.iterator(chunk_size=AT_A_TIME):
        taken = [(trashed.record, trashed.values)]
        taken += [(each["record"], each["values"]) for each in trashed.removed if "key" not in each]
        kept |= {values["id"] for kind, values in taken if kind == label}
    return kept
