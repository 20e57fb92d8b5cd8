"""The pyramid of the current run: layers with their customers, profit and service."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.money import from_e4
from clientier.rooms.value.choices import TIERS
from clientier.rooms.value.models import Standing, ValueRun
from clientier.rooms.value.queries.reach import sees_everybody
from clientier.rooms.value.queries.standings import rules_of

KEY = 2
ZERO = Decimal(0)


@dataclass(frozen=True)
class Layer:
    """One tier: how many customers, what they bring, what serving them takes."""

    tier: str
    benchmark: float
    customers: int
    revenue: Decimal
    cost_to_serve: Decimal
    net_profit: Decimal
    below_zero: int
    minutes: int


@dataclass(frozen=True)
class Pyramid:
    """All layers from the top; ``everybody`` tells whether they hold the whole company's customers."""

    layers: tuple[Layer, ...]
    loss: Decimal
    everybody: bool

    @property
    def customers(self) -> int:
        return sum(layer.customers for layer in self.layers)

    @property
    def revenue(self) -> Decimal:
        return sum((layer.revenue for layer in self.layers), ZERO)

    @property
    def cost_to_serve(self) -> Decimal:
        return sum((layer.cost_to_serve for layer in self.layers), ZERO)

    @property
    def net_profit(self) -> Decimal:
        return sum((layer.net_profit for layer in self.layers), ZERO)

    @property
    def below_zero(self) -> int:
        return sum(layer.below_zero for layer in self.layers)

    @property
    def minutes(self) -> int:
        return sum(layer.minutes for layer in self.layers)

    @property
    def key_benchmark(self) -> float:
        """The share of customers that the key tiers are meant to hold."""
        return sum(layer.benchmark for layer in self.layers[:KEY])

    @property
    def key_share_of_profit(self) -> float | None:
        """What the key tiers bring of all profit; None where there is no profit to share."""
        if self.net_profit <= 0:
            return None
        return float(sum((layer.net_profit for layer in self.layers[:KEY]), ZERO) / self.net_profit)

    @property
    def key_share_of_minutes(self) -> float | None:
        """The share of all service minutes that the key tiers get; None where no minutes are recorded."""
        key = sum(layer.minutes for layer in self.layers[:KEY])
        return key / self.minutes if self.minutes else None


def pyramid_of(actor: Actor, run: ValueRun) -> Pyramid:
    """The layers of the current run as far as the actor sees, each tier present even when nobody is in it."""
    boundaries = rules_of(run.policy).boundaries
    if sees_everybody(actor):
        known = {str(TIERS[row["tier"] - 1]): _from_facts(row) for row in run.facts["tiers"]}
        loss = from_e4(run.facts["whale"]["loss_e4"])
    else:
        known, loss = _summed(actor)
    nothing = {"customers": 0, "revenue": ZERO, "cost_to_serve": ZERO, "net_profit": ZERO,
               "below_zero": 0, "minutes": 0}  # fmt: skip
    layers = tuple(
        Layer(tier=str(tier), benchmark=share, **known.get(tier, nothing))
        for tier, share in zip(TIERS, boundaries, strict=True)
    )
    return Pyramid(layers, loss, everybody=sees_everybody(actor))


def _from_facts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "customers": row["n_customers"],
        "revenue": from_e4(row["revenue_e4"]),
        "cost_to_serve": from_e4(row["cost_to_serve_e4"]),
        "net_profit": from_e4(row["net_profit_e4"]),
        "below_zero": row["n_below_zero"],
        "minutes": int(row["minutes"]),
    }


def _summed(actor: Actor) -> tuple[dict[str, dict[str, Any]], Decimal]:
    losing = Q(net_profit__lt=0)
    rows = (
        access.visible(actor, Standing)
        .exclude(tier="")
        .order_by("tier")
        .values("tier")
        .annotate(
            customers=Count("pk"),
            below_zero=Count("pk", filter=losing),
            loss=Sum("net_profit", filter=losing, default=ZERO),
            **{f"{name}_sum": Sum(name) for name in ("revenue", "cost_to_serve", "net_profit", "minutes")},
        )
    )
    named: list[dict[str, Any]] = [
        {name.removesuffix("_sum"): value for name, value in row.items()} for row in rows
    ]
    loss = sum((row.pop("loss") for row in named), ZERO)
    return {row.pop("tier"): row for row in named}, loss
