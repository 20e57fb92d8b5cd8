"""Whose cards a manager reviews in a week, and what becomes of remarks and of what was not reviewed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
import time_machine

from clientier.core.actor import Reach
from clientier.rooms.activities.models import Task
from clientier.rooms.people.models import Role, User
from clientier.rooms.stewardship.commands.reviews import draw_week
from clientier.rooms.stewardship.models import Review
from clientier.rooms.stewardship.queries.reviews import managers
from clientier.rooms.value.models import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 11, 20)
MONDAY = dt.date(2026, 11, 16)


@pytest.fixture
def leading() -> Role:
    role = make.some_role()
    for kind in ("parties.customer", "stewardship.review", "activities.task", "value.standing"):
        make.grant(role, kind, Reach.ALL)
    return role


def a_team(leading: Role) -> tuple[User, User]:
    above = make.some_team()
    team = make.some_team(parent=above)
    return make.some_user(role=leading, team=above), make.some_user(team=team)


def some_cards(rep: User, tier: str, number: int) -> None:
    for place in range(number):
        customer = make.some_customer(owner=rep)
        Standing.objects.create(customer=customer, tier=tier, net_profit=Decimal(place))


def test_the_manager_is_the_nearest_one_up_the_tree_and_never_oneself(leading: Role) -> None:
    boss, rep = a_team(leading)
    lead = make.some_user(role=leading, team=rep.team)
    alone = make.some_user()
    assert managers() == {rep.pk: lead.pk, lead.pk: boss.pk}
    lead.is_active = False
    lead.save()
    assert managers() == {rep.pk: boss.pk}
    assert alone.pk not in managers()


def test_important_cards_come_up_every_week_major_ones_in_turn_and_a_few_by_chance(leading: Role) -> None:
    _boss, rep = a_team(leading)
    some_cards(rep, "important", 4)
    some_cards(rep, "major", 16)
    some_cards(rep, "small", 10)
    draw_week(FRIDAY)
    reasons = Counter(Review.objects.values_list("reason", "customer__standing__tier"))
    assert reasons["tier", "important"] == 4
    assert reasons["tier", "major"] == 2
    assert sum(number for (reason, _tier), number in reasons.items() if reason == "sample") == 3
    assert set(Review.objects.values_list("week", flat=True)) == {MONDAY}


def test_the_draw_can_be_repeated_and_a_week_is_drawn_once(leading: Role) -> None:
    _boss, rep = a_team(leading)
    some_cards(rep, "small", 30)
    draw_week(FRIDAY)
    first = set(Review.objects.values_list("customer", flat=True))
    assert draw_week(FRIDAY) == 0
    Review.objects.all().delete()
    draw_week(MONDAY)
    assert set(Review.objects.values_list("customer", flat=True)) == first


def test_what_was_not_reviewed_is_missed_when_the_next_week_begins(leading: Role) -> None:
    boss, rep = a_team(leading)
    some_cards(rep, "important", 2)
    draw_week(FRIDAY)
    done = Review.objects.order_by("pk").first()
    assert done is not None
    Review.objects.filter(pk=done.pk).update(state="done")
    draw_week(FRIDAY + dt.timedelta(days=7))
    states = Counter(Review.objects.filter(week=MONDAY).values_list("state", flat=True))
    assert states == {"done": 1, "missed": 1}
    with time_machine.travel(dt.datetime(2026, 11, 25, 4, tzinfo=dt.UTC)):
        page = make.signed_in(boss).get("/reviews/report/")
    assert [(row["week"], row["done"], row["missed"], row["due"]) for row in page.context["rows"]] == [
        (MONDAY + dt.timedelta(days=7), 0, 0, 2), (MONDAY, 1, 1, 0)
    ]  # fmt: skip


@time_machine.travel(dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC))
def test_a_remark_becomes_a_task_of_the_account_manager_and_the_next_card_follows(leading: Role) -> None:
    boss, rep = a_team(leading)
    some_cards(rep, "important", 2)
    draw_week(FRIDAY)
    browser = make.signed_in(boss)
    first = browser.get("/reviews/week/").context["review"]
    answer = browser.post(
        f"/reviews/week/?card={first.pk}", {"remark": "Ask the CFO\nabout credit", "due_on": "2026-11-27"}
    )
    task = Task.objects.get()
    assert (task.title, task.assigned_to, task.due_on, task.customer) == (
        "Ask the CFO", rep, dt.date(2026, 11, 27), first.customer
    )  # fmt: skip
    second = Review.objects.get(state="due")
    assert answer.headers["Location"] == f"/reviews/week/?card={second.pk}"
    browser.post(f"/reviews/week/?card={second.pk}", {"remark": "", "due_on": "2026-11-27"})
    assert Task.objects.count() == 1
    assert browser.get("/reviews/week/").context["number"] == 2
    twice = browser.post(f"/reviews/week/?card={first.pk}", {"remark": "x", "due_on": "2026-11-27"})
    assert twice.status_code == 422


def test_a_rep_has_no_reviews(leading: Role) -> None:
    _boss, rep = a_team(leading)
    assert make.signed_in(rep).get("/reviews/week/").status_code == 403
