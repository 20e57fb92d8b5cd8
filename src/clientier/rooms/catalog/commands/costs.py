"""Costs over time, one by one; the cost of today follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from clientier.core import audit, bulk, commands
from clientier.core.actor import Actor
from clientier.core.commands import apply, command
from clientier.kit.imports.registry import Beginning, WritesEach
from clientier.rooms.catalog.models import CostChange, Product
from clientier.rooms.catalog.queries.costs import cost_on, costs_on, today


@command("cost_change.enter", needs="add")
def enter_cost(model: type[CostChange], *, actor: Actor, changes: dict[str, Any]) -> CostChange:
    """From that day on the product costs so much; if it holds today, the product says so."""
    return _settled(apply(model(), changes, actor), actor)


@command("cost_change.correct", needs="change")
def correct_cost_change(change: CostChange, *, actor: Actor, changes: dict[str, Any]) -> CostChange:
    """It was from another day on, or so much; where that makes another cost of today, the product says so."""
    return _settled(apply(change, changes, actor), actor)


@command("cost_change.remove", needs="delete")
def remove_cost_change(change: CostChange, *, actor: Actor) -> CostChange:
    """The cost before it holds on; without any, the product keeps the one that it has."""
    change.delete()
    return _settled(change, actor)


def _settled(change: CostChange, actor: Actor) -> CostChange:
    product = Product.objects.get(pk=change.product_id)
    cost = cost_on(product, today())
    if cost is not None and cost != product.cost:
        commands.update(product, actor=actor, changes={"cost": cost})
    return change


def write_costs(costs: Sequence[Mapping[str, Any]], *, actor: Actor) -> bulk.Outcome:
    """Create or correct costs over time by product and day; the products follow. Rows hold stored columns."""
    key = ("product_id", "from_day")
    outcome = bulk.upsert(CostChange, costs, key=key, actor=actor, action="import")
    _follow(costs_on({row["product_id"] for row in costs}, today()), actor)
    return outcome


def cost_writing(beginning: Beginning) -> WritesEach:
    """Costs over time of a file on their way in."""
    return WritesEach(write_costs, CostChange, beginning.actor)


@transaction.atomic
def renew_costs(day: dt.date, *, actor: Actor) -> int:
    """Have products cost from today on what was entered for today before; returns how many do."""
    renewed = _follow(costs_on(None, day), actor)
    if renewed:
        audit.note("cost.renew", Product, actor, renewed=renewed)
    return renewed


def _follow(known: Mapping[int, Decimal], actor: Actor) -> int:
    """Have the products cost what is known of them; returns how many cost something else before."""
    rows = [
        {"id": pk, "cost": known[pk]}
        for pk, cost in Product.objects.filter(pk__in=known).values_list("pk", "cost")
        if cost != known[pk]
    ]
    if rows:
        bulk.upsert(Product, rows, key=("id",), actor=actor, derived=("id", "cost"), action="import")
    return len(rows)
