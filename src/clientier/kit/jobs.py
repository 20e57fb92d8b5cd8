"""Long work of the kit's own pages."""

from __future__ import annotations

import logging

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clientier.core import jobs
from clientier.core.actor import Door, actor_for
from clientier.core.errors import DomainError, NotAllowed
from clientier.kit.imports import executing, folders, sets
from clientier.kit.models import ImportFolder, ImportRun, ImportSet

log = logging.getLogger(__name__)


@jobs.task(name="kit.import")
def import_file(run_id: str, import_id: str) -> None:
    """Import a file, with progress; a run that was cut off goes on where it stood."""
    with jobs.Watched(run_id) as watched:
        run = ImportRun.objects.get(pk=import_id)
        actor = actor_for(run.user_id, Door.IMPORT)
        if actor is None:
            raise NotAllowed
        with translation.override(actor.language):
            done = executing.execute(run, actor=actor, said=watched.progress)
            watched.result(text=_("%(rows)s rows read") % {"rows": done.rows_done})


@jobs.task(name="kit.import_set")
def import_set(run_id: str, set_id: str) -> None:
    """Import the files of a set in the order in which they refer to each other."""
    with jobs.Watched(run_id) as watched:
        of_set = ImportSet.objects.get(pk=set_id)
        actor = actor_for(of_set.user_id, Door.IMPORT)
        if actor is None:
            raise NotAllowed
        with translation.override(actor.language):
            done = sets.execute(of_set, actor=actor, said=watched.progress)
            watched.result(text=_("%(number)s files imported") % {"number": done})


@jobs.task(name="kit.check_import")
def check_import(run_id: str, import_id: str) -> None:
    """Rehearse an import of a large file and keep the counts with it."""
    with jobs.Watched(run_id):
        run = ImportRun.objects.get(pk=import_id)
        actor = actor_for(run.user_id, Door.IMPORT)
        if actor is None:
            raise NotAllowed
        with translation.override(actor.language):
            executing.keep_check(run, executing.rehearse(run, actor=actor).plain())


@jobs.every("* * * * *")
@jobs.task(name="kit.pick_up_files", queueing_lock="kit.pick_up_files", retry=False)
def pick_up_files(timestamp: int) -> None:
    """Look into every import folder, once a minute."""
    for folder in ImportFolder.objects.filter(active=True).order_by("pk"):
        try:
            folders.pick_up(folder, now=timezone.now())
        except DomainError as refusal:
            log.warning("The import folder %s was passed over: %s", folder.name, refusal)
