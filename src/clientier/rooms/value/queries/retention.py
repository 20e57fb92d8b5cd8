"""Who came and who went, month by month, and how many of each half-year's newcomers still buy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.money import from_e4
from clientier.core.time import month_start
from clientier.rooms.trade.choices import OrderKind
from clientier.rooms.trade.models import Order, OrderLine
from clientier.rooms.value.choices import Lifecycle, MoveKind
from clientier.rooms.value.models import Move, Standing, ValueRun
from clientier.rooms.value.queries.reach import sees_everybody

YEAR = dt.timedelta(days=365)
MONTHS = 18
HALF_YEARS = 8
LISTED = 12
ZERO = Decimal(0)


@dataclass(frozen=True)
class BucketMonth:
    """What came into the bucket and what leaked out of it in one month; margins are of twelve months."""

    month: dt.date
    gained: int
    lost: int
    margin_gained: Decimal
    margin_lost: Decimal


@dataclass(frozen=True)
class Cohort:
    """Those who bought first in one half-year, and how many of them bought in each half-year since."""

    start: dt.date
    customers: int
    bought: list[int]


def bucket_of(actor: Actor, run: ValueRun, silence: dt.timedelta) -> list[BucketMonth]:
    """The run's own months for who sees everybody; for others, those of the customers they see."""
    if not _whole(actor, run, OrderLine):
        return leaky_bucket(actor, run.as_of, silence)
    nobody = (0, 0)
    won, lost = run.facts["bucket"]["won"], run.facts["bucket"]["lost"]
    months = []
    for month in _months(run.as_of):
        gained, margin_gained = won.get(month.isoformat(), nobody)
        gone, margin_lost = lost.get(month.isoformat(), nobody)
        months.append(BucketMonth(month, gained, gone, from_e4(margin_gained), from_e4(margin_lost)))
    return months


def _whole(actor: Actor, run: ValueRun, model: type[Order | OrderLine]) -> bool:
    """Whether the run found it for everybody, and the actor may know of everybody."""
    return "bucket" in run.facts and sees_everybody(actor) and actor.reach(model, "view") is Reach.ALL


def _months(as_of: dt.date) -> list[dt.date]:
    return [month_start(as_of, months_back=back) for back in range(MONTHS - 1, -1, -1)]


def leaky_bucket(actor: Actor, as_of: dt.date, silence: dt.timedelta) -> list[BucketMonth]:
    """Customers won and lost in each of the last months, with the margin of their first and their last year.

    Won: in the month of the first purchase. Lost: in the month in which the silence after the last purchase
    reached its limit, the horizon of the lifecycle rule. Margin is revenue less goods and freight, of the
    first twelve months as far as they have passed, against that of the twelve months up to the last purchase.
    """
    start = month_start(as_of, months_back=MONTHS - 1)
    standings = access.visible(actor, Standing)
    path = "order__customer__standing__"
    lines = access.visible(actor, OrderLine).filter(order__day__lte=as_of)
    first_year = lines.filter(
        **{f"{path}first_day__gte": start}, order__day__lt=F(f"{path}first_day") + Value(YEAR)
    )
    last_year = lines.filter(_fell_silent(path, start, as_of, silence)).filter(
        order__day__gt=F(f"{path}last_day") - Value(YEAR)
    )
    won = _by_month(standings.filter(first_day__gte=start).values(month=TruncMonth("first_day")))
    gone = standings.filter(_fell_silent("", start, as_of, silence))
    lost = _by_month(gone.values(month=TruncMonth(_end_of("", silence))))
    gained = _margins(first_year.values(month=TruncMonth(f"{path}first_day")))
    leaked = _margins(last_year.values(month=TruncMonth(_end_of(path, silence))))
    return [
        BucketMonth(
            month, won.get(month, 0), lost.get(month, 0), gained.get(month, ZERO), leaked.get(month, ZERO)
        )
        for month in _months(as_of)
    ]


def _fell_silent(path: str, first: dt.date, last: dt.date, silence: dt.timedelta) -> Q:
    """Customers whose silence reached its limit between these days."""
    return Q(**{f"{path}last_day__gte": first - silence, f"{path}last_day__lte": last - silence})


