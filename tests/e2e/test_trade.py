"""From an order to the money: entered by hand, delivered, invoiced and paid, with no step that surprises."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.visitor import PHONE, Visitor


def choose_first(page: Page, name: str) -> None:
    """Open a picker and take the first that it offers."""
    page.locator(f"[name={name}] + .ts-wrapper .ts-control").click()
    page.locator(f"#id_{name}-ts-dropdown [data-selectable]").first.click()


def enter_order(page: Page) -> None:
    page.goto("/orders/new/")
    choose_first(page, "customer")
    choose_first(page, "line-0-product")
    expect(page.locator("#id_line-0-unit_price")).not_to_have_value("")
    page.locator("#id_line-0-quantity").fill("2")


def test_an_order_becomes_money(manager: Visitor) -> None:
    page = manager.page
    enter_order(page)
    page.get_by_role("button", name="One more line").click()
    page.locator("#id_line-3-description").fill("Fitting")
    page.locator("#id_line-3-unit_price").fill("80")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
    expect(page.locator("main")).to_contain_text("Fitting")
    page.get_by_role("button", name="Open the order").click()
    expect(page.locator(".page-head")).to_contain_text("Open")
    page.locator(".page-head").get_by_role("link", name="Invoice").click()
    page.get_by_role("button", name="Post the invoice").click()
    page.locator("main").get_by_role("link", name=re.compile("^INV-")).click()
    expect(page.locator(".page-head")).to_contain_text("Open")
    page.get_by_role("link", name="Enter payment").click()
    page.get_by_role("button", name="Post the payment").click()
    expect(page.locator(".page-head")).to_contain_text("Settled")
    expect(page.locator("#panel-posted")).to_contain_text("Receivables")


def test_what_is_wrong_on_a_line_is_found_by_its_link(manager: Visitor) -> None:
    manager.expects(422)
    page = manager.page
    enter_order(page)
    page.locator("#id_line-0-discount").fill("99999999")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Discount: More than the line comes to.").click()
    expect(page.locator("#id_line-0-discount")).to_be_focused()
    expect(page.locator("#id_line-0-quantity")).to_have_value("2")


def test_a_price_that_was_typed_stays_when_the_quantity_changes(manager: Visitor) -> None:
    page = manager.page
    enter_order(page)
    price = page.locator("#id_line-0-unit_price")
    asked = price.input_value()
    price.fill("1.23")
    page.locator("#id_line-0-quantity").fill("6")
    page.locator("#id_line-0-description").click()
    offer = page.locator("#line-0-why").get_by_role("button", name=f"Take {asked}")
    expect(offer).to_be_visible()
    expect(price).to_have_value("1.23")
    offer.click()
    expect(price).to_have_value(asked)


def test_the_form_of_an_order_fits_a_phone(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(PHONE).sign_in("hannah.lindqvist", language="zh-hans")
    visitor.goto("/orders/new/")
    assert visitor.overflow() <= 0
