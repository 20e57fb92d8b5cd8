"""Value runs that somebody waits for."""

from __future__ import annotations

from uuid import UUID

from clientier.core.actor import Actor
from clientier.core.errors import NotFound
from clientier.core.models import JobRun, JobState

KIND = "value_run"


def waited_for(actor: Actor) -> JobRun | None:
    """The run that the actor started and that has not ended."""
    waiting = JobRun.objects.filter(
        kind=KIND, started_by=actor.user_id, state__in=(JobState.QUEUED, JobState.RUNNING)
    )
    return waiting.order_by("-queued_at", "pk").first()


def started(actor: Actor, pk: UUID) -> JobRun:
    """The run with this key, for who started it and for administrators; NotFound for anybody else."""
    found = JobRun.objects.filter(pk=pk, kind=KIND).first()
    if found is None or not (actor.unlimited or found.started_by == actor.user_id):
        raise NotFound
    return found
