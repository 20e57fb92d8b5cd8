from __future__ import annotations

import pytest

from clientier.core.actor import Reach
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_one_box_finds_records_of_all_kinds_by_group() -> None:
    customer = make.some_customer(name="明珠贸易")
    contact = make.some_contact(customer, name="明珠")
    make.some_product(name="Pearl")
    page = make.signed_in(make.administrator()).get("/search/?q=mingzhu")
    groups = {str(g["label"]).lower(): [i["url"] for i in g["items"]] for g in page.context["groups"]}
    assert groups == {"customers": [f"/customers/{customer.pk}/"], "contacts": [f"/contacts/{contact.pk}/"]}


def test_the_search_keeps_to_the_rights() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    mine = make.some_customer(name="Pearl mine", owner=rep)
    make.some_contact(make.some_customer(name="Pearl theirs"), name="Pearl contact")
    page = make.signed_in(rep).get("/search/?q=pearl")
    assert [[i["url"] for i in g["items"]] for g in page.context["groups"]] == [[f"/customers/{mine.pk}/"]]


@pytest.mark.parametrize("query", ["", "   ", "'", "%00", "🙂", "a" * 500, "<script>"])
def test_any_text_is_answered(query: str) -> None:
    make.some_customer(name="a")
    for headers in ({}, {"HX-Request": "true"}):
        page = make.signed_in(make.administrator()).get("/search/", {"q": query}, headers=headers)
        assert page.status_code == 200
        assert "<script>" not in page.content.decode().replace('<script src="', "")


def test_names_that_begin_with_the_text_come_first_and_six_are_shown() -> None:
    for number in range(8):
        make.some_customer(name=f"Alpha Zeta {number}")
    first = make.some_customer(name="Zeta")
    page = make.signed_in(make.administrator()).get("/search/?q=zeta")
    (group,) = page.context["groups"]
    assert len(group["items"]) == 6
    assert group["items"][0]["url"] == f"/customers/{first.pk}/"


def test_what_is_found_by_numbers_alone_waits_for_a_digit() -> None:
    make.some_order(number="ALPHA-7")
    browser = make.signed_in(make.administrator())
    assert "ALPHA-7" in browser.get("/search/?q=alpha-7").content.decode()
    assert "ALPHA-7" not in browser.get("/search/?q=alpha").content.decode()
    assert "ALPHA-7" in browser.get("/orders/?q=alpha").content.decode()
