"""Between two visits, with one thumb."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def test_the_menu_opens_leads_on_and_closes(phone: Visitor) -> None:
    page = phone.goto("/")
    link = page.locator(".nav").get_by_role("link", name="Customers")
    expect(link).not_to_be_in_viewport()
    page.get_by_role("link", name="Open the menu").click()
    expect(link).to_be_in_viewport()
    page.get_by_role("link", name="Close the menu").click()
    expect(link).not_to_be_in_viewport()
    page.get_by_role("link", name="Open the menu").click()
    link.click()
    expect(page).to_have_url(re.compile(r"/customers/"))
    expect(page.locator("[data-row]").first).to_be_in_viewport()


def test_a_visit_is_logged_on_the_phone(phone: Visitor) -> None:
    page = phone.goto("/customers/")
    page.locator("[data-row] a.cell-main").first.tap()
    page.locator(".page-head").get_by_role("link", name="Log a contact").tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kind").select_option(label="Visit")
    dialog.get_by_label("What was said").fill("From the car park")
    dialog.get_by_role("button", name="Save").tap()
    expect(page.locator(".timeline")).to_contain_text("From the car park")


def test_everything_that_is_pressed_is_large_enough_for_a_thumb(phone: Visitor) -> None:
    for path in ("/", "/customers/", "/value/pyramid/"):
        page = phone.goto(path)
        small = page.locator("main .button:visible, .bar .button:visible").evaluate_all(
            "all => all.filter(e => e.getBoundingClientRect().height < 36).map(e => e.outerHTML.slice(0, 120))"
        )
        assert small == [], path


def test_rows_are_chosen_by_their_corner_and_opened_by_the_rest(phone: Visitor) -> None:
    page = phone.goto("/customers/")
    boxes = page.locator("[data-pick]")
    boxes.nth(0).tap()
    boxes.nth(1).tap()
    expect(page.locator("[data-bulk-count]")).to_have_text("2 selected")
    expect(page).to_have_url(re.compile(r"/customers/$"))
    page.get_by_role("button", name="Select none").tap()
    page.locator("[data-row] .first").first.tap()
    expect(page).to_have_url(re.compile(r"/customers/\d+/"))
