"""The pyramid: each customer's exact tier by rank of profit, and a stable tier that does not flap.

Rules. Rank: by value (net profit of the window, or its mean with what is expected), best first; equal values
share the mean of their places. Place: (rank - 1/2) over the number ranked; tier 1 up to the first boundary, and
so on. Negative or zero profit is never key (never tier 1 or 2), whatever is expected. In a population below
`tiny_population` the best customer is tier 1 if his profit is positive and his alone. A newcomer enters at his
exact tier. Everyone else moves only when his place has passed the boundary by `band` of it, in the same
direction at `confirmations` runs in a row; a key customer whose profit is gone leaves at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.policy import Policy

Floats = NDArray[np.float64]
Ints = NDArray[Any]
KEY_TIERS = 2


@dataclass(frozen=True)
class Standing:
    """Places (0 best, 1 last; NaN outside), ranks and tiers; tier 0 is outside of the pyramid."""

    place: Floats
    rank: Ints
    exact: Ints
    tier: Ints
    candidate: Ints
    confirmations: Ints


def places(profit: Ints, member: NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """Place in (0, 1) and rank (1 best, equal profits share the first of their ranks; 0 outside)."""
    place, rank = np.full(len(profit), np.nan), np.zeros(len(profit), dtype=np.int32)
    inside = np.flatnonzero(member)
    if len(inside):
        _, group, size = np.unique(-profit[inside], return_inverse=True, return_counts=True)
        before = np.cumsum(size) - size
        place[inside] = (before + size / 2.0)[group] / len(inside)
        rank[inside] = before[group] + 1
    return place, rank


def tier_at(place: Floats, boundaries: tuple[float, ...]) -> Ints:
    """The tier that a place falls into; 0 for NaN."""
    upper = np.cumsum(boundaries)[:-1]
    tier = np.searchsorted(upper + 1e-12, place, side="left") + 1
    return np.where(np.isnan(place), 0, tier).astype(np.int8)


def stand(
    value: Ints,
    member: NDArray[np.bool_],
    policy: Policy,
    previous: tuple[Ints, Ints, Ints] | None,
    profit: Ints | None = None,
) -> Standing:
    """Rank, tier exactly, then settle against the previous tier, candidate and confirmations (0: none
    before).

    `profit` is the net profit of the window where the value that ranks is another.
    """
    place, rank = places(value, member)
    loses = member & (np.minimum(value, value if profit is None else profit) <= 0)
    judged = place.copy()
    best = np.flatnonzero((rank == 1) & ~loses)
    if member.sum() < policy.tiny_population and len(best) == 1:
        judged[best] = min(judged[best[0]], policy.boundaries[0] / 2.0)
    exact = _guarded(tier_at(judged, policy.boundaries), loses)
    if previous is None:
        zero = np.zeros(len(value), dtype=np.int8)
        return Standing(place, rank, exact, exact.copy(), exact.copy(), zero)
    tier, candidate, confirmations = _settle(judged, exact, loses, policy, previous)
    return Standing(place, rank, exact, tier, candidate, confirmations)


def _guarded(tier: Ints, loses: NDArray[np.bool_]) -> Ints:
    return np.where(loses & (tier > 0), np.maximum(tier, KEY_TIERS + 1), tier).astype(np.int8)


def _settle(
    place: Floats, exact: Ints, loses: NDArray[np.bool_], policy: Policy, previous: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints]:
    before, old_candidate, old_confirmations = previous
    fresh = (before == 0) | (exact == 0)
    rises = _guarded(tier_at(place / (1.0 - policy.band), policy.boundaries), loses)
    sinks = _guarded(tier_at(place / (1.0 + policy.band), policy.boundaries), loses)
    candidate = np.where(rises < before, rises, np.where(sinks > before, sinks, before))
    direction = np.sign(candidate.astype(int) - before)
    again = direction == np.sign(old_candidate.astype(int) - before)
    count = np.where(direction == 0, 0, np.where(again, old_confirmations.astype(int) + 1, 1))
    at_once = loses & (before <= KEY_TIERS) & (before > 0)
    moves = (count >= policy.confirmations) & (direction != 0) | at_once
    tier = np.where(fresh, exact, np.where(moves, candidate, before))
    settled = fresh | moves
    return (
        tier.astype(np.int8),
        np.where(settled, tier, candidate).astype(np.int8),
        np.where(settled, 0, count).astype(np.int8),
    )


def gap_to_next_tier(profit: Ints, tier: Ints, exact: Ints) -> Ints:
    """How much more profit would reach the boundary of the tier above; 0 at the top, outside and beyond it.

    The boundary is the least profit whose rank alone earns that tier: those whom the band still holds
    there do not lower it.
    """
    gap = np.zeros(len(profit), dtype=np.int64)
    for level in range(2, int(tier.max(initial=0)) + 1):
        above, here = profit[exact == level - 1], tier == level
        if len(above):
            gap[here] = np.maximum(0, above.min() - profit[here])
    return gap
