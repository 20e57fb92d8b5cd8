"""Where the profit is made and lost: the whale curve, the steps from revenue to profit, who is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.money import SCALE, from_e4
from clientier.rooms.value.choices import TIERS
from clientier.rooms.value.models import Standing, ValueRun
from clientier.rooms.value.queries.reach import sees_everybody

DRIVERS = (
    "order_freight", "freight", "minutes", "service", "rebate", "fee", "reward", "expense", "late_interest",
    "bad_debt", "other",
)  # fmt: skip
SUMS = ("revenue", "discount", "cost_of_goods", "gross_margin", "cost_to_serve", "net_profit")
GROUPS = {"tier": "tier", "territory": "customer__territory", "industry": "customer__industry",
          "manager": "customer__owner"}  # fmt: skip
NAMES = {"territory": "customer__territory__name", "manager": "customer__owner__name"}
MOST_GROUPS = 40
EXTREMES = 20
NAMED = 4
SHARES = (1, 5, 10, 20)
ZERO = Decimal(0)


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
    rows = list(traded.values_list("net_profit", "revenue"))
    return whale_curve([profit for profit, _ in rows]), concentration([revenue for _, revenue in rows])


def whale_curve(profits: Sequence[Decimal]) -> Whale:
    ranked = sorted(profits, reverse=True)
    cumulative = [ZERO, *accumulate(ranked)]
    peak = max(cumulative)
    return Whale(
        customers=range(len(cumulative)),
        cumulative=cumulative,
        total=cumulative[-1],
        peak_customers=cumulative.index(peak),
        peak=peak,
        below_zero=sum(profit < 0 for profit in ranked),
    )


def concentration(revenues: Sequence[Decimal]) -> Concentration:
    ranked = sorted((float(revenue) for revenue in revenues), reverse=True)
    number, total = len(ranked), sum(ranked)
    shares = {top: _held(ranked, top) / total if total > 0 else 0.0 for top in SHARES}
    positive = [max(revenue, 0.0) for revenue in reversed(ranked)]
    mass = sum(positive)
    weighted = sum((2 * place - number - 1) * revenue for place, revenue in enumerate(positive, start=1))
    return Concentration(weighted / (number * mass) if mass else 0.0, shares)


def _held(ranked: Sequence[float], percent: int) -> float:
    return sum(ranked[: max(1, round(len(ranked) * percent / 100))])


def steps_of(actor: Actor, run: ValueRun) -> dict[str, Decimal]:
    """The run's own steps for who sees everybody; for others, those of the customers they see."""
    if "steps" not in run.facts or not sees_everybody(actor):
        return profit_steps(actor)
    return {name: from_e4(amount) for name, amount in run.facts["steps"].items()}


def profit_steps(actor: Actor) -> dict[str, Decimal]:
    """Revenue, discounts, cost of goods, gross margin, each driver of cost to serve, net profit."""
    drivers = {name: _driver(name) for name in DRIVERS}
    # The sums of money are named apart from the drivers: a driver may be called like a field.
    found = access.visible(actor, Standing).aggregate(
        **{f"sum_{name}": Sum(name, default=ZERO) for name in SUMS},
        **{f"driver_{name}": total for name, total in drivers.items()},
    )
    steps = {name: found[f"sum_{name}"] for name in SUMS}
    return steps | {f"serve_{name}": Decimal(found[f"driver_{name}"]) / SCALE for name in DRIVERS}


def _driver(name: str) -> Sum:
    return Sum(Cast(KeyTextTransform(name, "costs"), BigIntegerField()), default=0)


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
    path, name = GROUPS[way], NAMES.get(way, GROUPS[way])
    losing = Q(net_profit__lt=0)
    rows = (
        _judged(actor)
        .order_by()
        .values(path, name)
        .annotate(
            customers=Count("pk"),
            below_zero=Count("pk", filter=losing),
            loss=Sum("net_profit", filter=losing, default=ZERO),
            **{f"sum_{figure}": Sum(figure) for figure in SUMS},
        )
    )
    groups = [
        {
            "key": row[path],
            "name": row[name],
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


def extremes(actor: Actor) -> Extremes:
    """The twenty who bring most, and the twenty who cost most beyond what they bring."""
    judged = _judged(actor).select_related("customer")
    best = judged.filter(net_profit__gt=0).order_by("-net_profit", "pk")
    costly = judged.filter(net_profit__lt=0).order_by("net_profit", "pk")
    return Extremes(list(best[:EXTREMES]), list(costly[:EXTREMES]))


def _judged(actor: Actor) -> QuerySet[Standing]:
    return access.visible(actor, Standing).exclude(tier="")
