"""Taking a merge back, weeks later if need be: both are there again, and what moved goes back.

Only what was changed since stays as it is, and is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access, audit, entrusting, trash
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.custom import definitions
from clientier.core.custom.definitions import PREFIX
from clientier.core.custom.values import gathered, spread
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.core.models import AuditEntry
from clientier.core.undo import reverse_with
from clientier.core.wording import listed
from clientier.rooms.duplicates.commands.forgetting import ERASED
from clientier.rooms.duplicates.commands.moving import point_custom
from clientier.rooms.duplicates.models import ContactMerge, Merge, MergedAway, MergeOfSeveral
from clientier.rooms.duplicates.queries.kinds import KINDS, kind_of
from clientier.rooms.parties.commands.carrying_over import bind_facts
from clientier.rooms.parties.models import SensitiveFact

NAMED = 5
Entry = Mapping[str, Any]


@command("customers.unmerge", needs="change", may_leave_reach=True)
def undo_merge(merge: Merge, *, actor: Actor, at: dt.datetime) -> MergeOfSeveral:
    """Bring back the customers that were merged, with what moved; ``left_as_is`` names what had changed since."""
    return take_apart(merge, actor=actor, at=at)


@command("contacts.unmerge", needs="change", may_leave_reach=True)
def undo_contact_merge(merge: ContactMerge, *, actor: Actor, at: dt.datetime) -> MergeOfSeveral:
    """The same for contacts."""
    return take_apart(merge, actor=actor, at=at)


COMMANDS: Mapping[str, Callable[..., Any]] = {
    "customers": undo_merge,
    "contacts": undo_contact_merge,
}


def take_apart(merge: MergeOfSeveral, *, actor: Actor, at: dt.datetime) -> MergeOfSeveral:
    """The work of undoing; asks for the rights to change and to delete the record that remained."""
    if merge.undone_at is not None:
        raise Conflict(_("This merge was undone already."))
    survivor = access.lock(actor, merge.survivor, "change")
    if not access.visible(actor, type(survivor), "delete").filter(pk=survivor.pk).exists():
        raise NotAllowed
    parts = list(merge.merged.order_by("pk").select_for_update())
    if any(not part.values for part in parts):
        raise Conflict(_("This merge is too long ago to be undone: what there was before has been erased."))
    left = _restore_survivor(merge, survivor, parts[0].survivor_changes, actor) if parts else []
    for part in parts:
        _restore(part, survivor, actor)
    for part in reversed(parts):
        left += _move_back(part, survivor)
    merge.merged.update(active=False, **ERASED)
    merge.undone_at, merge.undone_by_id = at, actor.user_id
    merge.left_as_is = left
    merge.save()
    return merge


def _restore_survivor(
    merge: MergeOfSeveral, survivor: Any, changes: Mapping[str, list[Any]], actor: Actor
) -> list[str]:
    """The fields that the merge changed, as they were, where nobody has changed them since; nobody who has left
    meanwhile is given the record back.
    """
    kind = kind_of(type(merge))
    later = kind.parts.filter(record_id=merge.survived_as, active=True).first()
    now = later.values if later else audit.snapshot(survivor)
    single = partial(spread, kind.model)
    was, became = (single({name: pair[side] for name, pair in changes.items()}) for side in (0, 1))
    names = [name for name in was | became if was.get(name) != became.get(name)]
    same = {name: was.get(name) for name in names if single(now).get(name) == became.get(name)}
    answering = {name: same[name] for name in entrusting.naming(kind.model) if name in same}
    gone = entrusting.shut_out(answering.values())
    same = {name: value for name, value in same.items() if answering.get(name) not in gone}
    if later:  # it was merged itself: it will come back as it was before both
        later.values |= gathered(trash.made(kind.model, dict(later.values)), same)
        later.save(update_fields=["values"])
    elif same:
        _set(survivor, gathered(survivor, same))
        survivor.save()
        after, also = audit.snapshot(survivor), merge.also_tells_of()
        audit.trace(f"{kind.verb}.unmerge", survivor, actor, before=now, after=after, also=also)
    return [_field_label(kind.model, name, survivor) for name in names if name not in same]


def _restore(part: MergedAway, survivor: Any, actor: Actor) -> None:
    kind = kind_of(type(part))
    made = trash.made(kind.model, dict(part.values))
    together = set(part.merge.merged.values_list("record_id", flat=True))
    for field in kind.model._meta.concrete_fields:
        target: Any = field.related_model
        key = getattr(made, field.attname)
        if target is None or key is None or (target is kind.model and key in together):
            continue
        # What it belonged to may be gone: it comes back all the same.
        if not target._default_manager.filter(pk=key).exists():
            setattr(made, field.attname, None if field.null else getattr(survivor, field.attname))
    try:
        made.validate_unique()
        with transaction.atomic():
            trash.insert([made])
    except (ValidationError, IntegrityError) as taken:
        words = _(
            "%(name)s cannot come back: its number %(number)s was given to another record since. Nothing was changed."
        )
        raise Conflict(words % {"name": part.name, "number": part.number}) from taken
    audit.trace(f"{kind.verb}.unmerge", made, actor, before={}, after=audit.snapshot(made))


def _move_back(part: MergedAway, survivor: Any) -> list[str]:
    """What moved or was set aside, to where it was; words for what cannot go back."""
    left = [words for entry in reversed(part.filled) for words in _empty_again(entry)]
    for entry in reversed(part.moved):
        custom = entry["field"].startswith(PREFIX)
        left += _point_custom_back(entry, survivor) if custom else _point_back(entry, survivor)
    for entry in reversed(part.set_aside):
        left += _put_back(entry)
    return left


def _empty_again(entry: Entry) -> Iterable[str]:
    model = _model(entry)
    record = model._base_manager.filter(pk=entry["key"]).first()
    if record is None:
        return
    now = audit.snapshot(record)
    same = {name: pair[0] for name, pair in entry["changes"].items() if now.get(name) == pair[1]}
    if same:
        _set(record, same)
        record.save()
    for name in entry["changes"]:
        if name not in same:
            yield _field_label(model, name, record)


def _point_back(entry: Entry, survivor: Any) -> list[str]:
    """Rows that still refer to where they were moved refer to where they came from; the others are named."""
    model = _model(entry)
    field = model._meta.get_field(entry["field"])
    kind = kind_of(type(survivor))
    to = survivor.pk if field.related_model is kind.model else entry["to"]
    found = model._base_manager.filter(pk__in=entry["keys"])
    there = set(found.filter(**{field.name: to}).values_list("pk", flat=True))
    came_apart = kind.parts.filter(active=False).values("record_id")
    taken_back = set(found.filter(**{f"{field.name}__in": came_apart}).values_list("pk", flat=True))
    elsewhere = [key for key in entry["keys"] if key not in there | taken_back]
    try:
        with transaction.atomic():
            if model is SensitiveFact:
                bind_facts(there, entry["from"])
            else:
                model._base_manager.filter(pk__in=there).update(**{field.name: entry["from"]})
    except IntegrityError:
        elsewhere = list(entry["keys"])
    return _words_for(model, elsewhere)


def _point_custom_back(entry: Entry, survivor: Any) -> list[str]:
    model = _model(entry)
    found = model._base_manager.filter(pk__in=entry["keys"])
    there = point_custom(found, entry["field"].removeprefix(PREFIX), survivor.pk, entry["from"])
    return _words_for(model, [key for key in entry["keys"] if key not in there])


def _put_back(entry: Entry) -> list[str]:
    model = _model(entry)
    made = trash.made(model, dict(entry["values"]))
    try:
        with transaction.atomic():
            if trash.refers_to_nothing(made):
                raise IntegrityError
            trash.insert([made])
    except IntegrityError:
        return [f"{capfirst(str(model._meta.verbose_name))}: {_named(made)}"]
    return []


def _words_for(model: type[models.Model], keys: list[Any]) -> list[str]:
    """The first few of these rows by name, and how many more there are."""
    if not keys:
        return []
    kind = capfirst(str(model._meta.verbose_name_plural))
    names = [str(each) for each in model._default_manager.filter(pk__in=keys)[:NAMED]]
    gone = len(keys) - model._base_manager.filter(pk__in=keys).count()
    if gone:
        names.append(_("%(number)d that are no more") % {"number": gone})
    if (more := len(keys) - gone - NAMED) > 0:
        names.append(_("%(number)d more") % {"number": more})
    return [f"{kind}: {listed(names)}"]


def _named(record: models.Model) -> str:
    try:
        return str(record)
    except models.ObjectDoesNotExist:
        return str(record.pk)


def _field_label(model: type[models.Model], column: str, record: models.Model) -> str:
    if column.startswith(PREFIX):
        code = column.removeprefix(PREFIX)
        known = definitions.every(model).get(code)
        return f"{record}: {known.label if known else code}"
    field: Any = next(f for f in model._meta.concrete_fields if f.attname == column)
    return f"{record}: {field.verbose_name}"


def _set(record: models.Model, values: Mapping[str, Any]) -> None:
    for field in record._meta.concrete_fields:
        if field.attname in values:
            setattr(record, field.attname, field.to_python(values[field.attname]))


def _model(entry: Entry) -> type[models.Model]:
    return apps.get_model(entry["record"])


def _from_toast(entry: AuditEntry, actor: Actor) -> None:
    """What the button beside “merged” does, in the name of the request that merged."""
    merges: Any = apps.get_model(entry.record)
    merge = merges.objects.select_for_update(of=("self",)).filter(pk=entry.record_id).first()
    if merge is None:
        raise NotFound
    before = audit.snapshot(merge)
    take_apart(merge, actor=actor, at=timezone.now())  # whoever undoes has no moment to give
    audit.trace("undo", merge, actor, before=before, after=audit.snapshot(merge), undoes=entry.request_id)


def _goes_along(entry: AuditEntry, actor: Actor) -> None:
    """The merge itself, of the same request, sees to it."""


def _not_again(entry: AuditEntry, actor: Actor) -> None:
    raise Conflict(_("To undo the undoing, merge them again."))


for each in KINDS:
    reverse_with(f"{each.slug}.merge", _from_toast)
    reverse_with(f"{each.verb}.merge", _goes_along)
    reverse_with(f"{each.slug}.unmerge", _not_again)
    reverse_with(f"{each.verb}.unmerge", _not_again)
