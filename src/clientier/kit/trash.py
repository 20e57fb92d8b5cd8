"""The trash as people see it: what was deleted, by whom, until when it can come back, and the way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access, commands, trash
from clientier.core.actor import Actor
from clientier.core.errors import DomainError, NotAllowed, NotFound
from clientier.core.models import TrashedRecord
from clientier.core.outside import whole_number
from clientier.kit import cells, formats, resource
from clientier.kit.asking import Asking
from clientier.kit.cells import Setting

SHOWN = 50


def one(actor: Actor, pk: int) -> TrashedRecord:
    """A deleted record that the actor may see, or NotFound."""
    if found := trash.visible(actor).filter(pk=pk).first():
        return found
    raise NotFound


def restore(kept: TrashedRecord, actor: Actor) -> Any:
    """Bring it back; NotAllowed for who may only look."""
    if not trash.visible(actor, "delete").filter(pk=kept.pk).exists():
        raise NotAllowed
    return commands.restore(apps.get_model(kept.record), actor=actor, trashed=kept)


@transaction.atomic
def restore_together(request_id: UUID, actor: Actor) -> int:
    """Bring back all that went in one go, the last first, or nothing; returns how many."""
    found = list(trash.visible(actor, "delete").filter(request_id=request_id).order_by("-id"))
    if not found:
        raise NotFound
    for kept in found:
        restore(kept, actor)
    return len(found)


def kept_until(kept: TrashedRecord, setting: Setting) -> dt.date:
    """The last day on which it can come back."""
    return timezone.localtime(kept.at).date() + dt.timedelta(days=setting.trash_days)


@require_GET
def index(request: Asking) -> HttpResponse:
    """What was deleted, the latest first, page by page."""
    asked, before = request.GET.get("kind", ""), whole_number(request.GET.get("before", ""))
    found = trash.visible(request.actor)
    kinds = sorted(found.order_by().values_list("record", flat=True).distinct())
    kind = asked if asked in kinds else ""
    found = found.filter(record=kind) if kind else found
    found = found.filter(pk__lt=before) if before is not None else found
    records = list(found.defer("removed").order_by("-pk")[: SHOWN + 1])
    more: dict[str, Any] = {"kind": kind, "before": records[SHOWN - 1].pk} if len(records) > SHOWN else {}
    context = {
        "entries": _entries(request.actor, records[:SHOWN], request.setting),
        "tabs": _tabs(kinds, kind),
        "days": request.setting.trash_days,
        "older_url": f"{reverse('trash')}?{urlencode(more)}" if more else "",
        "newest_url": f"{reverse('trash')}?{urlencode({'kind': kind})}" if before else "",
    }
    return TemplateResponse(request, "kit/trash.html", context)


@require_POST
def bring_back(request: Asking, pk: int) -> HttpResponse:
    try:
        restored = restore(one(request.actor, pk), request.actor)
    except DomainError as refusal:
        return _refused(request, refusal)
    messages.success(request, _("%(name)s is back, with all that went along") % {"name": restored})
    return redirect(cells.link_to(restored) or "trash")


@require_POST
def bring_back_together(request: Asking, request_id: UUID) -> HttpResponse:
    try:
        number = restore_together(request_id, request.actor)
    except DomainError as refusal:
        return _refused(request, refusal)
    words = ngettext("%(number)d record is back", "%(number)d records are back", number)
    messages.success(request, words % {"number": number})
    return redirect("trash")


def _refused(request: Asking, refusal: DomainError) -> HttpResponse:
    """In words, on the page one came from; what one may not do or see is said as everywhere."""
    if isinstance(refusal, NotAllowed | NotFound):
        raise refusal
    messages.error(request, str(refusal))
    return redirect("trash")


def _entries(actor: Actor, records: list[TrashedRecord], setting: Setting) -> list[dict[str, Any]]:
    mine = trash.visible(actor, "delete")
    restorable = set(mine.filter(pk__in=[kept.pk for kept in records]).values_list("pk", flat=True))
    requests = {kept.request_id for kept in records}
    whose = _whose(actor, records)
    counted = mine.filter(request_id__in=requests).order_by().values_list("request_id")
    together = dict(counted.annotate(number=Count("pk")))
    return [
        {
            "kept": kept,
            "icon": icon_of(kept.record),
            "kind": kind_of(kept.record),
            "whose": whose.get(kept.pk, ""),
            "when": formats.moment(timezone.localtime(kept.at)),
            "until": formats.day(until),
            "left": formats.since(until, setting.today),
            "may_restore": kept.pk in restorable,
            "together": together.get(kept.request_id, 0) if first else 0,
        }
        for kept, first in _with_first_of_each_go(records)
        for until in [kept_until(kept, setting)]
    ]


def _whose(actor: Actor, records: list[TrashedRecord]) -> dict[int, str]:
    """The names of what they belonged to, such as a contact's customer, there or in the trash itself."""
    above: dict[int, tuple[type[Model], Any]] = {}
    for kept in records:
        model: Any = trash.model_of(kept.record)
        hop, _bar, more = str(getattr(model, "OWNER_PATH", "")).partition("__")
        if more and (field := model._meta.get_field(hop)) and kept.values.get(field.attname) is not None:
            above[kept.pk] = (field.related_model, kept.values[field.attname])
    names: dict[tuple[type[Model], Any], str] = {}
    for target in {target for target, _key in above.values()}:
        keys = {key for each, key in above.values() if each is target}
        gone = trash.visible(actor).filter(record=target._meta.label_lower, record_id__in=map(str, keys))
        for record_id, label in gone.values_list("record_id", "label"):
            names[target, target._meta.pk.to_python(record_id)] = label
        names |= {(target, r.pk): str(r) for r in access.visible(actor, target).filter(pk__in=keys)}
    return {pk: names[of] for pk, of in above.items() if of in names}


def _with_first_of_each_go(records: Iterable[TrashedRecord]) -> Iterable[tuple[TrashedRecord, bool]]:
    """Each record, and whether it is the first shown of those that were deleted in one go."""
    seen: set[UUID] = set()
    for kept in records:
        yield kept, kept.request_id not in seen
        seen.add(kept.request_id)


def _tabs(kinds: list[str], chosen: str) -> list[dict[str, Any]]:
    if len(kinds) < 2:
        return []
    base = reverse("trash")
    each = [(kind, kind_of(kind, plural=True)) for kind in kinds]
    return [
        {
            "label": label,
            "url": f"{base}?{urlencode({'kind': kind})}" if kind else base,
            "active": kind == chosen,
        }
        for kind, label in [("", _("All")), *each]
    ]


def kind_of(record: str, *, plural: bool = False) -> str:
    """The name of a kind of record, in the active language; the kind itself where there is no such kind."""
    model = trash.model_of(record)
    if model is None:
        return record
    return capfirst(str(model._meta.verbose_name_plural if plural else model._meta.verbose_name))


def icon_of(record: str) -> str:
    """The drawing of a kind of record; a bin for kinds that have no list of their own."""
    shown = next((r for r in resource.REGISTRY.values() if r.model._meta.label_lower == record), None)
    return shown.icon if shown else "trash"
