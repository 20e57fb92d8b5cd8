"""The day's work: what is due, done and next; a contact logged in ten seconds; the way back."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def add_task(manager: Visitor, title: str) -> None:
    """A task of one's own at the first customer on the list, due today."""
    page = manager.goto("/customers/")
    page.locator("[data-row] a.cell-main").first.click()
    page.wait_for_url(re.compile(r"/customers/\d+/"))
    customer = page.url.split("/")[4]
    page.goto(f"/tasks/new/?customer={customer}")
    page.get_by_label("What to do").fill(title)
    page.get_by_label("Due").fill(dt.date.today().isoformat())
    manager.choose("assigned_to", "Hannah Lindqvist")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-toast]").last).to_contain_text("saved")


def test_done_with_a_next_date_moves_on_and_can_be_taken_back(manager: Visitor) -> None:
    page = manager.page
    add_task(manager, "Offer for spring")
    page.goto("/")
    duty = page.locator(".duty", has_text="Offer for spring")
    name = duty.locator(".duty-title").inner_text()
    duty.get_by_role("link", name="Done, next on …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What came of it").fill("She wants two pallets less")
    dialog.get_by_label("Next on").fill((dt.date.today() + dt.timedelta(days=40)).isoformat())
    dialog.get_by_label("What to do then").fill("Ask about autumn")
    dialog.get_by_role("button", name="Done").click()
    expect(manager.toast).to_contain_text("Done: Offer for spring")
    expect(page.locator(".duty", has_text="Offer for spring")).to_have_count(0)

    page.goto("/tasks/?f=state:in:open&order=-due_on")
    expect(page.locator("[data-row]", has_text="Ask about autumn")).to_contain_text(name)
    page.get_by_role("link", name=name).first.click()
    timeline = page.locator(".timeline")
    expect(timeline).to_contain_text("She wants two pallets less")


def test_undo_of_done_brings_the_duty_back_and_takes_the_rest_away(manager: Visitor) -> None:
    page = manager.page
    add_task(manager, "Price list to be sent")
    page.goto("/")
    duty = page.locator(".duty", has_text="Price list to be sent")
    duty.get_by_role("link", name="Done, next on …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What came of it").fill("To be taken back")
    dialog.get_by_role("button", name="Done").click()
    expect(duty).to_have_count(0)
    manager.undo()
    expect(duty).to_have_count(1)
    page.goto("/interactions/")
    expect(page.locator("[data-row]", has_text="To be taken back")).to_have_count(0)


def test_a_duty_is_moved_to_another_day(manager: Visitor) -> None:
    page = manager.page
    add_task(manager, "Visit the new plant")
    page.goto("/")
    page.locator(".duty", has_text="Visit the new plant").get_by_role("link", name="Move").click()
    later = dt.date.today() + dt.timedelta(days=60)
    page.get_by_role("dialog").get_by_label("To").fill(later.isoformat())
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(manager.toast).to_contain_text("Moved: Visit the new plant")
    expect(page.locator(".duty", has_text="Visit the new plant")).to_have_count(0)
    page.goto("/tasks/?f=state:in:open&order=-due_on")
    expect(page.locator("[data-row]", has_text="Visit the new plant")).to_contain_text(f"{later:%b %Y}")


def test_a_call_is_logged_from_the_card_and_stands_on_its_timeline(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    page.locator("[data-row] a.cell-main").nth(3).click()
    page.locator(".page-head").get_by_role("link", name="Log a contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What was said").fill("Asks for a sample of the new valve")
    dialog.get_by_role("button", name="Save").click()
    expect(manager.toast).to_contain_text("Logged")
    expect(page.locator(".timeline li").first).to_contain_text("Asks for a sample of the new valve")
    manager.undo()
    expect(page.locator(".timeline")).not_to_contain_text("Asks for a sample of the new valve")


def test_what_was_typed_survives_a_reload(manager: Visitor) -> None:
    page = manager.goto("/customers/")
    page.locator("[data-row] a.cell-main").nth(4).click()
    log = page.locator(".page-head").get_by_role("link", name="Log a contact")
    log.click()
    said = page.get_by_role("dialog").get_by_label("What was said")
    said.fill("Half a sentence that must not be")
    expect(page.get_by_role("dialog").locator("[data-draft-state]")).to_have_text("Draft kept on this device")
    page.reload()
    log.click()
    expect(said).to_have_value("Half a sentence that must not be")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(manager.toast).to_contain_text("Logged")
    log.click()
    expect(said).to_have_value("")
