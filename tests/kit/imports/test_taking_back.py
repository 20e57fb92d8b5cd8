from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from clientier.core import commands
from clientier.core.actor import Door, Reach
from clientier.core.errors import Conflict, NotAllowed
from clientier.core.models import AuditEntry, BulkChange
from clientier.kit.imports.taking_back import take_back
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import Organisation
from clientier.rooms.people.queries import actor_of
from clientier.rooms.trade.models import Order
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import ValueRun
from tests import factories
from tests.kit.imports.running import ACTOR, counts, everything, imported

pytestmark = pytest.mark.django_db

CUSTOMERS = "id,name,city,parent\n1,One,Leeds,2\n2,Two,上海,\n3,Three,,\n"
ORDERS = (
    "order no,line,order date,customer,amount,freight\n"
    "A,1,2024-01-02,1,10,1\nA,2,2024-01-02,1,5,1\nB,1,2024-01-03,2,7,0\n"
)


def test_undo_restores_every_table_exactly(write_file):
    Organisation.objects.create(base_currency="USD")
    old = factories.some_customer(external_id="1", name="Old name", city="York", note="kept")
    factories.some_order(
        old, number="A", day=dt.date(2023, 5, 5), currency="USD", lines=[{"amount": 3, "freight": 2}]
    )
    before = everything()
    customers = imported(write_file(CUSTOMERS), "customers")
    after_customers = everything()
    orders = imported(write_file(ORDERS), "orders")
    assert counts(customers) == (3, 2, 1, 0, 0)
    assert counts(orders) == (3, 2, 1, 0, 0)
    take_back(orders, actor=ACTOR)
    assert everything() == after_customers
    take_back(customers, actor=ACTOR)
    assert everything() == before
    assert (orders.state, customers.state) == ("undone", "undone")
    undone = set(BulkChange.objects.values_list("record", "record_id", "undone_by"))
    line = old.orders.get().lines.get()
    assert undone == {
        ("parties.customer", old.pk, ACTOR.request_id),
        ("trade.order", line.order_id, ACTOR.request_id),
        ("trade.orderline", line.pk, ACTOR.request_id),
    }
    assert AuditEntry.objects.filter(verb="import.undo").count() == 2


def test_an_import_over_an_import_is_undone_first(write_file):
    first = imported(write_file(CUSTOMERS, "first.csv"), "customers")
    second = imported(write_file(CUSTOMERS.replace("Leeds", "Hull"), "second.csv"), "customers")
    before = everything()
    with pytest.raises(Conflict) as refused:
        take_back(first, actor=ACTOR)
    assert str(refused.value) == (
        "Some of the customers were changed again since. Nothing was undone. "
        "Imported later: second.csv (Customers)."
    )
    assert everything() == before
    take_back(second, actor=ACTOR)
    take_back(first, actor=ACTOR)
    assert not Customer.objects.exists()


def test_what_others_depend_on_stays_and_the_refusal_names_them(write_file):
    Organisation.objects.create(base_currency="USD")
    customers = imported(write_file(CUSTOMERS, "customers.csv"), "customers")
    imported(write_file(ORDERS, "orders.csv"), "orders")
    before = everything()
    with pytest.raises(Conflict) as refused:
        take_back(customers, actor=ACTOR)
    assert str(refused.value) == (
        "Other records have come to depend on these: orders. Undo or remove those first. "
        "Imported later: orders.csv (Orders with lines)."
    )
    assert everything() == before


def test_a_single_change_since_is_not_undone_over(write_file):
    run = imported(write_file(CUSTOMERS), "customers")
    editor = actor_of(factories.administrator(), Door.PAGE)
    commands.update(Customer.objects.get(external_id="3"), actor=editor, changes={"city": "Ely"})
    before = everything()
    with pytest.raises(Conflict, match="were changed again since"):
        take_back(run, actor=ACTOR)
    assert everything() == before


def test_judgements_go_with_the_customers_they_were_made_of(write_file):
    Organisation.objects.create(base_currency="USD")
    before = everything()
    customers = imported(write_file(CUSTOMERS), "customers")
    orders = imported(write_file(ORDERS), "orders")
    run_value(ValueRun, actor=ACTOR, as_of=dt.date(2024, 2, 1))
    take_back(orders, actor=ACTOR)
    take_back(customers, actor=ACTOR)
    assert everything() == before
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_sums_of_orders_are_right_after_lines_were_taken_back(write_file):
    Organisation.objects.create(base_currency="USD")
    customer = factories.some_customer(external_id="1")
    factories.some_customer(external_id="2")
    factories.some_order(customer, number="A", day=dt.date(2024, 1, 2), currency="USD", lines=[{"amount": 3}])
    run = imported(write_file(ORDERS), "orders")
    assert Order.objects.get(number="A").amount == 15
    take_back(run, actor=ACTOR)
    assert Order.objects.get(number="A").amount == Decimal(3)
    assert not Order.objects.filter(number="B").exists()


def test_undo_happens_once_and_needs_the_right(write_file):
    run = imported(write_file(CUSTOMERS), "customers")
    user = factories.some_user()
    factories.grant(user.role, "parties.customer", Reach.ALL, actions=("view", "import"))
    with pytest.raises(NotAllowed):
        take_back(run, actor=actor_of(user))
    assert Customer.objects.count() == 3
    take_back(run, actor=ACTOR)
    with pytest.raises(Conflict, match="nothing left to undo"):
        take_back(run, actor=ACTOR)
