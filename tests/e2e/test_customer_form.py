"""Entering, changing and deleting a customer: nothing lost, nothing twice, everything taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.e2e.visitor import Visitor


def enter(page: Page, name: str) -> None:
    page.goto("/customers/new/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))


def count(page: Page, name: str) -> int:
    page.goto(f"/customers/?q={name.replace(' ', '+')}")
    return page.locator("[data-row]").count()


def test_what_is_wrong_is_said_in_words_and_nothing_is_lost(manager: Visitor) -> None:
    manager.expects(422)
    page = manager.goto("/customers/new/")
    page.get_by_label("Other names").fill("Nameless & Sons")
    page.get_by_label("E-mail").fill("not an address")
    page.get_by_label("Employees").fill("12")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("This could not be saved yet")
    expect(summary).to_contain_text("This field is required")
    expect(summary).to_contain_text("Enter an e-mail address")
    expect(page.get_by_label("Other names")).to_have_value("Nameless & Sons")
    expect(page.get_by_label("Employees")).to_have_value("12")
    expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")

    page.get_by_label("Name", exact=True).fill("Formwork Ltd")
    page.get_by_label("E-mail").fill("info@example.com")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Formwork Ltd")
    expect(page.locator("main")).to_contain_text("Nameless & Sons")


def test_a_customer_is_changed_and_the_change_taken_back(manager: Visitor) -> None:
    page = manager.page
    enter(page, "Alder Pumps")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("City").fill("Lyon")
    page.get_by_label("Name", exact=True).press("Control+Enter")
    expect(manager.toast).to_contain_text("Alder Pumps saved")
    expect(page.locator("main")).to_contain_text("Lyon")
    manager.undo()
    expect(page.locator("main")).not_to_contain_text("Lyon")


def test_a_deleted_customer_comes_back_by_undo(manager: Visitor) -> None:
    page = manager.page
    enter(page, "Birch Valves")
    card = page.url
    page.get_by_role("button", name="Delete").click()
    expect(manager.toast).to_contain_text("Birch Valves deleted")
    manager.undo()
    page.goto(card)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Birch Valves")


def test_a_double_click_on_save_makes_one_record(manager: Visitor) -> None:
    page = manager.goto("/customers/new/")
    page.get_by_label("Name", exact=True).fill("Cedar Twice")
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    assert count(page, "Cedar Twice") == 1


def test_a_picker_stays_as_high_as_it_is_so_that_save_needs_one_click(manager: Visitor) -> None:
    page = manager.goto("/tasks/new/")
    save = page.get_by_role("button", name="Save")
    before = save.bounding_box()
    manager.choose("assigned_to", "Hannah Lindqvist")
    assert save.bounding_box() == before


def test_back_after_saving_does_not_save_again(manager: Visitor) -> None:
    page = manager.page
    enter(page, "Dogwood Once")
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dogwood Once")
    assert count(page, "Dogwood Once") == 1
    page.goto("/customers/new/")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_two_tabs_change_different_facts_of_one_customer(
    manager: Visitor, visitors: Callable[..., Visitor]
) -> None:
    page = manager.page
    enter(page, "Elm Brothers")
    other = visitors().sign_in("director").page
    page.goto(f"{page.url}edit/")
    other.goto(page.url)
    page.get_by_label("City").fill("Bremen")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    other.get_by_role("combobox", name="Industry").fill("Shipyards")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(re.compile(r"/customers/\d+/$"))
    expect(other.locator("main")).to_contain_text("Shipyards")
    expect(other.locator("main")).to_contain_text("Bremen")


def test_a_second_tab_on_the_same_fact_is_not_silently_lost(
    manager: Visitor, visitors: Callable[..., Visitor]
) -> None:
    page = manager.page
    manager.expects(422)
    enter(page, "Fir Works")
    second = manager.context.new_page()
    edit = f"{page.url}edit/"
    page.goto(edit)
    second.goto(edit)
    page.get_by_label("City").fill("Bremen")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    second.get_by_label("City").fill("Hamburg")
    second.get_by_role("button", name="Save").click()
    expect(second.locator("main")).to_contain_text("it is now “Bremen”")
    second.get_by_role("button", name="Save").click()
    second.wait_for_url(re.compile(r"/customers/\d+/$"))
    expect(second.locator("main")).to_contain_text("Hamburg")


def test_what_a_picker_found_before_goes_with_the_first_letter(manager: Visitor) -> None:
    page = manager.goto("/tasks/new/")
    answers: list[Route] = []
    found = page.locator("#id_assigned_to-ts-dropdown [data-selectable]")
    page.locator("[name=assigned_to] + .ts-wrapper .ts-control").click()
    expect(found).not_to_have_count(0)
    page.route("**/*q=Hannah*", lambda route: answers.append(route))
    page.locator("#id_assigned_to-ts-control").fill("Hannah")
    assert found.count() == 0
    expect(page.locator("#id_assigned_to-ts-dropdown")).to_contain_text("Searching")
    while not answers:
        page.wait_for_timeout(20)
    answers[0].continue_()
    expect(found).to_have_count(1)
    found.click()
    expect(page.locator("[name=assigned_to]")).not_to_have_value("")


def test_a_press_takes_what_is_under_it_though_the_list_is_drawn_anew(manager: Visitor) -> None:
    page = manager.goto("/tasks/new/")
    page.locator("[name=assigned_to] + .ts-wrapper .ts-control").click()
    first = page.locator("#id_assigned_to-ts-dropdown [data-selectable]").first
    first.hover()
    page.mouse.down()
    page.locator("[name=assigned_to]").evaluate(
        "select => (select.tomselect.clearCache(), select.tomselect.refreshOptions())"
    )
    page.mouse.up()
    expect(page.locator("[name=assigned_to]")).not_to_have_value("")
