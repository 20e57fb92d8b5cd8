from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def test_a_wrong_password_is_said_in_words_and_lets_nobody_in(visitor: Visitor) -> None:
    page = visitor.goto("/customers/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/customers/"))
    page.get_by_label("Sign-in name").fill("manager")
    page.get_by_label("Password").fill("wrong")
    page.locator("main form:has(#id_password) button").click()
    expect(page.get_by_role("alert")).to_contain_text("Please enter a correct")
    expect(page.get_by_label("Sign-in name")).to_have_value("manager")
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/sign-in/"))


def test_a_visitor_of_the_sample_company_enters_with_one_click(visitor: Visitor) -> None:
    page = visitor.goto("/sign-in/")
    page.locator("form", has_text="rep / clientier").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"127\.0\.0\.1:\d+/$"))
    expect(page.locator(".avatar")).to_be_visible()


def test_after_signing_in_one_is_where_one_wanted_to_go(visitor: Visitor) -> None:
    page = visitor.goto("/customers/?order=name")
    page.locator("#id_username").fill("camille.morel")
    page.locator("#id_password").fill("clientier")
    page.locator("main form:has(#id_password) button").click()
    expect(page).to_have_url(re.compile(r"/customers/\?order=name$"))


def test_signing_out_closes_the_door(visitor: Visitor) -> None:
    page = visitor.sign_in("oliver.penrose").goto("/")
    page.locator("summary:has(.avatar)").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/sign-in/"))
    page.goto("/customers/")
    expect(page).to_have_url(re.compile(r"/sign-in/"))
    visitor._sessions.pop("oliver.penrose")
