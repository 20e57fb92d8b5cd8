from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from clientier.core import commands, trash
from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict, DomainError, LeavesReach, NotAllowed, NotFound
from clientier.core.models import AuditEntry, BulkChange, TrashedRecord
from clientier.core.undo import undo
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Address, Contact, Customer
from clientier.rooms.people.models import ApiToken, User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return make.acting(make.some_user(name="Ada"))


def later(actor: Actor) -> Actor:
    return actor.through(actor.door)


def trashed(label: str) -> TrashedRecord:
    return TrashedRecord.objects.get(label=label)


def restored(label: str, model: Any, actor: Actor) -> Any:
    return commands.restore(model, actor=later(actor), trashed=trashed(label))


def test_a_customer_comes_back_exactly_as_it_was_with_all_that_went_along(actor: Actor) -> None:
    customer = make.some_customer(name="Acme", phone="138", first_seen=dt.date(2024, 1, 1))
    contact = make.some_contact(customer, name="Li")
    at = dt.datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=dt.UTC)
    make.some_interaction(customer, contact=contact, minutes=7, at=at)
    make.some_address(customer, line="Road 1", latitude=Decimal("31.230400"))
    make.some_task(customer, title="Call", reason={"why": ["a", 1]}, value_at_stake=Decimal("12.3456"))
    before = {m: list(m.objects.values()) for m in (Customer, Contact, Interaction, Address, Task)}
    commands.delete(customer, actor=actor)
    kept = trashed("Acme")
    assert (kept.actor_name, kept.record, kept.children) == ("Ada", "parties.customer", 4)
    assert restored("Acme", Customer, actor) == customer
    assert {m: list(m.objects.values()) for m in before} == before
    assert Customer.objects.get(search__matches="acme").contacts.get(search__matches="li") == contact
    assert not TrashedRecord.objects.exists()


def test_both_ways_leave_one_entry_and_only_the_way_back_holds_values(actor: Actor) -> None:
    customer = make.some_customer(name="Acme", phone="138")
    make.some_contact(customer)
    make.some_contact(customer)
    key = customer.pk
    commands.delete(customer, actor=actor)
    restored("Acme", Customer, actor)
    gone, back = AuditEntry.objects.order_by("id")
    assert (gone.verb, gone.label, gone.changes) == ("record.delete", "Acme", {"id": [key, None]})
    assert gone.removed == [{"record": "parties.contact", "count": 2}]
    assert (back.verb, back.record_id, back.changes["phone"]) == ("record.restore", str(key), [None, "138"])


def test_moments_of_making_stay_what_they_were(actor: Actor) -> None:
    user = make.some_user(name="Ben")
    token = ApiToken.objects.create(user=user, name="sync", digest="x")
    made_at = dt.datetime(2020, 5, 5, 5, 5, 5, 999999, tzinfo=dt.UTC)
    ApiToken.objects.filter(pk=token.pk).update(created_at=made_at)
    commands.delete(user, actor=actor)
    restored("Ben", User, actor)
    assert ApiToken.objects.get().created_at == made_at


def test_what_was_cut_loose_is_tied_on_again_if_it_is_loose_still(actor: Actor) -> None:
    contact = make.some_contact(name="Li")
    other = make.some_contact(contact.customer)
    first = make.some_interaction(contact.customer, contact=contact)
    second = make.some_interaction(contact.customer, contact=contact)
    commands.delete(contact, actor=actor)
    assert trashed("Li").children == 0
    Interaction.objects.filter(pk=second.pk).update(contact=other)
    restored("Li", Contact, actor)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.contact, second.contact) == (contact, other)


def test_what_went_along_is_tied_on_again_to_itself(actor: Actor) -> None:
    """And what goes along itself is not cut loose beside."""
    gone = make.some_contact()
    make.some_contact(gone.customer, reports_to=gone)
    post = make.some_contact(same_person_as=gone)
    commands.delete(gone.customer, actor=actor)
    [cut] = [each for each in TrashedRecord.objects.get().removed if "key" in each]
    assert (cut["key"], cut["values"]) == (post.pk, {"same_person_as_id": gone.pk})
    commands.restore(Customer, actor=actor, trashed=TrashedRecord.objects.get())
    post.refresh_from_db()
    assert post.same_person_as_id == gone.pk


