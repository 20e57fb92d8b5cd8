"""Who came and who went, month by month, and how many of each half-year's newcomers still buy."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    When,
    Window,
)

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.money import from_e4
from clientier.core.time import month_start
from clientier.rooms.value.choices import Lifecycle, MoveKind
from clientier.rooms.value.models import Move, Standing, ValueRun
from clientier.rooms.value.queries.lifespans import HALF_YEARS, half_of, start_of_half
from clientier.rooms.value.queries.reach import sees_everybody

YEAR = dt.timedelta(days=365)
MONTHS = 18
LISTED = 12
ZERO = Decimal(0)
NO_TIME = dt.timedelta()


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
    if "bucket" not in run.facts or not sees_everybody(actor):
        return leaky_bucket(actor, run.as_of, silence)
    nobody = (0, 0)
    won, lost = run.facts["bucket"]["won"], run.facts["bucket"]["lost"]
    months = []
    for month in _months(run.as_of):
        gained, margin_gained = won.get(month.isoformat(), nobody)
        gone, margin_lost = lost.get(month.isoformat(), nobody)
        months.append(BucketMonth(month, gained, gone, from_e4(margin_gained), from_e4(margin_lost)))
    return months


def _months(as_of: dt.date) -> list[dt.date]:
    return [month_start(as_of, months_back=back) for back in range(MONTHS - 1, -1, -1)]


def leaky_bucket(actor: Actor, as_of: dt.date, silence: dt.timedelta) -> list[BucketMonth]:
    """Customers won and lost in each of the last months, with the margin of their first and their last year.

    Won: in the month of the first purchase. Lost: in the month in which the silence after the last purchase
    reached its limit, the horizon of the lifecycle rule. The margins are those that the run kept.
    """
    start = month_start(as_of, months_back=MONTHS - 1)
    standings = access.visible(actor, Standing)
    gone = standings.filter(_fell_silent(start, as_of, silence))
    won = _by_month(standings.filter(first_day__gte=start), "first_day", "first_year_margin")
    lost = _by_month(gone, "last_day", "last_year_margin", later=silence)
    nobody = (0, ZERO)
    months = []
    for month in _months(as_of):
        (gained, margin_gained), (left, margin_lost) = won.get(month, nobody), lost.get(month, nobody)
        months.append(BucketMonth(month, gained, left, margin_gained, margin_lost))
    return months


def _fell_silent(first: dt.date, last: dt.date, silence: dt.timedelta) -> Q:
    """Customers whose silence reached its limit between these days."""
    return Q(last_day__gte=first - silence, last_day__lte=last - silence)


def _by_month(
    standings: QuerySet[Standing], day: str, margin: str, later: dt.timedelta = NO_TIME
) -> dict[dt.date, tuple[int, Decimal]]:
    """How many customers, and their margins together, by the month in which so much time is over since that day."""
    months: dict[dt.date, tuple[int, Decimal]] = {}
    rows = standings.order_by().values_list(day).annotate(number=Count("pk"), margin=Sum(margin))
    for (
        on,
        number,
        amount,
    ) in rows:  # days are put into months here: the database takes longer for each customer
        month = (on + later).replace(day=1)
        known, together = months.get(month, (0, ZERO))
        months[month] = (known + number, together + amount)
    return months


def lost_since(as_of: dt.date) -> dt.date:
    """The first day of the twelve months, this one included, whose lost customers are listed."""
    return month_start(as_of, months_back=11)


def lost_of(actor: Actor, run: ValueRun, silence: dt.timedelta) -> tuple[int, list[Standing]]:
    """The run's own lost customers for who sees everybody; for others, those they see."""
    if "lost" in run.facts and sees_everybody(actor):
        return _listed(actor, run.facts["lost"])
    return lost_lately(actor, lost_since(run.as_of), run.as_of, silence)


