"""Taking back what one request did, as a whole or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from clientier.core import access, audit
from clientier.core.actor import Actor
from clientier.core.commands import REGISTRY
from clientier.core.errors import Conflict, NotFound
from clientier.core.models import AuditEntry


@transaction.atomic
def undo(request_id: UUID, *, actor: Actor) -> int:
    """Reverse every change of that request and return their number.

    Only who did it may take it back, and only while nobody has changed the same values since.
    Raises NotFound, NotAllowed or Conflict, with nothing changed.
    """
    done = AuditEntry.objects.filter(request_id=request_id, actor_id=actor.user_id)
    entries = list(done.exclude(verb="undo").exclude(record_id="").order_by("-id"))
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
    """Undoing takes the right that doing took, on the record as it is then: a hand-over may come back."""
    model = apps.get_model(entry.record)
    needs = REGISTRY[entry.verb].needs  # type: ignore[attr-defined]
    key = model._meta.pk.attname
    before = {name: pair[0] for name, pair in entry.changes.items()}
    after = {name: pair[1] for name, pair in entry.changes.items()}
    if after.get(key, 0) is None:
        _restore(model, before)
        for kept in reversed(entry.removed):
            _bring_back(kept)
        access.lock(actor, model(pk=entry.record_id), needs)
        return
    record = model._default_manager.select_for_update(of=("self",)).filter(pk=entry.record_id).first()
    if record is None:
        raise NotFound
    now = audit.snapshot(record)
    if any(now.get(name) != value for name, value in after.items()):
        raise Conflict(_("%(name)s was changed again since. Nothing was undone.") % {"name": record})
    if before.get(key, 0) is None:
        _remove(access.lock(actor, record, needs))
        return
    model._default_manager.filter(pk=record.pk).update(**before)
    _refresh_derived(model, record.pk)
    access.lock(actor, record, needs)


def _remove(record: models.Model) -> None:
    if audit.dependents(record, "delete"):
        raise Conflict(_("Other records have come to depend on this. Nothing was undone."))
    record.delete()


def _bring_back(kept: dict[str, Any]) -> None:
    """What went along with a deletion is made again; what was cut loose is tied on, if it is loose still."""
    model, values = apps.get_model(kept["record"]), kept["values"]
    if "key" not in kept:
        _restore(model, values)
        return
    loose = {f"{name}__isnull": True for name in values}
    model._default_manager.filter(pk=kept["key"], **loose).update(**values)


def _restore(model: type[models.Model], values: dict[str, Any]) -> None:
    record = model(**{f.attname: f.to_python(values[f.attname]) for f in _stored(model, values)})
    record.save(force_insert=True)


def _refresh_derived(model: type[models.Model], pk: Any) -> None:
    """Search tokens and sort keys follow from other fields; a plain save computes them again."""
    if record := model._default_manager.filter(pk=pk).first():
        record.save()


def _stored(model: type[models.Model], values: dict[str, Any]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if f.attname in values]
