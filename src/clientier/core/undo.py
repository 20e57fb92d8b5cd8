"""Taking back what one request did, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from clientier.core import access, audit, entrusting, guards, ledger, trash
from clientier.core.actor import Actor
from clientier.core.commands import REGISTRY
from clientier.core.custom import values
from clientier.core.errors import Conflict, NotFound
from clientier.core.models import AuditEntry, TrashedRecord
from clientier.core.personal import has_erased_values

Reversal = Callable[[AuditEntry, Actor], None]
_reversals: dict[str, Reversal] = {}


def reverse_with(verb: str, reverse: Reversal) -> None:
    """Have entries of this verb, whose changes are not columns of their record, taken back by this function."""
    if verb in _reversals:
        raise ValueError(f"two functions take back {verb!r}")
    _reversals[verb] = reverse


@transaction.atomic
def undo(request_id: UUID, *, actor: Actor) -> int:
    """Reverse every change of that request and return their number.

    Only who did it may take it back, and only while nobody has changed the same values since.
    Raises NotFound, NotAllowed or Conflict, with nothing changed.
    """
    done = AuditEntry.objects.filter(request_id=request_id, actor_id=actor.user_id, undoes=None)
    entries = list(done.exclude(record_id="").exclude(verb="record.restore").order_by("-id"))
    if not entries or AuditEntry.objects.filter(undoes=request_id).exists():
        raise NotFound(_("There is nothing left to undo here."))
    try:
        with transaction.atomic():
            for entry in entries:
                _reversals.get(entry.verb, _reverse)(entry, actor)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET CONSTRAINTS ALL IMMEDIATE"
                )  # what points nowhere is refused here, not at commit
    except IntegrityError as error:
        raise Conflict(_("Other records have come to depend on this. Nothing was undone.")) from error
    return len(entries)


def _reverse(entry: AuditEntry, actor: Actor) -> None:
    """Undoing takes the right that doing took, on the record as it is then: a hand-over may come back.

    Each record that is put back gets an entry of its own, so that its history tells of it.
    """
    model = apps.get_model(entry.record)
    if REGISTRY[entry.verb].final or has_erased_values(entry):  # type: ignore[attr-defined]
        raise Conflict(_("This cannot be taken back. Nothing was undone."))
    needs = REGISTRY[entry.verb].needs  # type: ignore[attr-defined]
    key = model._meta.pk.attname
    before = {name: pair[0] for name, pair in entry.changes.items()}
    after = {name: pair[1] for name, pair in entry.changes.items()}
    if after.get(key, 0) is None:
        restored = trash.bring_back(_trashed(entry), actor=actor)
        guards.ask(restored, actor)
        _trace(entry, access.lock(actor, restored, needs), actor, was={})
        return
    record = model._default_manager.select_for_update(of=("self",)).filter(pk=entry.record_id).first()
    if record is None:
        raise NotFound
    guards.ask(record, actor)
    now = values.spread(model, audit.snapshot(record))
    if any(now.get(name) != value for name, value in after.items()):
        raise Conflict(_("%(name)s was changed again since. Nothing was undone.") % {"name": entry.label})
    if before.get(key, 0) is None:
        _remove(access.lock(actor, record, needs))
        audit.trace("undo", record, actor, before=now, after={}, undoes=entry.request_id)
        return
    model._default_manager.filter(pk=record.pk).update(**values.gathered(record, before))
    _refresh_derived(model, record.pk)
    put_back = access.lock(actor, record, needs)
    guards.ask(put_back, actor)
    entrusting.refuse(model, now, audit.snapshot(put_back))
    _trace(entry, put_back, actor, was=now)


def _trace(entry: AuditEntry, record: models.Model, actor: Actor, *, was: audit.Snapshot) -> None:
    now = audit.snapshot(record)
    audit.trace("undo", record, actor, before=was, after=now, undoes=entry.request_id)


def _remove(record: models.Model) -> None:
    ledger.let_followers_go(record)
    if audit.dependents(record):
        raise Conflict(_("Other records have come to depend on this. Nothing was undone."))
    record.delete()


def _trashed(entry: AuditEntry) -> TrashedRecord:
    found = TrashedRecord.objects.select_for_update().filter(
        request_id=entry.request_id, record=entry.record, record_id=entry.record_id
    )
    if kept := found.first():
        return kept
    raise Conflict(_("%(name)s is no longer in the trash. Nothing was undone.") % {"name": entry.label})


def _refresh_derived(model: type[models.Model], pk: Any) -> None:
    """Search tokens and sort keys follow from other fields; a plain save computes them again."""
    if record := model._default_manager.filter(pk=pk).first():
        record.save()
