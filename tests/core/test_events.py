from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from clientier.core import events
from clientier.core.models import OutboxEvent
from tests.core import probe, worker
from tests.core.probe import marks


@pytest.mark.django_db
def test_news_is_written_with_one_job_for_each_subscriber() -> None:
    event = events.publish("probe.happened", path="x", word="a")
    assert OutboxEvent.objects.get().facts == {"path": "x", "word": "a"}
    queued = ProcrastinateJob.objects.values_list("task_name", "args")
    assert {task for task, _ in queued} == {"core.deliver"}
    assert {args["subscriber"] for _, args in queued} == {"tests.core.probe.hear", "tests.core.probe.stumble"}
    assert {args["event_id"] for _, args in queued} == {event.pk}


@pytest.mark.django_db
def test_news_that_did_not_come_true_is_never_told() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.publish("probe.happened", path="x", word="a")
        raise ZeroDivisionError
    assert not OutboxEvent.objects.exists()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_news_that_nobody_hears_is_kept_all_the_same() -> None:
    events.publish("probe.unheard", number=1)
    assert OutboxEvent.objects.get().name == "probe.unheard"
    assert not ProcrastinateJob.objects.exists()


def test_each_subscriber_is_tried_again_alone(queue: Path) -> None:
    events.publish("probe.happened", path=str(queue), word="a")
    worker.work()
    assert sorted(marks(queue)) == ["heard-a", "stumbled"]
    assert set(ProcrastinateJob.objects.values_list("status", "attempts")) == {("succeeded", 1), ("todo", 1)}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    worker.work()
    assert sorted(marks(queue)) == ["heard-a", "stumbled", "stumbled"]


def test_a_function_subscribes_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        events.subscribe("probe.happened")(probe.hear)
