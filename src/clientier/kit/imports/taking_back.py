"""Taking an import back, as a whole or not at all."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from clientier.core import audit, events, ledger
from clientier.core.actor import Actor
from clientier.core.errors import Conflict
from clientier.core.wording import listed
from clientier.kit.imports.executing import alone, facts_of
from clientier.kit.imports.registry import TARGETS, ImportTarget
from clientier.kit.imports.runs import target_named
from clientier.kit.models import ImportRun, ImportState

UNDONE = "import.undone"
CAN_BE_UNDONE = (ImportState.DONE, ImportState.FAILED, ImportState.RUNNING)
IMPORTS_NAMED = 3


def take_back(run: ImportRun, *, actor: Actor) -> int:
    """Undo everything that the import wrote; returns how many records.

    Raises Conflict, with nothing changed, when records were changed since or others depend on them; it
    names the later imports that may have to be undone first.
    """
    importing = target_named(run.target, actor)
    with alone(run):
        try:
            with transaction.atomic():
                kept = ImportRun.objects.select_for_update().get(pk=run.pk)
                if kept.state not in CAN_BE_UNDONE:
                    raise Conflict(_("There is nothing left to undo here."))
                undo = importing.take_back or partial(_undo_all, importing)
                number = undo(actor=actor, request_id=kept.request_id, since=kept.started_at)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                kept.state = ImportState.UNDONE
                kept.save(update_fields=["state"])
                audit.note("import.undo", importing.writes[0], actor, **facts_of(kept))
                events.publish(UNDONE, **facts_of(kept))
        except IntegrityError as error:
            words = _("Other records have come to depend on these. Nothing was undone.")
            raise Conflict(_with_hint(words, run)) from error
        except Conflict as refusal:
            raise Conflict(_with_hint(str(refusal), run)) from refusal
    run.refresh_from_db()
    return number


def _undo_all(importing: ImportTarget, **facts: Any) -> int:
    """The records of every kind, those that refer to others first."""
    return sum([ledger.undo(model, **facts) for model in reversed(importing.writes)])


def _with_hint(words: str, run: ImportRun) -> str:
    """The refusal, and which later imports stand on this one."""
    standing_on = [
        slug
        for slug, target in TARGETS.items()
        if slug == run.target or any(field.lookup == run.target for field in target.target.fields)
    ]
    later = ImportRun.objects.filter(
        target__in=standing_on, state__in=CAN_BE_UNDONE, started_at__gt=run.started_at or run.uploaded_at
    ).order_by("-started_at")[:IMPORTS_NAMED]
    names = listed(f"{other.file_name} ({TARGETS[other.target].target.label})" for other in later)
    return f"{words} " + _("Imported later: %(names)s.") % {"names": names} if names else words
