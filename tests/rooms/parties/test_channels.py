"""Further telephones and e-mails of a contact: kept, found, called, brought in, taken out, and forgotten."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from clientier.core import commands
from clientier.core.actor import system
from clientier.kit.resource import REGISTRY
from clientier.rooms.duplicates.commands.merging import merge_contacts
from clientier.rooms.duplicates.models import ContactMerge
from clientier.rooms.duplicates.queries.nearest import alike
from clientier.rooms.parties.commands.erasure import forget_person
from clientier.rooms.parties.models import Contact
from clientier.rooms.people.models import FieldRule
from tests import factories as make
from tests.kit.imports.running import counts, imported

pytestmark = pytest.mark.django_db
CARD = """BEGIN:VCARD
VERSION:3.0
FN:Ada Lovelace
ORG:Acme
TEL;TYPE=work:0113 496 0000
TEL;TYPE=cell:0113 496 1111
TEL;TYPE=fax:0113 496 2222
EMAIL:ada@acme.example
EMAIL:ada@home.example
END:VCARD
"""


@pytest.fixture
def ada() -> Contact:
    acme = make.some_customer(name="Acme", country="United Kingdom")
    changes = {
        "name": "Ada Lovelace",
        "customer": acme,
        "channels": "Mobile: 0113 496 1111\nada@home.example",
    }
    made: Contact = REGISTRY["contacts"].create(Contact, actor=system(), changes=changes)
    return made


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


def test_they_are_brought_into_their_normal_form(ada: Contact) -> None:
    assert ada.channels == "Mobile: +44 113 496 1111\nada@home.example"
    changed = REGISTRY["contacts"].update(
        ada, actor=system(), changes={"channels": "0113 496 1111; 01134961111"}
    )
    assert changed.channels == "+44 113 496 1111"


@pytest.mark.parametrize("asked", ["961111", "0113496", "ada@home", "home.example"])
def test_they_are_found_by_any_part(ada: Contact, browser: Client, asked: str) -> None:
    assert ada.name in browser.get(f"/contacts/?q={asked}").content.decode()


def test_the_card_calls_and_writes_by_one_touch_unless_asked_not_to(ada: Contact, browser: Client) -> None:
    page = browser.get(f"/contacts/{ada.pk}/").content.decode()
    assert 'href="tel:+441134961111"' in page
    assert 'href="mailto:ada@home.example"' in page
    commands.update(ada, actor=system(), changes={"do_not_contact": True})
    page = browser.get(f"/contacts/{ada.pk}/").content.decode()
    assert "+44 113 496 1111" in page
    assert "tel:" not in page


def test_who_may_not_read_them_does_not_see_them(ada: Contact) -> None:
    viewer = make.administrator()
    viewer.role = make.some_role()
    viewer.save()
    for kind in ("parties.customer", "parties.contact"):
        make.grant(viewer.role, kind, 4, ["view"])  # type: ignore[arg-type]
    make.field_rule(viewer.role, "parties.contact", "channels", "hidden")
    page = make.signed_in(viewer).get(f"/contacts/{ada.pk}/").content.decode()
    assert "Ada Lovelace" in page
    assert "1111" not in page


def test_roles_that_may_not_read_telephones_do_not_read_the_further_ones_either() -> None:
    hidden, locked, free = make.some_role(), make.some_role(), make.some_role()
    make.field_rule(hidden, "parties.contact", "phone", "hidden")
    make.field_rule(hidden, "parties.contact", "email", "hidden")
    make.field_rule(locked, "parties.contact", "phone", "locked")
    make.field_rule(free, "parties.customer", "phone", "hidden")
    import_module("clientier.rooms.parties.migrations.0017_channels_hidden_as_phones").hide(apps, None)
    added = FieldRule.objects.filter(field="channels")
    assert list(added.values_list("role", "record", "rule")) == [(hidden.pk, "parties.contact", "hidden")]


def test_one_who_is_entered_again_with_a_further_number_is_noticed(ada: Contact) -> None:
    found = alike(make.acting(make.administrator()), Contact, {"name": "A. Byron", "phone": "0113 496 1111"})
    assert [each.record for each in found] == [ada]
    found = alike(
        make.acting(make.administrator()), Contact, {"name": "B", "channels": "x: ADA@home.example"}
    )
    assert [each.record for each in found] == [ada]


def test_a_card_of_a_telephone_keeps_them_all_and_gives_them_back(tmp_path: Path, browser: Client) -> None:
    make.some_customer(name="Acme", country="United Kingdom")
    file = tmp_path / "ada.vcf"
    file.write_text(CARD, encoding="utf-8")
    assert counts(imported(file, "contacts"))[:2] == (1, 1)
    ada = Contact.objects.get()
    assert (ada.phone, ada.email) == ("+44 113 496 0000", "ada@acme.example")
    assert ada.channels == (
        "Phone 2: +44 113 496 1111\nPhone 3: +44 113 496 2222\nE-mail 2: ada@home.example"
    )
    answer = browser.get(f"/contacts/export/?as=vcf&f=customer:in:{ada.customer_id}")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert [line for line in text.splitlines() if line.startswith(("TEL", "EMAIL"))] == [
        "TEL:+44 113 496 0000", "EMAIL:ada@acme.example",
        "TEL:+44 113 496 1111", "TEL:+44 113 496 2222", "EMAIL:ada@home.example",
    ]  # fmt: skip


def test_an_export_of_another_crm_keeps_its_further_columns(tmp_path: Path) -> None:
    acme = make.some_customer(name="Acme", external_id="C1")
    file = tmp_path / "contacts.csv"
    file.write_text(
        "Contact name,Account name,Phone,Mobile Phone,Fax,Email\n"
        "Ada,Acme,0113 496 0000,0113 496 1111,0113 496 2,a@b.example\n"
    )
    imported(file, "contacts")
    ada = Contact.objects.get(customer=acme)
    assert {ada.phone, ada.channels.rpartition(": ")[2]} == {"0113 496 0000", "0113 496 1111"}


def test_a_merge_loses_none_of_them(ada: Contact) -> None:
    Contact.objects.filter(pk=ada.pk).update(phone="1000")
    ada.refresh_from_db()
    twin = make.some_contact(
        ada.customer, name="Ada L.", phone="2000", email="a@b.example", channels="x: 1000"
    )
    actor = make.acting(make.administrator())
    merge_contacts(
        ContactMerge, actor=actor, survivor=ada, others=[twin], at=make.NOON, chosen={"phone": twin.pk}
    )
    ada.refresh_from_db()
    assert (ada.phone, ada.email) == ("2000", "a@b.example")
    assert ada.channels == "x: 1000\nMobile: +44 113 496 1111\nada@home.example"


def test_they_are_forgotten_with_the_person(ada: Contact) -> None:
    forget_person(ada, actor=make.acting(make.administrator()), day=dt.date(2026, 1, 1))
    ada.refresh_from_db()
    assert ada.channels == ""
