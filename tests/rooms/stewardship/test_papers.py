"""Cards as PDF: what they say, in which language, under whose rights, and what happens without a font."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest

from clientier.core.actor import Reach
from clientier.kit import paper
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db
CHINESE = pytest.mark.skipif(
    not any(family in paper.families() for family in (*paper.SIMPLIFIED, *paper.TRADITIONAL)),
    reason="this machine has no Chinese font",
)


def printed(user: User, customer: Customer) -> tuple[int, str]:
    """The number of pages of the card, and its words without line breaks."""
    answer = make.signed_in(user).get(f"/customers/{customer.pk}/card.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    return read(answer.content)


def read(content: bytes) -> tuple[int, str]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_card_names_who_they_are_whom_to_ask_and_what_to_do() -> None:
    user = make.administrator(name="Ada Byron")
    customer = make.some_customer(name="Acme Tools", phone="+44 20 555 0100", city="Leeds", owner=user)
    make.some_contact(customer, name="Grace Hopper", decision_role="decider", attitude="supporter")
    make.some_task(customer, title="Send the offer", assigned_to=user)
    make.some_interaction(customer, summary="Spoke of drills", user=user)
    number, words = printed(user, customer)
    assert number == 1
    for said in (
        "Acme Tools", "+44 20 555 0100", "Leeds", "Grace Hopper", "Decides · Supporter", "Send the offer",
        "Spoke of drills", "Internal · Ada Byron", "Page 1 of 1",
    ):  # fmt: skip
        assert said in words


def test_an_empty_customer_and_forty_contacts_with_long_names_fit_two_pages() -> None:
    user = make.administrator()
    assert printed(user, make.some_customer(name="Bare"))[0] == 1
    crowded = make.some_customer(name="Very Long Name " * 13, note="word " * 400)
    for number in range(40):
        make.some_contact(crowded, name=f"Contact {number} " + "Longname " * 10, job_title="Director " * 10)
    pages, words = printed(user, crowded)
    assert pages <= 2
    assert "and 32 more contacts" in words


@CHINESE
@pytest.mark.parametrize(
    ("language", "name"),
    [("zh-hans", "汉江机械有限公司"), ("zh-hant", "漢江機械有限公司"), ("en", "汉江机械")],
)
def test_chinese_can_be_selected_and_searched(language: str, name: str) -> None:
    user = make.administrator(language=language)
    _pages, words = printed(user, make.some_customer(name=name, note="老客户，要求月底开票。"))
    assert name in words
    assert "要求月底开票" in words


def test_what_one_may_not_read_is_not_printed() -> None:
    rep = make.some_user()
    customer = make.some_customer(owner=rep, phone="555-777", email="a@example.com", city="Leeds")
    make.some_contact(customer, name="Grace", phone="555-888")
    for kind in ("parties.customer", "parties.contact"):
        make.grant(rep.role, kind, Reach.OWN, ["view"])
    make.field_rule(rep.role, "parties.customer", "phone", "hidden")
    make.field_rule(rep.role, "parties.contact", "phone", "hidden")
    _pages, words = printed(rep, customer)
    assert "a@example.com" in words
    assert "Grace" in words
    assert "555" not in words


def test_a_card_out_of_reach_is_not_found() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN, ["view"])
    stranger = make.some_customer(owner=make.some_user())
    assert make.signed_in(rep).get(f"/customers/{stranger.pk}/card.pdf").status_code == 404


def test_markup_in_a_name_stays_text() -> None:
    user = make.administrator()
    _pages, words = printed(user, make.some_customer(name='#panic("x") *bold* $x$ [y] \\ "q"'))
    assert '#panic("x") *bold* $x$ [y] \\ "q"' in words


def test_without_a_chinese_font_it_says_so_in_words(monkeypatch: Any) -> None:
    monkeypatch.setattr(paper, "families", lambda: frozenset({"DejaVu Sans"}))
    user = make.administrator()
    browser = make.signed_in(user)
    chinese, latin = make.some_customer(name="汉江机械"), make.some_customer(name="Acme")
    refused = browser.get(f"/customers/{chinese.pk}/card.pdf")
    assert refused.status_code == 409
    assert "the server has no Chinese font" in refused.content.decode()
    assert browser.get(f"/customers/{latin.pk}/card.pdf").status_code == 200
