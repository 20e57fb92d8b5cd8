"""Where the profit is made and lost: the whale curve, the steps from revenue to profit, who is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, overload

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from numpy.typing import NDArray

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.money import SCALE, from_e4
from clientier.rooms.parties.choices.industries import IndustryField
from clientier.rooms.value.choices import TIERS, Driver
from clientier.rooms.value.models import Standing, ValueRun
from clientier.rooms.value.queries.reach import sees_everybody

SUMS = ("revenue", "discount", "cost_of_goods", "gross_margin", "cost_to_serve", "net_profit")
GROUPS = {"tier": "tier", "territory": "customer__territory", "industry": "customer__industry",
          "manager": "customer__owner"}  # fmt: skip
NAMES = {"territory": "customer__territory__name", "manager": "customer__owner__name"}
MOST_GROUPS = 40
EXTREMES = 20
NAMED = 4
SHARES = (1, 5, 10, 20)
ZERO = Decimal(0)


class Amounts(Sequence[Decimal]):
    """Ten-thousandths, each a decimal when it is asked for: pictures look at few of many."""

    def __init__(self, units: NDArray[np.int64]) -> None:
        self._units = units

    def __len__(self) -> int:
        return len(self._units)

    @overload
    def __getitem__(self, place: int) -> Decimal: ...
    @overload
    def __getitem__(self, place: slice) -> Amounts: ...
    def __getitem__(self, place: int | slice) -> Decimal | Amounts:
        if isinstance(place, slice):
            return Amounts(self._units[place])
        return from_e4(int(self._units[place]))


@dataclass(frozen=True)
class Whale:
    """Cumulative profit over customers ranked by profit, and its highest point."""

    customers: Sequence[int]
    cumulative: Sequence[Decimal]
    total: Decimal
    peak_customers: int
    peak: Decimal
    below_zero: int

    @property
    def given_back(self) -> Decimal:
        return self.peak - self.total


@dataclass(frozen=True)
class Concentration:
    """How much of the revenue hangs on few: Gini from 0 (all alike) to 1, shares of the best by percent."""

    gini: float
    shares: dict[int, float]


@dataclass(frozen=True)
class Extremes:
    """The customers at both ends of the ranking, the most profitable first and the most costly first."""

    best: list[Standing]
    costly: list[Standing]


def whale_of(actor: Actor, run: ValueRun) -> tuple[Whale, Concentration]:
    """The run's own curve for who sees everybody; for others, one of the customers they see."""
    if sees_everybody(actor):
        found, shares = run.facts["whale"], run.facts["concentration"]
        whale = Whale(
            customers=found["customers"],
            cumulative=[from_e4(amount) for amount in found["cumulative_profit_e4"]],
            total=from_e4(found["total_e4"]),
            peak_customers=found["peak_customers"],
            peak=from_e4(found["peak_e4"]),
            below_zero=found["n_below_zero"],
        )
        return whale, Concentration(shares["gini"], {top: shares[f"top_{top}_share"] for top in SHARES})
    traded = access.visible(actor, Standing).filter(~Q(revenue=0) | ~Q(cost_to_serve=0) | ~Q(gross_margin=0))
    # Two arrays in one row: as so many rows of decimals they would take longer to read than to find.
    amounts = traded.aggregate(profits=_in_e4("net_profit"), revenues=_in_e4("revenue"))
    profits, revenues = (np.array(amounts[name] or [], dtype=np.int64) for name in ("profits", "revenues"))
    return whale_curve(profits), concentration(revenues)


def _in_e4(name: str) -> ArrayAgg:
    return ArrayAgg(Cast(F(name) * SCALE, BigIntegerField()))


def whale_curve(profits_e4: NDArray[np.int64]) -> Whale:
    ranked = np.sort(profits_e4)[::-1]
    cumulative = np.concatenate(([0], np.cumsum(ranked)))
    peak = int(np.argmax(cumulative))
    return Whale(
        customers=range(len(cumulative)),
        cumulative=Amounts(cumulative),
        total=from_e4(cumulative[-1]),
        peak_customers=peak,
        peak=from_e4(cumulative[peak]),
        below_zero=int((ranked < 0).sum()),
    )


def concentration(revenues_e4: NDArray[np.int64]) -> Concentration:
    ranked = np.sort(revenues_e4.astype(float))[::-1]
    number, total = len(ranked), float(ranked.sum())
    held = {top: ranked[: max(1, round(number * top / 100))].sum() for top in SHARES}
    shares = {top: float(part / total) if total > 0 else 0.0 for top, part in held.items()}
    positive = np.maximum(ranked[::-1], 0.0)
    mass = float(positive.sum())
    weighted = float((2 * np.arange(1, number + 1) - number - 1) @ positive)
    return Concentration(weighted / (number * mass) if mass else 0.0, shares)


