from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from clientier.core import audit, commands
from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.core.models import AuditEntry
from clientier.core.undo import undo
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Address, Contact, Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return make.acting(make.some_user())


def later(actor: Actor) -> Actor:
    """The same person in a new request."""
    return actor.through(actor.door)


def test_undoing_an_update_puts_the_former_values_back(actor: Actor) -> None:
    customer = make.some_customer(name="Acme", first_seen=dt.date(2024, 1, 1), city="Bonn")
    commands.update(customer, actor=actor, changes={"name": "Zeta", "first_seen": None})
    assert undo(actor.request_id, actor=later(actor)) == 1
    customer.refresh_from_db()
    assert (customer.name, customer.first_seen, customer.city) == ("Acme", dt.date(2024, 1, 1), "Bonn")
    assert customer.sort_key == "acme"
    assert Customer.objects.filter(search__matches="acme").exists()
    assert not Customer.objects.filter(search__matches="zeta").exists()


def test_undoing_an_update_of_money(actor: Actor) -> None:
    product = make.some_product(cost=Decimal("2.5"))
    commands.update(product, actor=actor, changes={"cost": Decimal(3)})
    undo(actor.request_id, actor=later(actor))
    product.refresh_from_db()
    assert product.cost == Decimal("2.5")


def test_undoing_a_creation_removes_the_record(actor: Actor) -> None:
    commands.create(Product, actor=actor, changes={"name": "Nut", "cost": Decimal(3)})
    undo(actor.request_id, actor=later(actor))
    assert not Product.objects.exists()


def test_undoing_the_entry_of_a_moment(actor: Actor) -> None:
    """A moment given in the company's zone is stored in UTC; both are the same moment."""
    customer, user = make.some_customer(), make.some_user()
    at = timezone.make_aware(dt.datetime(2026, 3, 2, 10, 0, 0, 123456), timezone.get_fixed_timezone(480))
    changes = {"customer": customer, "at": at, "user": user, "kind": "call"}
    commands.create(Interaction, actor=actor, changes=changes)
    undo(actor.request_id, actor=later(actor))
    assert not Interaction.objects.exists()


def test_undoing_a_deletion_restores_the_record_and_what_went_along(actor: Actor) -> None:
    customer = make.some_customer(name="Acme", phone="138")
    contact = make.some_contact(customer, name="Li")
    interaction = make.some_interaction(customer, contact=contact, minutes=7)
    make.some_address(customer, line="Road 1", latitude=Decimal("31.230400"))
    make.some_task(customer, title="Call", reason={"why": ["a", 1]}, value_at_stake=Decimal("12.3456"))
    before = {m: list(m.objects.values()) for m in (Customer, Contact, Interaction, Address, Task)}
    commands.delete(customer, actor=actor)
    assert not Contact.objects.exists()
    undo(actor.request_id, actor=later(actor))
    assert {m: list(m.objects.values()) for m in before} == before
    assert Interaction.objects.get().pk == interaction.pk
    assert Customer.objects.get(search__matches="acme").contacts.get(search__matches="li") == contact


def test_undoing_a_deletion_links_again_what_was_cut_loose(actor: Actor) -> None:
    contact = make.some_contact()
    interaction = make.some_interaction(contact.customer, contact=contact)
    commands.delete(contact, actor=actor)
    interaction.refresh_from_db()
    assert interaction.contact is None
    undo(actor.request_id, actor=later(actor))
    interaction.refresh_from_db()
    assert interaction.contact == contact


def test_a_value_that_was_changed_since_is_a_conflict(actor: Actor) -> None:
    first, second = make.some_product(name="Nut"), make.some_product(name="Bolt")
    commands.update(first, actor=actor, changes={"name": "Nut 2"})
    commands.update(second, actor=actor, changes={"name": "Bolt 2"})
    commands.update(first, actor=make.acting(), changes={"name": "Nut 3"})
    with pytest.raises(Conflict, match="Nut 2 was changed again since"):
        undo(actor.request_id, actor=later(actor))
    assert set(Product.objects.values_list("name", flat=True)) == {"Nut 3", "Bolt 2"}
    assert not AuditEntry.objects.filter(verb="undo").exists()


def test_another_value_changed_since_is_none(actor: Actor) -> None:
    product = make.some_product(name="Nut", unit="kg")
    commands.update(product, actor=actor, changes={"name": "Bolt"})
    commands.update(product, actor=make.acting(), changes={"unit": "t"})
    undo(actor.request_id, actor=later(actor))
    product.refresh_from_db()
    assert (product.name, product.unit) == ("Nut", "t")


def test_a_creation_that_others_build_on_is_a_conflict(actor: Actor) -> None:
    customer = commands.create(Customer, actor=actor, changes={"name": "Acme"})
    make.some_order(customer)
    with pytest.raises(Conflict, match="come to depend"):
        undo(actor.request_id, actor=later(actor))
    assert Customer.objects.exists()


