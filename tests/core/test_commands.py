from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clientier.core import commands
from clientier.core.actor import Door, Reach
from clientier.core.commands import command
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.core.models import AuditEntry, TrashedRecord
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_creating_leaves_one_entry_with_all_that_was_set() -> None:
    user = make.some_user(name="Ada")
    actor = make.acting(user, door=Door.API)
    customer = commands.create(Customer, actor=actor, changes={"name": "Acme", "city": "Köln"})
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.record, entry.record_id, entry.label) == (
        "record.create", "parties.customer", str(customer.pk), "Acme",
    )  # fmt: skip
    assert (entry.actor_id, entry.actor_name, entry.door, entry.request_id) == (
        user.pk, "Ada", "api", actor.request_id,
    )  # fmt: skip
    assert entry.changes["name"] == [None, "Acme"]
    assert entry.changes["id"] == [None, customer.pk]
    assert "search" not in entry.changes
    assert "sort_key" not in entry.changes


def test_updating_leaves_exactly_the_difference() -> None:
    customer = make.some_customer(name="Acme", city="Bonn")
    changes = {"name": "Acme", "city": "Köln", "first_seen": dt.date(2024, 2, 29)}
    commands.update(customer, actor=make.acting(), changes=changes)
    entry = AuditEntry.objects.get()
    assert entry.changes == {"city": ["Bonn", "Köln"], "first_seen": [None, "2024-02-29"]}


def test_the_trace_holds_what_was_stored_not_what_was_typed() -> None:
    product = make.some_product(cost=Decimal("2.5"))
    commands.update(product, actor=make.acting(), changes={"cost": Decimal(3)})
    assert AuditEntry.objects.get().changes == {"cost": ["2.5000", "3.0000"]}


def test_changing_nothing_leaves_no_trace() -> None:
    product = make.some_product(name="Nut", cost=Decimal("2.5"))
    commands.update(product, actor=make.acting(), changes={"name": "Nut", "cost": Decimal("2.5000")})
    assert not AuditEntry.objects.exists()


def test_deleting_keeps_the_former_values_in_the_trash_and_only_the_name_in_the_audit() -> None:
    product = make.some_product(name="Nut")
    key = product.pk
    commands.delete(product, actor=make.acting())
    entry = AuditEntry.objects.get()
    assert not Product.objects.exists()
    assert (entry.verb, entry.record_id) == ("record.delete", str(key))
    assert (entry.label, entry.changes) == ("Nut", {"id": [key, None]})
    assert TrashedRecord.objects.get().values["name"] == "Nut"


def test_what_others_build_on_is_not_deleted() -> None:
    customer = make.some_customer(name="Acme")
    make.some_order(customer)
    with pytest.raises(Conflict, match="Acme was not deleted: orders still refer to it"):
        commands.delete(customer, actor=make.acting())
    assert Customer.objects.get() == customer
    assert not AuditEntry.objects.exists()


def test_a_locked_field_is_refused_and_nothing_is_written() -> None:
    customer = make.some_customer(name="Acme", phone="1")
    actor = make.acting(locked=frozenset({("parties.customer", "phone")}))
    with pytest.raises(NotAllowed):
        commands.update(customer, actor=actor, changes={"name": "Other", "phone": "2"})
    customer.refresh_from_db()
    assert (customer.name, customer.phone) == ("Acme", "1")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("field", ["phone", "search", "sort_key", "pk", "id", "no_such_field"])
def test_only_fields_that_may_be_written_are(field: str) -> None:
    customer = make.some_customer()
    hidden = frozenset({("parties.customer", "phone")})
    with pytest.raises((NotAllowed, ValidationError)):
        commands.update(customer, actor=make.acting(hidden=hidden), changes={field: "7"})
    assert not AuditEntry.objects.exists()
    assert Customer.objects.get().pk == customer.pk


def test_values_that_do_not_fit_change_nothing() -> None:
    customer = make.some_customer(name="Acme")
    with pytest.raises(ValidationError) as refused:
        commands.update(customer, actor=make.acting(), changes={"name": "", "email": "no"})
    assert set(refused.value.message_dict) == {"name", "email"}
    customer.refresh_from_db()
    assert customer.name == "Acme"
    assert not AuditEntry.objects.exists()


def test_a_row_out_of_reach_is_not_found_and_not_changed() -> None:
    ada, ben = make.some_user(), make.some_user()
    theirs = make.some_customer(name="Acme", owner=ben)
    actor = make.acting(ada, reach=Reach.OWN, kinds=[Customer])
    with pytest.raises(NotFound):
        commands.update(theirs, actor=actor, changes={"name": "Mine"})
    with pytest.raises(NotFound):
        commands.delete(theirs, actor=actor)
    with pytest.raises(NotFound):
        commands.hand_over(theirs, actor=actor, to=ada)
    theirs.refresh_from_db()
    assert (theirs.name, theirs.owner) == ("Acme", ben)
    assert not AuditEntry.objects.exists()


def test_a_change_may_not_push_a_row_out_of_reach() -> None:
    ada, ben = make.some_user(), make.some_user()
    mine = make.some_customer(owner=ada)
    actor = make.acting(ada, reach=Reach.OWN, kinds=[Customer])
    with pytest.raises(NotAllowed, match="out of your reach"):
        commands.update(mine, actor=actor, changes={"owner": ben})
    with pytest.raises(NotAllowed, match="out of your reach"):
        commands.create(Customer, actor=actor, changes={"name": "Theirs", "owner": ben})
    mine.refresh_from_db()
    assert mine.owner == ada
    assert Customer.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_handing_over_is_the_one_way_out_of_reach() -> None:
    ada, ben = make.some_user(), make.some_user()
    mine = make.some_customer(owner=ada)
    actor = make.acting(ada, reach=Reach.OWN, kinds=[Customer])
    commands.hand_over(mine, actor=actor, to=ben)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.changes) == ("record.hand_over", {"owner_id": [ada.pk, ben.pk]})
    mine.refresh_from_db()
    assert mine.owner == ben


def test_without_the_right_to_add_nothing_is_created() -> None:
    actor = make.acting(make.some_user(), reach=Reach.NONE, kinds=[Product])
    with pytest.raises(NotAllowed):
        commands.create(Product, actor=actor, changes={"name": "Nut"})
    assert not Product.objects.exists()


def test_a_rule_that_refuses_takes_back_what_it_had_written() -> None:
    @command("test.halfway", needs="change")
    def halfway(record: Customer, *, actor: object) -> Customer:
        Customer.objects.filter(pk=record.pk).update(name="half")
        raise Conflict

    customer = make.some_customer(name="whole")
    try:
        with pytest.raises(Conflict):
            halfway(customer, actor=make.acting())
    finally:
        del commands.REGISTRY["test.halfway"]
    customer.refresh_from_db()
    assert customer.name == "whole"
    assert not AuditEntry.objects.exists()


def test_two_commands_cannot_share_a_verb() -> None:
    with pytest.raises(ValueError, match=r"record\.update"):
        command("record.update", needs="change")(lambda record, *, actor: record)
