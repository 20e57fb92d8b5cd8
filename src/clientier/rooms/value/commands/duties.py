"""From a judgement to something that a person does: warnings of key customers become tasks of their owners."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import translation

from clientier.core import audit
from clientier.core.actor import Door, system
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Task
from clientier.rooms.value.choices import Warning
from clientier.rooms.value.models import Standing, ValueRun
from clientier.rooms.value.queries.watch import key_customers_to_watch
from clientier.rooms.value.queries.wording import duty_title

MOST_A_PERSON = 15
LOOKED_AT = 1000
DAYS_TO_ACT = 3


@transaction.atomic
def create_duties(run: ValueRun) -> int:
    """Create the missing tasks and return their number.

    One customer has at most one such task open, and the same warning comes once a quarter at most;
    nobody gets more than ``MOST_A_PERSON`` open ones.
    """
    origin = f"warning:{run.as_of.year}-{(run.as_of.month - 1) // 3 + 1}"
    standing = Task.objects.filter(origin__startswith="warning:", state=TaskState.OPEN)
    taken = set(standing.values_list("customer_id", flat=True))
    load = Counter(standing.values_list("assigned_to_id", flat=True))
    known = set(Task.objects.filter(origin__startswith=origin).values_list("origin", flat=True))
    made = []
    for score in key_customers_to_watch(LOOKED_AT):
        owner = score.customer.owner
        if owner is None or not owner.is_active:
            continue
        key = f"{origin}:{score.warning}:{score.customer_id}"
        if key in known or score.customer_id in taken or load[owner.pk] >= MOST_A_PERSON:
            continue
        load[owner.pk] += 1
        made.append(_task(score, owner, run.as_of, key))
    Task.objects.bulk_create(made)
    if made:
        audit.note("duties.create", Task, system(Door.JOB), run=run.pk, tasks=len(made))
    return len(made)


def _task(score: Standing, owner: Any, as_of: dt.date, origin: str) -> Task:
    with translation.override(owner.language):
        title = duty_title(score.warning)
    return Task(
        customer_id=score.customer_id,
        title=title,
        due_on=as_of + dt.timedelta(days=DAYS_TO_ACT),
        assigned_to=owner,
        reason=_reason(score, as_of, title),
        value_at_stake=score.value_at_risk or None,
        origin=origin,
    )


def _reason(score: Standing, as_of: dt.date, title: str) -> dict[str, Any]:
    """The code and the figures behind it; the words are made when somebody reads it."""
    facts: dict[str, Any] = {"code": score.warning, "title": title}
    if score.warning == Warning.SILENCE and score.last_day:
        facts |= {"days": (as_of - score.last_day).days, "gap": round(score.mean_gap_days or 0)}
    if score.warning == Warning.ACTIVITY_DROP:
        facts["chance"] = round(score.p_active_90 or 0, 3)
    if score.warning == Warning.PURCHASES_FALLING:
        facts["change"] = round(score.growth or 0, 3)
    if score.warning == Warning.BELOW_ZERO:
        facts["loss"] = float(-score.net_profit)
    return facts
