"""People at customers: who leads whom, one person in several posts, who has left, how they wish to be reached."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.rooms.parties.models import Contact
from tests import factories as make

pytestmark = pytest.mark.django_db


def panel(client: Client, url: str, slug: str) -> Any:
    page = client.get(url).context["page"]
    return next((p["context"] for p in page["side"] if p["slug"] == slug), None)


def test_nobody_reports_to_themselves_by_way_of_others() -> None:
    customer = make.some_customer()
    top = make.some_contact(customer)
    below = make.some_contact(customer, reports_to=make.some_contact(customer, reports_to=top))
    for boss in (top, below):
        with pytest.raises(ValidationError, match="reports to themselves"):
            commands.update(top, actor=make.acting(), changes={"reports_to": boss})
    assert Contact.objects.get(pk=top.pk).reports_to is None


def test_a_line_that_an_import_bent_into_a_ring_is_refused_and_not_followed_for_ever() -> None:
    customer = make.some_customer()
    one, two = make.some_contact(customer), make.some_contact(customer)
    Contact.objects.filter(pk=one.pk).update(reports_to=two)
    Contact.objects.filter(pk=two.pk).update(reports_to=one)
    one.refresh_from_db()
    with pytest.raises(ValidationError, match="reports to themselves"):
        commands.create(
            Contact, actor=make.acting(), changes={"name": "x", "customer": customer, "reports_to": one}
        )
    assert panel(make.signed_in(make.administrator()), f"/contacts/{one.pk}/", "line")["above"] == [two]


def test_a_reporting_line_stays_within_one_customer() -> None:
    with pytest.raises(ValidationError, match="within one customer"):
        commands.update(make.some_contact(), actor=make.acting(), changes={"reports_to": make.some_contact()})


def test_the_card_of_a_contact_shows_who_is_above_and_below() -> None:
    customer = make.some_customer()
    top = make.some_contact(customer)
    boss = make.some_contact(customer, reports_to=top)
    contact = make.some_contact(customer, reports_to=boss)
    helper = make.some_contact(customer, reports_to=contact)
    make.some_contact(customer, reports_to=contact, left_on=make.DAY)
    shown = panel(make.signed_in(make.administrator()), f"/contacts/{contact.pk}/", "line")
    assert (shown["above"], shown["below"]) == ([top, boss], [helper])


def test_all_posts_of_a_person_are_told_from_each_of_them_with_those_left() -> None:
    first = make.some_contact(make.some_customer(name="First"), left_on=dt.date(2024, 5, 1))
    second = make.some_contact(make.some_customer(name="Second"), same_person_as=first)
    third = make.some_contact(make.some_customer(name="Third"), same_person_as=second)
    browser = make.signed_in(make.administrator())
    seen = {
        post: [
            (each["contact"].customer.name, each["left"])
            for each in panel(browser, f"/contacts/{post.pk}/", "posts")["posts"]
        ]
        for post in (first, second, third)
    }
    assert sorted(seen[first]) == [("Second", ""), ("Third", "")]
    assert seen[second] == [("Third", ""), ("First", "1 May 2024")]
    assert seen[third] == [("Second", ""), ("First", "1 May 2024")]


def test_posts_out_of_reach_are_not_told() -> None:
    user = make.some_user()
    for kind in ("parties.customer", "parties.contact"):
        make.grant(user.role, kind, Reach.OWN)
    theirs = make.some_contact(make.some_customer())
    mine = make.some_contact(make.some_customer(owner=user), same_person_as=theirs)
    also_mine = make.some_contact(make.some_customer(owner=user), same_person_as=theirs)
    posts = panel(make.signed_in(user), f"/contacts/{mine.pk}/", "posts")["posts"]
    assert [post["contact"] for post in posts] == [also_mine]


def test_a_post_is_not_tied_to_itself() -> None:
    contact = make.some_contact()
    with pytest.raises(ValidationError, match="not to itself"):
        commands.update(contact, actor=make.acting(), changes={"same_person_as": contact})


def test_the_card_shows_deciders_first_and_those_who_left_apart() -> None:
    customer = make.some_customer()
    make.some_contact(customer, name="Anna")
    make.some_contact(
        customer, name="Zoe", decision_role="decider", influence="high", preferred_channel="wechat",
        preferred_times="mornings", in_charge_as="owner",
    )  # fmt: skip
    make.some_contact(customer, name="Gone", left_on=dt.date(2025, 1, 31))
    shown = panel(make.signed_in(make.administrator()), f"/customers/{customer.pk}/", "people")
    assert [person["contact"].name for person in shown["people"]] == ["Zoe", "Anna"]
    assert shown["people"][0]["parts"] == ["Owner", "Decides", "high influence"]
    assert shown["people"][0]["preferred"] == "WeChat mornings"
    assert [(person["contact"].name, person["on"]) for person in shown["left"]] == [("Gone", "31 Jan 2025")]


def test_hidden_fields_of_contacts_are_not_told_on_the_card_of_their_customer() -> None:
    user, customer = make.some_user(), make.some_customer()
    make.some_contact(customer, job_title="Chief", attitude="opponent", influence="high", do_not_contact=True)
    for kind in ("parties.customer", "parties.contact"):
        make.grant(user.role, kind, Reach.ALL)
    for field in ("job_title", "attitude", "influence", "do_not_contact"):
        make.field_rule(user.role, "parties.contact", field, "hidden")
    (person,) = panel(make.signed_in(user), f"/customers/{customer.pk}/", "people")["people"]
    told = {name: person[name] for name in ("tone", "title", "parts", "attitude", "avoided")}
    assert told == {"tone": "", "title": "", "parts": [], "attitude": "", "avoided": False}


def test_the_card_of_somebody_who_has_left_says_so() -> None:
    browser = make.signed_in(make.administrator())
    for left_on, badges in ((None, []), (dt.date(2025, 1, 31), ["left on 31 Jan 2025"])):
        page = browser.get(f"/contacts/{make.some_contact(left_on=left_on).pk}/").context["page"]
        assert [badge.text for badge in page["badges"]] == badges