def back_of(actor: Actor, run: ValueRun) -> tuple[int, list[Standing]]:
    """The run's own customers won back for who sees everybody; for others, those they see."""
    if "back" in run.facts and sees_everybody(actor):
        return _listed(actor, run.facts["back"])
    return won_back(actor, run.as_of)


def _listed(actor: Actor, kept: dict[str, Any]) -> tuple[int, list[Standing]]:
    """The number that the run kept, and of the customers whom it listed those who are still there."""
    standings = access.visible(actor, Standing).select_related("customer").in_bulk(kept["listed"])
    return kept["number"], [standings[pk] for pk in kept["listed"] if pk in standings]


def lost_lately(
    actor: Actor, first: dt.date, as_of: dt.date, silence: dt.timedelta
) -> tuple[int, list[Standing]]:
    """Customers whose silence reached its limit between these days, who had brought most first."""
    gone = access.visible(actor, Standing).filter(_fell_silent(first, as_of, silence))
    return _first(gone.order_by("-prior_net_profit", "pk"))


def won_back(actor: Actor, as_of: dt.date) -> tuple[int, list[Standing]]:
    """Customers who bought in the last twelve months after having been lost, or silent for twelve before."""
    was_lost = Move.objects.filter(kind=MoveKind.LIFECYCLE, before=Lifecycle.LOST, day__gt=as_of - YEAR)
    silent = Q(prior_revenue=0, first_day__lte=as_of - 2 * YEAR)
    back = access.visible(actor, Standing).filter(
        silent | Q(pk__in=was_lost.values("customer_id")), last_day__gt=as_of - YEAR
    )
    back = back.exclude(lifecycle=Lifecycle.LOST)
    return _first(back.order_by("-net_profit", "pk"))


def _first(found: QuerySet[Standing]) -> tuple[int, list[Standing]]:
    """How many, and the first of them; whole standings are read of these alone."""
    # The number is the same in all rows; by it first, or the database would go through everybody in this order.
    numbered = found.annotate(number=Window(Count("pk"))).order_by("number", *found.query.order_by)
    rows = list(numbered.values_list("pk", "number")[:LISTED])
    standings = Standing.objects.select_related("customer").in_bulk([pk for pk, _ in rows])
    return (rows[0][1] if rows else 0), [standings[pk] for pk, _ in rows]


def cohorts_of(actor: Actor, run: ValueRun) -> list[Cohort]:
    """The run's own cohorts for who sees everybody; for others, those of the customers they see."""
    if "cohorts" not in run.facts or not sees_everybody(actor):
        return cohorts(actor, run.as_of)
    rows = run.facts["cohorts"]
    return _arranged({(cohort, half): customers for cohort, half, customers in rows}, half_of(run.as_of))


def cohorts(actor: Actor, as_of: dt.date) -> list[Cohort]:
    """The newcomers of each of the last half-years, and how many of them bought in each half-year since."""
    return _arranged(buyers_by_half(actor, as_of), half_of(as_of))


def buyers_by_half(actor: Actor, as_of: dt.date) -> dict[tuple[int, int], int]:
    """How many of one half-year's newcomers bought in another, by both half-years."""
    newest = half_of(as_of)
    halves = range(newest - HALF_YEARS + 1, newest + 1)
    rows = (
        access.visible(actor, Standing)
        .filter(first_day__gte=start_of_half(halves[0]))
        .order_by()
        .values("half_years", cohort=_half_of_first(halves))
        .annotate(customers=Count("pk"))
    )
    found: Counter[tuple[int, int]] = Counter()
    for row in rows:
        for half in halves:
            if row["half_years"] >> (newest - half) & 1:
                found[row["cohort"], half] += row["customers"]
    return dict(found)


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


def _half_of_first(halves: range) -> Case:
    """The number of the half-year of the first purchase; comparing days costs less than taking them apart."""
    starts = [When(first_day__gte=start_of_half(half), then=half) for half in reversed(halves)]
    return Case(*starts, output_field=IntegerField())
