"""Who needs attention: warnings by value at stake, and who moved in the current run."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.money import from_e4
from clientier.rooms.value.choices import TIERS, MoveKind, Warning
from clientier.rooms.value.models import Move, Standing, ValueRun
from clientier.rooms.value.queries.reach import sees_everybody

SHOWN_WITH_WARNINGS = ("warning", "value_at_risk", "net_profit", "revenue")
PLACES = {str(tier): place for place, tier in enumerate(TIERS)}


def going(actor: Actor) -> QuerySet[Standing]:
    """Customers in reach who may be on their way out, those with most at stake first."""
    return _warned(actor).exclude(warning=Warning.BELOW_ZERO)


def going_together(actor: Actor, run: ValueRun | None) -> tuple[int, Decimal]:
    """How many of the customers in reach may be on their way out, and what is at stake with them."""
    if run and "going" in run.facts and sees_everybody(actor) and _may_see_warnings(actor):
        return run.facts["going"]["customers"], from_e4(run.facts["going"]["at_risk"])
    found = going(actor).aggregate(all=Count("pk"), risk=Sum("value_at_risk", default=Decimal(0)))
    return found["all"], found["risk"]


def costing(actor: Actor) -> QuerySet[Standing]:
    """Customers in reach who cost more than they bring, the most costly first."""
    return _warned(actor).filter(warning=Warning.BELOW_ZERO)


def _warned(actor: Actor) -> QuerySet[Standing]:
    if not _may_see_warnings(actor):
        return Standing.objects.none()
    found = access.visible(actor, Standing).exclude(warning="").select_related("customer__owner")
    return found.order_by("-value_at_risk", "-warning_strength", "pk")


def _may_see_warnings(actor: Actor) -> bool:
    readable = access.fields(actor, Standing).readable
    return actor.reach(Standing, "view") is not Reach.NONE and readable.issuperset(SHOWN_WITH_WARNINGS)


def tier_moves(actor: Actor, run: ValueRun, *, at_most: int) -> list[Move]:
    """The tier moves of that run in reach, those with most profit first; entering the pyramid is not a move."""
    found = access.visible(actor, Move).filter(run=run, kind=MoveKind.TIER).exclude(before="")
    return list(found.select_related("customer").order_by("-net_profit", "pk")[:at_most])


def is_rise(move: Move) -> bool:
    return PLACES[move.after] < PLACES.get(move.before, len(PLACES))


def key_customers_to_watch(limit: int) -> Sequence[Standing]:
    """Key customers with a warning and somebody to act on it, by value at stake: the duties of a run."""
    found = Standing.objects.filter(tier__in=TIERS[:2], customer__owner__isnull=False).exclude(warning="")
    return list(found.select_related("customer__owner").order_by("-value_at_risk", "pk")[:limit])
