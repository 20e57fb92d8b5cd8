"""Language and appearance: chosen once, kept."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def test_in_chinese_no_english_is_left_in_the_navigation(manager: Visitor) -> None:
    page = manager.goto("/")
    page.locator("summary[aria-label=Language]").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    labels = page.locator(".nav-link, .nav-group").evaluate_all(
        "all => all.map(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('').trim())"
    )
    assert len(labels) > 10
    assert [label for label in labels if re.search(r"[A-Za-z]", label)] == []
    page.goto("/customers/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("h1")).to_contain_text("客户")


def test_the_dark_theme_persists(manager: Visitor) -> None:
    page = manager.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("summary:has(.avatar)").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/customers/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark != light
    assert sum(int(part) for part in re.findall(r"\d+", dark)[:3]) < 150
