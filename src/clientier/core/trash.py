"""What was deleted and can come back: kept beside the audit, because it must be possible to erase it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access, aside, audit, personal
from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict, NotFound
from clientier.core.models import BulkChange, TrashedRecord

DAYS_KEPT = 30
PURGED_AT_A_TIME = 200
Values = dict[str, Any]


def gather(record: models.Model, actor: Actor, action: str) -> TrashedRecord | None:
    """The record with all that its deletion takes along, ready to be kept; None for other actions."""
    if action != "delete":
        return None
    removed = audit.dependents(record)
    model = type(record)
    owner, territory = _belonging(record)
    return TrashedRecord(
        actor_id=actor.user_id,
        actor_name=actor.name,
        request_id=actor.request_id,
        record=model._meta.label_lower,
        record_id=str(record.pk),
        label=str(record)[:200],
        owner_id=owner,
        territory_id=territory,
        values=audit.snapshot(record),
        removed=removed,
        children=sum("key" not in taken for taken in removed),
    )


def _belonging(record: models.Model) -> tuple[Any, Any]:
    """The ids of the owner and the territory by which the row rule judges the record."""
    paths: list[str] = [getattr(record, name, "") for name in ("OWNER_PATH", "TERRITORY_PATH")]
    known = [path for path in paths if path]
    found = type(record)._default_manager.filter(pk=record.pk).values(*known).first() if known else None
    owner, territory = ((found or {}).get(path) for path in paths)
    return owner, territory


def keep(leaving: TrashedRecord) -> None:
    leaving.save(force_insert=True)


def visible(actor: Actor, action: str = "view") -> models.QuerySet[TrashedRecord]:
    """What one may see (or do ``action`` to) in the trash.

    The row rule of its kind decides, by the owner and the territory that the record had; beside that,
    everybody sees what they deleted themselves, of kinds they may still see at all.
    """
    if actor.unlimited:
        return TrashedRecord.objects.all()
    rule = access.NOTHING
    for (kind, granted), reach in actor.grants.items():
        if granted == action and reach is not Reach.NONE and (model := model_of(kind)):
            in_reach = access.rows(actor, model, action, kept_in=TrashedRecord)
            mine = (
                in_reach | models.Q(actor_id=actor.user_id) if in_reach else in_reach
            )  # an empty rule is all
            rule |= models.Q(record=kind) & mine
    return TrashedRecord.objects.filter(rule)


def lock(actor: Actor, trashed: TrashedRecord, model: type[models.Model]) -> TrashedRecord:
    """Read it afresh and lock it, if the actor may delete, and so restore, such a record."""
    mine = visible(actor, "delete").select_for_update()
    if found := mine.filter(pk=trashed.pk, record=model._meta.label_lower).first():
        return found
    raise NotFound


def purge(*, before: dt.datetime) -> int:
    """Erase what was deleted before that moment, for good; returns how many records."""
    erased = 0
    while found := list(TrashedRecord.objects.filter(at__lt=before).order_by("pk")[:PURGED_AT_A_TIME]):
        erased += erase(found)
    return erased


@transaction.atomic
def erase(found: Sequence[TrashedRecord]) -> int:
    """Erase these for good, with all that went along; returns how many records."""
    forget_former(taken for kept in found for taken in _taken(kept))
    return TrashedRecord.objects.filter(pk__in=[kept.pk for kept in found]).delete()[0]


def forget_former(gone: Iterable[tuple[str, Values]]) -> None:
    """Of records that are gone for good, by kind and values: erase the former values that imports left behind, and
    forget the persons among them in the audit.
    """
    keys: dict[str, set[int]] = defaultdict(set)
    for record, values in gone:
        if isinstance(key := values.get(_key_of(record)), int):
            keys[record].add(key)
            if personal.is_person(model_of(record), values):
                personal.forget((record, key))
    for record, those in keys.items():
        BulkChange.objects.filter(record=record, record_id__in=those).delete()


def forget_along(record: str, values: Values) -> None:
    """Erase for good the records of this kind with these values that went along into the trash with others."""
    told = {"record": record, "values": values}
    for kept in TrashedRecord.objects.select_for_update().filter(removed__contains=[told]):
        going, kept.removed = aside.sorted_out(kept.removed, told)
        forget_former((each["record"], each["values"]) for each in going)
        kept.children = sum("key" not in taken for taken in kept.removed)
        kept.save(update_fields=["removed", "children"])


def bring_back(kept: TrashedRecord, *, actor: Actor) -> Any:
    """Make the record again with all that went along, tie on what was cut loose, and empty its place here.

    Raises Conflict, in words and with nothing changed, when something stands in the way.
    """
    whole = [(apps.get_model(kind), values) for kind, values in _taken(kept)]
    _settle_references(kept, whole, actor)
    record, *others = [made(model, values) for model, values in whole]
    try:
        record.validate_unique()
        record.validate_constraints()
        with transaction.atomic():
            insert([record, *reversed(others)])
            _tie_on(kept.removed)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except ValidationError as taken_since:
        words = _("%(name)s cannot come back: %(reason)s Nothing was changed.")
        raise Conflict(
            words % {"name": kept.label, "reason": " ".join(taken_since.messages)}
        ) from taken_since
    except IntegrityError as error:
        words = _("%(name)s cannot come back: other records have taken the place of what belonged to it.")
        raise Conflict(words % {"name": kept.label}) from error
    kept.delete()
    return record


def _taken(kept: TrashedRecord) -> list[tuple[str, Values]]:
    """The kind and the values of the record, then of all that went along."""
    along = [(taken["record"], taken["values"]) for taken in kept.removed if "key" not in taken]
    return [(kept.record, kept.values), *along]


def _settle_references(
    kept: TrashedRecord, rows: list[tuple[type[models.Model], Values]], actor: Actor
) -> None:
    """Leave empty what may be empty and refers to records that are gone for good; refuse what may not."""
    own = {(kind, values[kind._meta.pk.attname]) for kind, values in rows}
    references: dict[type[models.Model], list[tuple[models.Field[Any, Any], Values]]] = defaultdict(list)
    for kind, values in rows:
        for field in kind._meta.concrete_fields:
            target: Any = field.related_model
            if (
                target
                and values.get(field.attname) is not None
                and (target, values[field.attname]) not in own
            ):
                references[target].append((field, values))
    for target, uses in references.items():
        keys = {values[field.attname] for field, values in uses}
        there = set(target._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
        _refuse_if_in_trash(kept, target, keys - there, actor)
        for field, values in uses:
            if values[field.attname] in there:
                continue
            if not field.null:
                _refuse(kept, capfirst(str(target._meta.verbose_name)))
            values[field.attname] = None


def _refuse_if_in_trash(
    kept: TrashedRecord, target: type[models.Model], gone: Iterable[Any], actor: Actor
) -> None:
    """What it belongs to is named to those who may see it."""
    keys = [str(key) for key in gone]
    found = TrashedRecord.objects.filter(record=target._meta.label_lower, record_id__in=keys)
    if keys and (other := found.first()):
        words = _("%(name)s belongs to %(other)s, which is in the trash too. Restore that first.")
        named = visible(actor).filter(pk=other.pk).exists()
        other_name = other.label if named else _("a record out of your reach")
        raise Conflict(words % {"name": kept.label, "other": other_name})


def _refuse(kept: TrashedRecord, kind: str) -> None:
    words = _("%(name)s cannot come back: what it belongs to (%(kind)s) is gone. Nothing was changed.")
    raise Conflict(words % {"name": kept.label, "kind": kind})


def made(model: type[models.Model], values: Values) -> models.Model:
    stored = [f for f in model._meta.concrete_fields if f.attname in values]
    return model(**{f.attname: f.to_python(values[f.attname]) for f in stored})


def insert(records: list[models.Model]) -> None:
    """Search keys are computed again on the way in; moments of making and changing stay what they were."""
    by_kind: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for record in records:
        by_kind[type(record)].append(record)
    for model, alike in by_kind.items():
        fields = model._meta.concrete_fields
        dated = [
            f.attname for f in fields if getattr(f, "auto_now", False) or getattr(f, "auto_now_add", False)
        ]
        moments = {record.pk: {name: getattr(record, name) for name in dated} for record in alike}
        model._default_manager.bulk_create(alike, batch_size=500)
        for key, values in moments.items() if dated else ():
            model._default_manager.filter(pk=key).update(**values)


def _tie_on(removed: Iterable[dict[str, Any]]) -> None:
    """What was cut loose by the deletion, if it is loose still and what it was tied to is there again."""
    for cut in removed:
        if "key" in cut:
            model = apps.get_model(cut["record"])
            loose = {f"{name}__isnull": True for name in cut["values"]}
            if not refers_to_nothing(model(**cut["values"])):
                model._default_manager.filter(pk=cut["key"], **loose).update(**cut["values"])


def refers_to_nothing(record: models.Model) -> bool:
    """Whether what it belongs to is gone; the database would find out only at the end."""
    for field in record._meta.concrete_fields:
        target: Any = field.related_model
        key = getattr(record, field.attname)
        if target and key is not None and not target._base_manager.filter(pk=key).exists():
            return True
    return False


def model_of(kind: str) -> type[models.Model] | None:
    """The model of a kind of record; what grants and the trash speak of may be no more."""
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def _key_of(kind: str) -> str:
    """The name under which values of this kind hold the key; a kind that is no more had the usual one."""
    model = model_of(kind)
    return model._meta.pk.attname if model else "id"
