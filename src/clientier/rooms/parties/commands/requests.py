"""Requests of persons: received, due on a day, answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.commands import apply, command
from clientier.core.errors import Conflict
from clientier.rooms.parties.choices.privacy import CountedIn
from clientier.rooms.parties.models import PrivacyRequest
from clientier.rooms.parties.queries.sensitive import rules

WEEKEND = (5, 6)


@command("request.receive", needs="add")
def receive_request(model: type[PrivacyRequest], *, actor: Actor, changes: dict[str, Any]) -> PrivacyRequest:
    """A request with the day by which it must be answered."""
    request = model()
    if isinstance(received := changes.get("received_on"), dt.date):
        request.due_on = due_day(received)
    made: PrivacyRequest = apply(request, changes, actor)
    return made


@command("request.change", needs="change")
def change_request(request: PrivacyRequest, *, actor: Actor, changes: dict[str, Any]) -> PrivacyRequest:
    """Put right how it was recorded, as long as it is not answered."""
    if request.answered_on is not None:
        raise Conflict(_("This request was answered. Nothing was changed."))
    if isinstance(received := changes.get("received_on"), dt.date):
        request.due_on = due_day(received)
    changed: PrivacyRequest = apply(request, changes, actor)
    return changed


@command("request.answer", needs="export")
def answer_request(request: PrivacyRequest, *, actor: Actor, day: dt.date, records: int) -> PrivacyRequest:
    """The person's data went out in a file, of so many records; the first day counts as the answer."""
    audit.note("request.file", PrivacyRequest, actor, request=request.pk, records=records)
    if request.answered_on is None:
        request.answered_on = day
        request.save(update_fields=["answered_on"])
    return request


def due_day(received: dt.date) -> dt.date:
    """The last day for an answer, by the company's rule; weekends are no working days."""
    rule = rules()
    if rule.counted_in == CountedIn.DAYS:
        return received + dt.timedelta(days=rule.answer_within)
    day, left = received, rule.answer_within
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() not in WEEKEND
    return day
