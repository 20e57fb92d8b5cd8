"""A page looks up once what there is about its record; it leaves out no more than what is not there."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientier.core import presence
from clientier.core.access import field_at
from clientier.core.actor import Reach
from clientier.rooms.activities.queries import TASKS
from clientier.rooms.parties.models import Customer, Share
from clientier.rooms.parties.queries.relations import RELATIONS
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_is_not_there_is_known_only_while_it_was_looked_up() -> None:
    customer, same = make.some_customer(), None
    assert TASKS.may_be(customer)
    with presence.looked_up(customer):
        same = Customer.objects.get(pk=customer.pk)
        assert not TASKS.may_be(customer) and not RELATIONS.may_be(customer)
        assert TASKS.may_be(same), "another reading of the record, of another moment maybe"
    make.some_task(customer=customer)
    assert TASKS.may_be(customer)
    with presence.looked_up(customer):
        assert TASKS.may_be(customer) and not RELATIONS.may_be(customer)


def test_either_end_counts() -> None:
    relation = make.some_relation()
    for end in (relation.from_customer, relation.to_customer):
        with presence.looked_up(end):
            assert RELATIONS.may_be(end)


def test_nothing_is_asked_of_records_to_which_nothing_declared_refers() -> None:
    user = make.some_user()
    with CaptureQueriesContext(connection) as queries, presence.looked_up(user):
        assert TASKS.may_be(user)
    assert not len(queries)


def test_what_is_declared_once_pages_were_asked_may_be_there() -> None:
    customer = make.some_customer()
    with presence.looked_up(customer):
        pass
    with patch.object(presence, "_declared", [*presence._declared]):
        late = presence.Referring(Share, "customer")
    with presence.looked_up(customer):
        assert late.may_be(customer)


def test_an_index_answers_for_every_column() -> None:
    leading = (
        "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indpred IS NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(leading)
        indexed = set(cursor.fetchall())
    asked = {
        (each.model._meta.db_table, field_at(each.model, name).column)
        for each in presence._declared
        for name in each.names
    }
    assert asked - indexed == set()
    assert ("parties_relation", "to_customer_id") in asked


def test_the_right_decides_over_what_is_there() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL)
    task = make.some_task(customer=make.some_customer(), title="Ring them up")
    page = f"/customers/{task.customer_id}/"
    assert "Ring them up" not in make.signed_in(rep).get(page).content.decode()
    assert "Ring them up" in make.signed_in(make.administrator()).get(page).content.decode()


def test_of_what_is_not_there_a_card_asks_once() -> None:
    client, customer = make.signed_in(make.administrator()), make.some_customer()
    page = f"/customers/{customer.pk}/"
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    tables = ("parties_share", "parties_relation", "activities_task", "trade_order", "value_move")
    for table in tables:
        assert sum(table in query["sql"] for query in queries) == 1, table
