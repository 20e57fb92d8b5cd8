"""Several customers become one: nothing is lost, nothing is left behind, and all of it can be taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from clientier.core import encryption
from clientier.core.actor import Actor, Reach, system
from clientier.core.custom.commands import retire
from clientier.core.entrusting import CannotBeGiven
from clientier.core.errors import Conflict, DomainError, LeavesReach, NotAllowed, NotFound
from clientier.core.models import AuditEntry
from clientier.core.undo import undo
from clientier.rooms.activities.models import Task
from clientier.rooms.duplicates.commands.forgetting import forget_merges
from clientier.rooms.duplicates.commands.merging import merge_customers
from clientier.rooms.duplicates.commands.unmerging import undo_merge
from clientier.rooms.duplicates.models import DuplicatePair, Merge, MergedCustomer
from clientier.rooms.duplicates.queries.choosing import merged_fields
from clientier.rooms.duplicates.queries.kinds import CUSTOMERS
from clientier.rooms.duplicates.queries.references import FOLLOWED_OTHERWISE, references
from clientier.rooms.parties.models import (
    Address,
    CompanyProfile,
    Contact,
    Customer,
    PersonProfile,
    Relation,
    SensitiveFact,
)
from clientier.rooms.people.models import User
from clientier.rooms.trade.models import CostToServe, JournalEntry, Order
from clientier.rooms.trade.queries.proofs import faults
from clientier.rooms.trade.queries.receivable import balances
from clientier.rooms.value.models import Score, Standing, ValuePolicy, ValueRun
from tests import factories as make
from tests.core.custom.defining import COLOURS, field

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC)


def anybody() -> Actor:
    return make.acting(make.administrator(name="Ada"))


def merged(survivor: Customer, *others: Customer, actor: Actor | None = None, **facts: Any) -> Merge:
    made: Merge = merge_customers(
        Merge, actor=actor or anybody(), survivor=survivor, others=others, at=NOW, **facts
    )
    return made


def taken_apart(merge: Merge, actor: Actor | None = None) -> Merge:
    undone: Merge = undo_merge(merge, actor=actor or anybody(), at=LATER)
    return undone


def everything(*models: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of the kinds that one looks at, but for moments at which something was written."""
    return {
        model.__name__: [
            {k: v for k, v in row.items() if k not in ("search", "likeness", "updated_at")}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in models
    }


def with_children(customer: Customer) -> Customer:
    make.some_contact(customer, name="Wang")
    make.some_address(customer)
    make.some_order(customer)
    make.some_task(customer, assigned_to=make.some_user())
    make.some_interaction(customer)
    make.some_cost(customer)
    make.some_relation(customer, make.some_customer())
    make.some_customer(parent=customer)
    return customer


CHILDREN = (Contact, Address, Order, Task, CostToServe, Relation, Customer)


def test_every_field_that_is_filled_in_can_be_chosen() -> None:
    apart = {"id", "sort_key", "search", "likeness", "erased_on", "custom"}
    assert {field.name for field in Customer._meta.concrete_fields} - apart == set(CUSTOMERS.fields)
    field("colour", "choice", choices=COLOURS)
    assert merged_fields() == [*CUSTOMERS.fields, "custom__colour"]


def test_custom_values_are_chosen_filled_in_and_brought_back() -> None:
    field("colour", "choice", choices=COLOURS)
    field("area", "number")
    survivor = make.some_customer(custom={"colour": "red"})
    other = make.some_customer(custom={"colour": "blue", "area": "7"})
    made = merged(survivor, other, chosen={"custom__colour": other.pk})
    assert Customer.objects.get(pk=survivor.pk).custom == {"colour": "blue", "area": "7"}
    taken_apart(made)
    found = dict(Customer.objects.values_list("pk", "custom"))
    assert found == {survivor.pk: {"colour": "red"}, other.pk: {"colour": "blue", "area": "7"}}


def test_of_custom_values_only_what_was_changed_since_stays() -> None:
    for code in ("area", "doors", "floors"):
        field(code, "number")
    survivor = make.some_customer(name="Acme", custom={"doors": "1"})
    made = merged(survivor, make.some_customer(custom={"area": "7", "floors": "2"}))
    Customer.objects.update(custom={"doors": "4", "area": "9", "floors": "2"})
    assert taken_apart(made).left_as_is == ["Acme: Area"]
    assert Customer.objects.get(pk=survivor.pk).custom == {"doors": "4", "area": "9"}


def test_what_custom_fields_refer_to_goes_along_and_comes_back() -> None:
    field("dealer", "customer")
    retire(field("buyer", "customer", slug="contacts"), actor=system())
    survivor, other = make.some_customer(), make.some_customer()
    sold = make.some_customer(custom={"dealer": other.pk, "area": 7})
    contact = make.some_contact(custom={"buyer": other.pk})
    changed = make.some_customer(name="Changed", custom={"dealer": other.pk})
    made = merged(survivor, other)
    assert made.counts == {"parties.customer": 2, "parties.contact": 1}
    for record in (sold, contact, changed):
        record.refresh_from_db()
    assert (sold.custom, contact.custom) == ({"dealer": survivor.pk, "area": 7}, {"buyer": survivor.pk})
    Customer.objects.filter(pk=changed.pk).update(custom={"dealer": sold.pk})
    assert taken_apart(made).left_as_is == ["Customers: Changed"]
    for record in (sold, contact, changed):
        record.refresh_from_db()
    assert (sold.custom, contact.custom) == ({"dealer": other.pk, "area": 7}, {"buyer": other.pk})
    assert changed.custom == {"dealer": sold.pk}


def test_sensitive_facts_go_along_and_come_back() -> None:
    survivor, other = make.some_person(), make.some_person()
    for person, kind in ((survivor, "religion"), (other, "religion"), (other, "health")):
        make.some_fact(person, kind, f"{kind} of {person.pk}")
    made = merged(survivor, other)
    assert told_of(survivor) == {"religion": f"religion of {survivor.pk}", "health": f"health of {other.pk}"}
    taken_apart(made)
    assert told_of(survivor) == {"religion": f"religion of {survivor.pk}"}
    assert told_of(other) == {kind: f"{kind} of {other.pk}" for kind in ("religion", "health")}


def told_of(person: Customer) -> dict[str, str]:
    facts = SensitiveFact.objects.filter(customer=person.pk)
    return {fact.kind: encryption.open_sealed(bytes(fact.sealed or b""), fact.about) for fact in facts}


def test_who_was_erased_is_not_merged() -> None:
    survivor, gone = make.some_person(), make.some_person(erased_on=make.DAY)
    with pytest.raises(Conflict):
        merged(survivor, gone)
    assert Customer.objects.count() == 2


def test_whatever_refers_to_a_customer_refers_to_the_one_that_remains() -> None:
    survivor, other = make.some_customer(name="Acme"), with_children(make.some_customer(name="Acme Ltd"))
    merged(survivor, other)
    found = 0
    for model, key in references(Customer):
        assert not model._base_manager.filter(**{key.name: other.pk}).exists(), model
        found += model._base_manager.filter(**{key.name: survivor.pk}).count()
    assert found == 9  # the eight children, and the merge itself
    assert not Customer.objects.filter(pk=other.pk).exists()


def test_no_kind_of_record_that_refers_to_a_customer_is_forgotten() -> None:
    """Found from the tables of the database, not from the models: a constraint more is a kind more."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a "
            "ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) "
            "WHERE c.contype = 'f' AND c.confrelid = 'parties_customer'::regclass"
        )
        there = set(cursor.fetchall())
    moved = {(model._meta.db_table, key.column) for model, key in references(Customer)}
    apart = {
        (model._meta.db_table, field.column)
        for model in FOLLOWED_OTHERWISE
        for field in model._meta.concrete_fields
        if field.related_model is Customer and field.db_constraint
    }
    assert there == moved | apart


def test_undoing_puts_everything_back_as_it_was() -> None:
    survivor = with_children(make.some_customer(name="Acme", phone="+86 27 5550 2842"))
    other = with_children(
        make.some_customer(name="Acme Ltd", external_id="C7", email="a@acme.example", note="Old friend")
    )
    make.some_company_profile(survivor, legal_name="Acme", strengths="Quick")
    make.some_company_profile(other, legal_name="Acme Ltd", strengths="Cheap", scale="large")
    before = everything(*CHILDREN, CompanyProfile)
    merge = merged(survivor, other)
    assert everything(*CHILDREN, CompanyProfile) != before
    undone = taken_apart(merge)
    assert everything(*CHILDREN, CompanyProfile) == before
    assert (undone.left_as_is, undone.undone_at) == ([], LATER)


def test_the_toast_takes_it_back_too_and_once_only() -> None:
    survivor, other = make.some_customer(), with_children(make.some_customer())
    before = everything(*CHILDREN)
    actor = anybody()
    merged(survivor, other, actor=actor)
    undo(actor.request_id, actor=actor)
    assert everything(*CHILDREN) == before
    with pytest.raises(NotFound):
        undo(actor.request_id, actor=actor)


def test_what_stands_is_filled_up_and_nothing_is_overwritten_unless_chosen() -> None:
    survivor = make.some_customer(name="Acme", city="Wuhan", external_id="C1", first_seen=dt.date(2024, 5, 1))
    other = make.some_customer(
        name="Acme Ltd", city="Xi'an", phone="12345678", external_id="C2", first_seen=dt.date(2020, 5, 1)
    )
    merged(survivor, other)
    survivor.refresh_from_db()
    assert (survivor.name, survivor.city, survivor.phone) == ("Acme", "Wuhan", "12345678")
    assert (survivor.external_id, survivor.other_names) == ("C1", "Acme Ltd")
    assert survivor.first_seen == dt.date(2020, 5, 1)


def test_a_value_is_the_chosen_one() -> None:
    survivor, other = make.some_customer(city="Wuhan"), make.some_customer(city="Xi'an", name="Better")
    merged(survivor, other, chosen={"city": other.pk, "name": other.pk})
    survivor.refresh_from_db()
    assert (survivor.city, survivor.name) == ("Xi'an", "Better")


def test_a_value_of_a_third_customer_cannot_be_chosen() -> None:
    survivor, other, third = (make.some_customer() for _ in range(3))
    with pytest.raises(NotAllowed):
        merged(survivor, other, chosen={"city": third.pk})
    assert Customer.objects.count() == 3


def test_a_locked_field_cannot_be_chosen() -> None:
    survivor, other = make.some_customer(city="Wuhan"), make.some_customer(city="Xi'an")
    actor = make.acting(
        make.some_user(), kinds=[Customer, Merge], locked=frozenset({("parties.customer", "city")})
    )
    with pytest.raises(NotAllowed):
        merged(survivor, other, actor=actor, chosen={"city": other.pk})
    assert Customer.objects.count() == 2


def test_two_profiles_become_one_without_loss() -> None:
    survivor, other = make.some_customer(), make.some_customer()
    kept = make.some_company_profile(survivor, legal_name="Acme", strengths="Quick")
    make.some_company_profile(other, legal_name="Acme Ltd", strengths="Cheap", service_area="Hubei")
    merged(survivor, other)
    kept.refresh_from_db()
    assert (kept.legal_name, kept.strengths, kept.service_area) == ("Acme", "Quick\n\nCheap", "Hubei")
    aside = MergedCustomer.objects.get().set_aside
    assert [entry["values"]["legal_name"] for entry in aside] == ["Acme Ltd"]


def test_the_only_profile_goes_to_the_one_that_remains() -> None:
    survivor, other = make.some_customer(kind="person"), make.some_customer(kind="person")
    profile = make.some_person_profile(other, hobbies="Chess")
    merged(survivor, other)
    assert PersonProfile.objects.get() == profile
    assert PersonProfile.objects.get().customer == survivor


def test_scores_of_one_run_do_not_collide_and_come_back() -> None:
    survivor, other = make.some_customer(), make.some_customer()
    policy = ValuePolicy.objects.create(version=99)
    run, earlier = (
        ValueRun.objects.create(as_of=make.DAY - dt.timedelta(days=ago), policy=policy) for ago in (0, 1)
    )
    for customer in (survivor, other):
        Score.objects.create(run=run, customer=customer)
        Standing.objects.create(customer=customer)
    Score.objects.create(run=earlier, customer=other)
    before = everything(Score, Standing)
    merge = merged(survivor, other)
    assert set(Score.objects.values_list("run", "customer")) == {
        (run.pk, survivor.pk),
        (earlier.pk, survivor.pk),
    }
    assert Standing.objects.get().customer == survivor
    taken_apart(merge)
    assert everything(Score, Standing) == before


def test_a_standing_alone_goes_to_the_one_that_remains_and_back() -> None:
    survivor, other = make.some_customer(), make.some_customer()
    Standing.objects.create(customer=other, rank=7)
    merge = merged(survivor, other)
    assert Standing.objects.get().customer_id == survivor.pk
    taken_apart(merge)
    assert Standing.objects.get().customer_id == other.pk


def test_the_same_relation_on_both_is_one_and_one_between_them_is_none() -> None:
    survivor, other, third = (make.some_customer() for _ in range(3))
    for end in (survivor, other):
        make.some_relation(end, third, kind="dealer_of")
    make.some_relation(survivor, other)
    before = everything(Relation)
    merge = merged(survivor, other)
    assert list(Relation.objects.values_list("from_customer", "to_customer")) == [(survivor.pk, third.pk)]
    taken_apart(merge)
    assert everything(Relation) == before


def test_the_parent_of_the_other_remains() -> None:
    child = make.some_customer()
    parent = make.some_customer()
    Customer.objects.filter(pk=child.pk).update(parent=parent)
    grandchild = make.some_customer(parent=child)
    merge = merged(parent, child)
    parent.refresh_from_db()
    grandchild.refresh_from_db()
    assert (parent.parent, grandchild.parent) == (None, parent)
    taken_apart(merge)
    child = Customer.objects.get(pk=child.pk)
    grandchild.refresh_from_db()
    assert (child.parent, grandchild.parent) == (parent, child)


def test_the_child_may_remain_and_takes_the_place_of_its_parent() -> None:
    top = make.some_customer()
    parent = make.some_customer(parent=top)
    child = make.some_customer(parent=parent)
    sister = make.some_customer(parent=parent)
    merge = merged(child, parent)
    child.refresh_from_db()
    sister.refresh_from_db()
    assert (child.parent, sister.parent) == (top, child)
    taken_apart(merge)
    child.refresh_from_db()
    sister.refresh_from_db()
    assert (child.parent_id, sister.parent_id) == (parent.pk, parent.pk)


def test_a_grandchild_that_remains_does_not_end_up_under_itself() -> None:
    top = make.some_customer()
    middle = make.some_customer(parent=top)
    grandchild = make.some_customer(parent=middle)
    merged(grandchild, top)
    middle.refresh_from_db()
    grandchild.refresh_from_db()
    assert (middle.parent, grandchild.parent) == (grandchild, None)


def test_a_chain_leads_to_its_end_and_comes_apart_in_either_order() -> None:
    for first_back in (0, 1):
        a, b, c = (with_children(make.some_customer()) for _ in range(3))
        before = everything(*CHILDREN)
        merges = [merged(b, c), merged(a, b)]
        assert MergedCustomer.objects.get(record_id=c.pk, active=True).merge.survivor == a
        for each in (merges[first_back], merges[1 - first_back]):
            taken_apart(Merge.objects.get(pk=each.pk))
        assert everything(*CHILDREN) == before


def test_many_are_merged_at_once() -> None:
    survivor, *others = [make.some_customer() for _ in range(20)]
    for each in others:
        make.some_order(each)
    merge = merged(survivor, *others)
    assert merge.counts == {"trade.order": 19}
    assert Order.objects.filter(customer=survivor).count() == 19
    taken_apart(merge)
    assert Customer.objects.count() == 20
    assert Order.objects.filter(customer=survivor).count() == 0


@pytest.mark.parametrize("number", [1, 21])
def test_one_alone_or_too_many_are_refused(number: int) -> None:
    survivor, *others = [make.some_customer() for _ in range(number)]
    with pytest.raises(Conflict):
        merged(survivor, *others)
    assert Customer.objects.count() == number


def test_nobody_merges_a_customer_with_itself() -> None:
    survivor = make.some_customer()
    with pytest.raises(Conflict):
        merged(survivor, survivor)


def test_who_comes_second_is_told_so() -> None:
    survivor, other = make.some_customer(), make.some_customer()
    merged(survivor, other)
    with pytest.raises(Conflict, match="meanwhile"):
        merged(survivor, other)
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("missing", ["change", "delete"])
def test_both_rights_on_both_are_asked_for(missing: str) -> None:
    owner, stranger = make.some_user(), make.some_user()
    mine, theirs = make.some_customer(owner=owner), make.some_customer(owner=stranger)
    grants = {("parties.customer", action): Reach.ALL for action in make.ACTIONS}
    grants |= {("parties.customer", missing): Reach.OWN, ("duplicates.merge", "add"): Reach.ALL}
    actor = make.acting(owner, kinds=["none"], grants=grants)
    for pair in ((mine, theirs), (theirs, mine)):
        with pytest.raises(NotAllowed):
            merged(*pair, actor=actor)
    assert Customer.objects.count() == 2
    assert not AuditEntry.objects.exists()


def test_one_that_is_out_of_reach_is_not_there() -> None:
    owner = make.some_user()
    mine, theirs = make.some_customer(owner=owner), make.some_customer(owner=make.some_user())
    actor = make.acting(owner, reach=Reach.OWN, kinds=[Customer, Merge])
    with pytest.raises(NotFound):
        merged(mine, theirs, actor=actor)
    assert Customer.objects.count() == 2


def test_a_merge_does_not_hand_the_customer_over_to_nobody_in_reach() -> None:
    owner = make.some_user(team=make.some_team())
    mate = make.some_user()
    mine, theirs = make.some_customer(owner=owner), make.some_customer(owner=mate)
    grants = {("parties.customer", action): Reach.TEAM for action in make.ACTIONS}
    grants[("duplicates.merge", "add")] = Reach.OWN
    actor = make.acting(owner, kinds=["none"], grants=grants, teammates=frozenset({mate.pk}))
    with pytest.raises(LeavesReach):
        merged(mine, theirs, actor=actor, chosen={"owner": theirs.pk})
    assert Customer.objects.count() == 2


def test_what_changed_since_stays_and_is_named() -> None:
    survivor, other = make.some_customer(name="Acme"), make.some_customer(name="Acme Ltd", city="Wuhan")
    moved, moved_on = make.some_task(other, title="Call"), make.some_task(other, title="Visit")
    merge = merged(survivor, other)
    Customer.objects.filter(pk=survivor.pk).update(city="Ningbo")
    elsewhere = make.some_customer()
    Task.objects.filter(pk=moved_on.pk).update(customer=elsewhere)
    new = make.some_task(survivor)
    undone = taken_apart(merge)
    survivor.refresh_from_db()
    assert survivor.city == "Ningbo"
    assert [Task.objects.get(pk=each.pk).customer_id for each in (moved, moved_on, new)] == [
        other.pk,
        elsewhere.pk,
        survivor.pk,
    ]
    assert undone.left_as_is == ["Acme: city", "Tasks: Visit"]


def test_a_number_given_away_since_stops_the_undoing_with_nothing_changed() -> None:
    survivor, other = make.some_customer(external_id="C1"), make.some_customer(external_id="C2")
    order = make.some_order(other)
    merge = merged(survivor, other)
    make.some_customer(external_id="C2")
    with pytest.raises(Conflict, match="C2"):
        taken_apart(merge)
    order.refresh_from_db()
    assert order.customer == survivor
    assert Merge.objects.get().undone_at is None


def test_undoing_twice_is_refused() -> None:
    merge = merged(make.some_customer(), make.some_customer())
    taken_apart(merge)
    with pytest.raises(Conflict):
        taken_apart(Merge.objects.get())


def test_undoing_asks_for_the_rights_that_merging_asks_for() -> None:
    merge = merged(make.some_customer(), make.some_customer())
    grants = {("parties.customer", action): Reach.ALL for action in ("view", "change")}
    grants |= {("duplicates.merge", action): Reach.ALL for action in make.ACTIONS}
    with pytest.raises(DomainError):
        taken_apart(merge, make.acting(make.some_user(), kinds=["none"], grants=grants))
    assert Customer.objects.count() == 1


def test_decisions_about_the_two_are_set_aside_and_come_back() -> None:
    survivor, other, third = (make.some_customer() for _ in range(3))
    for first, second in ((survivor, other), (other, third)):
        DuplicatePair.objects.create(
            first=first, second=second, probability=0.9, fingerprint="x", found_at=NOW
        )
    before = everything(DuplicatePair)
    merge = merged(survivor, other)
    assert not DuplicatePair.objects.exists()
    taken_apart(merge)
    assert everything(DuplicatePair) == before


def test_the_audit_tells_of_the_merge_of_both_and_of_the_undoing() -> None:
    survivor, other = make.some_customer(name="Acme"), make.some_customer(name="Acme Ltd", phone="12345678")
    make.some_order(other)
    merge = merged(survivor, other)
    made = AuditEntry.objects.get(verb="customers.merge")
    assert (made.record, made.actor_name) == ("duplicates.merge", "Ada")
    assert made.changes["counts"] == [None, {"trade.order": 1}]
    changed = AuditEntry.objects.get(verb="customer.merge")
    assert (changed.record_id, changed.changes["phone"]) == (str(survivor.pk), ["", "12345678"])
    gone = AuditEntry.objects.get(verb="customer.merge_away")
    assert gone.changes == {"id": [other.pk, None], "survivor": survivor.pk}
    taken_apart(merge)
    assert AuditEntry.objects.filter(verb="customer.unmerge").count() == 2
    assert AuditEntry.objects.get(verb="customers.unmerge").changes.keys() == {"undone_at", "undone_by_id"}


def test_the_audit_keeps_no_values_of_the_one_that_is_gone() -> None:
    survivor = make.some_customer(name="Acme", phone="1", note="n", email="x@acme.example")
    other = make.some_customer(name="Acme Ltd", email="secret@acme.example")
    merged(survivor, other)
    assert not AuditEntry.objects.filter(changes__icontains="secret@acme").exists()


def test_what_there_was_before_is_erased_after_a_year_and_addresses_still_lead_on() -> None:
    survivor, other = make.some_customer(), make.some_customer(email="secret@acme.example")
    merge = merged(survivor, other)
    assert forget_merges(before=NOW) == 0
    assert forget_merges(before=NOW + dt.timedelta(seconds=1)) == 1
    part = MergedCustomer.objects.get()
    assert (part.values, part.moved, part.active) == ({}, [], True)
    with pytest.raises(Conflict, match="too long ago"):
        taken_apart(merge)
    assert Customer.objects.count() == 1


def test_undoing_leaves_no_second_copy_of_the_values() -> None:
    merge = merged(make.some_customer(), make.some_customer(email="secret@acme.example"))
    taken_apart(merge)
    assert MergedCustomer.objects.get().values == {}


@pytest.mark.parametrize(
    ("held", "expected"),
    [({"assets": 7}, ("CNY", 7, None)), ({}, ("USD", None, 5))],
    ids=["amounts of two currencies do not mix", "amounts come with their currency"],
)
def test_amounts_keep_their_currency(held: dict[str, Any], expected: tuple[Any, ...]) -> None:
    survivor, other = make.some_customer(), make.some_customer()
    kept = make.some_company_profile(survivor, currency="CNY", **held)
    make.some_company_profile(other, currency="USD", registered_capital=5)
    merge = merged(survivor, other)
    kept.refresh_from_db()
    assert (kept.currency, kept.assets, kept.registered_capital) == expected
    taken_apart(merge)
    kept.refresh_from_db()
    assert (kept.currency, kept.registered_capital) == ("CNY", None)


def test_a_merge_gives_nothing_to_who_may_not_sign_in() -> None:
    field("helper", "user", names={"en": "Helper"})
    lin, gone = make.some_user(name="Lin"), make.some_user(name="Kai", is_active=False)
    one, other = make.some_customer(owner=lin), make.some_customer(owner=gone, custom={"helper": gone.pk})
    for name in ("owner", "custom__helper"):
        with pytest.raises(CannotBeGiven):
            merged(one, other, chosen={name: other.pk})
    nobodys, last = make.some_customer(owner=None), make.some_customer(owner=lin)
    merged(nobodys, other, last)
    nobodys.refresh_from_db()
    assert (nobodys.owner, nobodys.custom) == (lin, {})


def test_taking_a_merge_apart_gives_nothing_back_to_who_has_left_meanwhile() -> None:
    leaver, lin = make.some_user(name="Kai"), make.some_user(name="Lin")
    one, other = make.some_customer(owner=leaver, city="Leeds"), make.some_customer(owner=lin, city="York")
    merge = merged(one, other, chosen={"owner": other.pk, "city": other.pk})
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    undone = undo_merge(merge, actor=anybody(), at=NOW)
    one.refresh_from_db()
    assert (one.owner, one.city) == (lin, "Leeds")
    assert undone.left_as_is == [f"{one}: account manager"]


def test_the_books_of_merged_customers_add_up_and_are_taken_apart_again() -> None:
    kept, gone = make.some_customer(), make.some_customer()
    for customer in (kept, gone):
        make.some_settlement(customer)
        make.some_invoice(customer)
    entries = list(JournalEntry.objects.order_by("pk").values())
    merge = merged(kept, gone)
    assert faults() == []
    assert balances(kept.pk)["receivable"] == 2260
    taken_apart(merge)
    assert faults() == []
    assert [balances(each.pk)["receivable"] for each in (kept, gone)] == [1130, 1130]
    assert list(JournalEntry.objects.order_by("pk").values()) == entries
