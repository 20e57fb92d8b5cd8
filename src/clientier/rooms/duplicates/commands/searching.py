"""Looking for duplicates among all customers and contacts, and deciding about what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import Conflict, DomainError, NotAllowed
from clientier.core.likeness.linkage import LinkageMissing, Pair, find_pairs
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.models import ContactPair, DuplicatePair, PairOfTwo
from clientier.rooms.duplicates.queries.comparing import Compared, fingerprint
from clientier.rooms.duplicates.queries.kinds import CONTACTS, KINDS, Mergeable
from clientier.rooms.parties.commands.contacts import change_contact
from clientier.rooms.parties.queries.contacts import end_of_ties, groups_of_posts, tied_to

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
    for kind in KINDS:
        for search in kind.searches:
            records = search.records()
            number += len(records)
            try:
                pairs = find_pairs(search.compared_as, records)
            except LinkageMissing as missing:
                raise SearchMissing from missing
            new += _keep(kind, search.only, pairs, records, at)
    waiting = sum(kind.pairs.filter(state=PairState.OPEN).count() for kind in KINDS)
    audit.note("duplicates.search", DuplicatePair, actor, compared=number, new=new, open=waiting)
    return Found(waiting, new, number)


@transaction.atomic
def _keep(
    kind: Mergeable, only: Mapping[str, str], pairs: list[Pair], records: Compared, at: dt.datetime
) -> int:
    """Put the pairs of this search in the place of the undecided ones of the last."""
    every: Any = kind.pairs
    of_kind = every.filter(**{f"first__{name}": value for name, value in only.items()})
    known = {(pair.first_id, pair.second_id): pair for pair in of_kind.select_for_update(of=("self",))}
    there = set(kind.records.filter(**only).values_list("pk", flat=True))
    settled = _persons() if kind is CONTACTS else {}
    made, changed, seen = [], [], set()
    for pair in pairs:
        ends = (pair.first, pair.second)
        if not there.issuperset(ends) or _are_tied(settled, ends):
            continue
        seen.add(ends)
        mark = fingerprint(records[pair.first], records[pair.second])
        before = known.get(ends)
        if before is None:
            made.append(_pair(kind, pair, mark, at))
        elif before.state == PairState.OPEN or before.fingerprint != mark:
            before.state, before.fingerprint = PairState.OPEN, mark
            before.probability, before.evidence = pair.probability, _evidence(pair)
            changed.append(before)
    gone = [pair.pk for ends, pair in known.items() if pair.state == PairState.OPEN and ends not in seen]
    every.filter(pk__in=gone).delete()
    every.bulk_create(made, batch_size=ROWS_AT_ONCE)
    every.bulk_update(changed, ["state", "fingerprint", "probability", "evidence"], batch_size=ROWS_AT_ONCE)
    return len(made)


def _persons() -> dict[int, int]:
    """For every post that is tied to others: a number that all posts of its person share."""
    return {key: number for number, group in enumerate(groups_of_posts()) for key in group}


def _are_tied(settled: Mapping[int, int], ends: tuple[int, int]) -> bool:
    one, other = (settled.get(key) for key in ends)
    return one is not None and one == other


def _pair(kind: Mergeable, pair: Pair, mark: str, at: dt.datetime) -> Any:
    fresh: Any = kind.pair
    return fresh(
        first_id=pair.first,
        second_id=pair.second,
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
def say_same_person(pair: ContactPair, *, actor: Actor, at: dt.datetime, reason: str = "") -> PairOfTwo:
    """The two are posts of one person: each stays where it is, and they are tied together.

    Asks for the right to change the contact that is tied to the other.
    """
    one, other = pair.first, pair.second
    if other.pk not in tied_to(one):
        tied, to = (
            (one, other)
            if other.same_person_as_id and not one.same_person_as_id
            else (end_of_ties(other), one)
        )
        change_contact(tied, actor=actor, changes={"same_person_as": to})
    return _decided(pair, PairState.TIED, actor, at, reason)


def _decided(pair: Any, state: PairState, actor: Actor, at: dt.datetime, reason: str) -> Any:
    if pair.state != PairState.OPEN:
        raise Conflict(_("Somebody has decided this meanwhile."))
    pair.state, pair.decided_at, pair.decided_by_id, pair.reason = state, at, actor.user_id, reason[:300]
    pair.save()
    return pair
