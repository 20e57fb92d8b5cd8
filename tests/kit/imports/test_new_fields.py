"""A column that fills no field becomes one: named after it, of the kind of its cells, mapped at once."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clientier.core.actor import Reach, system
from clientier.core.custom.commands import define
from clientier.core.custom.models import CustomField
from clientier.core.models import AuditEntry
from clientier.kit.imports.executing import execute
from clientier.kit.imports.new_fields import code_for
from clientier.kit.models import ImportRun, ImportState
from clientier.rooms.parties.models import Customer
from tests import factories as make
from tests.core.custom.defining import field

pytestmark = pytest.mark.django_db
HEADINGS = "Customer number,Name,Shop area,门店等级,Opened,Owned,Motto\n"
ROWS = "".join(
    f"{n},Name {n},{n}.5,{'甲' if n % 2 else '乙'},2024-0{n}-01,{'yes' if n % 2 else 'no'},We care {n}\n"
    for n in range(1, 8)
)
PLACES = {"Shop area": 2, "门店等级": 3, "Opened": 4, "Owned": 5, "Motto": 6}


def uploaded(browser: Client) -> ImportRun:
    file = SimpleUploadedFile("customers.csv", (HEADINGS + ROWS).encode())
    assert browser.post("/imports/new/customers/", {"file": file}).status_code == 302
    return ImportRun.objects.get()


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Shop area", "number"),
        ("门店等级", "choice"),
        ("Opened", "date"),
        ("Owned", "yes_no"),
        ("Motto", "text"),
    ],
)
def test_the_kind_is_guessed_from_the_cells(browser: Client, heading: str, kind: str) -> None:
    run = uploaded(browser)
    form: Any = browser.get(f"/imports/{run.pk}/columns/{PLACES[heading]}/field/").context["form_page"][
        "form"
    ]
    assert (form.initial["name"], form.initial["kind"]) == (heading, kind)


def test_one_confirmation_makes_it_and_the_import_fills_it(browser: Client) -> None:
    run = uploaded(browser)
    page = browser.get(f"/imports/{run.pk}/").content.decode()
    assert 'name="define" value="3"' in page
    sent = browser.post(
        f"/imports/{run.pk}/columns/", {"column-0": "external_id", "column-1": "name", "define": "3"}
    )
    assert sent.headers["Location"] == f"/imports/{run.pk}/columns/3/field/"
    assert browser.post(sent.headers["Location"], {"name": "门店等级", "kind": "choice"}).status_code == 302
    made = CustomField.objects.get()
    assert (made.code, made.kind, made.record) == ("men_dian_deng_ji", "choice", "parties.customer")
    assert [choice["names"]["en"] for choice in made.choices] == ["甲", "乙"]
    run.refresh_from_db()
    assert run.mapping["fields"]["custom__men_dian_deng_ji"] == "门店等级"
    assert run.mapping["fields"]["name"] == "Name"
    assert browser.post(f"/imports/{run.pk}/start/").status_code == 302
    run.refresh_from_db()
    execute(run, actor=system())
    codes = [choice["code"] for choice in made.choices]
    assert Customer.objects.get(external_id="1").custom == {"men_dian_deng_ji": codes[0]}


def test_a_column_of_many_words_is_no_choice(browser: Client) -> None:
    run = uploaded(browser)
    answer = browser.post(f"/imports/{run.pk}/columns/1/field/", {"name": "Name", "kind": "choice"})
    assert answer.status_code in (302, 422)
    field_made = CustomField.objects.filter(kind="choice").first()
    assert field_made is None or len(field_made.choices) == 7


def test_a_second_click_makes_no_second_field(browser: Client) -> None:
    run = uploaded(browser)
    for _click in range(2):
        sent = browser.post(f"/imports/{run.pk}/columns/2/field/", {"name": "Shop area", "kind": "number"})
        assert sent.status_code == 302
    assert CustomField.objects.get().code == "shop_area"


def test_a_field_is_made_only_with_the_column_mapped_to_it(browser: Client) -> None:
    run = uploaded(browser)
    began = ImportRun.objects.filter(pk=run.pk)

    def begin(*_given: Any, **_named: Any) -> Any:
        began.update(state=ImportState.QUEUED)
        return define(*_given, **_named)

    with mock.patch("clientier.kit.imports.new_fields.commands.define", begin):
        sent = browser.post(f"/imports/{run.pk}/columns/2/field/", {"name": "Shop area", "kind": "number"})
    assert sent.status_code == 422
    assert not CustomField.objects.exists()


def test_after_the_making_is_undone_another_kind_can_be_made(browser: Client) -> None:
    run = uploaded(browser)
    url = f"/imports/{run.pk}/columns/2/field/"
    browser.post(url, {"name": "Shop area", "kind": "text"})
    made = AuditEntry.objects.get(verb="custom_field.define")
    assert browser.post(f"/undo/{made.request_id}/").status_code in (200, 302)
    assert not CustomField.objects.exists()
    assert browser.post(url, {"name": "Shop area", "kind": "number"}).status_code == 302
    assert CustomField.objects.get().code == "shop_area_2"
    run.refresh_from_db()
    assert run.mapping["fields"]["custom__shop_area_2"] == "Shop area"


def test_codes_are_free_and_latin() -> None:
    field("shop_area", "number")
    assert code_for(Customer, "Shop area") == "shop_area_2"
    assert code_for(Customer, "2nd choice!") == "f_2nd_choice"
    assert code_for(Customer, "!!") == "field"


def test_who_may_not_define_fields_is_not_offered_it() -> None:
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.ALL, ["view", "add", "change", "import"])
    browser = make.signed_in(user)
    run = uploaded(browser)
    assert 'name="define"' not in browser.get(f"/imports/{run.pk}/").content.decode()
    assert browser.get(f"/imports/{run.pk}/columns/2/field/").status_code == 403
    assert (
        browser.post(f"/imports/{run.pk}/columns/2/field/", {"name": "x", "kind": "text"}).status_code == 403
    )
    assert not CustomField.objects.exists()
