"""Views under a name: who sees them, which stand in the navigation, which one a list opens with."""

from __future__ import annotations

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.kit.models import SavedView, ViewChoice
from clientier.rooms.people.models import Team, User
from tests import factories as make

pytestmark = pytest.mark.django_db
DEAR = {"name": "Dear", "query": "f=cost%3Agte%3A2&order=-cost"}


@pytest.fixture
def boss() -> User:
    return make.administrator()


@pytest.fixture
def browser(boss: User) -> Client:
    return make.signed_in(boss)


def tabs(browser: Client) -> list[str]:
    return [view["label"] for view in browser.get("/products/?all=1").context["listing"]["views"]]


def pinned(browser: Client) -> list[str]:
    return [view["label"] for view in browser.get("/products/?all=1").context["shell"]["pinned"]]


def test_a_view_is_kept_replaced_shared_and_removed(browser: Client, boss: User) -> None:
    assert browser.post("/products/views/", DEAR).url == f"/products/?{DEAR['query']}"
    browser.post("/products/views/", {"name": "Dear", "query": "q=nut", "sharing": "all"})
    view = SavedView.objects.get()
    assert (view.user, view.query, view.sharing) == (boss, "q=nut", "all")
    other = make.signed_in(make.administrator())
    assert tabs(other) == ["Dear"]
    assert other.post(f"/views/{view.pk}/delete/").status_code == 404
    assert browser.post(f"/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_private_view_is_seen_by_its_maker_alone(browser: Client) -> None:
    browser.post("/products/views/", {**DEAR, "sharing": "no such"})
    other = make.signed_in(make.administrator())
    assert (tabs(browser), tabs(other)) == (["Dear"], [])
    key = SavedView.objects.get().pk
    assert other.post(f"/views/{key}/choose/", {"pinned": "yes"}).status_code == 404
    assert not ViewChoice.objects.exists()


def test_a_view_of_the_team_is_seen_by_it_and_those_below() -> None:
    above = Team.objects.create(name="South")
    own = Team.objects.create(name="Munich", parent=above)
    below = Team.objects.create(name="Centre", parent=own)
    people = {place: make.administrator() for place in ("above", "own", "below", "none")}
    for place, team in (("above", above), ("own", own), ("below", below), ("none", None)):
        User.objects.filter(pk=people[place].pk).update(team=team)
    maker = make.administrator()
    User.objects.filter(pk=maker.pk).update(team=own)
    make.signed_in(maker).post("/products/views/", {**DEAR, "sharing": "team"})
    seeing = [place for place, who in people.items() if tabs(make.signed_in(who)) == ["Dear"]]
    assert seeing == ["own", "below"]


@pytest.mark.parametrize("posted", [{"name": " ", "query": ""}, {"name": "x", "query": "f=broken"}])
def test_a_view_that_cannot_be_kept_is_refused(browser: Client, posted: dict[str, str]) -> None:
    assert browser.post("/products/views/", posted).status_code == 400
    assert not SavedView.objects.exists()


def test_a_pinned_view_stands_in_the_navigation_of_who_pinned_it(browser: Client) -> None:
    browser.post("/products/views/", {**DEAR, "sharing": "all"})
    key = SavedView.objects.get().pk
    other = make.signed_in(make.administrator())
    other.post(f"/views/{key}/choose/", {"pinned": "yes"})
    assert (pinned(browser), pinned(other)) == ([], ["Dear"])
    other.post(f"/views/{key}/choose/", {"pinned": "no"})
    assert pinned(other) == []


def test_a_pinned_view_of_a_list_out_of_reach_is_not_shown(browser: Client) -> None:
    browser.post("/products/views/", {**DEAR, "sharing": "all"})
    viewer = make.some_user()
    make.grant(viewer.role, "catalog.product", Reach.ALL, ["view"])
    theirs = make.signed_in(viewer)
    theirs.post(f"/views/{SavedView.objects.get().pk}/choose/", {"pinned": "yes"})
    assert [view["label"] for view in theirs.get("/").context["shell"]["pinned"]] == ["Dear"]
    viewer.role.grants.all().delete()
    assert theirs.get("/").context["shell"]["pinned"] == []


def test_a_list_opens_with_one_view_and_all_is_a_click_away(browser: Client) -> None:
    for name in ("First", "Second"):
        browser.post("/products/views/", {"name": name, "query": f"q={name}"})
        browser.post(f"/views/{SavedView.objects.get(name=name).pk}/choose/", {"opens": "yes"})
    assert browser.get("/products/").url == "/products/?q=Second"
    assert ViewChoice.objects.filter(opens=True).count() == 1
    whole = browser.get("/products/?q=Second").context["listing"]["base_view"]["url"]
    assert browser.get(whole).status_code == 200
    assert browser.get("/products/?q=other").status_code == 200
    browser.post(f"/views/{SavedView.objects.get(name='Second').pk}/choose/", {"opens": "no"})
    assert browser.get("/products/").status_code == 200


def test_a_view_of_everything_opens_the_list_without_going_in_circles(browser: Client) -> None:
    browser.post("/products/views/", {"name": "Everything", "query": ""})
    browser.post(f"/views/{SavedView.objects.get().pk}/choose/", {"opens": "yes"})
    assert browser.get("/products/").status_code == 200
