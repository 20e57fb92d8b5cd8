"""Doing, moving and logging: the small steps of every day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from clientier.core import commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Interaction, Task


class TaskIsClosed(DomainError):
    """A task that is done or dropped cannot be done again."""

    code = "task_is_closed"
    message = _("This task is closed already. Nothing was changed.")


@command("task.complete", needs="change")
def complete_task(task: Task, *, actor: Actor, at: dt.datetime) -> Task:
    """The task is done."""
    return _close(task, TaskState.DONE, at)


@command("task.drop", needs="change")
def drop_task(task: Task, *, actor: Actor, at: dt.datetime) -> Task:
    """The task will not be done, and that is all right."""
    return _close(task, TaskState.DROPPED, at)


@command("task.move", needs="change")
def move_task(task: Task, *, actor: Actor, to: dt.date) -> Task:
    """The task is due on another day."""
    if task.state != TaskState.OPEN:
        raise TaskIsClosed
    task.due_on = to
    task.save(update_fields=["due_on"])
    return task


@command("interaction.log", needs="add")
def log_interaction(model: type[Interaction], *, actor: Actor, changes: dict[str, Any]) -> Interaction:
    """A contact has happened; without a name it was the actor's own."""
    made: Interaction = commands.apply(model(user_id=actor.user_id), changes, actor)
    return made


def _close(task: Task, state: TaskState, at: dt.datetime) -> Task:
    if task.state != TaskState.OPEN:
        raise TaskIsClosed
    task.state, task.done_at = state, at
    task.save(update_fields=["state", "done_at"])
    return task
