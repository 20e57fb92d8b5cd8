from __future__ import annotations

import base64
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientier.core.errors import BadQuestion
from clientier.kit import paging
from clientier.kit.paging import Order
from clientier.rooms.activities.models import Interaction
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db
any_data = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def in_full(found: QuerySet[Any], path: str, *, descending: bool) -> list[int]:
    """The whole list in order, by a second way: one query, sorted by the database."""
    way = F(path).desc(nulls_last=True) if descending else F(path).asc(nulls_last=True)
    return list(found.order_by(way, "-pk" if descending else "pk").values_list("pk", flat=True))


def walk(found: QuerySet[Any], order: Order, size: int) -> tuple[list[int], list[int]]:
    """All keys by walking the pages to the end, and again by walking back."""
    page = paging.page(found, order, size=size)
    assert page.before == ""
    forwards = [page]
    while page.after:
        page = paging.page(found, order, size=size, after=page.after)
        forwards.append(page)
    backwards = [page]
    while page.before:
        page = paging.page(found, order, size=size, before=page.before)
        backwards.insert(0, page)
    there, back = ([r.pk for page in pages for r in page.records] for pages in (forwards, backwards))
    return there, back


def check(model: Any, path: str, size: int, found: QuerySet[Any] | None = None) -> None:
    found = model.objects.all() if found is None else found
    for descending in (False, True):
        expected = in_full(found, path, descending=descending)
        there, back = walk(found, Order.by(model, path, descending=descending), size)
        assert there == expected, (path, descending)
        assert back == expected, (path, descending)


def clear() -> None:
    for model in (Interaction, Contact, Customer, Product):
        model.objects.all().delete()


sizes = st.integers(1, 5)


@any_data
@given(
    st.lists(
        st.none() | st.sampled_from([Decimal("-1.5"), Decimal(0), Decimal("0.0001"), Decimal(3)]), max_size=14
    ),
    sizes,
)
def test_money_with_gaps_and_ties(costs: list[Decimal | None], size: int) -> None:
    clear()
    for cost in costs:
        make.some_product(cost=cost)
    check(Product, "cost", size)


@any_data
@given(st.lists(st.text("aZé上%_\\'\" ", max_size=3), max_size=14), sizes)
def test_texts_and_the_key_itself(names: list[str], size: int) -> None:
    clear()
    for name in names:
        make.some_product(name=name)
    for path in ("name", "sort_key", "pk"):
        check(Product, path, size)


@any_data
@given(st.lists(st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), max_size=14), sizes)
def test_days(days: list[dt.date | None], size: int) -> None:
    clear()
    for day in days:
        make.some_customer(first_seen=day)
    check(Customer, "first_seen", size)


@any_data
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=14), sizes)
def test_moments_to_the_microsecond(microseconds: list[int], size: int) -> None:
    clear()
    customer, user = make.some_customer(), User.objects.first() or make.some_user()
    begin = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    for micro in microseconds:
        make.some_interaction(customer, user=user, at=begin + dt.timedelta(microseconds=micro))
    check(Interaction, "at", size)


@any_data
@given(st.lists(st.none() | st.sampled_from(["north", "south", "west"]), max_size=10), sizes)
def test_over_relations_that_may_be_missing(territories: list[str | None], size: int) -> None:
    clear()
    for name in territories:
        territory = name and make.Territory.objects.get_or_create(name=name)[0]
        make.some_contact(make.some_customer(territory=territory or None))
    check(Contact, "customer__territory__name", size)
    check(Contact, "customer__name", size)


def test_under_a_filter() -> None:
    for number in range(9):
        make.some_product(cost=number % 3 or None, active=number % 2 == 0)
    check(Product, "cost", 2, Product.objects.filter(active=True))


def test_neighbours_are_those_of_the_list() -> None:
    keys = [make.some_product(cost=cost).pk for cost in (3, None, 1, 3, None, 2)]
    for descending in (False, True):
        order = Order.by(Product, "cost", descending=descending)
        expected = in_full(Product.objects.all(), "cost", descending=descending)
        for key in keys:
            place = expected.index(key)
            after, before = paging.beside(Product.objects.all(), order, Product.objects.get(pk=key))
            assert (after and after.pk) == (expected[place + 1] if place < 5 else None)
            assert (before and before.pk) == (expected[place - 1] if place else None)


def test_a_page_stays_put_when_rows_come_and_go() -> None:
    records = [make.some_product(cost=number) for number in range(6)]
    order = Order.by(Product, "cost", descending=False)
    first = paging.page(Product.objects.all(), order, size=2)
    records[0].delete()
    make.some_product(cost=0)
    second = paging.page(Product.objects.all(), order, size=2, after=first.after)
    assert [p.cost for p in second.records] == [2, 3]


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "é", "%%%", "AAAA", encoded([]), encoded({}), encoded([1]), encoded([1, 1, 1]), encoded(["many", 1]),
        encoded([[1], 1]), encoded([{"a": 1}, 1]), encoded([1, "x"]), encoded(["NaN", 1]), encoded([1, None]),
        encoded(None), encoded("abc"),
        encoded([1, 1e400]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["cost", "pk"])
def test_a_damaged_link_is_refused_in_words(cursor: str, path: str) -> None:
    make.some_product(cost=1)
    order = Order.by(Product, path, descending=False)
    with pytest.raises(BadQuestion, match="damaged"):
        paging.page(Product.objects.all(), order, size=5, after=cursor)


@pytest.mark.parametrize(
    ("path", "value"), [("first_seen", "abc"), ("first_seen", 5), ("name", "\x00"), ("employees", "x")]
)
def test_a_value_of_the_wrong_kind_is_a_damaged_link(path: str, value: Any) -> None:
    make.some_customer()
    with pytest.raises(BadQuestion, match="damaged"):
        paging.page(
            Customer.objects.all(),
            Order.by(Customer, path, descending=False),
            size=5,
            after=encoded([value, 1]),
        )
