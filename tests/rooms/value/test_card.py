"""The card of a customer reads its standing along with the customer, and shows it to nobody whose right is narrower."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientier.core import access
from clientier.core.actor import Reach
from clientier.kit import resource, rows
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.stewardship.commands.completeness import judge_cards
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import Standing, ValueRun
from clientier.rooms.value.queries.card import standing_for
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2026, 6, 30)


def judged_customer(owner: User | None = None) -> Customer:
    customer = make.some_customer(owner=owner or make.some_user())
    make.some_order(customer, [{"amount": Decimal(900), "cost": Decimal(400)}], day=AS_OF)
    run_value(ValueRun, actor=make.acting(make.administrator()), as_of=AS_OF)
    judge_cards()
    return customer


def test_the_card_reads_the_customer_with_what_lies_beside_it_once() -> None:
    customer = judged_customer()
    client = make.signed_in(make.administrator())
    client.get(f"/customers/{customer.pk}/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert "Net profit, 12 months" in page
    asked = [each["sql"] for each in queries.captured_queries]
    of_its_own = ("value_standing", "stewardship_upkeep", "people_territory")
    assert [sql for sql in asked if any(f'FROM "{table}" WHERE' in sql for table in of_its_own)] == []
    by_key = [sql for sql in asked if f'"parties_customer"."id" = {customer.pk}' in sql]
    assert len([sql for sql in by_key if 'FROM "parties_customer"' in sql]) == 1


@pytest.mark.parametrize("reach", [Reach.OWN, Reach.TEAM, Reach.NONE])
def test_a_narrower_right_to_standings_holds_on_a_customer_that_was_read_with_its_standing(
    reach: Reach,
) -> None:
    theirs, role = judged_customer(), make.some_role()
    me = make.some_user(role=role)
    mine = judged_customer(me)
    grants = {("parties.customer", "view"): Reach.ALL, ("value.standing", "view"): reach}
    actor = make.acting(me, unlimited=False, grants=grants)
    with_standing = Customer.objects.select_related("standing")
    assert standing_for(actor, with_standing.get(pk=theirs.pk)) is None
    own = standing_for(actor, with_standing.get(pk=mine.pk))
    assert (own is not None) == (reach is not Reach.NONE)


def test_a_standing_as_wide_as_the_customer_is_read_along_and_one_not_there_is_none() -> None:
    customer, fresh = judged_customer(), make.some_customer()
    actor = make.acting(make.administrator())
    read = rows.one(resource.REGISTRY["customers"], actor, customer.pk)
    unjudged = rows.one(resource.REGISTRY["customers"], actor, fresh.pk)
    with CaptureQueriesContext(connection) as queries:
        assert access.beside(actor, read, "standing") == Standing.objects.get(pk=customer.pk)
        assert access.beside(actor, unjudged, "standing") is None
    assert len(queries) == 1  # the one of this test


def test_what_all_may_do_is_known_without_asking_and_what_the_owner_may_is_asked_of_the_stored_row() -> None:
    me = make.some_user()
    mine, theirs = make.some_customer(owner=me), make.some_customer(owner=make.some_user())
    everywhere = make.acting(me, kinds=[Customer])
    own = make.acting(me, reach=Reach.OWN, kinds=[Customer])
    with CaptureQueriesContext(connection) as queries:
        assert access.may(everywhere, theirs, "change")
        assert not access.may(make.acting(me, reach=Reach.NONE, kinds=[Customer]), theirs, "change")
    assert len(queries) == 0
    theirs.owner = me  # as a form leaves it behind that was not saved
    assert (access.may(own, mine, "change"), access.may(own, theirs, "change")) == (True, False)