def test_a_creation_to_which_others_have_added_is_a_conflict(actor: Actor) -> None:
    customer = commands.create(Customer, actor=actor, changes={"name": "Acme"})
    make.some_contact(customer)
    with pytest.raises(Conflict, match="come to depend"):
        undo(actor.request_id, actor=later(actor))
    assert Contact.objects.exists()


def test_a_deletion_whose_key_was_taken_since_is_a_conflict(actor: Actor) -> None:
    commands.delete(make.some_product(external_id="P1"), actor=actor)
    make.some_product(external_id="P1", name="Other")
    with pytest.raises(Conflict):
        undo(actor.request_id, actor=later(actor))
    assert Product.objects.get().name == "Other"


def test_only_who_did_it_takes_it_back(actor: Actor) -> None:
    product = make.some_product(name="Nut")
    commands.update(product, actor=actor, changes={"name": "Bolt"})
    with pytest.raises(NotFound):
        undo(actor.request_id, actor=make.acting(make.administrator()))
    product.refresh_from_db()
    assert product.name == "Bolt"


def test_nothing_is_undone_twice(actor: Actor) -> None:
    product = make.some_product(name="Nut")
    commands.update(product, actor=actor, changes={"name": "Bolt"})
    undo(actor.request_id, actor=later(actor))
    with pytest.raises(NotFound, match="nothing left to undo"):
        undo(actor.request_id, actor=later(actor))


def test_an_undo_cannot_be_undone(actor: Actor) -> None:
    product = make.some_product(name="Nut")
    commands.update(product, actor=actor, changes={"name": "Bolt"})
    second = later(actor)
    undo(actor.request_id, actor=second)
    with pytest.raises(NotFound):
        undo(second.request_id, actor=later(actor))


def test_work_on_many_records_is_not_undone_here(actor: Actor) -> None:
    audit.note("customers.import", Customer, actor, created=3)
    with pytest.raises(NotFound):
        undo(actor.request_id, actor=later(actor))


def test_an_unknown_request_is_not_found(actor: Actor) -> None:
    with pytest.raises(NotFound):
        undo(uuid4(), actor=actor)


def test_all_changes_of_one_request_are_taken_back_together(actor: Actor) -> None:
    product = make.some_product(name="Nut")
    commands.update(product, actor=actor, changes={"name": "Bolt"})
    commands.update(product, actor=actor, changes={"name": "Screw"})
    commands.create(Product, actor=actor, changes={"name": "New"})
    assert undo(actor.request_id, actor=later(actor)) == 3
    assert list(Product.objects.values_list("name", flat=True)) == ["Nut"]
    traces = AuditEntry.objects.filter(undoes=actor.request_id).order_by("id")
    told = [(entry.verb, entry.label, entry.changes.get("name")) for entry in traces]
    assert told == [
        ("undo", "New", ["New", None]),
        ("undo", "Bolt", ["Screw", "Bolt"]),
        ("undo", "Nut", ["Bolt", "Nut"]),
    ]


def test_what_was_brought_back_has_its_undoing_in_its_history(actor: Actor) -> None:
    product = make.some_product(name="Nut")
    key = product.pk
    commands.delete(product, actor=actor)
    undo(actor.request_id, actor=later(actor))
    entry = AuditEntry.objects.get(undoes=actor.request_id)
    assert (entry.record_id, entry.changes["name"]) == (str(key), [None, "Nut"])


def test_handing_over_by_mistake_can_be_undone_though_the_row_is_out_of_reach() -> None:
    ada, ben = make.some_user(), make.some_user()
    customer = make.some_customer(owner=ada)
    actor = make.acting(ada, reach=Reach.OWN, kinds=[Customer])
    commands.hand_over(customer, actor=actor, to=ben)
    undo(actor.request_id, actor=later(actor))
    customer.refresh_from_db()
    assert customer.owner == ada


def test_who_may_add_but_not_delete_can_take_back_a_creation() -> None:
    ada = make.some_user()
    grants = {("catalog.product", action): Reach.ALL for action in ("view", "add")}
    actor = make.acting(ada, kinds=["none"], grants=grants)
    commands.create(Product, actor=actor, changes={"name": "Nut"})
    undo(actor.request_id, actor=later(actor))
    assert not Product.objects.exists()


def test_who_has_lost_the_right_meanwhile_takes_nothing_back() -> None:
    ada = make.some_user()
    product = make.some_product(name="Nut")
    actor = make.acting(ada, kinds=[Product])
    commands.update(product, actor=actor, changes={"name": "Bolt"})
    looking = make.acting(ada, kinds=["none"], grants={("catalog.product", "view"): Reach.ALL})
    with pytest.raises(NotAllowed):
        undo(actor.request_id, actor=looking)
    product.refresh_from_db()
    assert product.name == "Bolt"
