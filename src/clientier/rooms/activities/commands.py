"""Doing, moving and logging: the small steps of every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from clientier.core import bulk, commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.numbering import MadeNumbers
from clientier.kit.imports.reasons import Reason
from clientier.kit.imports.registry import Batch, Beginning, WritesEach
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


@command("task.assign", needs="add")
def assign_task(
    model: type[Task],
    *,
    actor: Actor,
    changes: dict[str, Any],
    reason: dict[str, Any] | None = None,
    origin: str | None = None,
) -> Task:
    """A task that something else than a person gives.

    ``reason`` is what its words are made from in the reader's language; ``origin`` says what gave it, so that it is
    given once.
    """
    made: Task = commands.apply(model(reason=reason or {}, origin=origin), changes, actor)
    return made


@command("interaction.log", needs="add")
def log_interaction(model: type[Interaction], *, actor: Actor, changes: dict[str, Any]) -> Interaction:
    """A contact has happened; without a name it was the actor's own."""
    made: Interaction = commands.apply(model(user_id=actor.user), changes, actor)
    return made


def _close(task: Task, state: TaskState, at: dt.datetime) -> Task:
    if task.state != TaskState.OPEN:
        raise TaskIsClosed
    task.state, task.done_at = state, at
    task.save(update_fields=["state", "done_at"])
    return task


def write_interactions(interactions: Sequence[Mapping[str, Any]], *, actor: Actor) -> bulk.Outcome:
    """Create or update interactions by their number. Rows hold stored columns."""
    return bulk.upsert(Interaction, interactions, key=("external_id",), actor=actor, action="import")


class InteractionWriting(WritesEach):
    """Interactions of a file on their way in; without a name they were those of who imports them."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(write_interactions, Interaction, beginning.actor)
        facts = ("customer_id", "kind", "at", "user_id", "summary")
        self._numbers = None if "external_id" in beginning.fields else MadeNumbers(facts)

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Number the rows that have none, and say who it was."""
        super().prepare(batch)
        refused: dict[int, Problem] = {}
        for position, row in enumerate(batch.rows):
            row["user_id"] = row.get("user_id") or self._actor.user_id
            if row["user_id"] is None:
                refused[position] = Problem("", "user", Reason("required"))
        if self._numbers:
            self._numbers.number(batch.rows)
        return refused
