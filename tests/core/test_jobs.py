from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from clientier.core import jobs
from clientier.core.models import JobRun
from tests import factories as make
from tests.core import probe, worker
from tests.core.probe import marks


def statuses() -> dict[str, int]:
    """How many of our own jobs are in which state; workers add the rescue of every minute."""
    found: dict[str, int] = {}
    probes = ProcrastinateJob.objects.filter(task_name__startswith="probe.")
    for status in probes.values_list("status", flat=True):
        found[status] = found.get(status, 0) + 1
    return found


def run_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def wait_for(path: Path, words: list[str]) -> None:
    until = time.monotonic() + 30
    while marks(path) != words:
        assert time.monotonic() < until, marks(path)
        time.sleep(0.05)


def rescue() -> None:
    """Let a living worker do what is due, and do what it found."""
    with suppress(AlreadyEnqueued):
        jobs.rescue.defer(timestamp=0)
    worker.work()


@pytest.mark.django_db
def test_a_job_is_queued_in_the_transaction_and_gone_with_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        probe.mark.defer(path="x", word="a")
        jobs.start(probe.watched, kind="probe", label="Work", actor=make.acting(), outcome="well")
        assert ProcrastinateJob.objects.count() == 2
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.exists()
    assert not JobRun.objects.exists()


def test_a_worker_does_what_is_waiting(queue: Path) -> None:
    probe.mark.defer(path=str(queue), word="done")
    worker.work()
    assert marks(queue) == ["done"]
    assert statuses() == {"succeeded": 1}


def test_two_workers_never_do_one_job_twice(queue: Path) -> None:
    for number in range(40):
        probe.mark.defer(path=str(queue), word=str(number))
    both = [worker.start("--one-shot", "--concurrency", "4") for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert sorted(marks(queue), key=int) == [str(number) for number in range(40)]
    assert statuses() == {"succeeded": 40}


def test_a_job_whose_worker_was_killed_is_done_by_another(queue: Path) -> None:
    probe.linger.defer(path=str(queue), seconds=60)
    first = worker.start()
    wait_for(queue, ["begin"])
    first.kill()
    first.wait()
    rescue()
    assert marks(queue) == ["begin"], "a worker that was heard from a moment ago may be alive still"
    run_sql("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '61 seconds'")
    rescue()
    assert marks(queue) == ["begin", "begin", "end"]
    assert statuses() == {"succeeded": 1}


def test_a_job_whose_worker_is_forgotten_already_is_done_by_another(queue: Path) -> None:
    """A new worker forgets dead ones when it starts, which cuts their jobs loose."""
    probe.linger.defer(path=str(queue), seconds=60)
    first = worker.start()
    wait_for(queue, ["begin"])
    first.kill()
    first.wait()
    run_sql("DELETE FROM procrastinate_workers")
    rescue()
    assert marks(queue) == ["begin", "begin", "end"]


def test_a_job_of_a_worker_that_is_alive_is_left_to_it(queue: Path) -> None:
    probe.linger.defer(path=str(queue), seconds=2)
    first = worker.start()
    try:
        wait_for(queue, ["begin"])
        rescue()
        wait_for(queue, ["begin", "end"])
    finally:
        first.kill()
        first.wait()


@pytest.mark.django_db
def test_a_periodic_job_is_queued_once_however_many_workers_ask() -> None:
    job = jobs.rescue.configure(task_kwargs={"timestamp": 60}).job
    defer = async_to_sync(app.job_manager.defer_periodic_job)
    first, second = (defer(job=job, periodic_id="", defer_timestamp=60) for _ in range(2))
    assert first is not None
    assert second is None
    assert ProcrastinateJob.objects.count() == 1


def test_failing_work_is_tried_again_later_and_then_given_up(queue: Path) -> None:
    run = jobs.start(probe.watched, kind="probe", label="Work", actor=make.acting(), outcome="break")
    worker.work()
    job = ProcrastinateJob.objects.get(task_name="probe.watched")
    assert (job.status, job.attempts) == ("todo", 1)
    run_sql("UPDATE procrastinate_jobs SET scheduled_at = NULL, attempts = 5")
    worker.work()
    assert statuses() == {"failed": 1}
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "ZeroDivisionError")


def test_watched_work_tells_how_far_it_is_and_what_came_out(queue: Path) -> None:
    user = make.some_user()
    run = jobs.start(probe.watched, kind="probe", label="é" * 300, actor=make.acting(user), outcome="well")
    assert (run.state, run.started_by, len(run.label)) == ("queued", user.pk, 200)
    worker.work()
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.result, run.error) == ("done", 3, 7, {"created": 3}, "")
    assert run.started_at is not None
    assert run.finished_at is not None


def test_a_refusal_ends_watched_work_in_words_and_is_not_tried_again(queue: Path) -> None:
    run = jobs.start(probe.watched, kind="probe", label="Work", actor=make.acting(), outcome="refuse")
    worker.work()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "Somebody was faster.")
    assert statuses() == {"succeeded": 1}
