"""In which tier customers are: known to a higher room, which says so here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clientier.rooms.parties.models import Customer

TellTiers = Callable[[Sequence[int]], Mapping[int, str]]
TellTier = Callable[[Customer], str]
_tellers: list[tuple[TellTiers, TellTier]] = []


def tell_tier_by(many: TellTiers, one: TellTier) -> None:
    """Let the room that knows tiers say which the customers with these keys have (who has none is left out), and
    which one customer has that was read already, perhaps with its tier."""
    if _tellers:
        raise ValueError("tiers are told by one room only")
    _tellers.append((many, one))


def tiers_of(customers: Sequence[int]) -> Mapping[int, str]:
    """The tier of each of these customers that has one."""
    return _tellers[0][0](customers) if _tellers and customers else {}


def tier_of(customer: Customer) -> str:
    """The tier of one customer; empty where it has none."""
    return _tellers[0][1](customer) if _tellers else ""
