"""What custom fields hold, refuse and remember, whichever way it is written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from clientier.core import commands, undo
from clientier.core.bulk import undo as take_back
from clientier.core.bulk import upsert
from clientier.core.custom import commands as fields
from clientier.core.custom import definitions
from clientier.core.custom.models import CustomField, Kind
from clientier.core.errors import NotAllowed
from clientier.core.models import AuditEntry, TrashedRecord
from clientier.kit.rows import value_at
from clientier.rooms.parties.models import Customer
from tests import factories as make
from tests.core.custom.defining import COLOURS, field

pytestmark = pytest.mark.django_db


def changed(customer: Customer, **custom: Any) -> Customer:
    changes = {f"custom__{code}": value for code, value in custom.items()}
    saved = commands.update(customer, actor=make.acting(make.administrator()), changes=changes)
    assert isinstance(saved, Customer)
    return saved


@pytest.mark.parametrize(
    ("kind", "given", "kept", "read"),
    [
        ("text", " a b ", "a b", "a b"),
        ("long_text", "a\nb", "a\nb", "a\nb"),
        ("number", "12.50", "12.5", Decimal("12.5")),
        ("number", 0, "0", Decimal(0)),
        ("money", Decimal("3.1400"), "3.14", Decimal("3.14")),
        ("date", dt.date(2026, 1, 2), "2026-01-02", dt.date(2026, 1, 2)),
        ("yes_no", False, False, False),
        ("choice", "blue", "blue", "blue"),
        ("choices", ["blue", "red", "blue"], ["red", "blue"], ["red", "blue"]),
    ],
)
def test_each_kind_is_kept_in_one_form_and_read_with_its_type(
    kind: str, given: Any, kept: Any, read: Any
) -> None:
    field("x", kind, choices=COLOURS)
    customer = changed(make.some_customer(), x=given)
    assert customer.custom == {"x": kept}
    assert value_at(customer, "custom__x") == read


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("text", "a\nb"),
        ("text", "a" * 301),
        ("text", "a\0b"),
        ("text", 5),
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e30"),
        ("number", "0.0000001"),
        ("number", True),
        ("money", "0.00001"),
        ("date", "2026-13-01"),
        ("choice", "green"),
        ("choice", "grey"),
        ("choices", ["red", "green"]),
        ("choices", "red"),
        ("yes_no", "perhaps"),
        ("user", "Ada"),
    ],
)
def test_what_does_not_fit_is_refused_at_the_field_and_nothing_changes(kind: str, wrong: Any) -> None:
    field("x", kind, choices=COLOURS)
    customer = make.some_customer()
    with pytest.raises(ValidationError) as refusal:
        changed(customer, x=wrong)
    assert set(refusal.value.message_dict) == {"custom__x"}
    customer.refresh_from_db()
    assert customer.custom == {}


def test_limits_hold_and_a_retired_choice_stays_where_it_is() -> None:
    field("area", "number", lowest="0", highest="10")
    field("day", "date", lowest="2026-01-01")
    field("colour", "choice", choices=COLOURS)
    customer = make.some_customer(custom={"colour": "grey"})
    assert changed(customer, area=10, colour="grey", day="2026-01-01").custom["colour"] == "grey"
    for wrong in ({"area": "10.1"}, {"area": -1}, {"day": "2025-12-31"}):
        with pytest.raises(ValidationError):
            changed(customer, **wrong)


def test_new_records_need_what_is_required_and_start_with_the_defaults() -> None:
    field("must", "text", required=True, applies={"kind": ["company"]})
    field("start", "number", default="7")
    actor = make.acting(make.administrator())
    with pytest.raises(ValidationError) as refusal:
        commands.create(Customer, actor=actor, changes={"name": "Acme"})
    assert set(refusal.value.message_dict) == {"custom__must"}
    made: Any = commands.create(Customer, actor=actor, changes={"name": "Acme", "custom__must": "x"})
    person: Any = commands.create(Customer, actor=actor, changes={"name": "Li", "kind": "person"})
    assert (made.custom, person.custom) == ({"must": "x", "start": "7"}, {"start": "7"})
    old = make.some_customer()
    assert commands.update(old, actor=actor, changes={"city": "Bonn"}).city == "Bonn"  # type: ignore[attr-defined]
    with pytest.raises(ValidationError):
        commands.update(person, actor=actor, changes={"custom__must": "x"})


def test_the_audit_names_each_field_and_undo_puts_back_that_field_alone() -> None:
    field("a", "text")
    field("b", "text")
    actor = make.acting(make.administrator())
    customer = make.some_customer(custom={"a": "1", "b": "1"})
    commands.update(customer, actor=actor, changes={"custom__a": "2"})
    entry = AuditEntry.objects.get(record="parties.customer")
    assert entry.changes == {"custom__a": ["1", "2"]}
    changed(customer, b="3")
    undo.undo(actor.request_id, actor=actor)
    customer.refresh_from_db()
    assert customer.custom == {"a": "1", "b": "3"}


def test_a_deleted_record_comes_back_with_its_values() -> None:
    field("a", "number")
    actor = make.acting(make.administrator())
    customer = make.some_customer(custom={"a": "5"})
    commands.delete(customer, actor=actor)
    restored: Any = commands.restore(Customer, actor=actor, trashed=TrashedRecord.objects.get())
    assert restored.custom == {"a": "5"}


def test_a_locked_field_is_not_written_and_a_hidden_one_neither() -> None:
    field("a", "text")
    customer, user = make.some_customer(), make.some_user()
    for rule in ("locked", "hidden"):
        actor = make.acting(user, kinds=[Customer], **{rule: frozenset({("parties.customer", "custom__a")})})
        with pytest.raises(NotAllowed):
            commands.update(customer, actor=actor, changes={"custom__a": "x"})
        with pytest.raises(NotAllowed):
            upsert(Customer, [{"external_id": "1", "custom__a": "x"}], key=("external_id",), actor=actor)
    customer.refresh_from_db()
    assert (customer.custom, Customer.objects.count()) == ({}, 1)


def test_many_rows_at_once_keep_what_they_do_not_name() -> None:
    field("a", "number")
    field("b", "choices", choices=COLOURS)
    field("must", "text", required=True)
    field("start", "text", default="s")
    actor = make.acting(make.administrator())
    make.some_customer(external_id="1", custom={"a": "1", "must": "m"})
    rows = [
        {
            "external_id": "1",
            "name": "One",
            "custom__a": None,
            "custom__b": "Blue; red",
        },
        {"external_id": "2", "name": "Two", "custom__a": Decimal("2.50"), "custom__b": None},
    ]
    outcome = upsert(Customer, rows, key=("external_id",), actor=actor)
    assert (outcome.updated, outcome.created, outcome.incomplete) == (1, 0, [1])
    assert Customer.objects.get(external_id="1").custom == {"b": ["red", "blue"], "must": "m"}
    whole = [{**row, "custom__must": "x"} for row in rows]
    assert upsert(Customer, whole, key=("external_id",), actor=actor).created == 1
    assert Customer.objects.get(external_id="2").custom == {"a": "2.5", "must": "x", "start": "s"}
    with pytest.raises(ValidationError):
        upsert(Customer, [{**whole[0], "custom__b": "green"}], key=("external_id",), actor=actor)


def test_taking_back_a_bulk_write_puts_the_custom_values_back() -> None:
    field("a", "text")
    actor = make.acting(make.administrator())
    customer = make.some_customer(external_id="1", custom={"a": "old"})
    upsert(Customer, [{"external_id": "1", "custom__a": "new"}], key=("external_id",), actor=actor)
    take_back(Customer, actor=make.acting(make.administrator()), request_id=actor.request_id)
    customer.refresh_from_db()
    assert customer.custom == {"a": "old"}


def test_a_field_is_known_at_once_and_gone_when_retired_with_its_values_kept() -> None:
    made = field("a", "text")
    customer = changed(make.some_customer(), a="x")
    with definitions.held():
        assert list(definitions.live(Customer)) == ["a"]
        fields.retire(made, actor=make.acting(make.administrator()))
        assert list(definitions.live(Customer)) == []
    with pytest.raises(NotAllowed):
        changed(customer, a="y")
    fields.bring_back(CustomField.objects.get(), actor=make.acting(make.administrator()), formula_names=())
    customer.refresh_from_db()
    assert value_at(customer, "custom__a") == "x"


def test_whoever_changes_a_field_by_whatever_way_every_process_knows() -> None:
    field("a", "text")
    assert definitions.live(Customer)["a"].required is False
    CustomField.objects.filter(code="a").update(required=True)
    assert definitions.live(Customer)["a"].required is True


@pytest.mark.parametrize(
    ("kind", "to", "before", "after"),
    [
        ("choice", "text", "red", "Red"),
        ("choice", "choices", "red", ["red"]),
        ("number", "text", "1.5", "1.5"),
        ("text", "long_text", "a", "a"),
        ("long_text", "text", "a", "a"),
    ],
)
def test_a_kind_becomes_another_without_loss(kind: str, to: str, before: Any, after: Any) -> None:
    made = field("x", kind, choices=COLOURS)
    customer = make.some_customer(custom={"x": before})
    fields.convert(made, actor=make.acting(make.administrator()), kind=to)
    customer.refresh_from_db()
    assert (customer.custom["x"], CustomField.objects.get().kind) == (after, to)
    assert changed(customer, x=after).custom["x"] == after
    assert AuditEntry.objects.filter(verb="custom_field.convert").count() == 1


def test_what_would_lose_is_named_and_refused() -> None:
    made = field("x", "long_text")
    make.some_customer(name="Long", custom={"x": "a" * 301})
    make.some_customer(custom={"x": "short"})
    actor = make.acting(make.administrator())
    found = fields.preview(made, Kind.TEXT)
    assert (found.filled, found.lost, found.examples[0][0]) == (2, 1, "Long")
    with pytest.raises(fields.WouldLose):
        fields.convert(made, actor=actor, kind=Kind.TEXT)
    assert CustomField.objects.get().kind == "long_text"
    colour = field("colour", "choice", choices=COLOURS)
    make.some_customer(custom={"colour": "red"})
    with pytest.raises(fields.WouldLose):
        fields.change(colour, actor=actor, changes={"choices": COLOURS[1:]}, formula_names=())


@pytest.mark.parametrize(
    "facts",
    [
        {"code": "Name"},
        {"code": "name"},
        {"code": "a__b"},
        {"code": "custom"},
        {"names": {}},
        {"kind": "choice", "choices": []},
        {"kind": "choice", "choices": [COLOURS[0], COLOURS[0]]},
        {"kind": "number", "lowest": "2", "highest": "1"},
        {"kind": "number", "default": "many"},
        {"applies": {"city": ["Bonn"]}},
        {"kind": "money", "currency": "XXX"},
        {"record": "people.user"},
        {"record": "nothing.here"},
    ],
)
def test_a_field_that_cannot_be_is_not_defined(facts: dict[str, Any]) -> None:
    named = {"code": "x", "kind": "text", **facts}
    with pytest.raises(ValidationError):
        field(**named)
    assert not CustomField.objects.exists()


def test_only_administrators_define_fields() -> None:
    actor = make.acting(make.some_user(), kinds=[Customer])
    with pytest.raises(NotAllowed):
        fields.define(CustomField, actor=actor, changes={"record": "parties.customer"}, formula_names=())


def test_a_code_is_not_given_to_another_kind_while_values_may_come_back() -> None:
    field("a", "text").delete()
    with pytest.raises(fields.WouldLose):
        field("a", "number")
    customer = make.some_customer(custom={"b": "x"})
    with pytest.raises(fields.WouldLose):
        field("b", "text")
    customer.refresh_from_db()
    assert (customer.custom, CustomField.objects.count()) == ({"b": "x"}, 0)


def test_one_choice_from_before_a_conversion_is_read_as_one_of_several() -> None:
    made = field("x", "choice", choices=COLOURS)
    fields.convert(made, actor=make.acting(make.administrator()), kind="choices")
    restored = make.some_customer(custom={"x": "red"})
    assert value_at(restored, "custom__x") == ["red"]
    assert list(Customer.objects.filter(custom__x__in=["red"])) == [restored]


def test_what_was_known_before_it_was_held_is_asked_for_again() -> None:
    assert "later" not in definitions.live(Customer)
    with connection.cursor() as cursor:  # another process defines a field meanwhile
        cursor.execute("INSERT INTO core_definitionsmark (id, mark) VALUES (1, gen_random_uuid())")
    CustomField.objects.create(record="parties.customer", code="later", kind="text", names={"en": "Later"})
    with definitions.held_of(Customer):
        assert "later" in definitions.live(Customer)
