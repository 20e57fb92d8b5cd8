"""Which cards a manager looks through in a week, who that manager is, and how it went."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.people.models import Grant, Team, User
from clientier.rooms.stewardship.choices import TIERS, ReviewReason, ReviewState
from clientier.rooms.stewardship.models import Review
from clientier.rooms.stewardship.queries.stale import cutoff
from clientier.rooms.value.models import Move, Standing

WEEKS_REPORTED = 8


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def managers() -> dict[int, int]:
    """Who reviews whose cards: the nearest up the tree of teams who may hand customers over, and not oneself."""
    leading = Grant.objects.filter(record="parties.customer", action="hand_over", reach__gt=Reach.NONE)
    may_lead = Q(role__in=leading.values("role")) | Q(role__is_administrator=True)
    leaders: dict[int | None, list[int]] = {}
    active = User.objects.filter(is_active=True)
    for place, pk in (
        active.filter(may_lead).order_by("role__is_administrator", "pk").values_list("team", "pk")
    ):
        leaders.setdefault(place, []).append(pk)
    above = dict(Team.objects.values_list("pk", "parent"))
    found = {}
    for rep, own_team in active.values_list("pk", "team"):
        passed: set[int] = set()
        team: int | None = own_team
        while team is not None and team not in passed and rep not in found:
            passed.add(team)
            if others := [leader for leader in leaders.get(team, ()) if leader != rep]:
                found[rep] = others[0]
            team = above.get(team)
    return found


def cards_of(rep: int, week: dt.date, rules: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The customers of one account manager whose cards come up in a week, each once, with the reason."""
    chosen: set[int] = set()

    def fresh(keys: Any, reason: str, at_most: int | None = None) -> Iterator[tuple[int, str]]:
        left = at_most
        for key in keys:
            if key not in chosen and (left is None or left > 0):
                chosen.add(key)
                left = None if left is None else left - 1
                yield key, reason

    mine = Standing.objects.filter(customer__owner=rep)
    for tier, weeks in zip(TIERS, rules["review_every_weeks"], strict=True):
        if weeks:
            turn = (week.toordinal() // 7) % weeks
            due = mine.filter(tier=tier).annotate(turn=F("customer_id") % weeks).filter(turn=turn)
            yield from fresh(
                due.order_by("-net_profit", "pk").values_list("pk", flat=True), ReviewReason.TIER
            )
    since = week - dt.timedelta(days=7)
    moves = Move.objects.filter(customer__owner=rep, day__gte=since).order_by("-net_profit", "pk")
    moved = moves.values_list("customer_id", flat=True)
    yield from fresh(
        moved[: 20 * max(1, rules["review_changed"])], ReviewReason.CHANGED, rules["review_changed"]
    )
    old = Q()
    for tier in TIERS:
        if (day := cutoff(rules, tier, week)) is not None:
            old |= Q(tier=tier) & (
                Q(customer__upkeep__confirmed_on__lt=day) | Q(customer__upkeep__confirmed_on__isnull=True)
            )
    if old and rules["review_stale"]:
        stale = mine.filter(old).exclude(pk__in=chosen).order_by("-net_profit", "pk")
        keys = stale.values_list("pk", flat=True)[: rules["review_stale"]]
        yield from fresh(keys, ReviewReason.STALE, rules["review_stale"])
    rest = list(mine.exclude(tier="").exclude(pk__in=chosen).order_by("pk").values_list("pk", flat=True))
    dice = random.Random(f"{week}:{rep}")  # noqa: S311 - a draw that can be repeated, not a secret
    drawn = dice.sample(rest, min(len(rest), rules["review_sample"]))
    yield from fresh(drawn, ReviewReason.SAMPLE)


def reviews_of_week(actor: Actor, week: dt.date) -> QuerySet[Review]:
    """The actor's own reviews of the week, those that are due first, by account manager and value."""
    found = access.visible(actor, Review).filter(manager=actor.user_id, week=week)
    found = found.select_related("customer", "rep", "customer__standing")
    return found.order_by("rep__name", F("customer__standing__net_profit").desc(nulls_last=True), "pk")


def report(actor: Actor, week: dt.date) -> list[dict[str, Any]]:
    """By manager and week, the newest first: reviews done, missed and still due."""
    since = week - dt.timedelta(weeks=WEEKS_REPORTED - 1)
    states = {state.value: Count("pk", filter=Q(state=state)) for state in ReviewState}
    found: Any = (
        access.visible(actor, Review)
        .filter(week__gte=since)
        .values("week", "manager", "manager__name")
        .annotate(**states, remarks=Count("pk", filter=~Q(remark="")))
        .order_by("-week", "manager__name")
    )
    base = reverse("reviews-list")
    return [
        {
            **row,
            "week_text": formats.day(row["week"]),
            "share": formats.percent(row["done"] / (row["done"] + row["missed"] + row["due"])),
            "url": f"{base}?f=manager:in:{row['manager']}&f=week:is:{row['week']}",
        }
        for row in found
    ]


def remark_title(code: str) -> str:
    return _("Act on the remark of the review")


def remark_reason(facts: dict[str, Any], setting: Setting) -> str:
    """Whose remark it is, and all of it where the title was too short."""
    words = _("remark of %(manager)s") % facts
    return f"{words}: {facts['text']}" if facts.get("text") else words
