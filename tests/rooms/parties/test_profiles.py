"""The file of a customer: groups that one opens as needed, on the card, on the form, one at a time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.rooms.parties.models import CompanyProfile, Customer, PersonProfile
from clientier.rooms.people.models import Grant
from tests import factories as make

pytestmark = pytest.mark.django_db
KINDS = ("parties.customer", "parties.companyprofile", "parties.personprofile")


def profile_panel(client, customer) -> dict | None:
    page = client.get(f"/customers/{customer.pk}/").context["page"]
    return next((panel["context"] for panel in page["main"] if panel["slug"] == "profile"), None)


def titles(groups) -> list[str]:
    return [str(group["title"]) for group in groups]


def test_the_card_shows_the_groups_that_hold_something_and_offers_the_others() -> None:
    customer = make.some_customer()
    make.some_company_profile(
        customer, founded_on=dt.date(1998, 5, 4), registered_capital=Decimal("5000000"), currency="EUR"
    )
    shown = profile_panel(make.signed_in(make.administrator()), customer)
    assert titles(shown["filled"]) == ["Basics"]
    assert titles(shown["empty"]) == ["Characteristics", "Business condition", "Trading condition"]
    facts = [(fact["label"], fact["cell"].text) for fact in shown["filled"][0]["facts"]]
    assert facts == [("Founded on", "4 May 1998"), ("Registered capital", "€5,000,000.00")]


def test_a_person_has_the_groups_of_a_person() -> None:
    customer = make.some_customer(kind="person")
    make.some_person_profile(customer, hobbies="Go")
    shown = profile_panel(make.signed_in(make.administrator()), customer)
    assert titles(shown["filled"]) == ["Lifestyle"]
    assert titles(shown["empty"]) == ["Basics", "Education", "Career", "Personality", "Social ties"]


def test_who_may_only_look_is_offered_nothing_to_add() -> None:
    user, customer = make.some_user(), make.some_customer()
    for kind in KINDS:
        make.grant(user.role, kind, Reach.ALL, ["view"])
    assert profile_panel(make.signed_in(user), customer) is None
    make.some_company_profile(customer, image="Solid")
    shown = profile_panel(make.signed_in(user), customer)
    assert titles(shown["filled"]) == ["Characteristics"]
    assert (shown["filled"][0]["edit_url"], shown["empty"]) == ("", [])
    assert make.signed_in(user).get(f"/customers/{customer.pk}/profile/trading/").status_code == 403


def test_a_group_is_a_short_form_that_begins_the_profile() -> None:
    browser, customer = make.signed_in(make.administrator()), make.some_customer()
    url = f"/customers/{customer.pk}/profile/trading/"
    fields = list(browser.get(url).context["form_page"]["form"].fields)
    assert fields == ["payment_terms", "credit_state", "credit_incidents", "relationship", "cooperation"]
    assert not CompanyProfile.objects.exists()
    assert browser.post(url, {"payment_terms": "", "credit_state": ""}).status_code == 302
    assert not CompanyProfile.objects.exists()
    browser.post(url, {"payment_terms": "30 days", "credit_state": "good"})
    browser.post(f"/customers/{customer.pk}/profile/basics/", {"legal_name": "Long AG", "currency": "EUR"})
    profile = CompanyProfile.objects.get()
    assert (profile.customer, profile.payment_terms, profile.legal_name) == (customer, "30 days", "Long AG")
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == ["record.create", "record.update"]


def test_there_is_no_group_of_another_kind_and_none_out_of_reach() -> None:
    customer = make.some_customer()
    browser = make.signed_in(make.administrator())
    assert browser.get(f"/customers/{customer.pk}/profile/lifestyle/").status_code == 404
    stranger = make.some_user()
    for kind in KINDS:
        make.grant(stranger.role, kind, Reach.OWN)
    page = make.signed_in(stranger).post(f"/customers/{customer.pk}/profile/trading/", {"payment_terms": "x"})
    assert page.status_code == 404
    assert not CompanyProfile.objects.exists()


def test_the_form_of_a_customer_fills_in_the_profile_of_its_kind_alone_and_undo_takes_both_back() -> None:
    browser = make.signed_in(make.administrator())
    sent = {
        "name": "Ada", "kind": "person", "person-profiles-hobbies": "Go", "company-profiles-legal_name": "Ada Ltd",
        "company-profiles-currency": "CNY",
    }  # fmt: skip
    assert browser.post("/customers/new/", sent).status_code == 302
    customer = Customer.objects.get()
    assert PersonProfile.objects.get().hobbies == "Go"
    assert PersonProfile.objects.get().customer == customer
    assert not CompanyProfile.objects.exists()
    (request_id,) = AuditEntry.objects.values_list("request_id", flat=True).distinct()
    browser.post(f"/undo/{request_id}/")
    assert not Customer.objects.exists()
    assert not PersonProfile.objects.exists()


def test_a_form_without_the_fields_of_a_profile_leaves_it_as_it_is() -> None:
    customer = make.some_customer()
    make.some_company_profile(customer, image="Solid")
    make.signed_in(make.administrator()).post(
        f"/customers/{customer.pk}/edit/", {"name": "Renamed", "kind": "company"}
    )
    assert CompanyProfile.objects.get().image == "Solid"
    assert Customer.objects.get().name == "Renamed"


def test_a_mistake_in_a_profile_saves_neither_and_opens_its_section() -> None:
    customer = make.some_customer(name="Before")
    sent = {"name": "After", "kind": "company", "company-profiles-founded_on": "never"}
    page = make.signed_in(make.administrator()).post(f"/customers/{customer.pk}/edit/", sent)
    assert page.status_code == 422
    assert Customer.objects.get().name == "Before"
    folded = page.context["form_page"]["folded"]
    assert [section["title"] for section in folded if section["open"]] == ["Basics"]


def test_customers_are_found_by_their_profile_unless_profiles_reach_less_far() -> None:
    owner = make.some_user()
    for whose, form in ((owner, "listed"), (None, "listed"), (owner, "public")):
        make.some_company_profile(make.some_customer(owner=whose), organisation_form=form)
    asked = {"f": "company_profile__organisation_form:in:listed"}
    make.grant(owner.role, "parties.customer", Reach.ALL)
    make.grant(owner.role, "parties.companyprofile", Reach.ALL)
    assert len(make.signed_in(owner).get("/customers/", asked).context["listing"]["rows"]) == 2
    Grant.objects.filter(record="parties.companyprofile").update(reach=Reach.OWN)
    assert make.signed_in(owner).get("/customers/", asked).status_code == 400


def test_roles_that_exist_get_for_profiles_what_they_have_for_customers() -> None:
    role = make.some_role()
    make.grant(role, "parties.customer", Reach.TEAM, ["view", "change", "hand_over"])
    migration = import_module("clientier.rooms.parties.migrations.0004_profiles")
    migration.grant_as_for_customers(apps, None)
    found = Grant.objects.filter(role=role, record="parties.personprofile").values_list("action", "reach")
    assert sorted(found) == [("change", Reach.TEAM), ("view", Reach.TEAM)]