def steps_of(actor: Actor, run: ValueRun) -> dict[str, Decimal]:
    """The run's own steps for who sees everybody; for others, those of the customers they see."""
    if "steps" not in run.facts or not sees_everybody(actor):
        return profit_steps(actor)
    return {name: from_e4(amount) for name, amount in run.facts["steps"].items()}


def profit_steps(actor: Actor) -> dict[str, Decimal]:
    """Revenue, discounts, cost of goods, gross margin, each driver of cost to serve, net profit."""
    return _steps(access.visible(actor, Standing).aggregate(**_sums(), **_driver_sums()))


def _sums() -> dict[str, Sum]:
    """Named apart from the drivers: a driver may be called like a field."""
    return {f"sum_{name}": Sum(name, default=ZERO) for name in SUMS}


def _driver_sums() -> dict[str, Sum]:
    drivers = {name: Cast(KeyTextTransform(name, "costs"), BigIntegerField()) for name in Driver.values}
    return {f"driver_{name}": Sum(units, default=0) for name, units in drivers.items()}


def _steps(*rows: dict[str, Any]) -> dict[str, Decimal]:
    """The sums of these rows together."""
    steps = {name: sum((row[f"sum_{name}"] for row in rows), ZERO) for name in SUMS}
    driven = {name: sum(int(row[f"driver_{name}"]) for row in rows) for name in Driver.values}
    return steps | {f"serve_{name}": from_e4(units) for name, units in driven.items()}


def groups_and_steps(
    actor: Actor, run: ValueRun, way: str
) -> tuple[list[dict[str, Any]], dict[str, Decimal]]:
    """Both, as ``groups_of`` and ``steps_of`` tell them, read at once where that is possible."""
    if way != "tier" or sees_everybody(actor):
        return groups_of(actor, run, way), steps_of(actor, run)
    rows = _grouped(access.visible(actor, Standing), way, **_driver_sums())
    return _in_order([row for row in rows if row["tier"]], way), _steps(*rows)


def groups_of(actor: Actor, run: ValueRun, way: str) -> list[dict[str, Any]]:
    """The run's own tiers for who sees everybody; other groups, and for others, of the customers they see."""
    if way != "tier" or "tier_groups" not in run.facts or not sees_everybody(actor):
        return by_group(actor, way)
    return [
        {
            "key": row["tier"],
            "name": row["tier"],
            "customers": row["customers"],
            "below_zero": row["below_zero"],
            **{name: from_e4(row["money"][name]) for name in ("loss", *SUMS)},
        }
        for row in run.facts["tier_groups"]
    ]


def by_group(actor: Actor, way: str) -> list[dict[str, Any]]:
    """Money and customers of each tier, territory, industry or account manager, the most profitable first."""
    return _in_order(_grouped(_judged(actor), way), way)


def _grouped(standings: QuerySet[Standing], way: str, **more: Sum) -> list[dict[str, Any]]:
    losing = Q(net_profit__lt=0)
    rows = (
        standings.order_by()
        .values(GROUPS[way], NAMES.get(way, GROUPS[way]))
        .annotate(
            customers=Count("pk"),
            below_zero=Count("pk", filter=losing),
            loss=Sum("net_profit", filter=losing, default=ZERO),
            **_sums(),
            **more,
        )
    )
    return list(rows)


def _in_order(rows: list[dict[str, Any]], way: str) -> list[dict[str, Any]]:
    groups = [
        {
            "key": row[GROUPS[way]],
            "name": _named(row[NAMES.get(way, GROUPS[way])], way),
            "customers": row["customers"],
            "below_zero": row["below_zero"],
            "loss": row["loss"],
            **{figure: row[f"sum_{figure}"] for figure in SUMS},
        }
        for row in rows
    ]
    if way == "tier":
        return sorted(groups, key=lambda group: TIERS.index(group["key"]))
    return sorted(groups, key=lambda group: (-group["net_profit"], str(group["name"])))[:MOST_GROUPS]


def _named(value: Any, way: str) -> Any:
    return IndustryField.name_of(value) if way == "industry" and value else value


def extremes(actor: Actor) -> Extremes:
    """The twenty who bring most, and the twenty who cost most beyond what they bring."""
    judged = _judged(actor).select_related("customer")
    best = judged.filter(net_profit__gt=0).order_by("-net_profit", "pk")
    costly = judged.filter(net_profit__lt=0).order_by("net_profit", "pk")
    return Extremes(list(best[:EXTREMES]), list(costly[:EXTREMES]))


def _judged(actor: Actor) -> QuerySet[Standing]:
    return access.visible(actor, Standing).exclude(tier="")
