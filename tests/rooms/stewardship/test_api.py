"""Upkeep over the REST interface: the same commands, under the same rights, as on the pages."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.test import Client

from clientier.core.actor import Reach
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.stewardship.commands.completeness import judge_cards
from clientier.rooms.stewardship.models import Confirmation, HandOver, Review, TakenCard
from clientier.rooms.stewardship.queries.rules import current_rules
from clientier.rooms.value.models import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
TODAY = "2026-11-20"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss() -> User:
    return make.administrator()


@pytest.fixture
def api(boss: User) -> Client:
    return make.speaking(boss)


def sent(api: Client, path: str, method: str = "post", **body: Any) -> Any:
    return getattr(api, method)(f"/api/v1/{path}", json.dumps(body), "application/json")


def test_a_card_tells_how_complete_it_is_and_is_confirmed(api: Client) -> None:
    acme = make.some_customer(name="Acme", city="Köln")
    Standing.objects.create(customer=acme, tier="important")
    grace = make.some_contact(acme, name="Grace")
    judge_cards()
    told = api.get(f"/api/v1/customers/{acme.pk}/upkeep").json()
    assert (told["confirmed_on"], told["stale_before"]) == (None, "2026-05-21")
    assert "phone" in told["missing"]
    assert [(each["contact"], each["stale"]) for each in told["subjects"]] == [(None, True), (grace.pk, True)]
    told = sent(api, f"customers/{acme.pk}/confirm", contacts=[grace.pk]).json()
    assert [(each["confirmed_on"], each["stale"]) for each in told["subjects"]] == [(TODAY, False)] * 2
    assert Confirmation.objects.count() == 2
    elsewhere = make.some_contact()
    assert sent(api, f"customers/{acme.pk}/confirm", contacts=[elsewhere.pk]).status_code == 400
    assert Confirmation.objects.count() == 2


def test_completeness_by_account_manager(api: Client) -> None:
    kai = make.some_user(name="Kai")
    make.some_customer(owner=kai)
    judge_cards()
    (row,) = api.get("/api/v1/completeness").json()
    assert (row["owner"], row["name"], row["cards"], row["key_average"]) == (kai.pk, "Kai", 1, None)


def test_the_rules_are_read_and_changed_in_part(api: Client) -> None:
    before = current_rules()
    assert api.get("/api/v1/upkeep-rules").json() == {"version": 0, **before}
    changed = sent(
        api,
        "upkeep-rules",
        "put",
        reason="Trial",
        remark_days=9,
        weights={"company": {"phone": [9, 9, 9, 9]}},
    ).json()
    assert (changed["version"], changed["remark_days"]) == (1, 9)
    assert changed["weights"]["company"] == before["weights"]["company"] | {"phone": [9, 9, 9, 9]}
    assert changed["weights"]["person"] == before["weights"]["person"]
    unknown = sent(api, "upkeep-rules", "put", reason="Slip", weights={"company": {"fone": [1, 1, 1, 1]}})
    assert (unknown.status_code, current_rules()["remark_days"]) == (400, 9)
    assert sent(api, "upkeep-rules", "put", reason="Slip", confirm_months=[1]).status_code == 422


def test_a_review_is_finished_with_a_remark_that_becomes_a_task(api: Client, boss: User) -> None:
    kai = make.some_user(name="Kai")
    acme = make.some_customer(name="Acme", owner=kai)
    review = make.some_review(acme, manager=boss, rep=kai, week=dt.date(2026, 11, 16))
    (told,) = api.get("/api/v1/reviews/week").json()
    assert (told["id"], told["name"], told["state"]) == (review.pk, "Acme", "due")
    done = sent(api, f"reviews/{review.pk}/finish", remark="Ask for the new buyer").json()
    task = Task.objects.get(pk=done["task"])
    assert (task.assigned_to, task.title, task.due_on) == (
        kai,
        "Ask for the new buyer",
        dt.date(2026, 11, 25),
    )
    again = sent(api, f"reviews/{review.pk}/finish")
    assert (again.status_code, again.json()["code"]) == (409, "review_is_done")
    (week,) = api.get("/api/v1/reviews/report").json()
    assert (week["manager"], week["done"], week["remarks"]) == (boss.pk, 1, 1)


def test_a_remark_for_who_has_left_goes_to_somebody_who_is_there(api: Client, boss: User) -> None:
    gone = make.some_user(is_active=False)
    review = make.some_review(make.some_customer(owner=gone), manager=boss, rep=gone)
    done = sent(api, f"reviews/{review.pk}/finish", remark="Look after it").json()
    assert Task.objects.get(pk=done["task"]).assigned_to == boss


def test_a_day_of_visits_is_planned_taken_along_printed_and_brought_back(api: Client, boss: User) -> None:
    acme, other = make.some_customer(name="Acme"), make.some_customer(name="Other")
    refused = sent(api, "visits/take", customers=[acme.pk])
    assert (refused.status_code, refused.json()["code"]) == (409, "not_todays_customer")
    assert [v["card"] for v in sent(api, "visits/plan", customers=[acme.pk, other.pk]).json()] == [None, None]
    first, second = sent(api, "visits/take", customers=[acme.pk, other.pk]).json()
    assert (first["customer"], first["day"], first["place"], second["place"]) == (acme.pk, TODAY, 1, 2)
    ordered = sent(api, "taken-cards/order", cards=[second["id"], first["id"]]).json()
    assert [card["id"] for card in ordered] == [second["id"], first["id"]]
    pack = api.get("/api/v1/visits/pack.pdf")
    assert (pack["Content-Type"], pack.content[:4]) == ("application/pdf", b"%PDF")
    card = api.get(f"/api/v1/customers/{acme.pk}/card.pdf")
    assert card.content[:4] == b"%PDF"
    back = sent(
        api, f"taken-cards/{first['id']}/bring-back", summary="All well", minutes=30,
        next_title="Offer", next_on="2026-12-01",
    ).json()  # fmt: skip
    assert back["returned_at"]
    talk = Interaction.objects.get(pk=back["interaction"])
    assert (talk.customer, talk.minutes, talk.user) == (acme, 30, boss)
    assert list(Task.objects.filter(title="Offer").values_list("customer", "due_on")) == [
        (acme.pk, dt.date(2026, 12, 1))
    ]
    assert api.get("/api/v1/visits/pack.pdf?day=2026-11-21").status_code == 404


def test_a_hand_over_is_planned_changed_carried_out_and_undone(api: Client) -> None:
    kai, lin, mei = (make.some_user(name=name) for name in ("Kai", "Lin", "Mei"))
    one, two = make.some_customer(owner=kai), make.some_customer(owner=kai)
    Standing.objects.create(customer=one, tier="important")
    make.some_task(None, assigned_to=kai)
    plan = sent(api, "hand-overs/plan", leaver=kai.pk, successors=[lin.pk, mei.pk], deactivates=True).json()
    assert (plan["state"], plan["others"], sorted(plan["to"].values())) == (
        "planned", lin.pk, sorted([lin.pk, mei.pk]),
    )  # fmt: skip
    assert [(share["user"], share["before"], share["gets"]) for share in plan["shares"]] == [
        (lin.pk, 0, 1), (mei.pk, 0, 1),
    ]  # fmt: skip
    assert {kind["record"]: kind["number"] for kind in plan["moves"]} == {
        "parties.customer": 2, "activities.task": 1,
    }  # fmt: skip
    assert set(Customer.objects.values_list("owner", flat=True)) == {kai.pk}
    url = f"hand-overs/{plan['id']}"
    changed = sent(api, f"{url}/plan", "patch", to={one.pk: mei.pk, two.pk: mei.pk}, others=mei.pk).json()
    assert set(changed["to"].values()) == {mei.pk}
    assert sent(api, f"{url}/plan", "patch", to={make.some_customer().pk: mei.pk}).status_code == 404
    done = sent(api, f"{url}/carry-out").json()
    assert (done["state"], len(done["briefs"])) == ("done", 1)
    kai.refresh_from_db()
    assert (set(Customer.objects.filter(pk__in=[one.pk, two.pk]).values_list("owner", flat=True)), kai.is_active) == (
        {mei.pk}, False,
    )  # fmt: skip
    reader = make.speaking(mei)
    assert reader.get(f"/api/v1/hand-over-briefs/{done['briefs'][0]}/brief.pdf").status_code == 404
    assert sent(api, f"{url}/undo").json()["changes"] > 3
    kai.refresh_from_db()
    assert (set(Customer.objects.filter(pk__in=[one.pk, two.pk]).values_list("owner", flat=True)), kai.is_active) == (
        {kai.pk}, True,
    )  # fmt: skip
    assert sent(api, f"{url}/undo").status_code == 404


def test_what_is_named_twice_is_done_once(api: Client, boss: User) -> None:
    acme = make.some_customer(name="Acme", owner=boss)
    grace = make.some_contact(acme)
    assert sent(api, f"customers/{acme.pk}/confirm", contacts=[grace.pk, grace.pk]).status_code == 200
    assert Confirmation.objects.count() == 2
    sent(api, "visits/plan", customers=[acme.pk, acme.pk])
    taken = sent(api, "visits/take", customers=[acme.pk, acme.pk]).json()
    assert [card["customer"] for card in taken] == [acme.pk]
    assert (Task.objects.count(), TakenCard.objects.count()) == (1, 1)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_beyond_every_calendar_are_refused(api: Client, boss: User, day: str) -> None:
    acme = make.some_customer(owner=boss)
    for path in ("visits/", "visits/pack.pdf", "reviews/week"):
        assert api.get(f"/api/v1/{path}?day={day}").status_code == 422
    for path in ("visits/plan", "visits/take"):
        assert sent(api, path, customers=[acme.pk], day=day).status_code == 422
    assert not Task.objects.exists()


def test_a_territory_that_is_not_there_hands_over_nothing(api: Client) -> None:
    kai, lin = make.some_user(), make.some_user()
    make.some_customer(owner=kai)
    answer = sent(api, "hand-overs/plan", leaver=kai.pk, successors=[lin.pk], territory=0)
    assert (answer.status_code, HandOver.objects.count()) == (404, 0)


def test_customers_out_of_reach_are_not_told_of_by_plans_and_briefs(api: Client) -> None:
    kai, lin, rep = make.some_user(), make.some_user(), make.some_user()
    make.some_customer(owner=kai)
    plan = sent(api, "hand-overs/plan", leaver=kai.pk, successors=[lin.pk]).json()
    brief = make.some_brief()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    for kind in ("stewardship.handover", "stewardship.handoverbrief"):
        make.grant(rep.role, kind, Reach.ALL)
    narrow = make.speaking(rep)
    told = narrow.get(f"/api/v1/hand-overs/{plan['id']}/plan").json()
    assert (len(plan["to"]), told["to"]) == (1, {})
    assert narrow.get(f"/api/v1/hand-over-briefs/{brief.pk}/brief.pdf").status_code == 404
    assert sent(narrow, f"hand-over-briefs/{brief.pk}/read").status_code == 404


def test_a_visit_was_with_somebody_who_is_there(api: Client, boss: User) -> None:
    acme = make.some_customer(owner=boss)
    sent(api, "visits/plan", customers=[acme.pk])
    (card,) = sent(api, "visits/take", customers=[acme.pk]).json()
    elsewhere, gone = make.some_contact(), make.some_contact(acme, left_on=dt.date(2026, 1, 1))
    for contact in (elsewhere, gone):
        back = sent(api, f"taken-cards/{card['id']}/bring-back", summary="Well", contact=contact.pk)
        assert back.status_code == 404
    assert not Interaction.objects.exists()


def test_a_brief_is_read_by_its_successor_alone(api: Client) -> None:
    mei = make.administrator()
    brief = make.some_brief(successor=mei)
    assert sent(api, f"hand-over-briefs/{brief.pk}/read").status_code == 403
    assert sent(make.speaking(mei), f"hand-over-briefs/{brief.pk}/read").json()["all_read"] is True
    brief.refresh_from_db()
    assert brief.read_at == NOW


def test_nothing_goes_to_or_past_those_without_the_right() -> None:
    rep = make.some_user()
    for kind in ("parties.customer", "stewardship.takencard", "stewardship.review"):
        make.grant(rep.role, kind, Reach.OWN, ["view"])
    out, mine = make.some_customer(), make.some_customer(owner=rep)
    review = make.some_review(out)
    api = make.speaking(rep)
    for path in (f"customers/{out.pk}/confirm", f"reviews/{review.pk}/finish"):
        assert sent(api, path).status_code == 404
    assert sent(api, f"customers/{mine.pk}/confirm").status_code == 403
    assert sent(api, "visits/take", customers=[out.pk]).status_code == 404
    assert sent(api, "hand-overs/plan", leaver=rep.pk, successors=[rep.pk]).status_code == 403
    assert api.get("/api/v1/upkeep-rules").status_code == 403
    assert api.get(f"/api/v1/customers/{out.pk}/upkeep").status_code == 404
    assert api.get(f"/api/v1/customers/{out.pk}/card.pdf").status_code == 404
    review.refresh_from_db()
    assert (review.state, Confirmation.objects.count(), TakenCard.objects.count(), HandOver.objects.count()) == (
        "due", 0, 0, 0,
    )  # fmt: skip
    assert Review.objects.count() == 1
