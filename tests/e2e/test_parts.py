"""A bill of materials opens level by level, by keyboard and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.places import first
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser


def test_the_tree_of_parts_opens_by_keyboard_and_names_what_is_needed_in_all(manager: Visitor) -> None:
    page = manager.goto(first(manager, "/products/?q=PT-101"))
    page.locator("#panel-parts .more").click()
    expect(page.locator("h1")).to_have_text(re.compile("^Parts of "))
    pack = page.locator("details", has_text="SP-10").locator("> summary")
    pack.focus()
    page.keyboard.press("Enter")
    cell = page.locator(".tree-below li", has_text="SP-09")
    expect(cell).to_contain_text("10 pcs")
    expect(cell).to_contain_text("20 pcs in all")
    page.keyboard.press("Enter")
    expect(cell).to_be_hidden()


def test_from_a_part_one_comes_to_who_has_it(manager: Visitor) -> None:
    page = manager.goto(first(manager, "/products/?q=SP-05"))
    page.locator("#panel-holders .more").click()
    expect(page.locator("h1")).to_have_text(re.compile("^Who has "))
    row = page.locator("tbody tr").first
    expect(row.locator("td").nth(1)).to_contain_text("PT1")
    row.get_by_role("link").first.click()
    expect(page.locator("#panel-installed")).to_be_visible()
