from __future__ import annotations

import datetime as dt

import pytest

from clientier.core.models import AuditEntry
from clientier.rooms.activities.commands import (
    TaskIsClosed,
    complete_task,
    drop_task,
    log_interaction,
    move_task,
)
from clientier.rooms.activities.models import Interaction
from clientier.rooms.activities.queries import duties_together
from tests import factories as make

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


def test_a_task_is_done() -> None:
    task = complete_task(make.some_task(), actor=make.acting(), at=NOON)
    assert (task.state, task.done_at) == ("done", NOON)
    assert AuditEntry.objects.get().verb == "task.complete"


@pytest.mark.parametrize("close", [complete_task, drop_task])
def test_a_closed_task_is_not_touched_again(close: object) -> None:
    task = close(make.some_task(), actor=make.acting(), at=NOON)  # type: ignore[operator]
    for again in (
        lambda: complete_task(task, actor=make.acting(), at=NOON),
        lambda: drop_task(task, actor=make.acting(), at=NOON),
        lambda: move_task(task, actor=make.acting(), to=make.DAY),
    ):
        with pytest.raises(TaskIsClosed):
            again()
    assert AuditEntry.objects.count() == 1


def test_a_logged_interaction_is_the_actors_own_unless_said_otherwise() -> None:
    ada, ben, customer = make.some_user(), make.some_user(), make.some_customer()
    changes = {"customer": customer, "at": NOON, "kind": "call"}
    assert log_interaction(Interaction, actor=make.acting(ada), changes=changes).user == ada
    assert log_interaction(Interaction, actor=make.acting(ada), changes={**changes, "user": ben}).user == ben


def test_duties_are_summed_apart_for_oneself_and_for_others() -> None:
    leader, rep = make.some_user(), make.some_user()
    day = make.DAY
    make.some_task(assigned_to=leader, due_on=day, value_at_stake=5)
    make.some_task(assigned_to=rep, due_on=day - dt.timedelta(days=1), value_at_stake=30)
    make.some_task(assigned_to=rep, due_on=day + dt.timedelta(days=7), value_at_stake=None)
    make.some_task(assigned_to=rep, due_on=day + dt.timedelta(days=8), value_at_stake=999)
    make.some_task(assigned_to=rep, due_on=day, value_at_stake=999, state="done")
    actor = make.acting(leader)
    assert duties_together(actor, day, of_others=False) == (1, 0, 5)
    assert duties_together(actor, day, of_others=True) == (2, 1, 30)
