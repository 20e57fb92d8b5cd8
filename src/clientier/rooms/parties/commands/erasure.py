"""Forgetting a person while the books stay right: what is personal goes everywhere, orders and sums stay."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import JSONField, Model, Q, QuerySet
from django.utils.translation import gettext as _

from clientier.core import access, aside, audit, personal, trash
from clientier.core.actor import Actor
from clientier.core.channels import channels_in
from clientier.core.commands import command
from clientier.core.derived import derive, derived_fields
from clientier.core.errors import Conflict
from clientier.core.models import BulkChange, TrashedRecord
from clientier.kit.imports.forgetting import forget_in_imports
from clientier.rooms.parties.choices.privacy import RequestKind
from clientier.rooms.parties.models import PrivacyRequest
from clientier.rooms.parties.queries.consents import Person
from clientier.rooms.parties.queries.whole_person import (
    keys_of,
    known_as,
    person_of,
    posts_of,
    trashed_of,
)

FOUND_BY = ("name", "other_names", "phone", "email", "wechat", "registration_number")
SHORTEST_FOUND = 4


@command("person.erase", needs="erase", final=True)
def erase_person(
    model: type[PrivacyRequest], *, actor: Actor, request: PrivacyRequest, confirmed: str, day: dt.date
) -> PrivacyRequest:
    """Do what the request asks; ``confirmed`` must be the person's name, typed. There is no way back."""
    asked = access.lock(actor, request, "erase")
    person = person_of(asked)
    if asked.kind != RequestKind.ERASURE or asked.answered_on is not None:
        raise Conflict(_("This request asks for something else, or was answered. Nothing was changed."))
    if confirmed.strip() != person.name.strip():
        raise ValidationError({"confirmed": _("This is not the name. Nothing was changed.")})
    forget_person(person, actor=actor, day=day)
    asked.refresh_from_db()
    asked.answered_on = day
    asked.save(update_fields=["answered_on"])
    return asked


@transaction.atomic
def forget_person(person: Person, *, actor: Actor, day: dt.date) -> Counter[str]:
    """Empty and delete, for all posts of the person, in every room, the trash, the imports and the audit.

    Returns how many records of which kinds were changed; the same is in the audit, without a name.
    """
    return forget_people([person], actor=actor, day=day)


@transaction.atomic
def forget_people(people: Sequence[Person], *, actor: Actor, day: dt.date) -> Counter[str]:
    """The same for several persons of one kind, looking through the files of imports once."""
    _forget_in_imports(people)
    done: Counter[str] = Counter()
    forgotten: set[int] = set()
    for person in people:
        if person.pk in forgotten:
            continue  # another post of somebody before
        posts = posts_of(person)
        done += _forget(person, posts, actor, day)
        forgotten |= {post.pk for post in posts}
    return done


def _forget(person: Person, posts: list[Person], actor: Actor, day: dt.date) -> Counter[str]:
    kind, keys = person._meta.label_lower, [post.pk for post in posts]
    list(type(person)._default_manager.select_for_update().filter(pk__in=keys).values_list("pk"))
    done: Counter[str] = Counter()
    done["core.trashedrecord"] = trash.erase(list(trashed_of(person)))
    known_under = keys_of(person)
    for key in known_under:  # before the records go that say what is kept where
        _forget_what_went_along(kind, key)
        aside.forget(kind, key)
    for key in known_under:
        for model, path in personal.models_that_tell_of(kind):
            records = model._default_manager.filter(**{path: key})
            done[model._meta.label_lower] += _forget_records(model, records)
        personal.forget((kind, key))
    for post in posts:
        _empty_person(post, day)
        done[kind] += 1
    audit.note("person.forget", type(person), actor, keys=keys, records=dict(+done))
    return +done


def _forget_in_imports(people: Sequence[Person]) -> None:
    own, texts = Q(pk__in=[]), set()
    for person in people:
        own |= Q(record=person._meta.label_lower, record_id__in=keys_of(person))
        for values in known_as(person):
            texts |= {values.get(name) or "" for name in FOUND_BY}
            texts |= {each.value for each in channels_in(values.get("channels") or "")}
    changes = BulkChange.objects.filter(own)
    requests = set(changes.values_list("request_id", flat=True))
    forget_in_imports(requests, {text for text in texts if len(text) >= SHORTEST_FOUND or not text.isascii()})
    changes.delete()


def _forget_what_went_along(kind: str, key: int) -> None:
    """What tells of the person in the trash of others, such as a relation that went along with its other end."""
    for record, values in [(kind, {"id": key}), *personal.told_of(kind, key)]:
        trash.forget_along(record, values)


def _forget_records(model: type[Model], records: QuerySet[Any]) -> int:
    """Delete or empty records of one kind, with what imports had kept of them; returns how many."""
    said = personal.personal_of(model)
    keys = list(records.values_list("pk", flat=True))
    if said is None or not keys or not (said.goes or said.erased):
        return 0
    BulkChange.objects.filter(record=model._meta.label_lower, record_id__in=keys).delete()
    _forget_in_trash(model, keys)
    found = model._default_manager.filter(pk__in=keys)
    if said.goes:
        found._raw_delete(found.db)
    else:
        found.update(**{name: emptied(model, name) for name in said.erased})
        if derived_fields(model):
            with connection.cursor() as cursor:
                derive(cursor, model, "t.id = ANY(%s)", [keys])
    return len(keys)


def _forget_in_trash(model: type[Model], keys: list[int]) -> None:
    kept = Q(record=model._meta.label_lower, record_id__in=[str(key) for key in keys])
    trash.erase(list(TrashedRecord.objects.filter(kept)))


def _empty_person(person: Person, day: dt.date) -> None:
    """The person's own record without a name; search tokens follow from what is left."""
    said = personal.personal_of(type(person))
    for name in said.erased if said else ():
        setattr(person, name, emptied(type(person), name))
    person.name = _("Erased %(number)d") % {"number": person.pk}
    person.erased_on = day
    if hasattr(person, "do_not_contact"):
        person.do_not_contact = True
    person.save()


def emptied(model: type[Model], name: str) -> Any:
    """What stands in a field once its value is gone."""
    field: Any = model._meta.get_field(name)
    if field.null:
        return None
    if isinstance(field, JSONField):
        return field.get_default() if field.has_default() else {}
    if isinstance(field, models.CharField | models.TextField):
        return "" if field.blank else _("erased")
    return field.get_default()
