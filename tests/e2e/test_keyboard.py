"""Hands on the keyboard: the palette, rows, shortcuts."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from pypinyin import Style, lazy_pinyin

from tests.e2e.visitor import Visitor


def test_the_palette_finds_a_chinese_customer_by_initials_and_enter_opens_it(manager: Visitor) -> None:
    page = manager.goto("/customers/?f=country:is:CN&f=kind:in:company&order=-standing__net_profit")
    name = page.locator("[data-row] a.cell-main").first.inner_text()
    initials = "".join(lazy_pinyin(re.sub(r"[（(].*", "", name), style=Style.FIRST_LETTER))
    page.goto("/")
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(initials)
    expect(palette.get_by_role("option").first).to_contain_text(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_the_palette_goes_places_and_says_when_there_is_nothing(manager: Visitor) -> None:
    page = manager.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("pyram")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Pyramid")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/value/pyramid/"))
    page.keyboard.press("/")
    page.keyboard.type("zzqqxx")
    expect(page.locator("#palette")).to_contain_text("Nothing found for “zzqqxx”")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_rows_are_walked_chosen_and_opened_by_keys(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    names = page.locator("[data-row] a.cell-main").all_inner_texts()
    for key in "jjjk":
        page.keyboard.press(key)
    expect(page.locator("[data-row][data-focus] a.cell-main")).to_have_text(names[1])
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1 selected")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[1])


def test_g_and_a_letter_go_and_the_question_mark_shows_all(manager: Visitor) -> None:
    page = manager.goto("/")
    page.keyboard.press("?")
    keys = page.locator("#keys")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Next, previous row")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(r"/customers/$"))


def test_letters_typed_into_a_field_are_letters(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    field = page.get_by_label("Search this list")
    field.click()
    page.keyboard.type("jkx?")
    expect(field).to_have_value("jkx?")
    expect(page.locator("#keys")).to_be_hidden()
