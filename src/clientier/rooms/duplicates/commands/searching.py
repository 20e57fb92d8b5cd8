"""Looking for duplicates among all customers, and deciding about what was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import Conflict, DomainError, NotAllowed
from clientier.core.likeness.linkage import LinkageMissing, Pair, find_pairs
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.models import DuplicatePair
from clientier.rooms.duplicates.queries.comparing import Compared, compared_customers, fingerprint
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.models import Customer

ROWS_AT_ONCE = 2_000


class SearchMissing(DomainError):
    """What the search stands on is not installed."""

    code = "search_missing"
    message = gettext_lazy(
        "The search for duplicates needs more packages. On the server: pip install 'clientier[dedupe]'"
    )


@dataclass(frozen=True)
class Found:
    """How many pairs are to be decided after a search, how many of them are new, how many customers were compared."""

    open: int
    new: int
    compared: int


def search_duplicates(*, actor: Actor, at: dt.datetime) -> Found:
    """Compare all customers and keep the probable pairs; those decided as not the same stay decided.

    Raises SearchMissing without the extra ``dedupe``, NotAllowed unless the actor may do it to all.
    """
    if not actor.unlimited:
        raise NotAllowed
    new, number = 0, 0
    for kind in CustomerKind.values:
        records = compared_customers(kind)
        number += len(records)
        try:
            pairs = find_pairs(kind, records)
        except LinkageMissing as missing:
            raise SearchMissing from missing
        new += _keep(kind, pairs, records, at)
    waiting = DuplicatePair.objects.filter(state=PairState.OPEN).count()
    audit.note("duplicates.search", DuplicatePair, actor, compared=number, new=new, open=waiting)
    return Found(waiting, new, number)


@transaction.atomic
def _keep(kind: str, pairs: list[Pair], records: Compared, at: dt.datetime) -> int:
    """Put the pairs of this search in the place of the undecided ones of the last."""
    of_kind = DuplicatePair.objects.filter(first__kind=kind).select_for_update(of=("self",))
    known = {(pair.first_id, pair.second_id): pair for pair in of_kind}
    there = set(Customer.objects.filter(kind=kind).values_list("pk", flat=True))
    made, changed, seen = [], [], set()
    for pair in pairs:
        ends = (pair.first, pair.second)
        if not there.issuperset(ends):
            continue
        seen.add(ends)
        mark = fingerprint(records[pair.first], records[pair.second])
        before = known.get(ends)
        if before is None:
            made.append(_pair(pair, mark, at))
        elif before.state == PairState.OPEN or before.fingerprint != mark:
            before.state, before.fingerprint = PairState.OPEN, mark
            before.probability, before.evidence = pair.probability, _evidence(pair)
            changed.append(before)
    gone = [pair.pk for ends, pair in known.items() if pair.state == PairState.OPEN and ends not in seen]
    DuplicatePair.objects.filter(pk__in=gone).delete()
    DuplicatePair.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)
    DuplicatePair.objects.bulk_update(
        changed, ["state", "fingerprint", "probability", "evidence"], batch_size=ROWS_AT_ONCE
    )
    return len(made)


def _pair(pair: Pair, mark: str, at: dt.datetime) -> DuplicatePair:
    return DuplicatePair(
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
def keep_apart(pair: DuplicatePair, *, actor: Actor, at: dt.datetime, reason: str = "") -> DuplicatePair:
    """The two are not the same; they do not come back until one of them is changed in what was compared."""
    if pair.state == PairState.DISTINCT:
        raise Conflict(_("Somebody has decided this meanwhile."))
    pair.state, pair.decided_at, pair.decided_by_id, pair.reason = (
        PairState.DISTINCT, at, actor.user_id, reason[:300],
    )  # fmt: skip
    pair.save()
    return pair
