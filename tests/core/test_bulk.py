from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from clientier.core import audit, bulk, commands
from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict, NotAllowed
from clientier.core.models import BulkChange
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.trade.models import OrderLine
from tests import factories as make

pytestmark = pytest.mark.django_db
KEY = ("external_id",)


def row(number: str, name: str, **facts: Any) -> dict[str, Any]:
    return {"external_id": number, "name": name, **facts}


def upsert(actor: Actor, *rows: dict[str, Any]) -> bulk.Outcome:
    outcome = bulk.upsert(Customer, rows, key=KEY, actor=actor)
    audit.note("customers.import", Customer, actor, created=outcome.created, updated=outcome.updated)
    return outcome


def test_rows_are_created_updated_or_found_the_same() -> None:
    same = make.some_customer(external_id="1", name="Same", city="Bonn")
    other = make.some_customer(external_id="2", name="Old", city="Bonn", industry="kept")
    outcome = upsert(
        make.acting(),
        row("1", "Same", city="Bonn"),
        row("2", "New", city="Bonn"),
        row("3", "Third", city="Ulm"),
    )
    assert outcome == bulk.Outcome(created=1, updated=1, unchanged=1)
    other.refresh_from_db()
    assert (other.name, other.industry) == ("New", "kept")
    third = Customer.objects.get(external_id="3")
    assert (third.name, third.city, third.kind, third.owner) == ("Third", "Ulm", "company", None)
    ledger = {change.record_id: change.before for change in BulkChange.objects.all()}
    assert ledger == {other.pk: {"name": "Old", "city": "Bonn"}, third.pk: None}
    assert same.pk not in ledger


def test_one_column_besides_the_key_is_enough_and_so_is_the_key_alone() -> None:
    make.some_product(external_id="1", name="Old")
    actor = make.acting()
    outcome = bulk.upsert(Product, [row("1", "New"), row("2", "Two")], key=KEY, actor=actor)
    assert outcome == bulk.Outcome(created=1, updated=1)
    with transaction.atomic():
        outcome = bulk.upsert(Product, [{"external_id": "1"}], key=KEY, actor=actor)
    assert outcome == bulk.Outcome(unchanged=1)


def test_the_planner_learns_of_a_table_that_grew_before_the_write_is_committed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parties_customer")
        upsert(make.acting(), *(row(str(number), "Same") for number in range(40)))
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'parties_customer'::regclass")
        assert cursor.fetchone() == (40.0,)


def test_nothing_to_write_writes_nothing() -> None:
    assert bulk.upsert(Customer, [], key=KEY, actor=make.acting()) == bulk.Outcome()


def test_empty_values_are_told_from_missing_ones() -> None:
    make.some_customer(external_id="1", name="A", employees=5)
    upsert(make.acting(), row("1", "A", employees=None))
    assert Customer.objects.get().employees is None
    assert upsert(make.acting(), row("1", "A", employees=None)).unchanged == 1


def test_search_and_order_follow_what_was_written() -> None:
    make.some_customer(external_id="1", name="Alpha")
    upsert(make.acting(), row("1", "贝塔", phone="13812345678"), row("2", "Ångström", phone=""))
    assert Customer.objects.get(search__matches="beita").sort_key == "bei ta"
    assert Customer.objects.get(search__matches="3456").external_id == "1"
    assert Customer.objects.get(search__matches="angst").sort_key == "angstrom"
    assert not Customer.objects.filter(search__matches="alpha").exists()


def test_nasty_text_is_stored_as_it_is() -> None:
    name = "a\tb\nc\\d'e\"f🙂 \\N"
    upsert(make.acting(), row("1", name))
    assert Customer.objects.get().name == name


def test_rows_out_of_reach_are_left_alone_and_reported() -> None:
    ada, ben = make.some_user(), make.some_user()
    make.some_customer(external_id="1", name="Mine", owner=ada)
    theirs = make.some_customer(external_id="2", name="Theirs", owner=ben)
    actor = make.acting(ada, reach=Reach.OWN, kinds=[Customer])
    outcome = upsert(actor, row("2", "Stolen"), row("1", "Still mine"))
    assert outcome == bulk.Outcome(updated=1, out_of_reach=[0])
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"
    assert not BulkChange.objects.filter(record_id=theirs.pk).exists()


def test_rows_cannot_be_put_out_of_ones_own_reach() -> None:
    ada, ben = make.some_user(), make.some_user()
    mine = make.some_customer(external_id="1", name="Mine", owner=ada)
    actor = make.acting(ada, reach=Reach.OWN, kinds=[Customer])
    rows = [
        row("1", "Mine", owner_id=ben.pk),
        row("2", "New", owner_id=ben.pk),
        row("3", "Own", owner_id=ada.pk),
    ]
    assert upsert(actor, *rows) == bulk.Outcome(created=1, out_of_reach=[0, 1])
    mine.refresh_from_db()
    assert mine.owner == ada
    assert set(Customer.objects.values_list("name", flat=True)) == {"Mine", "Own"}
    assert BulkChange.objects.count() == 1


