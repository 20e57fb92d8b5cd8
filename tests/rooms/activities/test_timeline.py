"""The timeline of a customer: told by all rooms, by kind, to its very end, and under the reader's rights."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.kit import timeline
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.commands.relations import end_relation
from clientier.rooms.parties.models import Contact, Customer, Relation
from clientier.rooms.people.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db
KINDS = ("parties.customer", "parties.contact", "parties.relation", "trade.order", "activities.interaction")
NOON = dt.time(12)


def told(client: Client, customer: Customer, **asked: str) -> Any:
    return client.get(f"/customers/{customer.pk}/timeline/", asked).context["c"]


def titles(shown: Any) -> list[str]:
    return [entry["title"] for entry in shown["entries"]]


def to_the_end(client: Client, customer: Customer, kind: str = "") -> list[str]:
    """The titles of all pages, one after the other."""
    shown = told(client, customer, kind=kind)
    found = titles(shown)
    while shown["older_url"]:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(shown["older_url"]).query).items()}
        shown = told(client, customer, **asked)
        found += titles(shown)
    return found


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_going_back_tells_everything_once_even_what_happened_at_one_moment(zone: str) -> None:
    customer, user = make.some_customer(), make.administrator()
    commands.update(make_company(), actor=make.acting(), changes={"time_zone": zone})
    orders, talks = [], []
    for back in range(3):
        day = make.DAY - dt.timedelta(days=back)
        orders += [make.some_order(customer, day=day).number for _ in range(15)]
        at = dt.datetime.combine(day, NOON, ZoneInfo(zone))
        talks += [
            make.some_interaction(customer, at=at, user=user, minutes=12 * back + place)
            for place in range(1, 13)
        ]
    found = to_the_end(make.signed_in(user), customer)
    assert len(found) == len(set(found)) == 3 * (15 + 12)
    assert to_the_end(make.signed_in(user), customer, "order") == [
        f"Order {number}" for day in range(3) for number in reversed(orders[15 * day : 15 * day + 15])
    ]
    minutes = [
        f"{talk.minutes} min" for day in range(3) for talk in reversed(talks[12 * day : 12 * day + 12])
    ]
    assert [title.split(" · ")[-1] for title in found if "min" in title] == minutes


def make_company() -> Any:
    return Organisation.objects.get_or_create(pk=1)[0]


def test_every_kind_is_told_with_its_words() -> None:
    actor, customer = make.acting(make.some_user(name="Ada")), make.some_customer()
    before, after = make.some_user(name="Bo"), make.some_user(name="Cy")
    Customer.objects.filter(pk=customer.pk).update(owner=before)
    commands.hand_over(customer, actor=actor, to=after)
    contact = {"name": "Di", "customer": customer}
    made = commands.create(Contact, actor=actor, changes=contact)
    commands.update(made, actor=actor, changes={"job_title": "Buyer"})
    ends = {"from_customer": customer, "to_customer": make.some_customer(name="Long AG"), "kind": "dealer_of"}
    relation = commands.create(Relation, actor=actor, changes=ends)
    end_relation(relation, actor=actor, on=make.DAY)
    make.some_order(customer, number="R1", kind="return")
    make.some_task(customer, title="Call", state="done", done_at=dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
    browser = make.signed_in(make.administrator())
    assert titles(told(browser, customer, kind="owner")) == ["Account manager: Bo → Cy"]
    people = told(browser, customer, kind="contact")
    assert titles(people) == ["Contact changed: Di", "New contact: Di"]
    assert [entry["text"] for entry in people["entries"]] == ["Job title · Ada", "Ada"]
    assert titles(told(browser, customer, kind="relation")) == [
        "Relation ended: Dealer of Long AG",
        "New relation: Dealer of Long AG",
    ]
    assert titles(told(browser, customer, kind="order")) == ["Return R1"]
    assert titles(told(browser, customer, kind="task")) == ["Done: Call"]
    assert len(titles(told(browser, customer))) == 7


def test_the_card_shows_the_kind_that_its_address_asks_for() -> None:
    customer = make.some_customer()
    make.some_order(customer, number="S1")
    make.some_interaction(customer)
    browser = make.signed_in(make.administrator())
    for query, number in (("", 2), ("?timeline=order", 1), ("?timeline=owner", 0)):
        page = browser.get(f"/customers/{customer.pk}/{query}").context["page"]
        shown = next(p["context"] for p in page["main"] if p["slug"] == "timeline")
        assert len(shown["entries"]) == number
        assert [tab["card_url"] for tab in shown["tabs"] if tab["active"]] == [
            f"/customers/{customer.pk}/{query}"
        ]


def test_only_kinds_in_reach_have_a_tab_and_nothing_hidden_is_told() -> None:
    user, customer = make.some_user(), make.some_customer(name="Here")
    for kind in KINDS:
        make.grant(user.role, kind, Reach.ALL)
    make.some_order(customer, lines=[{"amount": 77123}])
    make.some_interaction(customer, summary="Secret", minutes=9)
    commands.update(make.some_contact(customer), actor=make.acting(), changes={"phone": "1", "wechat": "2"})
    commands.hand_over(customer, actor=make.acting(), to=make.some_user(name="Cy"))
    hidden = {
        "trade.order": ("amount",), "activities.interaction": ("summary", "minutes"),
        "parties.contact": ("phone", "wechat"), "parties.customer": ("owner",),
    }  # fmt: skip
    for kind, fields in hidden.items():
        for field in fields:
            make.field_rule(user.role, kind, field, "hidden")
    shown = told(make.signed_in(user), customer)
    kinds = [urlsplit(tab["url"]).query.removeprefix("kind=") for tab in shown["tabs"]]
    assert kinds == ["", "interaction", "order", "contact", "relation", "owner"]
    words = json.dumps(shown["entries"])
    assert len(shown["entries"]) == 2
    assert not [mark for mark in ("77,123", "Secret", "9 min", "Phone", "WeChat", "Cy") if mark in words]


def test_the_timeline_of_a_customer_out_of_reach_is_not_there() -> None:
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.OWN)
    assert make.signed_in(user).get(f"/customers/{make.some_customer().pk}/timeline/").status_code == 404


def test_relations_are_told_to_those_who_reach_both_ends() -> None:
    user = make.some_user()
    for kind in KINDS:
        make.grant(user.role, kind, Reach.OWN)
    mine = make.some_customer(owner=user)
    relation = make.some_relation(mine, make.some_customer(name="Theirs"))
    commands.update(relation, actor=make.acting(), changes={"note": "x"})
    assert titles(told(make.signed_in(user), mine, kind="relation")) == []
    assert len(titles(told(make.signed_in(make.administrator()), mine, kind="relation"))) == 1


@pytest.mark.parametrize("place", ["x", "2026-03-02~order~1", "2026-03-02T00:00:00+00:00~order~x", "~~"])
def test_a_damaged_place_is_refused(place: str) -> None:
    page = make.signed_in(make.administrator()).get(
        f"/customers/{make.some_customer().pk}/timeline/", {"older": place}
    )
    assert page.status_code == 400


def test_htmx_gets_the_panel_or_only_the_older_entries() -> None:
    customer, browser = make.some_customer(), make.signed_in(make.administrator())
    for _ in range(timeline.PAGE_SIZE + 1):
        make.some_interaction(customer)
    url, part = f"/customers/{customer.pk}/timeline/", {"HX-Request": "true"}
    panel = browser.get(url, headers=part)
    assert panel.content.decode().lstrip().startswith('<div id="timeline">')
    older = browser.get(panel.context["c"]["older_url"], headers=part).content.decode()
    assert older.lstrip().startswith("<li")
    assert older.count("<li") == 1
    assert "<h1>" in browser.get(url).content.decode()


def test_a_long_timeline_costs_the_same_number_of_queries_as_a_short_one() -> None:
    customer, browser = make.some_customer(), make.signed_in(make.administrator())
    counts = []
    for number in (1, 30):
        for _ in range(number):
            make.some_interaction(customer)
            make.some_order(customer)
            make.some_task(customer, state="done", done_at=dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
            contact = commands.update(
                make.some_contact(customer), actor=make.acting(), changes={"phone": "1"}
            )
            relation = make.some_relation(customer, customer, to_contact=contact)
            commands.update(relation, actor=make.acting(), changes={"note": "x"})
            commands.hand_over(customer, actor=make.acting(), to=make.some_user())
        browser.get(f"/customers/{customer.pk}/timeline/")
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/customers/{customer.pk}/timeline/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Task.objects.count() == 31
