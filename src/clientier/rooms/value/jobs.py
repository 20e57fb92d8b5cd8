"""The value run as work in the background: when somebody asks for it, and every night."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from clientier.core import events, jobs
from clientier.core.actor import Actor, Door, system
from clientier.rooms.people.queries import actor_of, organisation, user_for
from clientier.rooms.value.commands.duties import create_duties
from clientier.rooms.value.commands.runs import RUN_COMPLETED, run_value
from clientier.rooms.value.models import ValueRun
from clientier.rooms.value.queries.standings import current_run

NIGHT_HOUR = 2


@jobs.task(name="value.judge", retry=False)
def judge(run_id: str, as_of: str, user_id: int | None = None) -> None:
    """Judge all customers for the person who asked, and tell how it ended."""
    with jobs.Watched(run_id) as watched:
        run = run_value(ValueRun, actor=_asker(user_id), as_of=dt.date.fromisoformat(as_of))
        watched.result(value_run=run.pk, customers=run.customers)


@jobs.every("0 * * * *")
@jobs.task(name="value.nightly", queueing_lock="value.nightly", pass_context=False)
def judge_nightly(timestamp: int) -> None:
    """At two in the morning of the company's time zone, judge all customers by everything up to yesterday.

    Asked every hour, because the hour at which it is night depends on where the company is.
    """
    now = dt.datetime.fromtimestamp(timestamp, ZoneInfo(organisation().time_zone))
    if now.hour == NIGHT_HOUR:
        run_value(ValueRun, actor=system(Door.JOB), as_of=now.date() - dt.timedelta(days=1))


@events.subscribe(RUN_COMPLETED)
def assign_duties(facts: dict[str, Any]) -> None:
    """Turn the warnings of a run that still is the current one into tasks."""
    run = current_run()
    if run is not None and run.pk == facts["run_id"]:
        create_duties(run)


def _asker(user_id: int | None) -> Actor:
    user = user_for(user_id) if user_id else None
    return actor_of(user, Door.JOB) if user else system(Door.JOB)
