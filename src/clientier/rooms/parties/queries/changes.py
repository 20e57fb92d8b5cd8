"""Changes of owner, people and relations, as the timeline of a customer tells them: from the trace they left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Model
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.models import AuditEntry
from clientier.core.wording import listed
from clientier.kit.timeline import Happening, Window
from clientier.rooms.parties.models import Contact, Customer, Relation
from clientier.rooms.parties.queries.relations import relations_of, words_from
from clientier.rooms.people.models import User


def owners_told(actor: Actor, customer: Customer, window: Window) -> Iterable[Happening]:
    """From whom to whom the customer was handed."""
    if "owner" not in access.fields(actor, Customer).readable:
        return
    found = AuditEntry.objects.filter(
        window.of_moments("at"),
        record="parties.customer",
        record_id=str(customer.pk),
        changes__has_key="owner_id",
    )
    entries = list(found.order_by("-at", "-pk")[: window.limit])
    users = {key for entry in entries for key in entry.changes["owner_id"] if key}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=users)}
    for entry in entries:
        before, after = (names.get(key, "–") for key in entry.changes["owner_id"])
        yield Happening(
            at=entry.at,
            kind=window.kind,
            key=entry.pk,
            icon="user-share",
            title=_("Account manager: %(before)s → %(after)s") % {"before": before, "after": after},
            text=entry.actor_name,
        )


def contacts_told(actor: Actor, customer: Customer, window: Window) -> Iterable[Happening]:
    """People who were entered or changed, with the names of the fields that one may read."""
    labels = _labels(actor, Contact)
    people = access.visible(actor, Contact).filter(customer=customer.pk)
    keys = people.annotate(text=Cast("pk", CharField())).values("text")
    found = AuditEntry.objects.filter(
        window.of_moments("at"),
        record="parties.contact",
        record_id__in=keys,
        changes__has_any_keys=[*labels, "id"],
    )
    for entry in found.order_by("-at", "-pk")[: window.limit]:
        changed = listed(labels[name] for name in entry.changes if name in labels)
        title = _("New contact: %(name)s") if _is_new(entry) else _("Contact changed: %(name)s")
        yield Happening(
            at=entry.at,
            kind=window.kind,
            key=entry.pk,
            icon="user-plus" if _is_new(entry) else "user",
            title=title % {"name": entry.label},
            text=entry.actor_name if _is_new(entry) else f"{changed} · {entry.actor_name}",
            url=reverse("contacts-detail", args=[entry.record_id]),
        )


def relations_told(actor: Actor, customer: Customer, window: Window) -> Iterable[Happening]:
    """Relations of the customer that were entered, changed or ended, both of whose ends are in reach."""
    if "kind" not in access.fields(actor, Relation).readable:
        return
    theirs = relations_of(actor, customer).order_by()
    found = AuditEntry.objects.filter(
        window.of_moments("at"),
        record="parties.relation",
        record_id__in=theirs.annotate(text=Cast("pk", CharField())).values("text"),
        changes__has_any_keys=[*_labels(actor, Relation), "id"],
    )
    entries = list(found.order_by("-at", "-pk")[: window.limit])
    keys = {entry.record_id for entry in entries}
    relations = {str(each.pk): each for each in theirs.filter(pk__in=keys)} if keys else {}
    for entry in entries:
        ended = entry.changes.get("until", [None, None])[1] is not None and not _is_new(entry)
        title = (
            _("New relation: %(words)s")
            if _is_new(entry)
            else _("Relation ended: %(words)s")
            if ended
            else _("Relation changed: %(words)s")
        )
        yield Happening(
            at=entry.at,
            kind=window.kind,
            key=entry.pk,
            icon="unlink" if ended else "share",
            title=title % {"words": words_from(relations[entry.record_id], customer)},
            text=entry.actor_name,
            url=reverse("relations-detail", args=[entry.record_id]),
        )


def _is_new(entry: AuditEntry) -> bool:
    return entry.changes.get("id", [0])[0] is None


def _labels(actor: Actor, model: type[Model]) -> dict[str, str]:
    """What the fields that one may read are called, by their columns."""
    readable = access.fields(actor, model).readable
    fields: Any = model._meta.concrete_fields
    return {
        f.attname: capfirst(str(f.verbose_name)) for f in fields if f.name in readable and not f.primary_key
    }
