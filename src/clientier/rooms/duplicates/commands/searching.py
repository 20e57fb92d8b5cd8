"""Looking for duplicates among all customers and contacts, and deciding about what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.commands import command, create
from clientier.core.errors import Conflict, DomainError, NotAllowed, NotFound
from clientier.core.likeness.gathered import Gathered, LinkageMissing, gathering
from clientier.core.likeness.linkage import Pair, find_pairs
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.models import ContactPair, DuplicatePair, PairOfTwo, PersonPair
from clientier.rooms.duplicates.queries.comparing import fingerprint
from clientier.rooms.duplicates.queries.kinds import KINDS, PAIRED, Comparing, Ends, Paired
from clientier.rooms.duplicates.queries.persons import are_tied
from clientier.rooms.parties.choices.relations import RelationKind
from clientier.rooms.parties.commands.contacts import change_contact
from clientier.rooms.parties.models import Contact, Customer, Relation
from clientier.rooms.parties.queries.contacts import end_of_ties, tied_to

ROWS_AT_ONCE = 2_000


class SearchMissing(DomainError):
    """What the search stands on is not installed."""

    code = "search_missing"
    message = gettext_lazy(
        "The search for duplicates needs more packages. On the server: pip install 'clientier[dedupe]'"
    )


@dataclass(frozen=True)
class Found:
    """How many pairs are to be decided after a search, how many of them are new, how many records were compared."""

    open: int
    new: int
    compared: int


def search_duplicates(*, actor: Actor, at: dt.datetime) -> Found:
    """Compare all customers and contacts and keep the probable pairs; those decided as not the same stay decided.

    Raises SearchMissing without the extra ``dedupe``, NotAllowed unless the actor may do it to all.
    """
    if not actor.unlimited:
        raise NotAllowed
    new, number = 0, 0
    for kind in PAIRED:
        for search in kind.searches:
            with gathering(search.compared_as) as records:
                try:
                    search.gather(records)
                    pairs = find_pairs(records)
                except LinkageMissing as missing:
                    raise SearchMissing from missing
                number += len(records) if kind in KINDS else 0
                new += _keep(kind, search, pairs, records, at)
    waiting = sum(kind.pairs.filter(state=PairState.OPEN).count() for kind in PAIRED)
    audit.note("duplicates.search", DuplicatePair, actor, compared=number, new=new, open=waiting)
    return Found(waiting, new, number)


@transaction.atomic
def _keep(kind: Paired, search: Comparing, pairs: list[Pair], records: Gathered, at: dt.datetime) -> int:
    """Put the pairs of this search in the place of the undecided ones of the last."""
    every = kind.pairs.select_related(None)
    of_kind = every.filter(**{f"first__{name}": value for name, value in search.only[0].items()})
    known = {(pair.first_id, pair.second_id): pair for pair in of_kind.select_for_update(of=("self",))}
    found = {search.ends(pair.first, pair.second): pair for pair in pairs}
    firsts = _there(kind.ends[0], {first for first, _second in found}, search.only[0])
    seconds = _there(kind.ends[1], {second for _first, second in found}, search.only[1])
    tied = kind.tied()
    made, changed, seen = [], [], set()
    for (ends, pair), mark in zip(found.items(), _marks(pairs, records), strict=True):
        if ends[0] not in firsts or ends[1] not in seconds or tied(ends):
            continue
        seen.add(ends)
        before = known.get(ends)
        if before is None:
            made.append(_pair(kind, ends, pair, mark, at))
        elif before.state == PairState.OPEN or before.fingerprint != mark:
            before.state, before.fingerprint = PairState.OPEN, mark
            before.probability, before.evidence = pair.probability, _evidence(pair)
            changed.append(before)
    gone = [pair.pk for ends, pair in known.items() if pair.state == PairState.OPEN and ends not in seen]
    every.filter(pk__in=gone).delete()
    every.bulk_create(made, batch_size=ROWS_AT_ONCE)
    every.bulk_update(changed, ["state", "fingerprint", "probability", "evidence"], batch_size=ROWS_AT_ONCE)
    return len(made)


def _marks(pairs: list[Pair], records: Gathered) -> Iterator[str]:
    """For each pair a mark of what was compared of both."""
    for start in range(0, len(pairs), ROWS_AT_ONCE):
        part = pairs[start : start + ROWS_AT_ONCE]
        both = records.at(key for pair in part for key in (pair.first, pair.second))
        for pair in part:
            yield fingerprint(both[pair.first], both[pair.second])


def _there(model: type[Model], keys: set[int], only: Mapping[str, str]) -> set[int]:
    """Those of the keys whose records are still there, and of this kind."""
    wanted, records = sorted(keys), model._default_manager.filter(**only)
    parts = (wanted[start : start + ROWS_AT_ONCE] for start in range(0, len(wanted), ROWS_AT_ONCE))
    return {key for part in parts for key in records.filter(pk__in=part).values_list("pk", flat=True)}


def _pair(kind: Paired, ends: Ends, pair: Pair, mark: str, at: dt.datetime) -> Any:
    fresh: Any = kind.pair
    return fresh(
        first_id=ends[0],
        second_id=ends[1],
        probability=pair.probability,
        evidence=_evidence(pair),
        fingerprint=mark,
        found_at=at,
    )


def _evidence(pair: Pair) -> dict[str, list[str | float]]:
    return {name: [step, weight] for name, (step, weight) in pair.evidence.items()}


@command("duplicates.keep_apart", needs="change")
def keep_apart(pair: PairOfTwo, *, actor: Actor, at: dt.datetime, reason: str = "") -> PairOfTwo:
    """The two are not the same; they do not come back until one of them is changed in what was compared."""
    return _decided(pair, PairState.DISTINCT, actor, at, reason)


@command("duplicates.same_person", needs="change")
def say_same_person(pair: PairOfTwo, *, actor: Actor, at: dt.datetime, reason: str = "") -> PairOfTwo:
    """The two are one person: each stays where it is, and they are tied together.

    Two contacts are tied by the one, which the actor must be allowed to change; a contact and a customer by a
    relation, which the actor must be allowed to add.
    """
    if isinstance(pair, PersonPair):
        _relate(pair.first, pair.second, actor)
    elif isinstance(pair, ContactPair):
        _tie(pair.first, pair.second, actor)
    else:
        raise NotFound
    return _decided(pair, PairState.TIED, actor, at, reason)


def _tie(one: Contact, other: Contact, actor: Actor) -> None:
    if other.pk not in tied_to(one):
        tied, to = (
            (one, other)
            if other.same_person_as_id and not one.same_person_as_id
            else (end_of_ties(other), one)
        )
        change_contact(tied, actor=actor, changes={"same_person_as": to})


def _relate(contact: Contact, customer: Customer, actor: Actor) -> None:
    if not are_tied(contact, customer):
        ends = {"from_customer": contact.customer, "from_contact": contact, "to_customer": customer}
        create(Relation, actor=actor, changes={**ends, "kind": RelationKind.SAME_PERSON})


def _decided(pair: Any, state: PairState, actor: Actor, at: dt.datetime, reason: str) -> Any:
    if pair.state != PairState.OPEN:
        raise Conflict(_("Somebody has decided this meanwhile."))
    pair.state, pair.decided_at, pair.decided_by_id, pair.reason = state, at, actor.user_id, reason[:300]
    pair.save()
    return pair
