"""Registration numbers that hold, telephone numbers in one form, and countries however they are written."""

from __future__ import annotations

import pytest

from clientier.core.actor import Reach
from clientier.kit.imports.registry import Batch, Beginning
from clientier.rooms.parties.choices.countries import region_of
from clientier.rooms.parties.commands.contact_files import ContactWriting
from clientier.rooms.parties.commands.customer_files import CustomerWriting
from clientier.rooms.parties.commands.phones import normal_phone
from clientier.rooms.parties.models import Contact, Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("country", "region"),
    [("CN", "CN"), ("中国", "CN"), (" china ", "CN"), ("Deutschland", "DE"), ("USA", "US"), ("臺灣", "TW"),
     ("U.K.", "GB"), ("大韩民国", "KR"),
     ("Atlantis", ""), ("", "")],
)  # fmt: skip
def test_a_country_is_known_however_it_is_written(country: str, region: str) -> None:
    assert region_of(country) == region


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("027-8777 1234", "CN", "+86 27 8777 1234"),
        ("13800138000", "中国", "+86 138 0013 8000"),
        ("(030) 901820", "Germany", "+49 30 901820"),
        ("+49 30 901820", "CN", "+49 30 901820"),
        ("+49 30 901820", "", "+49 30 901820"),
        ("0049 30 901820", "DE", "+49 30 901820"),
        ("030 901820", "Atlantis", "030 901820"),
        ("ask for Ada", "DE", "ask for Ada"),
        ("555-0100", "US", "555-0100"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form_or_as_it_was_typed(
    typed: str, country: str, kept: str
) -> None:
    assert normal_phone(typed, country) == kept


@pytest.mark.parametrize("asked", ["027 8777", "02787771234", "8777", "+86 27 8777", "1234", "862787771234"])
def test_a_number_that_was_brought_into_form_is_found_by_any_part_as_people_dial_it(asked: str) -> None:
    browser = make.signed_in(make.administrator())
    browser.post(
        "/customers/new/", {"name": "Ada", "kind": "company", "country": "CN", "phone": "027-87771234"}
    )
    assert Customer.objects.get().phone == "+86 27 8777 1234"
    assert [row["label"] for row in browser.get("/customers/", {"q": asked}).context["listing"]["rows"]] == [
        "Ada"
    ]


def test_a_contact_has_its_number_in_the_form_of_the_country_of_the_customer() -> None:
    customer = make.some_customer(country="DE")
    make.speaking(make.administrator()).post(
        "/api/v1/contacts/",
        {"name": "Ada", "customer": customer.pk, "phone": "030 901820"},
        "application/json",
    )
    assert Contact.objects.get().phone == "+49 30 901820"


def test_imported_numbers_are_brought_into_the_same_form() -> None:
    customer = make.some_customer(country="CN")
    begun = Beginning(make.acting(), frozenset({"external_id", "phone"}))
    batch = Batch([{"external_id": "1", "name": "Ada", "phone": "030 901820", "country": "DE"}], [2])
    CustomerWriting(begun).prepare(batch)
    assert batch.rows[0]["phone"] == "+49 30 901820"
    batch = Batch([{"external_id": "1", "customer_id": customer.pk, "phone": "027-87771234"}], [2])
    ContactWriting(begun).prepare(batch)
    assert batch.rows[0]["phone"] == "+86 27 8777 1234"


@pytest.mark.parametrize(
    ("country", "right", "wrong"),
    [
        ("CN", "91110000600037341L", "91110000600037341M"),
        ("TW", "00501503", "00501502"),
        ("DE", "DE136695976", "DE136695977"),
        ("GB", "GB980780684", "GB802311781"),
        ("JP", "5-8356-7825-6246", "2-8356-7825-6246"),
        ("France", "552008443", "552008442"),
    ],
)
def test_a_wrong_check_digit_is_refused_in_words_and_a_right_one_kept(
    country: str, right: str, wrong: str
) -> None:
    browser = make.signed_in(make.administrator())
    facts = {"name": "Ada", "kind": "company", "country": country}
    page = browser.post("/customers/new/", {**facts, "registration_number": wrong})
    assert page.status_code == 422
    assert "does not fit" in page.context["form_page"]["form"].errors["registration_number"][0]
    assert not Customer.objects.exists()
    assert browser.post("/customers/new/", {**facts, "registration_number": right}).status_code == 302
    assert Customer.objects.get().registration_number == right


@pytest.mark.parametrize(
    ("country", "number"),
    [("", "91110000600037341M"), ("DE", "HRB 86891"), ("US", "12-3456789"), ("HK", "1234567")],
)
def test_a_number_that_no_rule_is_known_for_is_kept_as_it_is_written(country: str, number: str) -> None:
    facts = {"name": "Ada", "kind": "company", "country": country, "registration_number": number}
    assert make.signed_in(make.administrator()).post("/customers/new/", facts).status_code == 302
    assert Customer.objects.get().registration_number == number


def test_a_wrong_number_of_old_does_not_stand_in_the_way_of_other_changes() -> None:
    customer = make.some_customer(country="CN", registration_number="91110000600037341M")
    api, url = make.speaking(make.administrator()), f"/api/v1/customers/{customer.pk}"
    assert api.patch(url, {"city": "Wuhan"}, "application/json").status_code == 200
    refused = api.patch(url, {"registration_number": "91110000600037342L"}, "application/json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["registration_number"])


def test_a_refusal_of_a_field_that_the_form_does_not_have_is_said_all_the_same() -> None:
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.ALL)
    make.field_rule(user.role, "parties.customer", "registration_number", "locked")
    customer = make.some_customer(registration_number="91110000600037341M")
    facts = {"name": customer.name, "kind": "company", "country": "CN"}
    page = make.signed_in(user).post(f"/customers/{customer.pk}/edit/", facts)
    assert page.status_code == 422
    assert "does not fit" in page.content.decode()
