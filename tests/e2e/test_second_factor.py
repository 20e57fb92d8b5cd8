"""Passkeys with an authenticator that the browser plays, and the pages of one's own account."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.house import House
from tests.e2e.visitor import PASSWORD, PHONE, Visitor

PLAYED = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
WHO = "hannah.lindqvist"
HOME = re.compile(r"localhost:\d+/$")


def at_localhost(house: House) -> str:
    """Passkeys belong to a name; addresses of numbers have none."""
    return house.url.replace("127.0.0.1", "localhost")


def enter_password(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.locator("#id_username").fill(WHO)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form:has(#id_password) button").click()


def test_a_passkey_is_added_asked_for_opens_alone_and_is_removed(house: House, visitor: Visitor) -> None:
    page, address = visitor.page, at_localhost(house)
    devices = visitor.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = devices.send("WebAuthn.addVirtualAuthenticator", {"options": PLAYED})["authenticatorId"]

    enter_password(page, address)
    page.wait_for_url(HOME)
    page.goto(f"{address}/account/second-factor/passkeys/add/")
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert len(page.locator(".secrets code").all()) == 10

    sign_out(page)
    enter_password(page, address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Ask every time").click()
    page.wait_for_url(HOME)

    sign_out(page)
    page.goto(f"{address}/sign-in/?next=/customers/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"localhost:\d+/customers/$"))

    sign_out(page)
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto(f"{address}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The device gave no passkey")

    devices.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(HOME)
    page.goto(f"{address}/account/second-factor/")
    page.get_by_role("link", name="Remove My laptop").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("My laptop")).to_have_count(0)


def sign_out(page: Page) -> None:
    page.goto(re.sub(r"(//[^/]*/).*", r"\1", page.url))
    page.locator("summary:has(.avatar)").click()
    page.get_by_role("button", name="Sign out").click()


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_the_own_account_is_reached_from_the_menu(
    visitors: Callable[..., Visitor], size: tuple[int, int]
) -> None:
    page = visitors(size).sign_in("camille.morel").goto("/")
    page.locator("summary:has(.avatar)").click()
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Where you are signed in").click()
    expect(page.locator("main .rows li", has_text="this browser")).to_have_count(1)
