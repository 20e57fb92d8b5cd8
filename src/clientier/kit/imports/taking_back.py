"""Taking an import back, as a whole or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from clientier.core import audit, events, ledger
from clientier.core.actor import Actor
from clientier.core.errors import Conflict
from clientier.core.models import BulkChange
from clientier.core.wording import listed
from clientier.kit.imports.executing import alone, facts_of
from clientier.kit.imports.registry import TARGETS, ImportTarget
from clientier.kit.imports.runs import runs_seen_by, target_named
from clientier.kit.models import ImportRun, ImportState

UNDONE = "import.undone"
CAN_BE_UNDONE = (ImportState.DONE, ImportState.FAILED, ImportState.RUNNING)
IMPORTS_NAMED = 3
DAYS_TO_UNDO = 30


def take_back(run: ImportRun, *, actor: Actor, leave_changed: bool = False) -> int:
    """Undo everything that the import wrote, within 30 days; returns how many records.

    Raises Conflict, with nothing changed, when records were changed since or others depend on them; it
    names the later imports that may have to be undone first. With ``leave_changed`` those records alone stay
    as they are; ``records_left`` finds them afterwards.
    """
    importing = target_named(run.target, actor)
    with alone(run):
        try:
            with transaction.atomic():
                kept = ImportRun.objects.select_for_update().get(pk=run.pk)
                if kept.state not in CAN_BE_UNDONE:
                    raise Conflict(_("There is nothing left to undo here."))
                if is_past_undoing(kept):
                    raise Conflict(_("An import can be undone for 30 days; those are over."))
                number = _undo_all(importing, kept, actor, leave_changed=leave_changed)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                kept.state = ImportState.UNDONE
                left = {model._meta.label_lower: n for model, n in records_left(kept).items() if n}
                kept.facts = {**kept.facts, "left": left}
                kept.save(update_fields=["state", "facts"])
                audit.note("import.undo", importing.writes[0], actor, **facts_of(kept), left=left)
                events.publish(UNDONE, **facts_of(kept))
        except IntegrityError as error:
            words = _("Other records have come to depend on these. Nothing was undone.")
            raise Conflict(_with_hint(words, run, actor)) from error
        except Conflict as refusal:
            raise Conflict(_with_hint(str(refusal), run, actor)) from refusal
    run.refresh_from_db()
    return number


def is_past_undoing(run: ImportRun) -> bool:
    """Whether the days in which the import can be undone are over."""
    ended = run.finished_at or run.started_at or run.uploaded_at
    return ended < timezone.now() - dt.timedelta(days=DAYS_TO_UNDO)


def records_left(run: ImportRun) -> dict[type[Model], int]:
    """How many records of each kind the import made or changed that still stand so."""
    found = BulkChange.objects.filter(request_id=run.request_id, undone_by=None).values("record")
    counted = dict(found.values_list("record", Count("record_id", distinct=True)))
    importing = TARGETS[run.target]
    return {model: counted.get(model._meta.label_lower, 0) for model in (*importing.writes, *importing.also)}


def _undo_all(importing: ImportTarget, run: ImportRun, actor: Actor, *, leave_changed: bool) -> int:
    """The records of every kind that was written, those that refer to others first."""
    facts: dict[str, Any] = {
        "actor": actor,
        "request_id": run.request_id,
        "since": run.started_at,
        "leave_changed": leave_changed,
    }
    if importing.take_back:
        return importing.take_back(**facts)
    first = importing.writes[0]
    changed = (
        ledger.changed_since(first, request_id=run.request_id, since=run.started_at) if leave_changed else ()
    )
    written = records_left(run)
    number = sum(
        ledger.undo(model, **facts, leave_below=(_way_to(model, first), changed))
        for model in importing.also
        if written[model]
    )
    return number + sum([ledger.undo(model, **facts) for model in reversed(importing.writes)])


def _way_to(model: type[Model], first: type[Model]) -> str:
    """The column by which records beside belong to those of the rows."""
    return next(str(f.column) for f in model._meta.concrete_fields if f.related_model is first)


def _with_hint(words: str, run: ImportRun, actor: Actor) -> str:
    """The refusal, and which later imports that the actor sees stand on this one."""
    standing_on = [
        slug
        for slug, target in TARGETS.items()
        if slug == run.target or any(field.lookup == run.target for field in target.target.fields)
    ]
    later = (
        runs_seen_by(actor)
        .filter(
            target__in=standing_on, state__in=CAN_BE_UNDONE, started_at__gt=run.started_at or run.uploaded_at
        )
        .order_by("-started_at")[:IMPORTS_NAMED]
    )
    names = listed(f"{other.file_name} ({TARGETS[other.target].target.label})" for other in later)
    return f"{words} " + _("Imported later: %(names)s.") % {"names": names} if names else words
