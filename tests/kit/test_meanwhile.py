"""Two people at one record: nothing is lost, nothing is silently overwritten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


def opened(browser: Client, url: str) -> dict[str, Any]:
    """The form as a browser would send it back untouched."""
    page = browser.get(url).content.decode()
    form = page[page.index('id="form"') :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1].replace("\n", "\r\n") if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = text.removeprefix("\n").replace("\n", "\r\n")
    return found


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


@pytest.fixture
def customer() -> Customer:
    return make.some_customer(name="Elm", city="Ulm", note="one\ntwo")


def test_changes_of_different_fields_are_both_kept(browser: Client, customer: Customer) -> None:
    url = f"/customers/{customer.pk}/edit/"
    first, second = opened(browser, url), opened(browser, url)
    assert browser.post(url, {**first, "city": "Bremen"}).status_code == 302
    assert browser.post(url, {**second, "industry": "Shipyards"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.city, customer.industry) == ("Bremen", "Shipyards")


def test_a_second_change_of_the_same_field_is_refused_with_the_first_in_words(
    browser: Client, customer: Customer
) -> None:
    url = f"/customers/{customer.pk}/edit/"
    first, second = opened(browser, url), opened(browser, url)
    browser.post(url, {**first, "city": "Bremen"})
    answer = browser.post(url, {**second, "city": "Kiel"})
    assert answer.status_code == 422
    assert "it is now “Bremen”" in answer.content.decode()
    customer.refresh_from_db()
    assert customer.city == "Bremen"
    shown = answer.context["form_page"]["form"].data
    assert (
        browser.post(url, {**second, "city": "Kiel", "initial-city": shown["initial-city"]}).status_code
        == 302
    )
    customer.refresh_from_db()
    assert customer.city == "Kiel"


def test_a_form_that_is_sent_back_untouched_changes_nothing(browser: Client, customer: Customer) -> None:
    url = f"/customers/{customer.pk}/edit/"
    before = Customer.objects.values().get(pk=customer.pk)
    assert browser.post(url, opened(browser, url)).status_code == 302
    assert Customer.objects.values().get(pk=customer.pk) == before


def test_line_breaks_are_no_change(browser: Client, customer: Customer) -> None:
    url = f"/customers/{customer.pk}/edit/"
    assert browser.post(url, {**opened(browser, url), "note": "one\r\ntwo\r\nthree"}).status_code == 302
    customer.refresh_from_db()
    assert customer.note == "one\ntwo\nthree"
