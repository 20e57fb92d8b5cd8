"""A sensitive fact from the switch in the settings to the minute in which it is shown; a person who is forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.places import first
from tests.e2e.visitor import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser
VALUE = "Allergic to nuts"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_consent_then_value_then_a_look_and_nothing_after_withdrawal(
    visitors: Callable[..., Visitor], size: tuple[int, int]
) -> None:
    ada = visitors(size).sign_in("admin")
    ada.post("/settings/privacy/rules/", keeps_health="on", answer_within="30", counted_in="days")
    allow_looking(ada)
    person = first(ada, f"/customers/?f=kind:in:person&order={'name' if size == DESK else '-name'}").split(
        "?"
    )[0]
    page = ada.goto(person)
    record_consent(ada)
    expect(page.locator("main")).to_contain_text("Keeping facts on health")
    page.get_by_role("link", name="Enter: health").click()
    page.get_by_label("What is known").fill(VALUE)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(f"{person}$"))
    expect(page.locator("body")).not_to_contain_text(VALUE)
    page.get_by_role("link", name="Show: health").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Reason").select_option("care")
    assert ada.findings() == []
    page.get_by_role("button", name="Show for a minute").click()
    expect(page.locator("main")).to_contain_text(VALUE)
    assert (ada.findings(), ada.overflow()) == ([], 0)
    page.get_by_role("link", name="Hide it now").click()
    expect(page).to_have_url(re.compile(f"{person}$"))
    expect(page.locator("main")).to_contain_text("Who looked lately")
    assert (ada.findings(), ada.overflow()) == ([], 0)
    page.get_by_role("link", name="Withdraw: keeping facts on health").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("link", name="Show: health")).to_have_count(0)


def allow_looking(ada: Visitor) -> None:
    page = ada.goto("/settings/privacy/grants/")
    for right in ("Look at them", "Enter them"):
        page.get_by_label(f"Administrator: {right}").select_option("4")
    page.get_by_role("button", name="Save").click()


def record_consent(ada: Visitor) -> None:
    page = ada.page
    page.get_by_role("link", name="Record a consent").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("keeping facts on health").check()
    dialog.get_by_label("Purpose").fill("Invitations")
    dialog.get_by_label("Proof").fill("Form 7")
    dialog.get_by_role("button", name="Save").click()


def test_a_person_is_forgotten_after_the_name_was_typed(visitor: Visitor) -> None:
    ada = visitor.sign_in("admin")
    person = first(ada, "/customers/?f=kind:in:person&order=-standing__net_profit").split("?")[0]
    page = ada.goto(person)
    name = page.locator("h1").inner_text()
    page.goto("/privacy-requests/new/")
    page.get_by_label("Asks for").select_option("erasure")
    ada.choose("customer", name)
    page.get_by_label("Received on").fill("2026-03-02")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Erase the person").click()
    expect(page.locator("main")).to_contain_text("Tax and commercial law say to keep the books for years")
    assert (ada.findings(), ada.overflow()) == ([], 0)
    page.get_by_label("Type the name to confirm").fill(name)
    page.get_by_role("button", name="Erase the person").click()
    expect(ada.toast).to_contain_text("orders and sums are what they were")
    page.goto(person)
    expect(page.locator("h1")).to_contain_text("Erased")
    expect(page.locator("body")).not_to_contain_text(name)
