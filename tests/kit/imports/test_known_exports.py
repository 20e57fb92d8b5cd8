from __future__ import annotations

import pytest

from clientier.kit.imports.presets import KNOWN_EXPORTS, best_preset, preset_for
from clientier.kit.imports.registry import TARGETS
from clientier.rooms.parties.models import Address, Contact, Customer
from tests import factories
from tests.kit.imports.running import counts, errors, imported

pytestmark = pytest.mark.django_db
EXPORTS = {
    ("HubSpot", "customers"): (
        "Record ID,Company name,Company owner,Create Date,Phone Number,City,Country/Region,Industry\n"
        "9001,Acme Ltd,Jo Lee,2024-03-01 09:30,+44 20 7946 0000,London,United Kingdom,RETAIL\n"
    ),
    ("HubSpot", "contacts"): (
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company IDs\n"
        "51,Ann,Lee,ann@acme.example,+44 20 7946 0001,Jo Lee,9001\n"
    ),
    ("Salesforce", "customers"): (
        '"Account ID","Account Name","Account Owner","Billing Street","Billing City","Billing State/Province",'
        '"Billing Zip/Postal Code","Billing Country","Phone","Shipping City"\n'
        '"001x","Acme Ltd","Jo Lee","1 Main St\nFloor 2","Leeds","","LS1","United Kingdom","",Hull\n'
    ),
    (
        "Pipedrive",
        "customers",
    ): "Organization - ID,Organization - Name,Organization - Owner\n9001,Acme Ltd,Jo Lee\n",
    ("Pipedrive", "contacts"): (
        "Person - Name,Person - ID,Person - Organization,Person - Phone - Work,Person - Phone - Mobile,"
        "Person - Email - Work\nAnn Lee,7,Acme Ltd,,+44 7700 900000,ann@acme.example\n"
    ),
    ("Zoho", "customers"): (
        "Record Id,Account Name,Account Owner,Phone,Billing City,Billing Code\nzcrm_1,Acme Ltd,Jo Lee,123,Leeds,LS1\n"
    ),
    ("EspoCRM", "customers"): (
        "ID;Name;Assigned User;Billing Address City;Billing Address Country\n"
        "6abc;Acme Ltd;Jo Lee;Leeds;United Kingdom\n"
    ),
    ("Odoo", "customers"): (
        "id,name,is_company,email,vat,city\n__export__.1,Acme Ltd,True,a@acme.example,,Leeds\nx.2,Ann Lee,False,,,\n"
    ),
    ("Attio", "customers"): "Record ID,Record,Domains,Employee range\nabc-1,Acme Ltd,acme.example,11-50\n",
    ("Google", "customers"): (
        "Name,Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value,Phone 2 - Value,Notes\n"
        "Ann Lee,Ann,Lee,ann@acme.example,+44 7700 900000,+44 20 7946 0001,met at fair\n"
    ),
    ("Outlook", "contacts"): (
        "First Name,Middle Name,Last Name,Company,Job Title,Business Phone,Mobile Phone,E-mail Address\n"
        "Ann,,Lee,Acme Ltd,Buyer,,+44 7700 900000,ann@acme.example\n"
    ),
}


def test_every_preset_names_fields_that_exist():
    for paragraph in KNOWN_EXPORTS.read_text(encoding="utf-8").strip().split("\n\n"):
        title, *lines = paragraph.splitlines()
        fields = TARGETS[title.split(" / ")[1]].target.by_name
        names = {line.split(" ")[0].rstrip(":") for line in lines if not line.startswith("known by ")}
        assert names <= fields.keys(), title


@pytest.mark.parametrize(("origin", "target"), EXPORTS)
def test_exports_are_known_and_come_in_as_they_are(write_file, origin, target):
    factories.some_user(username="jo", name="Jo Lee")
    if target == "contacts":
        factories.some_customer(external_id="9001", name="Acme Ltd", country="GB")
    path = write_file(EXPORTS[origin, target])
    run = imported(path, target)
    headings = EXPORTS[origin, target].splitlines()[0].replace('"', "").replace(";", ",").split(",")
    assert preset_for(target, headings).origin == origin
    assert (run.errors, errors(run)) == (0, {})
    if target == "contacts":
        ann = Contact.objects.get()
        assert (ann.name, ann.customer.name, ann.email) == ("Ann Lee", "Acme Ltd", "ann@acme.example")
        assert ann.phone.startswith("+44")
    elif origin == "Google":
        ann = Customer.objects.get()
        assert (ann.kind, ann.phone, ann.external_id) == ("person", "+44 7700 900000", "Ann Lee")
        assert ann.note == "met at fair\nPhone 2 - Value: +44 20 7946 0001"
    else:
        acme = Customer.objects.get(name="Acme Ltd")
        assert acme.kind == "company"
        assert (acme.owner.name if acme.owner else "Jo Lee") == "Jo Lee"


def test_addresses_of_the_row_become_addresses(write_file):
    imported(write_file(EXPORTS["Salesforce", "customers"]), "customers")
    found = Address.objects.order_by("kind").values_list("kind", "line", "city", "postcode")
    assert list(found) == [("delivery", "", "Hull", ""), ("registered", "1 Main St\nFloor 2", "Leeds", "LS1")]
    assert Customer.objects.get().city == "Leeds"


def test_a_file_of_one_s_own_is_no_export_of_anybody():
    assert best_preset(TARGETS, ["id", "name", "city"]) is None


def test_the_real_account_export_of_salesforce_comes_in_whole(shared_data):
    run = imported(shared_data / "exports" / "salesforce-dataloader" / "accountData.csv", "customers")
    assert counts(run)[:2] == (423, 423 - run.errors)
    assert set(errors(run)) == set()


def test_owners_are_found_by_address_and_name_and_namesakes_by_neither(write_file):
    factories.some_user(username="u1", name="Jo Lee", email="jo@x.example")
    factories.some_user(username="u2", name="Twin")
    factories.some_user(username="u3", name="twin")
    text = "id,name,owner\n1,A,JO@x.example\n2,B,jo lee\n3,C,u2\n4,D,Twin\n5,E,Nobody\n"
    run = imported(write_file(text), "customers")
    found = Customer.objects.order_by("external_id").values_list("owner__username", flat=True)
    assert list(found) == ["u1", "u1", "u2", None, None]
    assert run.facts["left_empty"]["owner"] == {"rows": 2, "keys": ["Twin", "Nobody"], "number": 2}
    fields = {"external_id": "id", "name": "name", "owner": {"column": "owner", "unknown": "refuse"}}
    run = imported(write_file(text), "customers", fields)
    assert errors(run) == {
        5: ["owner: “Twin” could be several; give the number instead of the name"],
        6: ["owner: there is no “Nobody”, or it is not among those you can see"],
    }
