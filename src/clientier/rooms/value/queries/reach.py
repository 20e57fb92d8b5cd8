"""Whose value an actor may look at: all customers', some customers', or nobody's."""

from __future__ import annotations

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.rooms.value.models import Standing

FIGURES = frozenset({"tier", "revenue", "cost_of_goods", "gross_margin", "cost_to_serve", "net_profit"})


def may_see_value(actor: Actor) -> bool:
    """Whether the actor may see standings and each of the figures that a picture of value is made of."""
    seen = actor.reach(Standing, "view") is not Reach.NONE
    return seen and access.fields(actor, Standing).readable >= FIGURES


def sees_everybody(actor: Actor) -> bool:
    """Whether the run's own totals may be shown; for anybody else they are summed from what they may see."""
    return actor.reach(Standing, "view") is Reach.ALL
