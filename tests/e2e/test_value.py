"""The pyramid opens the customers it counts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def test_a_layer_opens_exactly_the_customers_it_counts(manager: Visitor) -> None:
    page = manager.goto("/value/pyramid/")
    layers = page.locator("svg.value-pyramid").first.locator("a")
    expect(layers).to_have_count(4)
    shown = {}
    for layer in layers.all():
        number = layer.locator(".figure").text_content() or ""
        name = (layer.locator("text tspan").first.text_content() or "").strip()
        shown[name] = (int(number.replace(",", "")), layer.get_attribute("href"))
    assert list(shown) == ["Important", "Major", "Ordinary", "Small"]
    for name, (number, url) in shown.items():
        page.goto(str(url))
        expect(page.locator(".chip")).to_contain_text(name)
        expect(page.locator(".listing-count")).to_have_text(f"{number} record{'s' if number != 1 else ''}")


def test_a_click_on_the_picture_itself_leads_there(manager: Visitor) -> None:
    page = manager.goto("/value/pyramid/")
    page.locator("svg.value-pyramid").first.locator("polygon").last.click()
    expect(page).to_have_url(re.compile(r"/customers/.*small"))


def test_how_it_was_computed_is_one_click_away(manager: Visitor) -> None:
    page = manager.goto("/value/pyramid/")
    page.locator("[data-dialog-open=why]").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Judged on")
    expect(dialog).to_contain_text("The rules")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_computing_anew_is_done_in_the_background_and_comes_to_its_end(manager: Visitor) -> None:
    page = manager.goto("/value/pyramid/")
    page.get_by_role("button", name="Compute").first.click()
    expect(page.locator("main")).to_contain_text("Computing value")
    expect(page.locator(".progress")).to_have_count(0, timeout=30_000)
    expect(page.locator("svg.value-pyramid").first).to_be_visible()
