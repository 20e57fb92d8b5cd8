"""What was changed, by whom, through which door: the trace that every command leaves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, router
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from clientier.core import personal
from clientier.core.actor import Actor
from clientier.core.custom.values import spread
from clientier.core.models import AuditEntry, TrashedRecord
from clientier.core.wording import listed

Snapshot = dict[str, Any]
_plain = (str, int, float, bool, type(None), list, dict)


def snapshot(record: models.Model) -> Snapshot:
    """The stored values of a record, by column, ready for JSON; its secrets (``SECRETS``) are left out."""
    fields: Any = record._meta.concrete_fields
    kept = [f for f in fields if f.serialize or f.primary_key]
    secrets = getattr(record, "SECRETS", ())
    values = {f.attname: f.value_from_object(record) for f in kept if f.name not in secrets}
    return {name: value if isinstance(value, _plain) else _encoded(value) for name, value in values.items()}


def _encoded(value: Any) -> Any:
    """To the microsecond, which Django's encoder drops."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return value.astimezone(dt.UTC).isoformat()
    return DjangoJSONEncoder().default(value)


def dependents(record: models.Model) -> list[dict[str, Any]]:
    """What a deletion takes along or cuts loose, to be brought back with it."""
    collector = Collector(using=router.db_for_write(type(record)), origin=record)
    try:
        collector.collect([record])
    except models.ProtectedError:
        return []  # the deletion itself will be refused, in words
    groups: list[Iterable[models.Model]] = [*collector.data.values(), *collector.fast_deletes]
    going = dict.fromkeys(kept for group in groups for kept in group)
    taken = [{"record": kept._meta.label_lower, "values": snapshot(kept)} for kept in going if kept != record]
    return taken + [
        {
            "record": loose._meta.label_lower,
            "key": loose.pk,
            "values": {field.attname: getattr(loose, field.attname)},
        }
        for (field, _value), groups in collector.field_updates.items()
        for group in groups
        for loose in (group if isinstance(group, models.QuerySet) else [group])
        if loose not in going
    ]


def trace(
    verb: str,
    record: models.Model,
    actor: Actor,
    *,
    before: Snapshot,
    after: Snapshot,
    undoes: UUID | None = None,
    also: Iterable[personal.Person] = (),
) -> None:
    """Write one entry with the difference; a command that changed nothing leaves none. ``also`` as in ``seal``."""
    model = type(record)
    before, after = spread(model, before), spread(model, after)
    names = before | after
    changes = {n: [before.get(n), after.get(n)] for n in names if before.get(n) != after.get(n)}
    if changes or not after:
        key = record.pk or before.get(record._meta.pk.attname, "")
        label, kept = personal.seal(record, key, str(record)[:200], changes, also)
        _write(
            verb,
            record._meta.label_lower,
            actor,
            record_id=str(key),
            label=label,
            changes=kept,
            undoes=undoes,
        )


def trace_deletion(verb: str, record: models.Model, actor: Actor, kept: TrashedRecord) -> None:
    """Write one entry with the name and the numbers of what is gone; its values are in the trash."""
    kinds = Counter(taken["record"] for taken in kept.removed if "key" not in taken)
    key = record._meta.pk.attname
    gone = kept.values[key]
    label, changes = personal.seal(record, gone, kept.label, {key: [gone, None]})
    _write(
        verb,
        kept.record,
        actor,
        record_id=kept.record_id,
        label=label,
        changes=changes,
        removed=[{"record": kind, "count": number} for kind, number in sorted(kinds.items())],
    )


def note(verb: str, subject: type[models.Model] | str, actor: Actor, **facts: Any) -> None:
    """Write one entry for work on many records at once; the records themselves are in the bulk ledger."""
    _write(verb, subject if isinstance(subject, str) else subject._meta.label_lower, actor, changes=facts)


def _write(verb: str, kind: str, actor: Actor, **facts: Any) -> None:
    AuditEntry.objects.create(
        actor_id=actor.user_id,
        actor_name=actor.name,
        door=actor.door,
        request_id=actor.request_id,
        verb=verb,
        record=kind,
        **facts,
    )


def still_used(record: models.Model, users: Iterable[models.Model]) -> str:
    kinds = sorted({str(user._meta.verbose_name_plural) for user in users})
    return _("%(name)s was not deleted: %(kinds)s still refer to it. Nothing was changed.") % {
        "name": record,
        "kinds": listed(kinds),
    }
