from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from clientier.core import commands
from clientier.core.actor import Door
from clientier.core.errors import Conflict
from clientier.kit.imports.taking_back import records_left, take_back
from clientier.kit.models import ImportRun
from clientier.rooms.parties.models import Address, Customer
from clientier.rooms.people.models import Organisation
from clientier.rooms.people.queries import actor_of
from clientier.rooms.trade.models import Order, OrderLine
from tests import factories
from tests.kit.imports.running import ACTOR, counts, imported

pytestmark = pytest.mark.django_db
CUSTOMERS = "id,name,city,parent,street\n1,One,Leeds,2,A 1\n2,Two,上海,,B 2\n3,Three,,,C 3\n4,Four,,,D 4\n"


def change(key, **changes):
    editor = actor_of(factories.administrator(), Door.PAGE)
    commands.update(Customer.objects.get(external_id=key), actor=editor, changes=changes)


def test_only_what_was_changed_since_stays_with_what_it_needs(write_file):
    factories.some_customer(external_id="4", name="Four before")
    run = imported(write_file(CUSTOMERS), "customers")
    assert counts(run) == (4, 3, 1, 0, 0)
    assert Address.objects.count() == 4
    change("1", city="Hull")
    number = take_back(run, actor=ACTOR, leave_changed=True)
    left = Customer.objects.order_by("external_id").values_list("external_id", "name", "city")
    assert list(left) == [("1", "One", "Hull"), ("2", "Two", "上海"), ("4", "Four before", "")]
    assert Address.objects.get().customer.external_id == "1"
    assert number == 2 + 3
    assert records_left(run) == {Customer: 2, Address: 1}
    assert run.facts["left"] == {"parties.customer": 2, "parties.address": 1}
    assert run.state == "undone"


def test_what_others_came_to_depend_on_stays(write_file):
    run = imported(write_file(CUSTOMERS), "customers")
    factories.some_contact(Customer.objects.get(external_id="3"), name="Ann")
    take_back(run, actor=ACTOR, leave_changed=True)
    assert list(Customer.objects.values_list("external_id", flat=True)) == ["3"]


def test_an_order_changed_since_keeps_its_lines(write_file):
    Organisation.objects.create(base_currency="USD")
    factories.some_customer(external_id="1")
    text = "order no,line,order date,customer,amount\nA,1,2024-01-02,1,10\nB,1,2024-01-02,1,5\n"
    run = imported(write_file(text), "orders")
    editor = actor_of(factories.administrator(), Door.PAGE)
    commands.update(Order.objects.get(number="A"), actor=editor, changes={"day": dt.date(2024, 1, 3)})
    take_back(run, actor=ACTOR, leave_changed=True)
    assert list(Order.objects.values_list("number", "amount")) == [("A", 10)]
    assert OrderLine.objects.count() == 1


def test_after_thirty_days_nothing_is_undone(write_file):
    run = imported(write_file(CUSTOMERS), "customers")
    ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - dt.timedelta(days=31))
    with pytest.raises(Conflict, match="30 days"):
        take_back(run, actor=ACTOR, leave_changed=True)
    assert Customer.objects.count() == 4
