"""How steady the pyramid is over runs: moves, moves taken back at the next run, agreement with the exact tier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.appraisal import Result


def tier_stability(runs: Iterable[Result]) -> dict[str, Any]:
    """What successive runs (say monthly, each given the one before) did to the customers in two or three of
    them.

    A move: inside of the pyramid at both runs, in different tiers. A flap: moved, and back at the very next
    run. Agreement: the share of customers and runs whose stable tier is the exact one. `moves_ratio` is the
    moves of the stable tiers over those of the exact ones.
    """
    stable, exact = _Track(), _Track()
    alike = inside = count = 0
    for run in runs:
        c = run.customers
        stable.add(c["customer_id"], c["tier"])
        exact.add(c["customer_id"], c["tier_exact"])
        member = c["tier"] > 0
        alike += int((c["tier"] == c["tier_exact"])[member].sum())
        inside += int(member.sum())
        count += 1
    return {
        "runs": count,
        "customers_and_runs": inside,
        "moves": stable.moves,
        "exact_moves": exact.moves,
        "moves_ratio": stable.moves / exact.moves if exact.moves else None,
        "move_rate": stable.moves / stable.pairs if stable.pairs else None,
        "exact_move_rate": exact.moves / exact.pairs if exact.pairs else None,
        "flaps": stable.flaps,
        "exact_flaps": exact.flaps,
        "agreement": alike / inside if inside else None,
    }


class _Track:
    """Counts moves and flaps of one kind of tier over runs."""

    def __init__(self) -> None:
        self.pairs = self.moves = self.flaps = 0
        self.last: tuple[NDArray[Any], NDArray[Any]] | None = None
        self.moved_from: dict[Any, int] = {}

    def add(self, customer: NDArray[Any], tier: NDArray[Any]) -> None:
        if self.last is not None:
            both, before, now = np.intersect1d(self.last[0], customer, return_indices=True)
            old, new = self.last[1][before], tier[now]
            inside = (old > 0) & (new > 0)
            changed = inside & (old != new)
            self.pairs += int(inside.sum())
            self.moves += int(changed.sum())
            movers = dict(zip(both[changed].tolist(), old[changed].tolist(), strict=True))
            landed = dict(zip(both[changed].tolist(), new[changed].tolist(), strict=True))
            self.flaps += sum(self.moved_from.get(who) == landed[who] for who in movers)
            self.moved_from = movers
        self.last = (np.asarray(customer), np.asarray(tier))
