"""Taking back what one request did, as a whole or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from clientier.core import access, audit
from clientier.core.actor import Actor
from clientier.core.errors import Conflict, NotFound
from clientier.core.models import AuditEntry


@transaction.atomic
def undo(request_id: UUID, *, actor: Actor) -> int:
    """Reverse every change of that request and return their number.

    Only who did it may take it back, and only while nobody has changed the same values since.
    Raises NotFound, NotAllowed or Conflict, with nothing changed.
    """
    entries = list(AuditEntry.objects.filter(request_id=request_id, actor_id=actor.user_id).order_by("-id"))
    if not entries or AuditEntry.objects.filter(verb="undo", label=str(request_id)).exists():
        raise NotFound(_("There is nothing left to undo here."))
    try:
        with transaction.atomic():
            for entry in entries:
                _reverse(entry, actor)
    except IntegrityError as error:
        raise Conflict(_("Other records have come to depend on this. Nothing was undone.")) from error
    AuditEntry.objects.create(
        actor_id=actor.user_id,
        actor_name=actor.name,
        door=actor.door,
        request_id=actor.request_id,
        verb="undo",
        record=entries[0].record,
        record_id=entries[0].record_id,
        label=str(request_id),
        changes={"entries": len(entries)},
    )
    return len(entries)


def _reverse(entry: AuditEntry, actor: Actor) -> None:
    model = apps.get_model(entry.record)
    before = {name: pair[0] for name, pair in entry.changes.items()}
    after = {name: pair[1] for name, pair in entry.changes.items()}
    if _is_deletion(entry, after):
        access.require(actor, model, "delete")
        _restore(model, before)
        for kept in reversed(entry.removed):
            _restore(apps.get_model(kept["record"]), kept["values"])
        return
    record = access.lock(actor, access.get(actor, model, entry.record_id), "change")
    now = audit.snapshot(record)
    if any(now.get(name) != value for name, value in after.items()):
        raise Conflict(_("%(name)s was changed again since. Nothing was undone.") % {"name": record})
    if before.get("id", 0) is None:
        access.lock(actor, record, "delete").delete()
        return
    type(record)._default_manager.filter(pk=record.pk).update(**before)
    _refresh_derived(type(record), record.pk)


def _is_deletion(entry: AuditEntry, after: dict[str, Any]) -> bool:
    return "id" in after and after["id"] is None


def _restore(model: type[models.Model], values: dict[str, Any]) -> None:
    record = model(**{f.attname: f.to_python(values[f.attname]) for f in _stored(model, values)})
    record.save(force_insert=True)


def _refresh_derived(model: type[models.Model], pk: Any) -> None:
    """Search tokens and sort keys follow from other fields; a plain save computes them again."""
    if record := model._default_manager.filter(pk=pk).first():
        record.save()


def _stored(model: type[models.Model], values: dict[str, Any]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if f.attname in values]
