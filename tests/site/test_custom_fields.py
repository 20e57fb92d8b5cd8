"""The pages on which an administrator makes fields, converts, moves and lays them out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clientier.core.custom.models import CustomField
from clientier.core.errors import BadQuestion, Conflict
from clientier.core.models import AuditEntry
from clientier.kit.models import Layout
from clientier.site.custom_fields.transfer import as_file, take
from tests import factories as make
from tests.core.custom.defining import COLOURS, field

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


def lines(*names: str) -> dict[str, Any]:
    forms = {"choices-TOTAL_FORMS": len(names), "choices-INITIAL_FORMS": 0}
    return forms | {f"choices-{number}-name_en": name for number, name in enumerate(names)}


def test_a_retired_field_whose_code_is_taken_since_says_so_when_it_is_to_come_back() -> None:
    made = field("colour", "text")
    browser = make.signed_in(make.administrator())
    browser.post(f"/settings/fields/{made.pk}/retire/")
    type(made).objects.filter(pk=made.pk).update(
        code="industry"
    )  # as a later version of the program may take it
    page = browser.post(f"/settings/fields/{made.pk}/retire/", follow=True)
    assert page.status_code == 200
    assert "This code is taken by a field that every such record has." in page.content.decode()
    made.refresh_from_db()
    assert made.retired


def test_a_field_with_choices_is_made_changed_and_undone(browser: Client) -> None:
    url = "/settings/fields/customers/new/?kind=choice"
    entered = {
        "names_en": "Shelf class",
        "names_zh-hans": "货架等级",
        "place": 5,
        "applies_kind": ["company"],
    }
    assert browser.post(url, {**entered, **lines("Gold", "Silver", "")}).status_code == 302
    made = CustomField.objects.get()
    assert (made.code, made.names, made.place, made.applies) == (
        "shelf_class", {"en": "Shelf class", "zh-hans": "货架等级"}, 5, {"kind": ["company"]},
    )  # fmt: skip
    assert [(choice["code"], choice["names"]) for choice in made.choices] == [
        ("gold", {"en": "Gold"}),
        ("silver", {"en": "Silver"}),
    ]
    swapped = lines("Gold", "Silver") | {
        "choices-0-code": "gold", "choices-1-code": "silver", "choices-0-place": 2, "choices-1-place": 1,
        "choices-0-tone": "warn", "choices-1-retired": "on",
    }  # fmt: skip
    changed = {**entered, **swapped, "names_en": "Class", "required": "on"}
    assert browser.post(f"/settings/fields/{made.pk}/", changed).status_code == 302
    made.refresh_from_db()
    assert ([c["code"] for c in made.choices], made.required, str(made)) == (
        ["silver", "gold"],
        True,
        "Class",
    )
    assert (made.choices[0]["retired"], made.choices[1]["tone"]) == (True, "warn")
    last = AuditEntry.objects.latest("pk")
    assert last.changes["required"] == [False, True]
    assert browser.post(f"/undo/{last.request_id}/").status_code == 302
    made.refresh_from_db()
    assert (made.required, [c["code"] for c in made.choices]) == (False, ["gold", "silver"])


@pytest.mark.parametrize(
    ("kind", "entered", "words"),
    [
        ("formula", {"names_en": "F", "formula": "name + 1"}, "needs numbers"),
        ("number", {"names_en": "N", "lowest": "2", "highest": "1"}, "below the lowest"),
        ("text", {"code": "x"}, "at least one language"),
        ("choice", {"names_en": "C", **lines("")}, "At least one choice"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(
    browser: Client, kind: str, entered: dict[str, Any], words: str
) -> None:
    answer = browser.post(f"/settings/fields/customers/new/?kind={kind}", {"place": 50, **entered})
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not CustomField.objects.exists()


def test_retiring_bringing_back_and_converting_have_their_buttons(browser: Client) -> None:
    made = field("colour", "choice", choices=COLOURS)
    customer = make.some_customer(custom={"colour": "red"})
    browser.post(f"/settings/fields/{made.pk}/retire/")
    made.refresh_from_db()
    assert made.retired and "Bring back" in browser.get("/settings/fields/customers/").content.decode()
    browser.post(f"/settings/fields/{made.pk}/retire/")
    url = f"/settings/fields/{made.pk}/convert/?kind=text"
    assert "1 record holds this field" in browser.get(url).content.decode()
    browser.post(url)
    made.refresh_from_db()
    customer.refresh_from_db()
    assert (made.retired, made.kind, customer.custom) == (False, "text", {"colour": "Red"})


@pytest.mark.parametrize(
    "url",
    ["", "customers/", "customers/new/?kind=text", "export/", "1/", "1/convert/?kind=text"],
)
def test_nobody_but_administrators_comes_in(url: str) -> None:
    visitor = make.signed_in(make.some_user())
    assert visitor.get(f"/settings/fields/{url}").status_code == 403
    assert visitor.get("/settings/layouts/customers/").status_code == 403
    assert visitor.post("/settings/fields/1/retire/").status_code == 403
    assert visitor.post("/settings/fields/import/").status_code == 403


def test_fields_travel_to_another_installation_as_a_file(browser: Client) -> None:
    field("twice", "formula", formula="1 + 1")
    field("area", "number", lowest="0", unit="m²", group={"en": "Shop"})
    field("a_later", "formula", formula="area * 2")
    field("colour", "choice", choices=COLOURS, applies={"kind": ["company"]})
    CustomField.objects.filter(code="twice").update(formula="a_later * 2")
    text = browser.get("/settings/fields/export/").content
    before = as_file(make.acting(make.administrator()))
    assert json.loads(text) == before
    CustomField.objects.exclude(code="colour").delete()
    CustomField.objects.update(names={"en": "Old"})
    answer = browser.post(
        "/settings/fields/import/", {"file": SimpleUploadedFile("fields.json", text)}, follow=True
    )
    assert "3 fields made, 1 changed" in answer.content.decode()
    assert as_file(make.acting(make.administrator())) == before
    assert AuditEntry.objects.filter(verb="custom_field.define", door="page").count() == 3


A_CHOICE: dict[str, Any] = {"code": "a", "names": {"en": "A"}}
MISSHAPEN: list[dict[str, Any]] = [
    {"names": {"en": 5}}, {"names": {"en": {"x": "B"}}}, {"names": {"en": "\0"}}, {"names": {"en": "\ud800"}},
    {"helps": {"en": 5}}, {"group": {"en": ["x"]}}, {"applies": {"kind": "person"}}, {"applies": {"kind": 5}},
    {"kind": "number", "unit": "\0"}, {"default": "\ud800"},
    *(
        {"kind": "choice", "choices": [choice]}
        for choice in (
            "x", {**A_CHOICE, "names": "x"}, {**A_CHOICE, "extra": 1}, {**A_CHOICE, "names": {"en": 5}},
            {**A_CHOICE, "tone": ["x"]}, {**A_CHOICE, "retired": "x"}, {**A_CHOICE, "code": 5},
        )
    ),
]  # fmt: skip


def test_a_file_that_does_not_fit_changes_nothing() -> None:
    field("area", "number")
    actor = make.acting(make.administrator())
    text = {"record": "parties.customer", "code": "area", "kind": "text", "names": {"en": "Area"}}
    new = {**text, "code": "b"}
    whole = {"format": "clientier-custom-fields", "version": 1}
    with pytest.raises(Conflict):
        take({**whole, "fields": [new, text]}, actor=actor)
    for wrong in (
        None, [], {}, {**whole, "fields": [{}]}, {**whole, "fields": [{**new, "id": 5}]},
        {**whole, "fields": [{**new, "names": "B"}]}, {**whole, "fields": [{**new, "record": "people.user"}]},
        {**whole, "fields": [{**new, "record": "parties.Customer"}]},
        {**whole, "fields": [{**new, "kind": "nonsense"}]}, {**whole, "version": 2, "fields": []},
        *({**whole, "fields": [{**new, **facts}]} for facts in MISSHAPEN),
    ):  # fmt: skip
        with pytest.raises(BadQuestion):
            take(wrong, actor=actor)
    assert [each.code for each in CustomField.objects.all()] == ["area"]


def test_a_layout_is_made_by_buttons_alone_and_removed(browser: Client) -> None:
    field("area", "number")
    role = make.some_role()
    url = f"/settings/layouts/customers/?role={role.pk}&subkind=company"
    page = browser.get(url).content.decode()
    assert page.index('value="up:custom__area"') > page.index('value="up:name"')
    sheet: dict[str, Any] = {
        "groups": 2, "title_0_en": "First", "fields_0": ["name", "city"], "title_1_en": "Second",
        "fields_1": ["custom__area", "phone", "nonsense", "name"], "folded_1": "on",
    }  # fmt: skip
    moved = browser.post(url, {**sheet, "act": "up:custom__area"}).content.decode()
    assert 'name="fields_0" value="custom__area"' in moved and 'value="up:custom__area" autofocus' in moved
    assert 'value="show:email"' in moved and 'name="fields_1" value="name"' not in moved
    hidden = browser.post(url, {**sheet, "act": "hide:city"}).content.decode()
    assert 'value="show:city"' in hidden
    assert browser.post(url, {**sheet, "act": "save"}).status_code == 302
    kept = Layout.objects.get()
    assert (kept.role, kept.subkind, kept.sections) == (
        role, "company",
        [
            {"names": {"en": "First"}, "fields": ["name", "city"], "folded": False},
            {"names": {"en": "Second"}, "fields": ["custom__area", "phone"], "folded": True},
        ],
    )  # fmt: skip
    browser.post(url, {**sheet, "act": "reset"})
    assert not Layout.objects.exists()


def test_a_layout_keeps_a_section(browser: Client) -> None:
    url = "/settings/layouts/customers/"
    one = {"groups": "1", "title_0_en": "First", "fields_0": ["name"]}
    assert 'value="First"' in browser.post(url, {**one, "act": "drop:0"}).content.decode()
    for number in ("0", "abc", "²"):
        answer = browser.post(url, {**one, "groups": number, "act": "save"}, follow=True)
        assert "This field cannot be blank." in answer.content.decode()
    assert not Layout.objects.exists()
    assert browser.get(f"{url}?role={'9' * 5000}").status_code == 200
