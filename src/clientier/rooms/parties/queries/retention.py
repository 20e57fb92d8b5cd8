"""Whose data have lain without any activity for longer than the rules allow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Greatest

from clientier.core import personal
from clientier.core.time import month_start
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.choices.privacy import RetainedKind, RetentionStep
from clientier.rooms.parties.models import Contact, Customer, RetentionRule, SensitiveFact
from clientier.rooms.parties.queries.consents import Person
from clientier.rooms.parties.queries.contacts import groups_of_posts


def rules_in_force() -> list[RetentionRule]:
    return list(RetentionRule.objects.filter(is_on=True).order_by("pk"))


def due(rule: RetentionRule, day: dt.date) -> QuerySet[Any]:
    """The persons the rule is about whose last activity lies before its months, the longest quiet first.

    Whoever has no dated activity at all is left alone: nobody can say how long it has been. Who has several posts
    is active as long as one of them is, for all of them are one person.
    """
    model: type[Person] = Contact if rule.applies_to == RetainedKind.CONTACTS else Customer
    only = {} if model is Contact else {"kind": CustomerKind.PERSON}
    found: QuerySet[Any] = model._default_manager.filter(erased_on=None, **only)
    if rule.step == RetentionStep.ERASE_SENSITIVE:
        found = found.filter(Exists(_facts(model)))
    oldest = limit(rule, day)
    found = found.annotate(last_active_on=_last_activity(model)).filter(last_active_on__lt=oldest)
    if model is Contact and (elsewhere := _posts_of_active(oldest)):
        found = found.exclude(pk__in=elsewhere)
    return found.order_by("last_active_on", "pk")


def _posts_of_active(since: dt.date) -> set[int]:
    """All posts of those who have several, and were active in one of them since that day."""
    groups = groups_of_posts()
    posts = Contact.objects.filter(pk__in=set().union(*groups)).annotate(at=_last_activity(Contact))
    active = set(posts.filter(at__gte=since).values_list("pk", flat=True))
    return {key for group in groups if group & active for key in group}


def limit(rule: RetentionRule, day: dt.date) -> dt.date:
    """The day before which activity is too old: so many months before this one, as far into its month."""
    start = month_start(day, months_back=rule.months)
    last = month_start(day, months_back=rule.months - 1) - dt.timedelta(days=1)
    return min(start + dt.timedelta(days=day.day - 1), last)


def _facts(model: type[Person]) -> QuerySet[SensitiveFact]:
    way = Q(contact=OuterRef("pk")) if model is Contact else Q(customer=OuterRef("pk"), contact=None)
    return SensitiveFact.objects.filter(way, sealed__isnull=False)


def _last_activity(model: type[Person]) -> Any:
    """The latest of all days that any room dates an activity with this person by."""
    days: list[Any] = []
    own = personal.personal_of(model)
    if own and own.dated:
        days.append(Cast(F(own.dated), DateField()))
    for other, path in personal.models_that_tell_of(model._meta.label_lower):
        said = personal.personal_of(other)
        if said and said.dated:
            grouped = other._default_manager.filter(**{path: OuterRef("pk")}).order_by().values(path)
            latest = grouped.annotate(latest=Max(said.dated)).values("latest")
            days.append(Cast(Subquery(latest), DateField()))
    return Greatest(*days) if len(days) > 1 else days[0]