def test_without_the_right_to_add_rows_are_not_created() -> None:
    make.some_customer(external_id="1", name="A")
    grants = {("parties.customer", action): Reach.ALL for action in ("view", "change")}
    actor = make.acting(make.some_user(), kinds=["none"], grants=grants)
    assert upsert(actor, row("1", "B")).updated == 1
    with pytest.raises(NotAllowed), transaction.atomic():
        upsert(actor, row("1", "C"), row("2", "New"))
    assert list(Customer.objects.values_list("name", flat=True)) == ["B"]


@pytest.mark.parametrize("kind", ["locked", "hidden"])
def test_fields_that_may_not_be_written_are_refused(kind: str) -> None:
    make.some_customer(external_id="1", name="A", phone="1")
    actor = make.acting(**{kind: frozenset({("parties.customer", "phone")})})
    with pytest.raises(NotAllowed):
        upsert(actor, row("1", "B", phone="2"))
    assert Customer.objects.get().name == "A"


def test_what_breaks_a_constraint_leaves_nothing() -> None:
    make.some_customer(external_id="1", name="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        upsert(make.acting(), row("1", "B"), row("2", None))  # type: ignore[arg-type]
    assert Customer.objects.get().name == "A"
    assert not BulkChange.objects.exists()


def test_a_key_of_two_columns() -> None:
    line = make.some_line(amount=5)
    actor = make.acting()
    rows = [
        {"order_id": line.order_id, "line_no": 1, "amount": Decimal(7)},
        {"order_id": line.order_id, "line_no": 2, "amount": Decimal(9)},
    ]
    assert bulk.upsert(OrderLine, rows, key=("order_id", "line_no"), actor=actor) == bulk.Outcome(1, 1)
    assert list(OrderLine.objects.order_by("line_no").values_list("amount", flat=True)) == [7, 9]


def test_undoing_restores_everything_exactly() -> None:
    kept = make.some_customer(external_id="1", name="Alpha", first_seen=dt.date(2024, 1, 1), employees=3)
    untouched = make.some_customer(external_id="9", name="Omega")
    before = list(Customer.objects.order_by("pk").values())
    actor = make.acting(make.some_user())
    facts = {"first_seen": None, "employees": None, "owner_id": make.some_user().pk}
    upsert(actor, row("1", "Beta", **facts), row("2", "Gamma", **facts))
    upsert(actor, row("1", "Delta", **facts), row("2", "Gamma 2", **facts))
    assert bulk.undo(Customer, actor=actor, request_id=actor.request_id) == 2
    assert list(Customer.objects.order_by("pk").values()) == before
    assert Customer.objects.get(search__matches="alpha") == kept
    assert not Customer.objects.filter(search__matches="delta").exists()
    assert untouched.pk == before[1]["id"]


def test_money_comes_back_to_the_last_decimal() -> None:
    make.some_product(external_id="1", name="Nut", cost=Decimal("12345678901234.5678"))
    actor = make.acting()
    bulk.upsert(Product, [row("1", "Nut", cost=Decimal("0.0001"))], key=KEY, actor=actor)
    bulk.undo(Product, actor=actor, request_id=actor.request_id)
    assert Product.objects.get().cost == Decimal("12345678901234.5678")


def test_a_record_changed_since_by_another_bulk_is_a_conflict() -> None:
    first, second = make.acting(), make.acting()
    upsert(first, row("1", "A"))
    upsert(second, row("1", "B"))
    with pytest.raises(Conflict):
        bulk.undo(Customer, actor=first, request_id=first.request_id)
    assert Customer.objects.get().name == "B"
    bulk.undo(Customer, actor=second, request_id=second.request_id)
    assert Customer.objects.get().name == "A"


@pytest.mark.django_db(transaction=True)
def test_a_record_changed_since_by_hand_is_a_conflict() -> None:
    actor = make.acting()
    upsert(actor, row("1", "A"), row("2", "X"))
    commands.update(Customer.objects.get(external_id="1"), actor=make.acting(), changes={"name": "B"})
    with pytest.raises(Conflict):
        bulk.undo(Customer, actor=actor, request_id=actor.request_id)
    assert Customer.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_record_on_which_others_build_is_refused_as_a_whole() -> None:
    actor = make.acting()
    upsert(actor, row("1", "A"), row("2", "X"))
    make.some_contact(Customer.objects.get(external_id="1"))
    with pytest.raises(Conflict, match="contacts"), transaction.atomic():
        bulk.undo(Customer, actor=actor, request_id=actor.request_id)
    assert Customer.objects.count() == 2
    assert Contact.objects.count() == 1


def test_undoing_takes_the_right_to_delete() -> None:
    actor = make.acting()
    upsert(actor, row("1", "A"))
    nobody = make.acting(make.some_user(), reach=Reach.NONE, kinds=[Customer])
    with pytest.raises(NotAllowed):
        bulk.undo(Customer, actor=nobody, request_id=actor.request_id)
    assert Customer.objects.exists()


def test_thousands_of_rows_take_a_moment(capsys: pytest.CaptureFixture[str]) -> None:
    """The figure is printed, never judged by the clock."""
    rows = [row(str(n), f"客户 {n}", phone=f"138{n:08}") for n in range(5000)]
    began = time.perf_counter()
    assert upsert(make.acting(), *rows).created == 5000
    seconds = time.perf_counter() - began
    with capsys.disabled():
        print(f"\nbulk upsert: {5000 / seconds:,.0f} customers a second")