def test_a_number_that_was_given_away_stands_in_the_way(actor: Actor) -> None:
    commands.delete(make.some_product(external_id="P1", name="Nut"), actor=actor)
    make.some_product(external_id="P1", name="Other")
    with pytest.raises(
        Conflict, match=r"Nut cannot come back: Product with this .* already exists\. Nothing"
    ):
        restored("Nut", Product, actor)
    assert (Product.objects.get().name, trashed("Nut").record) == ("Other", "catalog.product")
    assert AuditEntry.objects.count() == 1


def test_a_number_of_a_child_that_was_given_away_stands_in_the_way(actor: Actor) -> None:
    customer = make.some_customer(name="Acme")
    make.some_contact(customer, external_id="C1")
    commands.delete(customer, actor=actor)
    make.some_contact(external_id="C1")
    with pytest.raises(Conflict, match="Acme cannot come back: other records have taken the place"):
        restored("Acme", Customer, actor)
    assert not Customer.objects.filter(name="Acme").exists()


def test_what_it_belongs_to_comes_back_first(actor: Actor) -> None:
    group = make.some_customer(name="Group")
    daughter = make.some_customer(name="Daughter", parent=group)
    commands.delete(daughter, actor=actor)
    commands.delete(group, actor=actor)
    with pytest.raises(Conflict, match="Daughter belongs to Group, which is in the trash too"):
        restored("Daughter", Customer, actor)
    restored("Group", Customer, actor)
    assert restored("Daughter", Customer, actor).parent == group


def test_what_need_not_be_filled_is_left_empty_when_it_is_gone_for_good(actor: Actor) -> None:
    owner = make.some_user()
    commands.delete(make.some_customer(name="Acme", owner=owner), actor=actor)
    owner.delete()
    assert restored("Acme", Customer, actor).owner is None


def test_what_must_be_filled_stands_in_the_way_when_it_is_gone_for_good(actor: Actor) -> None:
    contact = make.some_contact(name="Li")
    customer = contact.customer
    commands.delete(contact, actor=actor)
    customer.delete()
    with pytest.raises(Conflict, match=r"Li cannot come back: what it belongs to \(Customer\) is gone"):
        restored("Li", Contact, actor)


def test_undoing_puts_back_from_the_trash_and_empties_it(actor: Actor) -> None:
    product = make.some_product(name="Nut")
    commands.delete(product, actor=actor)
    undo(actor.request_id, actor=later(actor))
    assert Product.objects.get() == product
    assert not TrashedRecord.objects.exists()


def test_undoing_what_left_the_trash_is_refused_in_words(actor: Actor) -> None:
    for name in ("Nut", "Bolt"):
        commands.delete(make.some_product(name=name), actor=actor)
    restored("Nut", Product, actor)
    with pytest.raises(Conflict, match="Nut is no longer in the trash"):
        undo(actor.request_id, actor=later(actor))
    assert [kept.label for kept in TrashedRecord.objects.all()] == ["Bolt"]


def test_undoing_a_deletion_whose_customer_is_gone_is_refused_in_words(actor: Actor) -> None:
    contact = make.some_contact(name="Li")
    customer = contact.customer
    commands.delete(contact, actor=actor)
    customer.delete()
    with pytest.raises(Conflict, match="Li cannot come back"):
        undo(actor.request_id, actor=later(actor))


def test_a_restoration_is_not_undone(actor: Actor) -> None:
    commands.delete(make.some_product(name="Nut"), actor=actor)
    back = later(actor)
    commands.restore(Product, actor=back, trashed=trashed("Nut"))
    with pytest.raises(NotFound):
        undo(back.request_id, actor=later(actor))
    assert Product.objects.exists()


def test_the_row_rule_holds_by_the_owner_and_territory_a_record_had(actor: Actor) -> None:
    ada, ben = make.some_user(), make.some_user()
    region = make.some_territory()
    for name, facts in {
        "Ada's": {"owner": ada},
        "Ben's": {"owner": ben},
        "There": {"territory": region},
    }.items():
        customer = make.some_customer(name=name, **facts)
        make.some_contact(customer, name=f"{name} contact")
        commands.delete(Contact.objects.get(customer=customer), actor=actor)
        commands.delete(customer, actor=actor)

    def seen(reach: Reach, **facts: Any) -> set[str]:
        looking = make.acting(ada, reach=reach, kinds=[Customer, Contact], **facts)
        return {kept.label for kept in trash.visible(looking)}

    assert seen(Reach.NONE) == set()
    assert seen(Reach.OWN) == {"Ada's", "Ada's contact"}
    assert seen(Reach.TEAM, teammates=frozenset({ben.pk})) == {
        "Ada's",
        "Ada's contact",
        "Ben's",
        "Ben's contact",
    }
    assert seen(Reach.TERRITORY, territories=frozenset({region.pk})) == {
        "Ada's", "Ada's contact", "There", "There contact",
    }  # fmt: skip
    assert len(seen(Reach.ALL)) == 6


