"""What a run finds once of the whole company, so that no page sums it again for those who see everybody.

Each part equals what the query of the same subject sums for such an actor. Runs made before have no such parts.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from clientier import worth
from clientier.core.actor import Door, system
from clientier.core.money import to_e4
from clientier.rooms.value.choices import TIERS, Driver, Warning
from clientier.rooms.value.models import ValueRun
from clientier.rooms.value.queries.flow import streams_between
from clientier.rooms.value.queries.profit import SUMS
from clientier.rooms.value.queries.retention import (
    buyers_by_half,
    leaky_bucket,
    lost_lately,
    lost_since,
    won_back,
)

COLUMNS = {"cost_of_goods": "cost_e4", "order_freight": "freight_e4"}


def found(result: worth.Result) -> dict[str, Any]:
    """The parts that follow from the result itself, ready for JSON."""
    c = result.customers
    return {
        "steps": _sums(c, np.ones(len(c["tier"]), dtype=bool)),
        "tier_groups": _tier_groups(c),
        "rising": _rising(c),
        "going": _going(c),
    }


def _sums(c: dict[str, Any], here: np.ndarray) -> dict[str, int]:
    """The sums of money and of each driver of cost to serve, in ten-thousandths."""
    names = {name: COLUMNS.get(name, f"{name}_e4") for name in SUMS}
    names |= {f"serve_{name}": COLUMNS.get(name, f"serve_{name}_e4") for name in Driver.values}
    return {name: int(c[column][here].sum()) for name, column in names.items()}


def _tier_groups(c: dict[str, Any]) -> list[dict[str, Any]]:
    groups = []
    for number, tier in enumerate(TIERS, start=1):
        here = c["tier"] == number
        losing = here & (c["net_profit_e4"] < 0)
        if here.any():
            money = {**_sums(c, here), "loss": int(c["net_profit_e4"][losing].sum())}
            numbers = {"customers": int(here.sum()), "below_zero": int(losing.sum())}
            groups.append({"tier": str(tier), **numbers, "money": money})
    return groups


def _rising(c: dict[str, Any]) -> int:
    """How many are on the way to the next tier."""
    rising = c["growth_candidate"].astype(bool) & ~c["low_evidence"].astype(bool) & (c["tier"] > 2)
    return int((rising & (c["gap_to_next_tier_e4"] > 0) & (c["net_profit_e4"] > 0)).sum())


def _going(c: dict[str, Any]) -> dict[str, int]:
    """How many may be on their way out, and what is at stake with them."""
    going = ~np.isin(c["alert"].astype(str), ["", str(Warning.BELOW_ZERO)])
    return {"customers": int(going.sum()), "at_risk": int(c["value_at_risk_e4"][going].sum())}


def summed(run: ValueRun, silence: dt.timedelta) -> dict[str, Any]:
    """The parts that the pages themselves add up, asked for everybody when standings and moves are written."""
    everybody, as_of = system(Door.COMMAND), run.as_of
    months = leaky_bucket(everybody, as_of, silence)
    gone = {"lost": lost_lately(everybody, lost_since(as_of), as_of, silence),
            "back": won_back(everybody, as_of)}  # fmt: skip
    parts: dict[str, Any] = {
        "bucket": {
            "won": {m.month.isoformat(): [m.gained, to_e4(m.margin_gained)] for m in months},
            "lost": {m.month.isoformat(): [m.lost, to_e4(m.margin_lost)] for m in months},
        },
        "cohorts": [[*halves, number] for halves, number in sorted(buyers_by_half(everybody, as_of).items())],
        **{
            name: {"number": number, "listed": [standing.pk for standing in standings]}
            for name, (number, standings) in gone.items()
        },
    }
    if run.previous is not None:
        streams = streams_between(everybody, run.previous, run)
        parts["streams"] = [[s.before, s.after, s.customers, to_e4(s.net_profit)] for s in streams]
    return parts
