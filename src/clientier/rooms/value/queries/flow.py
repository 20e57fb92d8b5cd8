"""How customers flow between classes from one run to another, and who went and came back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum

from clientier.core import access
from clientier.core.actor import Actor
from clientier.rooms.value.choices import Lifecycle, MoveKind, RunState
from clientier.rooms.value.models import Move, Score, ValueRun

MOST_DATES = 120
LISTED = 12
STREAM_LISTED = 30
NOT_YET = ("", Lifecycle.NON_CUSTOMER, Lifecycle.POTENTIAL, Lifecycle.TARGET)


@dataclass(frozen=True)
class Stream:
    """So many customers went from one class to another, and what they bring in the later run."""

    before: str
    after: str
    customers: int
    net_profit: Decimal


@dataclass(frozen=True)
class Gone:
    """A customer who was lost or won back: when, and what is at stake."""

    customer_id: int
    name: str
    day: dt.date | None
    last_day: dt.date | None
    lifetime_net_profit: Decimal
    value: Decimal
    tier: str


def dated_runs() -> list[ValueRun]:
    """The last run of each day, newest first: the dates between which one may look."""
    runs = ValueRun.objects.filter(state=RunState.DONE).defer("facts").order_by("-as_of", "-pk")
    days: dict[dt.date, ValueRun] = {}
    for run in runs[: MOST_DATES * 2]:
        days.setdefault(run.as_of, run)
    return list(days.values())[:MOST_DATES]


def streams(actor: Actor, earlier: ValueRun, later: ValueRun) -> list[Stream]:
    """How many customers, with how much profit, went from class to class; those who stayed included."""
    old = FilteredRelation("customer__scores", condition=Q(customer__scores__run=earlier.pk))
    rows = (
        access.visible(actor, Score)
        .filter(run=later)
        .annotate(old=old)
        .order_by()
        .values("lifecycle", before=F("old__lifecycle"))
        .annotate(customers=Count("pk"), profit=Sum("net_profit"))
    )
    merged: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for row in rows:
        pair = (_shown(row["before"] or ""), _shown(row["lifecycle"]))
        number, profit = merged.get(pair, (0, Decimal(0)))
        merged[pair] = (number + row["customers"], profit + row["profit"])
    return [Stream(before, after, *amounts) for (before, after), amounts in sorted(merged.items())]


def _shown(lifecycle: str) -> str:
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


def lost_lately(actor: Actor, since: dt.date) -> tuple[int, list[Gone]]:
    """Customers who became lost since that day, those who had brought most first."""
    moves = access.visible(actor, Move).filter(kind=MoveKind.LIFECYCLE, after=Lifecycle.LOST, day__gt=since)
    still = moves.filter(customer__standing__lifecycle=Lifecycle.LOST)
    rows = still.order_by("-customer__standing__lifetime_net_profit", "pk")
    return still.count(), _people(rows)


def won_back(actor: Actor, since: dt.date) -> tuple[int, list[Gone]]:
    """Customers who were lost and have bought again since that day, those who bring most first."""
    moves = access.visible(actor, Move).filter(kind=MoveKind.LIFECYCLE, before=Lifecycle.LOST, day__gt=since)
    back = moves.exclude(customer__standing__lifecycle=Lifecycle.LOST)
    rows = back.order_by("-customer__standing__net_profit", "pk")
    return back.count(), _people(rows)


def _people(rows: QuerySet[Move]) -> list[Gone]:
    found = rows.values(
        "customer_id", "customer__name", "day", "customer__standing__last_day",
        "customer__standing__lifetime_net_profit", "customer__standing__net_profit", "customer__standing__tier",
    )[:LISTED]  # fmt: skip
    return [
        Gone(
            customer_id=row["customer_id"],
            name=row["customer__name"],
            day=row["day"],
            last_day=row["customer__standing__last_day"],
            lifetime_net_profit=row["customer__standing__lifetime_net_profit"],
            value=row["customer__standing__net_profit"],
            tier=row["customer__standing__tier"],
        )
        for row in found
    ]
