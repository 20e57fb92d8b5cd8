"""How customers flow between classes from one run to another, and who went and came back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, FilteredRelation, Q, Sum

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.money import from_e4
from clientier.rooms.value.choices import Lifecycle, RunState
from clientier.rooms.value.models import Score, ValueRun
from clientier.rooms.value.queries.reach import sees_everybody

MOST_DATES = 120
STREAM_LISTED = 30
NOT_YET = ("", Lifecycle.NON_CUSTOMER, Lifecycle.POTENTIAL, Lifecycle.TARGET)


@dataclass(frozen=True)
class Stream:
    """So many customers went from one class to another, and what they bring in the later run."""

    before: str
    after: str
    customers: int
    net_profit: Decimal


def dated_runs() -> list[ValueRun]:
    """The last run of each day, newest first: the dates between which one may look."""
    runs = ValueRun.objects.filter(state=RunState.DONE).defer("facts").order_by("-as_of", "-pk")
    days: dict[dt.date, ValueRun] = {}
    for run in runs[: MOST_DATES * 2]:
        days.setdefault(run.as_of, run)
    return list(days.values())[:MOST_DATES]


def streams(actor: Actor, earlier: ValueRun, later: ValueRun) -> list[Stream]:
    """How many customers, with how much profit, went from class to class; those who stayed included.

    The later run's own streams from the run that it followed, for who sees everybody.
    """
    followed = earlier.pk == later.previous_id and sees_everybody(actor)
    if followed and actor.reach(Score, "view") is Reach.ALL and "streams" in later.facts:
        return [
            Stream(before, after, customers, from_e4(profit))
            for before, after, customers, profit in later.facts["streams"]
        ]
    return streams_between(actor, earlier, later)


def streams_between(actor: Actor, earlier: ValueRun, later: ValueRun) -> list[Stream]:
    """The same, added up from the scores of both runs that the actor may see."""
    old = FilteredRelation("customer__scores", condition=Q(customer__scores__run=earlier.pk))
    rows = (
        access.visible(actor, Score)
        .filter(run=later)
        .annotate(old=old)
        .order_by()
        .values("lifecycle", before=F("old__lifecycle"))
        .annotate(customers=Count("customer_id"), profit=Sum("net_profit"))
    )
    merged: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for row in rows:
        pair = (shown_class(row["before"] or ""), shown_class(row["lifecycle"]))
        number, profit = merged.get(pair, (0, Decimal(0)))
        merged[pair] = (number + row["customers"], profit + row["profit"])
    return [Stream(before, after, *amounts) for (before, after), amounts in sorted(merged.items())]


def shown_class(lifecycle: str) -> str:
    """Who has not bought yet, whatever the class, stands together: they would bury those who trade."""
    return "" if lifecycle in NOT_YET else lifecycle


def stream_customers(
    actor: Actor, earlier: ValueRun, later: ValueRun, before: str, after: str
) -> list[Score]:
    """The customers of one stream, those who bring most first."""
    old = FilteredRelation("customer__scores", condition=Q(customer__scores__run=earlier.pk))
    came_from = Q(old__lifecycle=before) if before else Q(old__lifecycle__in=NOT_YET) | Q(old__isnull=True)
    found = (
        access.visible(actor, Score).filter(run=later, lifecycle=after).annotate(old=old).filter(came_from)
    )
    return list(found.select_related("customer").order_by("-net_profit", "pk")[:STREAM_LISTED])
