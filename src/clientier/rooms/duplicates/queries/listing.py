"""The queue of pairs, as it stands."""

from __future__ import annotations

from django.db.models import QuerySet

from clientier.core import access
from clientier.core.actor import Actor
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.models import DuplicatePair
from clientier.rooms.parties.models import Customer


def open_pairs() -> QuerySet[DuplicatePair]:
    """All pairs that wait for a decision, most probable first; for work that no person's rights bound."""
    return DuplicatePair.objects.filter(state=PairState.OPEN).order_by("-probability", "pk")


def pairs_of(actor: Actor, customer: Customer) -> dict[int, DuplicatePair]:
    """The pairs of this customer that the actor may see, by the key of the other one."""
    mine = DuplicatePair.objects.filter(first=customer) | DuplicatePair.objects.filter(second=customer)
    return {
        pair.second_id if pair.first_id == customer.pk else pair.first_id: pair
        for pair in mine.filter(access.rows(actor, DuplicatePair))
    }
