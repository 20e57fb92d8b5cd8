"""A value changed where it stands in a list, under the same rights and refusals as on the form."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


@pytest.fixture
def acme() -> Customer:
    return make.some_customer(name="Acme", city="Bonn", employees=12)


def test_the_form_shows_the_value_and_saving_answers_with_the_cell(browser: Client, acme: Customer) -> None:
    url = f"/customers/{acme.pk}/cell/city/"
    assert 'value="Bonn"' in browser.get(url).content.decode()
    saved = browser.post(url, {"city": "Köln", "initial-city": "Bonn"})
    assert (saved.status_code, "Köln" in saved.content.decode()) == (200, True)
    notice = json.loads(saved.headers["HX-Trigger"])["toast"]
    assert browser.post(notice["undo_url"]).status_code == 302
    acme.refresh_from_db()
    assert acme.city == "Bonn"
    assert AuditEntry.objects.filter(record="parties.customer", verb="customer.change").count() == 1


def test_what_cannot_be_is_refused_in_words_and_kept_for_mending(browser: Client, acme: Customer) -> None:
    refused = browser.post(
        f"/customers/{acme.pk}/cell/employees/", {"employees": "many", "initial-employees": "12"}
    )
    assert refused.status_code == 422
    assert 'value="many"' in refused.content.decode() and 'role="alert"' in refused.content.decode()
    acme.refresh_from_db()
    assert acme.employees == 12


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(browser: Client, acme: Customer) -> None:
    Customer.objects.filter(pk=acme.pk).update(city="Ulm")
    refused = browser.post(f"/customers/{acme.pk}/cell/city/", {"city": "Köln", "initial-city": "Bonn"})
    assert refused.status_code == 422 and "Ulm" in refused.content.decode()
    acme.refresh_from_db()
    assert acme.city == "Ulm"


@pytest.mark.parametrize(
    "name", ["name", "sort_key", "search", "id", "standing", "nothing", "owner__password"]
)
def test_only_plain_fields_of_the_form_are_changed_in_place(
    browser: Client, acme: Customer, name: str
) -> None:
    assert browser.post(f"/customers/{acme.pk}/cell/{name}/", {name: "x"}).status_code == 404


def test_rights_hold_in_place() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL, ["view"])
    make.grant(rep.role, "parties.customer", Reach.OWN, ["change"])
    make.field_rule(rep.role, "parties.customer", "industry", "locked")
    mine, theirs = make.some_customer(owner=rep), make.some_customer(city="Bonn")
    browser = make.signed_in(rep)
    fields = {c["path"] for c in browser.get("/customers/").context["listing"]["columns"] if c["editable"]}
    assert "city" in fields and "industry" not in fields
    assert browser.post(f"/customers/{mine.pk}/cell/city/", {"city": "Ulm"}).status_code == 200
    assert browser.post(f"/customers/{mine.pk}/cell/industry/", {"industry": "x"}).status_code == 404
    assert browser.post(f"/customers/{theirs.pk}/cell/city/", {"city": "Ulm"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.city == "Bonn"


def test_who_may_not_change_anything_is_offered_nothing() -> None:
    viewer = make.some_user()
    make.grant(viewer.role, "parties.customer", Reach.ALL, ["view"])
    make.some_customer()
    page = make.signed_in(viewer).get("/customers/").content.decode()
    assert "data-cell" not in page and "data-edit-url" not in page
