"""Since when, and by whom: what the audit and the ledger of imports know of one record, in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Max, Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access, audit
from clientier.core.actor import Actor
from clientier.core.custom.definitions import PREFIX
from clientier.core.custom.values import COLUMN, spread
from clientier.core.models import AuditEntry, BulkChange
from clientier.kit import custom_values, formats, resource
from clientier.kit.spoken import Speaker

SHOWN = 50
Changes = dict[str, list[Any]]


@dataclass(frozen=True)
class Imports:
    """What imports did to one record, by the audit entry under which it is told: the values before, and after."""

    done: dict[int, list[BulkChange]] = field(default_factory=dict)
    undone: dict[int, list[BulkChange]] = field(default_factory=dict)

    @property
    def entries(self) -> set[int]:
        return {*self.done, *self.undone}

    @property
    def created(self) -> set[int]:
        return {entry for entry, made in self.done.items() if any(change.before is None for change in made)}


def page(actor: Actor, record: Model, *, field: str = "", before: int | None = None) -> dict[str, Any]:
    """The changes of a record, the newest first, or those of one field; hidden fields are left out."""
    readable = _readable(actor, type(record))
    chosen = next((column for column, found in readable.items() if found.name == field), "")
    imports = _imports(record, chosen)
    found = _entries(record, imports, chosen)
    shown = list((found.filter(pk__lt=before) if before else found)[: SHOWN + 1])
    known = _values_after(record, found, imports, shown)
    entries = [_told(entry, imports, known) for entry in shown[:SHOWN]]
    columns = {chosen: readable[chosen]} if chosen else readable
    said = Speaker(actor, columns, [changes for _entry, changes in entries])
    url = _url(record)
    here: dict[str, Any] = {"field": field} if chosen else {}
    told = [
        {
            "when": formats.moment(timezone.localtime(entry.at)),
            "who": entry.actor_name,
            "how": _doors().get(entry.door, entry.door),
            "what": _verbs().get("record.create" if entry.pk in imports.created else entry.verb, ""),
            "changes": said.changes(changes),
        }
        for entry, changes in entries
    ]
    return {
        "entries": told,
        "since": told[0] if told and not before else None,
        "field": field if chosen else "",
        "fields": [{"name": f.name, "label": capfirst(str(f.verbose_name))} for f in readable.values()],
        "url": f"{url}?{urlencode(here)}",
        "older_url": f"{url}?{urlencode({**here, 'before': shown[SHOWN - 1].pk})}"
        if len(shown) > SHOWN
        else "",
        "newest_url": f"{url}?{urlencode(here)}" if before else "",
    }


def _url(record: Model) -> str:
    shown = resource.of(type(record))
    return reverse(f"{shown.slug}-history", args=[record.pk]) if shown else ""


def _readable(actor: Actor, model: type[Model]) -> dict[str, Any]:
    fields: Any = model._meta.concrete_fields
    return {
        f.attname: f
        for f in fields
        if f.serialize and not f.primary_key and access.can_read(actor, model, f.name)
    } | custom_values.told(actor, model)


def _entries(record: Model, imports: Imports, column: str) -> QuerySet[AuditEntry]:
    own = Q(record=record._meta.label_lower, record_id=str(record.pk))
    if column:
        own &= Q(changes__has_key=column)
    return AuditEntry.objects.filter(own | Q(pk__in=imports.entries)).order_by("-pk")


def _imports(record: Model, column: str) -> Imports:
    """An import is told once, at the last entry that its request left."""
    changes = BulkChange.objects.filter(record=record._meta.label_lower, record_id=record.pk).order_by("pk")
    if column:
        kept_as = COLUMN if column.startswith(PREFIX) else column
        changes = changes.filter(Q(before__has_key=kept_as) | Q(before__isnull=True))
    kept = list(changes)
    requests = {change.request_id for change in kept} | {c.undone_by for c in kept if c.undone_by}
    notes = AuditEntry.objects.filter(request_id__in=requests, record_id="").order_by()
    told_at: dict[UUID, int] = dict(notes.values_list("request_id").annotate(last=Max("pk")))
    done, undone = defaultdict(list), defaultdict(list)
    for change in kept:
        if entry := told_at.get(change.request_id):
            done[entry].append(change)
        if change.undone_by and (entry := told_at.get(change.undone_by)):
            undone[entry].append(change)
    return Imports(dict(done), dict(undone))


def _values_after(
    record: Model, found: QuerySet[AuditEntry], imports: Imports, shown: list[AuditEntry]
) -> audit.Snapshot:
    """The values the record had right after the newest entry shown; they are what an import had written.

    The ledger keeps only what was before; what came after is what the next change found.
    """
    known = spread(type(record), audit.snapshot(record))
    if shown and imports.entries:
        for entry in found.filter(pk__gt=shown[0].pk):
            _told(entry, imports, known)
    return known


def _told(entry: AuditEntry, imports: Imports, known: audit.Snapshot) -> tuple[AuditEntry, Changes]:
    """An entry with its changes, walking back in time: ``known`` becomes the values before it."""
    changes: Changes = dict(entry.changes) if entry.record_id else {}
    for change in reversed(imports.undone.get(entry.pk, [])):
        before, after = _single(change.before, known), _single(change.after, known)
        for name, value in after.items():
            changes[name] = [value, before.get(name)]
    for change in reversed(imports.done.get(entry.pk, [])):
        if change.before is None:
            changes |= {name: [None, value] for name, value in known.items()}
        stood = _single(change.after, known)
        for name, value in _single(change.before, known).items():
            became = stood.get(name, known.get(name))
            changes[name] = [value, changes[name][1] if name in changes else became]
    known |= {name: pair[0] for name, pair in changes.items()}
    return entry, changes


def _single(kept: audit.Snapshot | None, known: audit.Snapshot) -> audit.Snapshot:
    """What the ledger kept, with each custom value by itself; those that were not there yet are nothing."""
    values = dict(kept or {})
    if (custom := values.pop(COLUMN, None)) is None:
        return values
    codes: audit.Snapshot = {name: None for name in known if name.startswith(PREFIX)}
    return values | codes | {f"{PREFIX}{code}": value for code, value in custom.items()}


def _doors() -> dict[str, str]:
    return {
        "page": _("in the browser"),
        "api": _("over the API"),
        "import": _("by an import"),
        "job": _("by the product itself"),
        "command": _("from the command line"),
    }


def _verbs() -> dict[str, str]:
    """What is worth a word beside the values themselves."""
    return {
        "record.create": _("created"),
        "record.delete": _("deleted"),
        "record.restore": _("restored from the trash"),
        "record.hand_over": _("handed over"),
        "undo": _("undone"),
        "import.undo": _("import taken back"),
    }
