"""Work that comes to people by itself."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clientier.core import events
from clientier.core.actor import Door, system
from clientier.kit.imports.folders import FOLDER_PROBLEM
from clientier.rooms.activities.commands import assign_task
from clientier.rooms.activities.models import Task
from clientier.rooms.activities.queries import task_exists
from clientier.rooms.people.queries import user_for

LONGEST_TITLE = 200


@events.subscribe(FOLDER_PROBLEM)
def assign_folder_problem(facts: dict[str, Any]) -> None:
    """A file that could not be imported whole becomes a task of who answers for its folder, once."""
    origin = f"import-folder:{facts['folder']}:{facts['about']}"[:80]
    owner = user_for(facts["owner_id"])
    if owner is None or task_exists(origin):
        return
    with translation.override(owner.language):
        title = _("Import folder %(folder)s: %(file)s – %(why)s") % facts
    changes = {
        "title": title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…",
        "due_on": timezone.localdate(),
        "assigned_to": owner,
    }
    assign_task(Task, actor=system(Door.JOB), changes=changes, origin=origin)