def _end_of(path: str, silence: dt.timedelta) -> ExpressionWrapper:
    # Whole days, not an interval: a day and an interval make a moment, which a time zone would shift.
    days = Value(silence.days, output_field=IntegerField())
    return ExpressionWrapper(F(f"{path}last_day") + days, output_field=DateField())


def lost_lately(
    actor: Actor, first: dt.date, as_of: dt.date, silence: dt.timedelta
) -> tuple[int, list[Standing]]:
    """Customers whose silence reached its limit between these days, who had brought most first."""
    gone = access.visible(actor, Standing).filter(_fell_silent("", first, as_of, silence))
    return gone.count(), list(gone.select_related("customer").order_by("-prior_net_profit", "pk")[:LISTED])


def won_back(actor: Actor, as_of: dt.date) -> tuple[int, list[Standing]]:
    """Customers who bought in the last twelve months after having been lost, or silent for twelve before."""
    was_lost = Move.objects.filter(kind=MoveKind.LIFECYCLE, before=Lifecycle.LOST, day__gt=as_of - YEAR)
    silent = Q(prior_revenue=0, first_day__lte=as_of - 2 * YEAR)
    back = access.visible(actor, Standing).filter(
        silent | Q(pk__in=was_lost.values("customer_id")), last_day__gt=as_of - YEAR
    )
    back = back.exclude(lifecycle=Lifecycle.LOST)
    return back.count(), list(back.select_related("customer").order_by("-net_profit", "pk")[:LISTED])


def _by_month(rows: QuerySet[Any, Any]) -> dict[dt.date, int]:
    return {row["month"]: row["number"] for row in rows.order_by().annotate(number=Count("pk"))}


def _margins(rows: QuerySet[Any, Any]) -> dict[dt.date, Decimal]:
    margin = Sum(
        F("amount_base") - Coalesce(F("cost_base"), Value(ZERO)) - F("freight_base"),
        output_field=DecimalField(max_digits=24, decimal_places=4),
    )
    return {row["month"]: row["margin"] for row in rows.order_by().annotate(margin=margin)}


def cohorts_of(actor: Actor, run: ValueRun) -> list[Cohort]:
    """The run's own cohorts for who sees everybody; for others, those of the customers they see."""
    if not _whole(actor, run, Order):
        return cohorts(actor, run.as_of)
    rows = run.facts["cohorts"]
    return _arranged({(cohort, half): customers for cohort, half, customers in rows}, half_of(run.as_of))


def cohorts(actor: Actor, as_of: dt.date) -> list[Cohort]:
    """The newcomers of each of the last half-years, and how many of them bought in each half-year since."""
    newest = half_of(as_of)
    halves = range(newest - HALF_YEARS + 1, newest + 1)
    rows = (
        access.visible(actor, Order)
        .filter(kind=OrderKind.SALE, day__lte=as_of, day__gte=start_of_half(halves[0]))
        .filter(customer__standing__first_day__gte=start_of_half(halves[0]))
        .order_by()
        .values(
            cohort=_half_of_path("customer__standing__first_day", halves), half=_half_of_path("day", halves)
        )
        .annotate(customers=Count("customer_id", distinct=True))
    )
    return _arranged({(row["cohort"], row["half"]): row["customers"] for row in rows}, newest)


def _arranged(found: dict[tuple[int, int], int], newest: int) -> list[Cohort]:
    oldest = min((cohort for cohort, _ in found), default=newest + 1)
    return [
        Cohort(
            start=start_of_half(cohort),
            customers=found.get((cohort, cohort), 0),
            bought=[found.get((cohort, half), 0) for half in range(cohort, newest + 1)],
        )
        for cohort in range(oldest, newest + 1)
    ]


def half_of(day: dt.date) -> int:
    return day.year * 2 + (day.month > 6)


def start_of_half(half: int) -> dt.date:
    return dt.date(half // 2, 7 if half % 2 else 1, 1)


def _half_of_path(path: str, halves: range) -> Case:
    """The number of the half-year a day lies in; comparing days costs less than taking them apart."""
    starts = [When(**{f"{path}__gte": start_of_half(half)}, then=half) for half in reversed(halves)]
    return Case(*starts, output_field=IntegerField())
