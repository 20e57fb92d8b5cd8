"""The list of customers: found, ordered, chosen, handed over, taken out."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.visitor import Visitor

PROFIT = "Net profit"


def names(page: Page) -> list[str]:
    return page.locator("[data-row] a.cell-main").all_inner_texts()


def column(page: Page, label: str) -> list[str]:
    """What stands in a column; of a user the name, not the initials before it."""
    texts = page.locator(f'[data-row] td[data-label="{label}"]').all_inner_texts()
    return [text.split("\n")[-1].strip() for text in texts]


def number(text: str) -> float:
    return float(re.sub(r"[^\d.-]", "", text.replace("−", "-")) or "nan")


def test_a_filter_by_tier_shows_that_tier_alone_and_says_so(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    page.get_by_role("button", name="Filter", exact=True).click()
    dialog = page.locator("#filter")
    dialog.get_by_label("Field").select_option(label="Tier")
    dialog.get_by_label("Condition").select_option(label="is one of")
    dialog.locator("[data-value] input").click()
    dialog.get_by_role("option", name="Major").click()
    dialog.get_by_role("heading", name="Filter").click()
    dialog.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("standing__tier"))
    expect(page.locator(".chip")).to_contain_text("Major")
    tiers = column(page, "Tier")
    assert tiers
    assert set(tiers) == {"Major"}
    expect(page.locator(".listing-count")).to_have_text(f"{len(tiers)} records")
    page.get_by_role("link", name="Remove the filter on").click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("[data-row]")).to_have_count(50)


def test_alternatives_are_built_shown_and_found_again(manager: Visitor) -> None:
    page = manager.goto("/customers/?f=country:is:DE&f=~country:is:FR")
    expect(page.locator(".chip").nth(1)).to_contain_text("or")
    assert column(page, "City")
    page.get_by_role("button", name="Filter", exact=True).click()
    dialog = page.locator("#filter")
    expect(dialog.get_by_label("Joined by").nth(1)).to_have_value("~")
    dialog.get_by_role("button", name="Add a condition").click()
    last = dialog.locator(".condition").nth(2)
    last.get_by_label("Field").select_option(label="City")
    last.get_by_label("Condition").select_option(label="is filled in")
    dialog.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("city"))
    expect(page.locator(".chip")).to_have_count(3)
    page.get_by_role("link", name="Remove the filter on").first.click()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".chip.joined")).to_have_count(0)
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(dialog.locator(".condition")).to_have_count(2)


def test_values_are_changed_where_they_stand_by_mouse_and_by_keyboard(manager: Visitor) -> None:
    page = manager.goto("/customers/?cols=name,city,industry&order=sort_key")
    row = page.locator("[data-row]").first
    before = row.locator("[data-cell=industry]").inner_text()
    row.locator("[data-cell=city]").hover()
    row.get_by_role("button", name="Edit").click()
    row.get_by_label("City").fill("Atlantis")
    row.get_by_label("City").press("Enter")
    expect(manager.toast).to_contain_text("saved")
    expect(row.locator("[data-cell=city]")).to_have_text("Atlantis")
    page.keyboard.press("i")
    expect(row.get_by_label("City")).to_be_focused()
    page.keyboard.press("Tab")
    expect(row.get_by_role("combobox", name="Industry")).to_be_focused()
    page.keyboard.type("Alchemy")
    page.keyboard.press("Escape")
    expect(row.locator("[data-cell=industry]")).to_have_text(before)
    page.keyboard.press("i")
    expect(row.get_by_label("City")).to_be_focused()
    page.keyboard.press("Tab")
    expect(row.get_by_role("combobox", name="Industry")).to_be_focused()
    page.keyboard.type("Alchemy")
    page.keyboard.press("Tab")
    expect(row.locator("[data-cell=industry]")).to_have_text("Alchemy")
    page.reload()
    expect(page.locator("[data-row]").first.locator("[data-cell=city]")).to_have_text("Atlantis")


def test_a_click_on_a_heading_orders_and_another_turns_the_order(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    page.get_by_role("columnheader", name="Health").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Health")).to_have_attribute("aria-sort", "descending")
    falling = [number(text) for text in column(page, "Health") if text.strip()]
    assert falling == sorted(falling, reverse=True)
    page.get_by_role("columnheader", name="Health").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Health")).to_have_attribute("aria-sort", "ascending")
    rising = [number(text) for text in column(page, "Health") if text.strip()]
    assert rising == sorted(rising)
    assert rising[0] < falling[0]


def test_columns_are_chosen_and_the_choice_stands_in_the_address(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    page.get_by_role("button", name="Columns").click()
    dialog = page.locator("#columns")
    dialog.get_by_role("checkbox", name="Phone").check()
    dialog.get_by_role("checkbox", name="City").uncheck()
    dialog.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("cols="))
    expect(page.get_by_role("columnheader", name="Phone")).to_be_visible()
    expect(page.get_by_role("columnheader", name="City")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("columnheader", name="Phone")).to_be_visible()


def test_the_next_page_goes_on_where_this_one_ends_and_back_returns(manager: Visitor) -> None:
    page = manager.goto("/customers/?order=sort_key")
    first = names(page)
    assert len(first) == 50
    page.get_by_role("link", name="Next", exact=True).click()
    page.wait_for_url(re.compile("after="))
    expect(page.locator("[data-row] a.cell-main").first).not_to_have_text(first[0])
    second = names(page)
    assert len(second) == 50
    page.go_back()
    expect(page.locator("[data-row] a.cell-main").first).to_have_text(first[0])
    assert names(page) == first
    page.go_forward()
    expect(page.locator("[data-row] a.cell-main").first).to_have_text(second[0])
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(page.locator("[data-row] a.cell-main").first).to_have_text(first[0])


def test_typing_in_the_list_narrows_it_and_keeps_the_filter(manager: Visitor) -> None:
    page = manager.goto("/customers/?f=country:is:DE")
    sought = names(page)[0]
    word = re.findall(r"\w{3,}", sought)[0]
    page.get_by_label("Search this list").fill(word)
    page.wait_for_url(re.compile(r"q="))
    expect(page.locator("[data-row] a.cell-main", has_text=sought).first).to_be_visible()
    assert all(word.lower()[:3] in name.lower() for name in names(page)), names(page)
    assert "country" in page.url
    expect(page.get_by_label("Search this list")).to_be_focused()


def test_a_view_is_saved_opened_and_deleted(manager: Visitor) -> None:
    page = manager.goto("/customers/?f=standing__tier:in:small&order=standing__net_profit")
    shown = names(page)
    page.get_by_role("button", name="Save view").click()
    page.locator("#save-view").get_by_label("Name").fill("Small, worst first")
    page.locator("#save-view").get_by_role("button", name="Save").click()
    expect(manager.toast).to_contain_text("“Small, worst first” saved")
    page.goto("/customers/")
    page.get_by_role("link", name="Small, worst first").click()
    page.wait_for_url(re.compile("small"))
    expect(page.locator(".chip")).to_contain_text("Small")
    assert names(page) == shown
    page.get_by_label("The view Small, worst first", exact=True).click()
    page.get_by_role("button", name="Pin to the menu").click()
    expect(
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Small, worst")
    ).to_be_visible()
    page.get_by_label("The view Small, worst first", exact=True).click()
    page.get_by_role("button", name="Delete the view Small, worst first").click()
    expect(page.get_by_role("link", name="Small, worst first")).to_have_count(0)


def test_chosen_customers_are_handed_over_and_taken_back(manager: Visitor) -> None:
    page = manager.goto("/customers/?f=standing__tier:in:major&cols=name,owner&order=sort_key")
    before = column(page, "Account manager")
    picks = page.locator("[data-pick]")
    picks.nth(0).check()
    picks.nth(1).check()
    expect(page.locator("[data-bulk-count]")).to_have_text("2 selected")
    page.get_by_role("button", name="Hand over to …").click()
    dialog = page.locator("#bulk-hand_over")
    manager.choose("owner", "Oliver Penrose", within="#bulk-hand_over")
    dialog.get_by_role("button", name="Hand over to …").click()
    expect(manager.toast).to_contain_text("2 records changed")
    assert column(page, "Account manager")[:2] == ["Oliver Penrose"] * 2
    assert column(page, "Account manager")[2:] == before[2:]
    manager.undo()
    assert column(page, "Account manager") == before


def test_a_stretch_of_rows_is_chosen_with_shift(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    picks = page.locator("[data-pick]")
    picks.nth(1).click()
    picks.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("4 selected")
    page.get_by_role("button", name="Select none").click()
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()


def test_the_exported_file_holds_what_the_list_shows(manager: Visitor, tmp_path: Path) -> None:
    page = manager.goto(
        "/customers/?f=standing__tier:in:important,major&f=country:is:CN&cols=name,standing__tier,city,standing__net_profit"
        "&order=-standing__net_profit"
    )
    heads = [text.strip() for text in page.locator("thead th:not(.pick)").all_inner_texts()]
    seen = list(zip(names(page), column(page, "Tier"), column(page, "City"), strict=True))
    profits = [number(text) for text in column(page, PROFIT)]
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "customers.csv")
    with (tmp_path / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == heads
    assert [(name, tier, city) for name, tier, city, _profit in lines[1:]] == seen
    assert [round(float(line[3])) for line in lines[1:]] == profits


def test_a_column_is_made_narrower_by_hand_and_stays_so_in_every_way_on(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    heading = page.locator("th.first")
    before = heading.bounding_box()
    edge = heading.locator("[data-resize]").bounding_box()
    assert before and edge
    page.mouse.move(edge["x"] + 4, edge["y"] + 8)
    page.mouse.down()
    page.mouse.move(edge["x"] + 4 - before["width"] + 110, edge["y"] + 8, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("widths=name%3A120"))
    expect(page.locator("th.first a")).to_have_attribute("href", re.compile("widths=name%3A120"))
    after = page.locator("th.first").bounding_box()
    assert after
    assert after["width"] == 120
    page.locator("th.first [data-resize]").dblclick()
    expect(page).not_to_have_url(re.compile("widths"))
