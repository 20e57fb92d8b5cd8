"""A day of visits: only its customers' cards go along, and they come back with notes."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from clientier.core.actor import Reach
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.people.models import User
from clientier.rooms.stewardship.models import TakenCard
from tests import factories as make
from tests.rooms.stewardship.test_papers import read

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # nine in Shanghai
KINDS = (
    "parties.customer",
    "parties.contact",
    "activities.task",
    "activities.interaction",
    "stewardship.takencard",
)


@pytest.fixture
def rep() -> User:
    user = make.some_user(name="Kai")
    for kind in KINDS:
        make.grant(user.role, kind, Reach.OWN, ["view", "add", "change"])
    return user


def took(rep: User, *customers: object) -> object:
    return make.signed_in(rep).post("/visits/take/", {"customer": [c.pk for c in customers]})  # type: ignore[attr-defined]


@time_machine.travel(MORNING, tick=False)
def test_only_todays_customers_are_taken_along(rep: User) -> None:
    due, other = (make.some_customer(owner=rep) for _ in range(2))
    make.some_task(due, assigned_to=rep, due_on=make.DAY)
    make.some_task(other, assigned_to=rep, due_on=make.DAY + dt.timedelta(days=1))
    assert took(rep, other).status_code == 409  # type: ignore[attr-defined]
    assert not TakenCard.objects.exists()
    took(rep, due)
    took(rep, due)
    card = TakenCard.objects.get()
    assert (card.customer, card.user, card.day, card.taken_at) == (due, rep, make.DAY, MORNING)


@time_machine.travel(MORNING, tick=False)
def test_an_appointment_of_the_day_counts_and_one_of_tomorrow_does_not(rep: User) -> None:
    today, tomorrow = (make.some_customer(owner=rep) for _ in range(2))
    make.some_interaction(today, user=rep, kind="visit", at=MORNING + dt.timedelta(hours=5))
    make.some_interaction(tomorrow, user=rep, kind="visit", at=MORNING + dt.timedelta(hours=20))
    page = make.signed_in(rep).get("/visits/")
    assert [(visit["customer"], visit["at"]) for visit in page.context["planned"]] == [(today, "14:00")]


@time_machine.travel(MORNING, tick=False)
def test_chosen_customers_of_the_list_become_visits_of_today_once(rep: User) -> None:
    customers = [make.some_customer(owner=rep) for _ in range(2)]
    stranger = make.some_customer(owner=make.some_user())
    browser = make.signed_in(rep)
    keys = [customer.pk for customer in [*customers, stranger]]
    for _twice in range(2):
        page = browser.post("/customers/bulk/", {"action": "visit", "ids": keys}, follow=True)
        assert "2 customers are among today" in page.content.decode()
    assert list(Task.objects.order_by("pk").values_list("customer", "assigned_to", "due_on")) == [
        (customer.pk, rep.pk, make.DAY) for customer in customers
    ]


@time_machine.travel(MORNING, tick=False)
def test_the_pack_is_one_file_behind_a_page_with_addresses_and_phones(rep: User) -> None:
    for name in ("Acme", "Beta"):
        customer = make.some_customer(owner=rep, name=name, phone=f"555-{name}", city=f"City of {name}")
        make.some_task(customer, assigned_to=rep, due_on=make.DAY)
        took(rep, customer)
    answer = make.signed_in(rep).get("/visits/pack.pdf")
    number, words = read(answer.content)
    assert number == 3
    assert "Visits on 2 Mar 2026" in words
    for said in ("555-Acme", "555-Beta", "City of Acme", "Page 3 of 3"):
        assert said in words


@time_machine.travel(MORNING, tick=False)
def test_a_card_comes_back_once_with_an_interaction_a_done_visit_and_a_next_step(rep: User) -> None:
    customer = make.some_customer(owner=rep)
    task = make.some_task(customer, assigned_to=rep, due_on=make.DAY)
    took(rep, customer)
    card = TakenCard.objects.get()
    notes = {
        "summary": "They want blue ones",
        "minutes": "45",
        "next_title": "Send blue",
        "next_on": "2026-03-09",
    }
    browser = make.signed_in(rep)
    assert browser.post(f"/visits/{card.pk}/return/", notes).status_code == 302
    assert browser.post(f"/visits/{card.pk}/return/", notes).status_code == 422
    said = Interaction.objects.get()
    assert (said.kind, said.minutes, said.summary, said.user) == ("visit", 45, "They want blue ones", rep)
    card.refresh_from_db()
    task.refresh_from_db()
    assert (card.returned_at, card.interaction, task.state) == (MORNING, said, "done")
    following = Task.objects.get(state="open")
    assert (following.title, following.due_on, following.assigned_to) == (
        "Send blue",
        dt.date(2026, 3, 9),
        rep,
    )


@time_machine.travel(MORNING, tick=False)
def test_a_card_that_stayed_out_is_named_the_next_day_and_a_manager_sees_whose(rep: User) -> None:
    late = make.some_taken_card(make.some_customer(owner=rep), user=rep, day=make.DAY - dt.timedelta(days=1))
    page = make.signed_in(make.administrator()).get("/visits/")
    assert [each["card"] for each in page.context["left_out"]] == [late]
    assert page.context["left_out"][0]["own"] is False


@time_machine.travel(MORNING, tick=False)
def test_the_order_of_the_day_can_be_changed(rep: User) -> None:
    customers = [make.some_customer(owner=rep) for _ in range(3)]
    for customer in customers:
        make.some_task(customer, assigned_to=rep, due_on=make.DAY)
    took(rep, *customers)
    last = TakenCard.objects.get(customer=customers[2])
    make.signed_in(rep).post(f"/visits/{last.pk}/earlier/")
    order = list(TakenCard.objects.order_by("place").values_list("customer", flat=True))
    assert order == [customers[0].pk, customers[2].pk, customers[1].pk]
