"""What was deleted by mistake is found again, and a card tells since when it is as it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.places import first
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_deleted_contact_is_restored_from_the_trash(manager: Visitor) -> None:
    contact = first(manager, "/contacts/").split("?")[0]
    page = manager.goto(contact)
    name = page.locator("h1").inner_text()
    page.get_by_role("button", name="Delete").first.click()
    expect(manager.toast).to_contain_text(f"{name} deleted")
    manager.toast.get_by_role("link", name="Trash").click()
    row = page.locator(".trash > li", has_text=name).first
    expect(row).to_contain_text("kept until")
    row.get_by_role("button", name=f"Restore {name}").click()
    expect(page).to_have_url(re.compile(f"{contact}$"))
    expect(manager.toast).to_contain_text(f"{name} is back")


def test_the_mark_beside_a_fact_tells_since_when_by_keyboard_too(manager: Visitor) -> None:
    card = first(manager, "/customers/?f=standing__tier:in:important")
    page = manager.goto(card)
    mark = page.locator(".fact-past > summary").first
    mark.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".fact-past[open] .menu-panel")
    expect(panel).to_contain_text("Since ")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
