"""What products cost over time: every change is in the history, and the history says what holds today."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from clientier.core import commands, undo
from clientier.core.actor import Reach, system
from clientier.core.models import AuditEntry
from clientier.rooms.catalog.commands.costs import (
    correct_cost_change,
    enter_cost,
    remove_cost_change,
    renew_costs,
)
from clientier.rooms.catalog.models import CostChange, Product
from clientier.rooms.catalog.queries.costs import cost_on, costs_on, today
from clientier.rooms.people.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def settle() -> None:
    """What the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def history(product: Product) -> list[tuple[dt.date, Decimal]]:
    settle()
    return list(
        CostChange.objects.filter(product=product).order_by("from_day").values_list("from_day", "cost")
    )


def entered(product: Product, day: dt.date, cost: int) -> CostChange:
    changes = {"product": product, "from_day": day, "cost": Decimal(cost)}
    settle()
    made: CostChange = enter_cost(CostChange, actor=make.acting(), changes=changes)
    product.refresh_from_db()
    return made


def test_a_cost_that_is_changed_is_in_the_history_from_today_on() -> None:
    product = make.some_product(cost=Decimal(5))
    commands.update(product, actor=make.acting(), changes={"cost": Decimal(6)})
    assert history(product) == [(today(), Decimal(6))]


def test_a_cost_of_before_stays_when_another_is_set() -> None:
    product = make.some_product()
    entered(product, today() - 30 * DAY, 5)
    commands.update(product, actor=make.acting(), changes={"cost": Decimal(6)})
    settle()
    assert history(product) == [(today() - 30 * DAY, Decimal(5)), (today(), Decimal(6))]
    assert cost_on(product, today() - DAY) == 5
    assert cost_on(product, today()) == 6
    assert cost_on(product, today() - 31 * DAY) is None


def test_a_product_without_a_cost_has_no_history() -> None:
    assert history(make.some_product(cost=None)) == []


def test_the_day_is_that_of_the_company() -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Kiritimati"})
    ahead = today()
    Organisation.objects.update(time_zone="Pacific/Pago_Pago")
    assert ahead == today() + DAY


def test_what_is_entered_for_the_past_is_the_cost_of_today_and_for_the_future_not_yet() -> None:
    product = make.some_product()
    entered(product, today() - DAY, 5)
    assert product.cost == 5
    entered(product, today() + DAY, 9)
    assert product.cost == 5
    entered(product, today() - 2 * DAY, 1)
    assert product.cost == 5


def test_correcting_and_removing_the_latest_lets_the_product_follow() -> None:
    product = make.some_product()
    entered(product, today() - 9 * DAY, 4)
    last = entered(product, today() - DAY, 5)
    correct_cost_change(last, actor=make.acting(), changes={"cost": Decimal(7)})
    product.refresh_from_db()
    assert product.cost == 7
    remove_cost_change(last, actor=make.acting())
    product.refresh_from_db()
    assert product.cost == 4


def test_undoing_an_entry_brings_the_former_cost_back() -> None:
    product = make.some_product(cost=Decimal(3))
    settle()
    CostChange.objects.filter(product=product).update(from_day=today() - 9 * DAY)
    actor = make.acting(make.some_user())
    changes = {"product": product, "from_day": today() - DAY, "cost": Decimal(5)}
    enter_cost(CostChange, actor=actor, changes=changes)
    undo.undo(actor.request_id, actor=actor.through(actor.door))
    product.refresh_from_db()
    assert (product.cost, cost_on(product, today())) == (3, 3)


def test_undoing_a_change_of_the_product_undoes_it_in_the_history() -> None:
    product = make.some_product(cost=Decimal(3))
    actor = make.acting(make.some_user())
    settle()
    commands.update(product, actor=actor, changes={"cost": Decimal(8)})
    settle()
    undo.undo(actor.request_id, actor=actor.through(actor.door))
    settle()
    assert cost_on(product, today()) == 3


def test_a_product_that_was_just_made_with_its_cost_can_be_taken_back() -> None:
    actor = make.acting(make.some_user())
    commands.create(Product, actor=actor, changes={"name": "Nut", "cost": Decimal(3)})
    settle()
    assert CostChange.objects.count() == 1
    undo.undo(actor.request_id, actor=actor.through(actor.door))
    assert not Product.objects.exists()
    assert not CostChange.objects.exists()


def test_a_product_comes_out_of_the_trash_with_its_history() -> None:
    product = make.some_product()
    entered(product, today() - 9 * DAY, 4)
    commands.update(product, actor=make.acting(), changes={"cost": Decimal(6)})
    before, actor = history(product), make.acting(make.some_user())
    commands.delete(product, actor=actor)
    undo.undo(actor.request_id, actor=actor.through(actor.door))
    assert history(Product.objects.get()) == before


def test_when_the_day_has_come_the_product_costs_what_was_entered_for_it() -> None:
    product, other = make.some_product(cost=Decimal(3)), make.some_product(cost=Decimal(2))
    settle()
    CostChange.objects.update(from_day=today() - 9 * DAY)
    entered(product, today() + DAY, 5)
    CostChange.objects.filter(from_day=today() + DAY).update(from_day=today())
    assert renew_costs(today(), actor=system()) == 1
    product.refresh_from_db(), other.refresh_from_db()
    assert (product.cost, other.cost) == (5, 2)
    assert AuditEntry.objects.filter(verb="cost.renew").count() == 1
    assert renew_costs(today(), actor=system()) == 0
    assert AuditEntry.objects.filter(verb="cost.renew").count() == 1


def test_costs_of_many_are_one_query(django_assert_num_queries: object) -> None:
    products = [make.some_product(cost=Decimal(number)) for number in range(1, 4)]
    settle()
    day = today()
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = costs_on([product.pk for product in products], day)
    assert found == {product.pk: product.cost for product in products}


def test_who_may_not_read_costs_sees_none_on_the_card() -> None:
    product = make.some_product(cost=Decimal("771.77"))
    settle()
    seen, kept_from = make.some_user(), make.some_user()
    for user in (seen, kept_from):
        for kind in ("catalog.product", "catalog.costchange"):
            make.grant(user.role, kind, Reach.ALL)
    make.field_rule(kept_from.role, "catalog.product", "cost", "hidden")
    url = f"/products/{product.pk}/"
    assert "771.77" in make.signed_in(seen).get(url).content.decode()
    assert "771.77" not in make.signed_in(kept_from).get(url).content.decode()
