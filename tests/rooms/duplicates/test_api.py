"""Duplicates over the REST interface: a word before creating, deciding, merging and taking apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.models import DuplicatePair
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Client:
    return make.speaking(make.administrator())


def posted(api: Client, path: str, **body: Any) -> Any:
    return api.post(f"/api/v1/{path}", json.dumps(body), "application/json")


def test_creating_names_what_is_alike_and_creates_all_the_same(api: Client) -> None:
    there = make.some_customer(name="Acme Ltd")
    answer = posted(api, "customers/", name="Acme")
    assert (answer.status_code, answer.headers["Alike"]) == (201, str(there.pk))
    assert posted(api, "customers/", name="Zeppelin").headers["Alike"] == ""


def test_whoever_wants_it_is_refused_where_something_is_alike(api: Client) -> None:
    there = make.some_customer(name="Acme Ltd")
    answer = posted(api, "customers/?if_alike=refuse", name="Acme")
    assert (answer.status_code, answer.json()["code"]) == (409, "alike")
    assert str(there.pk) in answer.json()["detail"]
    assert Customer.objects.count() == 1
    assert posted(api, "customers/?if_alike=refuse", name="Zeppelin").status_code == 201


def test_a_contact_is_watched_over_too(api: Client) -> None:
    there = make.some_contact(name="Ada Lovelace")
    answer = posted(api, "contacts/", name="Lovelace, Ada", customer=make.some_customer().pk)
    assert answer.headers["Alike"] == str(there.pk)


def test_duplicates_of_one_customer(api: Client) -> None:
    one, other = make.some_customer(name="Acme"), make.some_customer(name="Acme Ltd")
    pair = make.some_pair(one, other, probability=0.75)
    found = api.get(f"/api/v1/customers/{one.pk}/duplicates").json()
    assert found == [
        {
            "id": other.pk, "name": "Acme Ltd", "nearness": 0.95, "reasons": ["name much the same"],
            "probability": 0.75, "pair": pair.pk,
        }
    ]  # fmt: skip


def test_pairs_are_listed_and_decided(api: Client) -> None:
    pair = make.some_pair()
    assert [each["id"] for each in api.get("/api/v1/duplicates/?f=state:in:open").json()["items"]] == [
        pair.pk
    ]
    answer = posted(api, f"duplicates/{pair.pk}/keep-apart", reason="Two shops")
    assert (answer.status_code, answer.json()["state"]) == (200, "distinct")
    assert DuplicatePair.objects.get().state == PairState.DISTINCT
    assert posted(api, f"duplicates/{pair.pk}/keep-apart").status_code == 409


def test_merging_and_taking_apart(api: Client) -> None:
    one, other = make.some_customer(city="Wuhan"), make.some_customer(city="Xian")
    make.some_order(other)
    done = posted(api, f"customers/{one.pk}/merge", others=[other.pk], chosen={"city": other.pk})
    assert done.status_code == 200, done.content
    assert (done.json()["survivor"], done.json()["moved"]) == (one.pk, {"trade.order": 1})
    one.refresh_from_db()
    assert one.city == "Xian"
    undone = posted(api, f"merges/{done.json()['id']}/undo").json()
    assert (undone["restored"], undone["left_as_is"]) == ([other.pk], [])
    assert Customer.objects.get(pk=other.pk).city == "Xian"


def test_without_the_rights_nothing_is_merged() -> None:
    one, other = make.some_customer(), make.some_customer()
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.ALL)
    answer = posted(make.speaking(user), f"customers/{one.pk}/merge", others=[other.pk])
    assert answer.status_code == 403
    assert Customer.objects.count() == 2
