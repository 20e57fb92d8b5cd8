from __future__ import annotations

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.kit import bulk_setting
from clientier.kit.resource import REGISTRY
from clientier.rooms.parties.models import Customer
from tests import factories as make
from tests.core.custom.defining import COLOURS, field

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


def post(browser: Client, customers: list[Customer], path: str, **values: object) -> object:
    facts = {"action": "set", "ids": [each.pk for each in customers], "set_field": path, **values}
    return browser.post("/customers/bulk/", facts)


def test_a_field_is_set_on_the_chosen_records_and_all_taken_back_at_once(browser: Client) -> None:
    customers = [make.some_customer(industry=each) for each in ("Steel", "Wood", "Paper")]
    post(browser, customers[:2], "industry", industry="Steel mills")
    assert [*Customer.objects.order_by("pk").values_list("industry", flat=True)] == [
        "Steel mills",
        "Steel mills",
        "Paper",
    ]
    (request,) = set(AuditEntry.objects.values_list("request_id", flat=True))
    browser.post(f"/undo/{request}/")
    assert [*Customer.objects.order_by("pk").values_list("industry", flat=True)] == ["Steel", "Wood", "Paper"]


def test_a_field_is_set_where_the_rules_of_the_record_name_another(browser: Client) -> None:
    """A consent without a customer breaks its rules; of a form with one field that says nothing."""
    consent = make.some_consent(make.some_person(), "marketing")
    facts = {"action": "set", "ids": [consent.pk], "set_field": "proof", "proof": "letter"}
    assert browser.post("/consents/bulk/", facts).status_code == 302
    consent.refresh_from_db()
    assert consent.proof == "letter"


def test_tags_are_added_and_taken_away_beside_those_that_are_there(browser: Client) -> None:
    field("tags", "choices", choices=COLOURS[:2])
    red, none = make.some_customer(custom={"tags": ["red"]}), make.some_customer()
    post(browser, [red, none], "custom__tags", custom__tags=["blue"], set_how="add")
    assert [Customer.objects.get(pk=each.pk).custom["tags"] for each in (red, none)] == [
        ["red", "blue"],
        ["blue"],
    ]
    post(browser, [red, none], "custom__tags", custom__tags=["blue"], set_how="take")
    assert [Customer.objects.get(pk=each.pk).custom.get("tags") or [] for each in (red, none)] == [
        ["red"],
        [],
    ]


def test_a_value_that_does_not_fit_changes_nothing_and_is_said(browser: Client) -> None:
    customer = make.some_customer(employees=5)
    page = post(browser, [customer], "employees", employees="many")
    assert page.status_code == 400  # type: ignore[attr-defined]
    assert "Nothing was changed." in page.content.decode()  # type: ignore[attr-defined]
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("path", ["name", "external_id", "owner", "no_such", "search", "note"])
def test_only_fields_that_one_may_write_and_that_many_can_share_are_offered(path: str) -> None:
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.ALL)
    make.field_rule(user.role, "parties.customer", "note", "locked")
    customer, browser = make.some_customer(owner=user, note="as it was"), make.signed_in(user)
    assert browser.get(f"/customers/bulk/field/?set_field={path}").status_code == 404
    assert post(browser, [customer], path, **{path: "x"}).status_code == 404  # type: ignore[attr-defined]
    assert Customer.objects.get().note == "as it was"


def test_the_field_is_offered_as_its_form_has_it(browser: Client) -> None:
    page = browser.get("/customers/bulk/field/?set_field=kind").content.decode()
    assert '<select name="kind"' in page
    offered = dict(bulk_setting.settable(REGISTRY["customers"], make.acting()))
    assert offered["territory"] == "Territory"
