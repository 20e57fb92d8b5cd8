"""All that is kept of one person, in every room: found by what the models say of themselves, and by nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst

from clientier.core import aside, audit, personal
from clientier.core.models import AuditEntry, BulkChange, TrashedRecord
from clientier.kit.models import ImportRun
from clientier.rooms.parties.models import Contact, PrivacyRequest, SensitiveFact
from clientier.rooms.parties.queries.consents import Person
from clientier.rooms.parties.queries.contacts import tied_to


@dataclass(frozen=True)
class Fate:
    """One kind of record that tells of the person, their number, and what becomes of them with the person."""

    label: str
    number: int
    goes: bool
    emptied: list[str]
    why: str


def person_of(request: PrivacyRequest) -> Person:
    """Who made the request."""
    return request.contact or request.customer


def posts_of(person: Person) -> list[Person]:
    """The records that are one person: a customer, or a contact with all posts that are tied to it."""
    if not isinstance(person, Contact):
        return [person]
    tied = Contact.objects.filter(pk__in=tied_to(person)).order_by("pk")
    return [person, *tied.select_related("customer")]


def keys_of(person: Person) -> list[int]:
    """All keys under which anything is kept of the person: of every post, of those in the trash, of merged parts."""
    label = person._meta.label_lower
    keys = [key for post in posts_of(person) for key in aside.keys_of(label, post.pk)]
    trashed = sorted(_posts_in_trash(keys)) if isinstance(person, Contact) else []
    return keys + [key for post in trashed for key in aside.keys_of(label, post)]


def _posts_in_trash(keys: list[int]) -> set[int]:
    """The keys of posts in the trash, alone or with their customer, that were tied to these when they went."""
    label, tie = Contact._meta.label_lower, Contact._meta.get_field("same_person_as").attname
    found, fresh = set(keys), set(keys)
    while fresh:
        told = Q(record=label, **{f"values__{tie}__in": fresh})
        for key in fresh:
            told |= Q(removed__contains=[{"record": label, "key": key}])
            told |= Q(removed__contains=[{"record": label, "values": {tie: key}}])
        near: set[int] = set()
        for kept in TrashedRecord.objects.filter(told):
            went = [{"record": kept.record, "values": kept.values}, *kept.removed]
            tied = [each for each in went if each["record"] == label and each["values"].get(tie)]
            near |= {each["values"][tie] for each in tied if each.get("key") in fresh}
            near |= {
                each["values"]["id"] for each in tied if "key" not in each and each["values"][tie] in fresh
            }
        fresh = near - found
        found |= fresh
    return found - set(keys)


def known_as(person: Person) -> Iterator[dict[str, Any]]:
    """The values by which the person is known, now and before: of every post, merged part, change and import."""
    for post in posts_of(person):
        yield audit.snapshot(post)
        yield from aside.parts_of(person._meta.label_lower, post.pk).values()
    for entry in history_of(person):
        for side in (0, 1):
            yield {name: pair[side] for name, pair in entry.changes.items() if isinstance(pair[side], str)}
    for change in _imported(person):
        yield change.before or {}


def records_about(person: Person) -> Iterator[QuerySet[Any]]:
    """Every kind of record that tells of any of the person's posts, the person's own first."""
    keys = keys_of(person)
    yield type(person)._default_manager.filter(pk__in=keys).order_by("pk")
    ways: dict[type[Model], Q] = defaultdict(Q)
    for model, path in personal.models_that_tell_of(person._meta.label_lower):
        ways[model] |= Q(**{f"{path}__in": keys})
    for model, way in ways.items():
        yield model._default_manager.filter(way).order_by("pk")


def fates(person: Person) -> list[Fate]:
    """What erasing the person would do, kind by kind."""
    found = []
    for records in records_about(person):
        said = personal.personal_of(records.model)
        number = records.count()
        if said is None or not number:
            continue
        words = [records.model._meta.get_field(name).verbose_name for name in said.erased]
        emptied = [capfirst(str(word)) for word in words if isinstance(word, Promise)]
        label = capfirst(str(records.model._meta.verbose_name_plural))
        goes = said.goes or bool(words and not emptied)  # what no page names goes whole, as one sees it
        found.append(Fate(label, number, goes, emptied, "" if said.goes else str(said.why)))
    return found


def history_of(person: Person) -> QuerySet[AuditEntry]:
    """What was done to the person's own records."""
    keys = [str(key) for key in keys_of(person)]
    return AuditEntry.objects.filter(record=person._meta.label_lower, record_id__in=keys).order_by("pk")


def imports_of(person: Person) -> QuerySet[ImportRun]:
    """The imports whose files wrote any of the person's posts."""
    requests = _imported(person).values("request_id")
    return ImportRun.objects.filter(request_id__in=requests).order_by("uploaded_at")


def _imported(person: Person) -> QuerySet[BulkChange]:
    own = BulkChange.objects.filter(record=person._meta.label_lower, record_id__in=keys_of(person))
    return own.order_by("pk")


def trashed_of(person: Person) -> QuerySet[TrashedRecord]:
    """What lies in the trash and tells of the person."""
    label, keys = person._meta.label_lower, keys_of(person)
    found = Q(record=label, record_id__in=[str(key) for key in keys])
    for model, path in personal.models_that_tell_of(label):
        if "__" not in path:
            column = model._meta.get_field(path).attname  # type: ignore[union-attr]
            found |= Q(record=model._meta.label_lower, **{f"values__{column}__in": keys})
    return TrashedRecord.objects.filter(found).order_by("pk")


def facts_of(person: Person) -> QuerySet[SensitiveFact]:
    """The filled sensitive facts of the person, still sealed; of what was merged, its own of then as well."""
    keys = keys_of(person)
    way = Q(contact_id__in=keys) if isinstance(person, Contact) else Q(customer_id__in=keys, contact_id=None)
    return SensitiveFact.objects.filter(way, sealed__isnull=False).order_by("pk")
