"""Making several customers one: field by field, with all that belongs to them, and nothing lost."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clientier.core import access, audit, events
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.custom.values import gathered
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.rooms.duplicates.commands import moving
from clientier.rooms.duplicates.commands.moving import Journal
from clientier.rooms.duplicates.models import DuplicatePair, Merge, MergedCustomer
from clientier.rooms.duplicates.queries.choosing import column_of, held, merged_fields, proposed
from clientier.rooms.duplicates.queries.survivors import survivor_of
from clientier.rooms.parties.commands.carrying_over import carry_facts_over
from clientier.rooms.parties.models import Customer, SensitiveFact

FEWEST, MOST = 2, 20
MERGED = "customers.merged"
Choice = Mapping[str, int]


@dataclass(frozen=True)
class Merging:
    """Customers that are to be one: which remains, which become part of it, whose value stands in which field."""

    survivor: Customer
    others: Sequence[Customer]
    chosen: Choice

    @property
    def everybody(self) -> list[Customer]:
        return [self.survivor, *self.others]


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
) -> Merge:
    """Make ``others`` part of ``survivor``; ``chosen`` says by field which customer's value stands.

    Asks for the rights to change and to delete every one of them. What refers to the others refers to the survivor
    afterwards; their addresses and numbers lead to it. Raises Conflict where somebody was quicker.
    """
    merging = _locked(Merging(survivor, others, chosen or {}), actor)
    before = {each.pk: audit.snapshot(each) for each in merging.everybody}
    apart = [each.pk for each in merging.everybody]
    after = _reckoned(merging, actor)
    journals = {each.pk: _emptied(each, merging.survivor, apart) for each in merging.others}
    Customer.objects.filter(pk__in=apart).update(parent=None)  # they may stand above each other
    for each in merging.others:
        audit.note(
            "customer.merge_away", "parties.customer", actor, id=[each.pk, None], survivor=merging.survivor.pk
        )
        Customer.objects.filter(pk=each.pk).delete()
    kept = _written(merging, after, actor, before[merging.survivor.pk])
    counts: Counter[str] = sum((journal.counts() for journal in journals.values()), Counter())
    merge = model.objects.create(
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
    events.publish(MERGED, survivor=kept.pk, merged=apart[1:], merge=merge.pk)
    return merge


def _locked(merging: Merging, actor: Actor) -> Merging:
    """All of them, read afresh and locked in the order of their keys, so that two people do not wait for each other."""
    keys = sorted({each.pk for each in merging.everybody})
    if not FEWEST <= len(keys) == len(merging.everybody) <= MOST:
        raise Conflict(
            _("Choose %(fewest)d to %(most)d different customers to merge.")
            % {"fewest": FEWEST, "most": MOST}
        )
    found: dict[int, Customer] = {}
    for each in sorted(merging.everybody, key=lambda customer: customer.pk):
        try:
            found[each.pk] = access.lock(actor, each, "change")
        except NotFound as gone:
            if (kept := survivor_of(each.pk)) is not None and access.visible(actor, Customer).filter(pk=kept):
                words = _("%(name)s was merged into another customer meanwhile. Nothing was changed.")
                raise Conflict(words % {"name": each}) from gone
            raise
    if access.visible(actor, Customer, "delete").filter(pk__in=keys).count() < len(keys):
        raise NotAllowed
    if any(each.erased_on for each in found.values()):
        raise Conflict(_("Who was erased cannot be merged: nothing is known of them. Nothing was changed."))
    return Merging(found[merging.survivor.pk], [found[each.pk] for each in merging.others], merging.chosen)


def _reckoned(merging: Merging, actor: Actor) -> dict[str, Any]:
    """The columns of the remaining customer as they will be."""
    allowed = access.fields(actor, Customer).writable
    by_key = {each.pk: each for each in merging.everybody}
    if set(merging.chosen) - allowed or not set(merging.chosen.values()) <= by_key.keys():
        raise NotAllowed
    values, known = proposed(merging.survivor, merging.others), merged_fields()
    for name, key in merging.chosen.items():
        if name not in known:
            raise NotAllowed
        column, chosen = column_of(name), held(by_key[key], name)
        if name != "external_id" or chosen:  # a number is not given up: imports know the customer by it
            values[column] = chosen
    values["parent_id"] = _parent(merging, values["parent_id"])
    return values


def _parent(merging: Merging, chosen: int | None) -> int | None:
    """The parent that was chosen, or the first above it that is not one of those who become one."""
    among = {each.pk: each.parent_id for each in merging.everybody}
    passed: set[int] = set()
    while chosen in among and chosen not in passed:
        passed.add(chosen)
        chosen = among[chosen]
    if chosen in among:
        return None
    above, seen = chosen, set()
    while above is not None and above not in seen:
        seen.add(above)
        above = Customer.objects.filter(pk=above).values_list("parent_id", flat=True).first()
        if above in among:
            return None  # one of them stood above: the group would go round in a circle
    return chosen


def _emptied(lost: Customer, kept: Customer, apart: Sequence[int]) -> Journal:
    """All that belongs to the one moved to the other, with the decisions about it."""
    journal = moving.move(lost.pk, kept.pk, Customer, apart=apart)
    if facts := carry_facts_over(lost, kept):
        label = SensitiveFact._meta.label_lower
        journal.moved.append(
            {"record": label, "field": "customer", "keys": facts, "to": kept.pk, "from": lost.pk}
        )
    for pair in DuplicatePair.objects.filter(first=lost) | DuplicatePair.objects.filter(second=lost):
        journal.set_aside.append({"record": DuplicatePair._meta.label_lower, "values": audit.snapshot(pair)})
        pair.delete()
    return journal


def _written(merging: Merging, values: Mapping[str, Any], actor: Actor, before: audit.Snapshot) -> Customer:
    survivor = merging.survivor
    parts = [(Customer._meta.label_lower, each.pk) for each in merging.others]
    for column, value in gathered(survivor, values).items():
        setattr(survivor, column, value)
    survivor.full_clean()
    survivor.save()
    audit.trace("customer.merge", survivor, actor, before=before, after=audit.snapshot(survivor), also=parts)
    return survivor


def _changes(before: audit.Snapshot, after: audit.Snapshot) -> dict[str, list[Any]]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _remember(
    merge: Merge, values: audit.Snapshot, name: str, journal: Journal, changed: Mapping[str, Any]
) -> None:
    MergedCustomer.objects.create(
        merge=merge,
        record_id=values["id"],
        name=name[:200],
        number=values["external_id"] or "",
        values=values,
        moved=journal.moved,
        set_aside=journal.set_aside,
        filled=journal.filled,
        survivor_changes=dict(changed),
    )