def test_everybody_sees_what_they_deleted_of_kinds_they_may_see() -> None:
    ada, ben = make.some_user(), make.some_user()
    commands.delete(make.some_customer(name="Acme", owner=ben), actor=make.acting(ada))
    commands.delete(make.some_product(name="Nut"), actor=make.acting(ada))
    looking = make.acting(ada, reach=Reach.OWN, kinds=[Customer])
    assert [kept.label for kept in trash.visible(looking)] == ["Acme"]


def test_out_of_reach_is_not_found_and_nothing_comes_back() -> None:
    ada = make.some_user()
    commands.delete(make.some_customer(name="Acme", owner=make.some_user()), actor=make.acting())
    with pytest.raises(NotFound):
        restored("Acme", Customer, make.acting(ada, reach=Reach.OWN, kinds=[Customer]))
    assert not Customer.objects.exists()
    assert AuditEntry.objects.count() == 1


def test_who_may_see_but_not_delete_restores_nothing() -> None:
    ada = make.some_user()
    commands.delete(make.some_customer(name="Acme", owner=ada), actor=make.acting())
    looking = make.acting(ada, kinds=["none"], grants={("parties.customer", "view"): Reach.ALL})
    assert [kept.label for kept in trash.visible(looking)] == ["Acme"]
    with pytest.raises(NotAllowed):
        restored("Acme", Customer, looking)
    assert not Customer.objects.exists()


def test_one_s_own_deletion_does_not_come_back_out_of_one_s_reach() -> None:
    ada, ben = make.some_user(), make.some_user()
    commands.delete(make.some_customer(name="Acme", owner=ben), actor=make.acting(ada))
    with pytest.raises(LeavesReach):
        restored("Acme", Customer, make.acting(ada, reach=Reach.OWN, kinds=[Customer]))
    assert not Customer.objects.exists()


def test_a_record_of_another_kind_is_not_found(actor: Actor) -> None:
    commands.delete(make.some_product(name="Nut"), actor=actor)
    with pytest.raises(NotFound):
        restored("Nut", Customer, actor)


def test_secrets_are_not_kept(actor: Actor) -> None:
    user = make.some_user(name="Ben")
    user.set_password("correct horse battery")
    user.save()
    commands.delete(user, actor=actor)
    assert "password" not in trashed("Ben").values


def test_purging_erases_what_is_old_and_leaves_the_audit(actor: Actor) -> None:
    for name in ("Old", "New"):
        commands.delete(make.some_product(name=name), actor=actor)
    now = timezone.now()
    TrashedRecord.objects.filter(label="Old").update(at=now - dt.timedelta(days=31))
    assert trash.purge(before=now - dt.timedelta(days=30)) == 1
    assert [kept.label for kept in TrashedRecord.objects.all()] == ["New"]
    assert AuditEntry.objects.count() == 2


def test_purging_erases_what_imports_left_behind_of_the_same_records(actor: Actor) -> None:
    customer, other = make.some_customer(), make.some_customer()
    contact = make.some_contact(customer)
    for record in (customer, contact, other):
        kind, before = record._meta.label_lower, {"name": "Former"}
        BulkChange.objects.create(
            request_id=actor.request_id, record=kind, record_id=record.pk, before=before
        )
    commands.delete(customer, actor=actor)
    trash.purge(before=timezone.now())
    assert [change.record_id for change in BulkChange.objects.all()] == [other.pk]


@pytest.mark.django_db(transaction=True)
def test_two_who_restore_at_once_bring_back_one() -> None:
    actor = make.acting()
    commands.delete(make.some_product(name="Nut"), actor=actor)
    kept, outcomes, start = trashed("Nut"), list[str](), threading.Barrier(2)

    def attempt() -> None:
        start.wait()
        try:
            commands.restore(Product, actor=later(actor), trashed=kept)
            outcomes.append("back")
        except DomainError as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotFound", "back"]
    assert Product.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditentry WHERE verb = 'record.restore'")
        assert cursor.fetchone()[0] == 1
