"""Making several records one: field by field, with all that belongs to them, and nothing lost."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clientier.core import access, audit, entrusting, events
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.custom.values import gathered
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.rooms.duplicates.commands import moving
from clientier.rooms.duplicates.commands.moving import Journal
from clientier.rooms.duplicates.models import ContactMerge, Merge, MergeOfSeveral
from clientier.rooms.duplicates.queries.choosing import column_of, held, merged_fields, proposed
from clientier.rooms.duplicates.queries.kinds import CONTACTS, CUSTOMERS, Mergeable, kind_of
from clientier.rooms.duplicates.queries.survivors import survivor_of
from clientier.rooms.parties.commands.carrying_over import carry_facts_over
from clientier.rooms.parties.models import Contact, Customer, SensitiveFact
from clientier.rooms.parties.queries.contacts import end_of_ties, tied_to

FEWEST, MOST = 2, 20
Choice = Mapping[str, int]


@dataclass(frozen=True)
class Merging:
    """Records that are to be one: which remains, which become part of it, whose value stands in which field."""

    survivor: Any
    others: Sequence[Any]
    chosen: Choice

    @property
    def everybody(self) -> list[Any]:
        return [self.survivor, *self.others]

    @property
    def kind(self) -> Mergeable:
        return kind_of(type(self.survivor))


@command("customers.merge", needs="add")
def merge_customers(
    model: type[Merge],
    *,
    actor: Actor,
    survivor: Customer,
    others: Sequence[Customer],
    at: dt.datetime,
    chosen: Choice | None = None,
    reason: str = "",
) -> MergeOfSeveral:
    """Make ``others`` part of ``survivor``; ``chosen`` says by field which customer's value stands.

    Asks for the rights to change and to delete every one of them. What refers to the others refers to the survivor
    afterwards; their addresses and numbers lead to it. Raises Conflict where somebody was quicker.
    """
    return _merged(Merging(survivor, others, chosen or {}), actor, at, reason)


@command("contacts.merge", needs="add")
def merge_contacts(
    model: type[ContactMerge],
    *,
    actor: Actor,
    survivor: Contact,
    others: Sequence[Contact],
    at: dt.datetime,
    chosen: Choice | None = None,
    reason: str = "",
) -> MergeOfSeveral:
    """The same for contacts, who must be of one customer: posts at several are tied together instead."""
    return _merged(Merging(survivor, others, chosen or {}), actor, at, reason)


COMMANDS: Mapping[str, Callable[..., Any]] = {CUSTOMERS.slug: merge_customers, CONTACTS.slug: merge_contacts}


def _merged(merging: Merging, actor: Actor, at: dt.datetime, reason: str) -> MergeOfSeveral:
    merging, kind = _locked(merging, actor), merging.kind
    before = {each.pk: audit.snapshot(each) for each in merging.everybody}
    apart = [each.pk for each in merging.everybody]
    after = _reckoned(merging, actor)
    journals = {each.pk: _emptied(each, merging.survivor, apart) for each in merging.others}
    together = kind.records.filter(pk__in=apart)
    together.update(**dict.fromkeys(kind.above))  # they may stand above each other
    label = kind.model._meta.label_lower
    for each in merging.others:
        audit.note(f"{kind.verb}.merge_away", label, actor, id=[each.pk, None], survivor=merging.survivor.pk)
        together.filter(pk=each.pk).delete()
    kept = _written(merging, after, actor, before[merging.survivor.pk])
    if kind is CONTACTS:
        _keep_tied(kept, before, journals[merging.others[0].pk])
    counts: Counter[str] = sum((journal.counts() for journal in journals.values()), Counter())
    merge = kind.merge._default_manager.create(
        survivor=kept,
        survived_as=kept.pk,
        names=" · ".join(str(each) for each in merging.others)[:500],
        merged_at=at,
        merged_by_id=actor.user_id,
        reason=reason[:300],
        counts=dict(sorted(counts.items())),
        moved_records=counts.total(),
    )
    changed = _changes(before[kept.pk], audit.snapshot(kept))
    for each in merging.others:
        _remember(merge, before[each.pk], str(each), journals[each.pk], changed)
        changed = {}
    events.publish(f"{kind.slug}.merged", survivor=kept.pk, merged=apart[1:], merge=merge.pk)
    return merge


def _locked(merging: Merging, actor: Actor) -> Merging:
    """All of them, read afresh and locked in the order of their keys, so that two people do not wait for each other."""
    model, keys = merging.kind.model, sorted({each.pk for each in merging.everybody})
    if not FEWEST <= len(keys) == len(merging.everybody) <= MOST:
        raise Conflict(too_few_or_many(merging.kind))
    found: dict[int, Any] = {}
    for each in sorted(merging.everybody, key=lambda record: int(record.pk)):
        try:
            found[each.pk] = access.lock(actor, each, "change")
        except NotFound as gone:
            kept = survivor_of(each.pk, model)
            if kept is not None and access.visible(actor, model).filter(pk=kept).exists():
                words = _("%(name)s was merged into another record meanwhile. Nothing was changed.")
                raise Conflict(words % {"name": each}) from gone
            raise
    if access.visible(actor, model, "delete").filter(pk__in=keys).count() < len(keys):
        raise NotAllowed
    if any(each.erased_on for each in found.values()):
        raise Conflict(_("Who was erased cannot be merged: nothing is known of them. Nothing was changed."))
    merging.kind.refuse(list(found.values()))
    return Merging(found[merging.survivor.pk], [found[each.pk] for each in merging.others], merging.chosen)


def too_few_or_many(kind: Mergeable) -> str:
    """Why one alone, or a crowd, is not merged."""
    facts = {"fewest": FEWEST, "most": MOST}
    if kind is CONTACTS:
        return _("Choose %(fewest)d to %(most)d different contacts to merge.") % facts
    return _("Choose %(fewest)d to %(most)d different customers to merge.") % facts


def _reckoned(merging: Merging, actor: Actor) -> dict[str, Any]:
    """The columns of the remaining record as they will be."""
    model = merging.kind.model
    allowed = access.fields(actor, model).writable
    by_key = {each.pk: each for each in merging.everybody}
    if set(merging.chosen) - allowed or not set(merging.chosen.values()) <= by_key.keys():
        raise NotAllowed
    if not merging.chosen.keys() <= set(merged_fields(model)):
        raise NotAllowed
    chosen = {column_of(model, name): held(by_key[key], name) for name, key in merging.chosen.items()}
    if not chosen.get("external_id", True):  # a number is not given up: imports know the record by it
        del chosen["external_id"]
    values = proposed(merging.survivor, merging.others, chosen)
    for name in merging.kind.above:
        column = column_of(model, name)
        values[column] = _above(merging, column, values[column])
    return values


def _above(merging: Merging, column: str, chosen: int | None) -> int | None:
    """The one above that was chosen, or the first above it that is not one of those who become one."""
    among = {each.pk: getattr(each, column) for each in merging.everybody}
    passed: set[int | None] = set()
    while chosen in among and chosen not in passed:
        passed.add(chosen)
        chosen = among[chosen]
    if chosen in among:
        return None
    above = chosen
    passed.clear()
    while above is not None and above not in passed:
        passed.add(above)
        above = merging.kind.records.filter(pk=above).values_list(column, flat=True).first()
        if above in among:
            return None  # one of them stood above: the group would go round in a circle
    return chosen


def _emptied(lost: Any, kept: Any, apart: Sequence[int]) -> Journal:
    """All that belongs to the one moved to the other, with the decisions about it."""
    kind = kind_of(type(lost))
    journal = moving.move(lost.pk, kept.pk, kind.model, apart=apart)
    if kind is CUSTOMERS and (facts := carry_facts_over(lost, kept)):
        label = SensitiveFact._meta.label_lower
        journal.moved.append(
            {"record": label, "field": "customer", "keys": facts, "to": kept.pk, "from": lost.pk}
        )
    pairs: Any = kind.pairs
    for pair in pairs.filter(first=lost) | pairs.filter(second=lost):
        journal.set_aside.append({"record": kind.pair._meta.label_lower, "values": audit.snapshot(pair)})
        pair.delete()
    return journal


def _written(merging: Merging, values: Mapping[str, Any], actor: Actor, before: audit.Snapshot) -> Any:
    kind, survivor = merging.kind, merging.survivor
    parts = [(kind.model._meta.label_lower, each.pk) for each in merging.others]
    for column, value in gathered(survivor, values).items():
        setattr(survivor, column, value)
    survivor.full_clean()
    survivor.save()
    after = audit.snapshot(survivor)
    entrusting.refuse(kind.model, before, after)
    audit.trace(f"{kind.verb}.merge", survivor, actor, before=before, after=after, also=parts)
    return survivor


def _keep_tied(kept: Contact, before: Mapping[int, audit.Snapshot], journal: Journal) -> None:
    """Posts to which one of them was tied are tied to what remains, which itself can only lead to one."""
    column = Contact._meta.get_field("same_person_as").attname
    for key in {was[column] for was in before.values()} - {None, kept.same_person_as_id, *before}:
        if key not in tied_to(kept):
            end = end_of_ties(Contact.objects.get(pk=key))
            change = {column: [getattr(end, column), kept.pk]}
            journal.filled.append({"record": Contact._meta.label_lower, "key": end.pk, "changes": change})
            end.same_person_as = kept
            end.save(update_fields=["same_person_as"])


def _changes(before: audit.Snapshot, after: audit.Snapshot) -> dict[str, list[Any]]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _remember(
    merge: MergeOfSeveral, values: audit.Snapshot, name: str, journal: Journal, changed: Mapping[str, Any]
) -> None:
    merge.merged.create(
        record_id=values["id"],
        name=name[:200],
        number=values["external_id"] or "",
        values=values,
        moved=journal.moved,
        set_aside=journal.set_aside,
        filled=journal.filled,
        survivor_changes=dict(changed),
    )
