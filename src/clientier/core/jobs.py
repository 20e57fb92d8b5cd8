"""Work that outlives a request: queued in the same transaction, retried, watched, never run twice at once.

The queue is procrastinate on the product's own PostgreSQL. A worker that dies leaves its heartbeat
behind; the periodic ``rescue`` puts its jobs back in the queue, so tasks must bear to be run again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from clientier.core import seals
from clientier.core.actor import Actor
from clientier.core.errors import DomainError, NotFound
from clientier.core.models import JobRun, JobState

log = logging.getLogger(__name__)
RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


def task(*, name: str, retry: RetryStrategy | bool = RETRY, **options: Any) -> Callable[..., Any]:
    """Register a function as a job; ``func.defer(**facts)`` queues it in the current transaction."""
    return app.task(name=name, retry=retry, **options)


def every(cron: str) -> Callable[..., Any]:
    """Run the task at these times (cron text, UTC); the database sees to it that only one worker does."""
    return app.periodic(cron=cron)


@every("* * * * *")
@app.task(name="core.rescue", queueing_lock="core.rescue", pass_context=False)
async def rescue(timestamp: int) -> None:
    """Give the jobs of dead workers back to the queue."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await app.job_manager.retry_job(stalled)


@every("*/10 * * * *")
@app.task(name="core.seal_audit", queueing_lock="core.seal_audit", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Seal what the audit has gathered since the last time."""
    seals.seal()


@every("40 1 * * *")
@app.task(name="core.verify_audit", queueing_lock="core.verify_audit", pass_context=False)
def verify_audit(timestamp: int) -> None:
    """Tell the log, every night, where the chain of the audit ends, or that it is broken."""
    verdict = seals.verify()
    for fault in verdict.faults:
        log.error("The audit was tampered with: %s", fault)
    log.info("The audit is sealed to entry %s, link %s.", verdict.last_sealed, verdict.head)


@transaction.atomic
def start(task: Any, *, kind: str, label: str, actor: Actor, **facts: Any) -> JobRun:
    """Queue long work that a person watches; the task gets ``run_id`` beside its facts."""
    run = JobRun.objects.create(kind=kind, label=label[:200], started_by=actor.user_id)
    task.defer(run_id=str(run.pk), **facts)
    return run


def find(run_id: UUID, actor: Actor) -> JobRun:
    """A piece of long work, for its starter and for administrators; for others there is none."""
    found = JobRun.objects.filter(pk=run_id).first()
    if found is None or not (actor.unlimited or found.started_by == actor.user_id):
        raise NotFound
    return found


class Watched:
    """The life of one piece of long work, written where its starter looks.

    As a context manager: a rule that says no (DomainError) ends the work in words; any other error is
    recorded as failed and raised on, so that it is logged and, where the task says so, tried again.
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def __enter__(self) -> Watched:
        self._set(state=JobState.RUNNING, started_at=timezone.now(), error="")
        return self

    def progress(self, done: int, total: int | None = None) -> None:
        self._set(done=done, **({} if total is None else {"total": total}))

    def result(self, **facts: Any) -> None:
        self._set(result=facts)

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        ended: dict[str, Any] = {"finished_at": timezone.now()}
        if error is None:
            self._set(state=JobState.DONE, **ended)
            return False
        expected = isinstance(error, DomainError)
        self._set(state=JobState.FAILED, error=str(error) if expected else type(error).__name__, **ended)
        return expected

    def _set(self, **values: Any) -> None:
        JobRun.objects.filter(pk=self.run_id).update(**values)
