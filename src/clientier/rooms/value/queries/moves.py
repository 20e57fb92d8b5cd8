"""Who changed tier between the previous run and the current one, and what it came from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from clientier.core import access
from clientier.core.actor import Actor
from clientier.rooms.value.choices import TIERS, MoveKind
from clientier.rooms.value.models import RISING, Move, Standing, ValueRun
from clientier.rooms.value.queries.reach import sees_everybody

UP, DOWN, NEW = "up", "down", "new"
WAYS = (UP, DOWN, NEW)
PAGE = 12
CANDIDATES = 8
FIGURES = ("revenue", "gross_margin", "cost_to_serve", "net_profit", "rank")
PLACES = {str(tier): place for place, tier in enumerate(TIERS)}


@dataclass(frozen=True)
class Mover:
    """A customer who moved, with the standing now and the score of the run before (empty for newcomers)."""

    customer_id: int
    name: str
    before: str
    after: str
    way: str
    now: dict[str, Any]
    former: dict[str, Any]
    months: list[int]


@dataclass(frozen=True)
class Movement:
    """How many moved which way, and one page of them; ``worth`` is the profit of those who went that way."""

    counts: dict[str, int]
    worth: dict[str, Decimal]
    movers: tuple[Mover, ...]
    page: int
    pages: int


def movement(actor: Actor, run: ValueRun, way: str, page: int) -> Movement:
    """The moves of that run as far as the actor sees, the greatest change in profit first."""
    moved = access.visible(actor, Move).filter(run=run, kind=MoveKind.TIER)
    filters = {name: _going(name) for name in WAYS}
    totals = moved.aggregate(
        **{name: Count("pk", filter=going) for name, going in filters.items()},
        **{f"{name}_worth": Sum("net_profit", filter=going, default=0) for name, going in filters.items()},
    )
    shown = moved.filter(filters[way]) if way in filters else moved
    number = totals[way] if way in filters else sum(totals[name] for name in WAYS)
    pages = max(-(-number // PAGE), 1)
    page = min(max(page, 1), pages)
    return Movement(
        counts={name: totals[name] for name in WAYS},
        worth={name: totals[f"{name}_worth"] for name in WAYS},
        movers=tuple(_movers(shown, run, page)),
        page=page,
        pages=pages,
    )


def growth_candidates(actor: Actor, run: ValueRun) -> tuple[int, list[Standing]]:
    """How many small and ordinary customers are on the way up, and those with the least way to go."""
    rising = access.visible(actor, Standing).filter(RISING, tier__in=TIERS[2:])
    first = rising.select_related("customer").order_by(F("gap_to_next") / F("net_profit"), "pk")
    known = "rising" in run.facts and sees_everybody(actor)
    return run.facts["rising"] if known else rising.count(), list(first[:CANDIDATES])


def _going(way: str) -> Q:
    """The pairs of tiers that make a move one up, one down, or one into the pyramid."""
    if way == NEW:
        return Q(before="")
    found = Q(pk__in=[])
    for before, place in PLACES.items():
        after = [tier for tier, other in PLACES.items() if (other < place) == (way == UP) and other != place]
        found |= Q(before=before, after__in=after)
    return found


def way_of(before: str, after: str) -> str:
    if not before:
        return NEW
    return UP if PLACES[after] < PLACES[before] else DOWN


def _movers(shown: QuerySet[Move], run: ValueRun, page: int) -> list[Mover]:
    old = FilteredRelation("customer__scores", condition=Q(customer__scores__run=run.previous_id))
    new = FilteredRelation("customer__scores", condition=Q(customer__scores__run=run.pk))
    rows = (
        shown.annotate(old=old, new=new)
        .order_by(Abs(F("net_profit") - Coalesce("old__net_profit", Decimal(0))).desc(), "pk")
        .values(
            "customer_id", "customer__name", "before", "after", "new__months", "new__first_day",
            *(f"{side}__{figure}" for side in ("old", "new") for figure in FIGURES),
        )[(page - 1) * PAGE : page * PAGE]
    )  # fmt: skip
    return [
        Mover(
            customer_id=row["customer_id"],
            name=row["customer__name"],
            before=row["before"],
            after=row["after"],
            way=way_of(row["before"], row["after"]),
            now={name: row[f"new__{name}"] for name in (*FIGURES, "first_day")},
            former={name: row[f"old__{name}"] for name in FIGURES},
            months=row["new__months"],
        )
        for row in rows
    ]
