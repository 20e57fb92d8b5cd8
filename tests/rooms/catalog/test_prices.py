"""Which price counts: the customer's own list, then the tier's, then everybody's, then the product's own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.rooms.catalog.choices.prices import PricedTier
from clientier.rooms.catalog.models import Price, PriceList, Product
from clientier.rooms.catalog.queries.prices import Asked, Quoted, price_for, prices_for
from clientier.rooms.value.choices import Tier
from clientier.rooms.value.models import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


def listed(product: Product, price: str, customer: Any = None, least: str = "1", **facts: Any) -> PriceList:
    made = make.some_price_list(customer, **facts)
    make.some_price(made, product=product, unit_price=Decimal(price), minimum_quantity=Decimal(least))
    return made


def quoted(product: Product, **facts: Any) -> Quoted:
    known = {"customer": None, "tier": "", "quantity": Decimal(1), "day": DAY, "currency": "CNY"}
    return price_for(product, **{**known, **facts})


def test_the_nearest_to_the_customer_counts() -> None:
    customer, other = make.some_customer(), make.some_customer()
    product = make.some_product(price=Decimal(10))
    assert quoted(product).price == 10
    listed(product, "9", name="All")
    assert quoted(product, customer=customer.pk, tier="major").price == 9
    listed(product, "8", tier="major", name="Major")
    assert quoted(product, customer=customer.pk, tier="major").price == 8
    assert quoted(product, customer=customer.pk, tier="small").price == 9
    own = listed(product, "11", customer, name="Acme")
    assert quoted(product, customer=customer.pk, tier="major").price == 11
    assert quoted(product, customer=customer.pk, tier="major").price_list == own.pk
    assert quoted(product, customer=other.pk, tier="major").price == 8


def test_the_reason_names_the_list_and_the_quantity() -> None:
    customer = make.some_customer()
    product = make.some_product(price=Decimal(10))
    assert quoted(product).why == "The product's own price: no price list fits."
    listed(product, "9", name="All", least="2.5")
    several = {"quantity": Decimal(3), "customer": customer.pk, "tier": "major"}
    assert quoted(product, **several).why == "The list for everybody: “All”, from 2.5 on."
    listed(product, "8", tier="major", name="Best")
    assert quoted(product, **several).why == "The list of the customer's tier: “Best”, from 1 on."
    listed(product, "7", customer, name="Acme", valid_until=DAY)
    assert quoted(product, **several).why == (
        "Agreed with this customer: “Acme”, from 1 on. Valid until 2 Mar 2026."
    )


def test_the_highest_quantity_that_is_reached_counts() -> None:
    product = make.some_product()
    prices = listed(product, "9")
    for least, price in (("10", "8"), ("100", "7")):
        make.some_price(prices, product=product, unit_price=Decimal(price), minimum_quantity=Decimal(least))
    found = [quoted(product, quantity=Decimal(each)).price for each in ("1", "9.9999", "10", "99", "100")]
    assert found == [9, 9, 8, 8, 7]


def test_a_list_whose_quantity_is_not_reached_leaves_it_to_the_next() -> None:
    customer, product = make.some_customer(), make.some_product()
    listed(product, "5", customer, least="50")
    listed(product, "9")
    assert quoted(product, customer=customer.pk, quantity=Decimal(49)).price == 9
    assert quoted(product, customer=customer.pk, quantity=Decimal(50)).price == 5


def test_among_equal_lists_priority_then_the_later_beginning_then_the_later_made_counts() -> None:
    product = make.some_product()
    listed(product, "1", valid_from=None)
    listed(product, "2", valid_from=DAY - dt.timedelta(days=2))
    assert quoted(product).price == 2
    listed(product, "3", valid_from=DAY - dt.timedelta(days=1))
    assert quoted(product).price == 3
    listed(product, "4", valid_from=DAY - dt.timedelta(days=1))
    assert quoted(product).price == 4
    listed(product, "5", valid_from=DAY - dt.timedelta(days=9), priority=1)
    assert quoted(product).price == 5


@pytest.mark.parametrize(
    "facts",
    [
        {"active": False},
        {"valid_from": DAY + dt.timedelta(days=1)},
        {"valid_until": DAY - dt.timedelta(days=1)},
        {"currency": "EUR"},
        {"tier": "important"},
    ],
)
def test_a_list_that_does_not_hold_is_passed_over(facts: dict[str, Any]) -> None:
    product = make.some_product(price=Decimal(10))
    listed(product, "1", **facts)
    assert quoted(product, tier="major").price == 10


def test_a_list_holds_on_its_first_and_its_last_day() -> None:
    product = make.some_product(price=Decimal(10))
    listed(product, "1", valid_from=DAY, valid_until=DAY)
    days = [DAY + dt.timedelta(days=away) for away in (-1, 0, 1)]
    assert [quoted(product, day=day).price for day in days] == [10, 1, 10]


def test_a_price_in_another_currency_is_no_price() -> None:
    product = make.some_product(price=Decimal(10), currency="EUR")
    nothing = quoted(product)
    assert (nothing.price, nothing.price_list) == (None, None)
    assert nothing.why == "No price list fits, and the product's own price is in EUR."
    assert quoted(product, currency="EUR").price == 10
    assert quoted(make.some_product(price=None)).why == (
        "No price list fits, and the product has no price of its own."
    )


def test_many_lines_are_one_query_in_their_order() -> None:
    one, two = make.some_product(price=Decimal(1)), make.some_product(price=Decimal(2))
    listed(two, "5", least="10")
    lines = [
        Asked(two.pk, Decimal(10)),
        Asked(one.pk, Decimal(1)),
        Asked(two.pk, Decimal(9)),
        Asked(0, Decimal(1)),
    ]
    with CaptureQueriesContext(connection) as queries:
        found = prices_for(lines, customer=None, tier="", day=DAY, currency="CNY")
    assert [each.price for each in found] == [5, 1, 2, None]
    assert len(queries) == 1


def test_a_list_is_not_for_a_tier_and_a_customer_at_once() -> None:
    changes = {"name": "Both", "tier": "major", "customer": make.some_customer()}
    with pytest.raises(ValidationError):
        commands.create(PriceList, actor=make.acting(), changes=changes)


def test_nothing_is_agreed_anew_with_who_was_forgotten() -> None:
    changes = {"name": "Gone", "customer": make.some_person(erased_on=DAY)}
    with pytest.raises(ValidationError):
        commands.create(PriceList, actor=make.acting(), changes=changes)


def test_a_list_has_one_price_for_a_product_and_a_quantity() -> None:
    price = make.some_price()
    changes = {"price_list": price.price_list, "product": price.product, "unit_price": Decimal(1)}
    with pytest.raises(ValidationError):
        commands.create(Price, actor=make.acting(), changes=changes)


def test_the_tiers_are_those_of_the_pyramid() -> None:
    assert PricedTier.choices == Tier.choices


def test_lists_for_everybody_are_open_to_read_but_not_to_change_for_who_reaches_their_own_alone() -> None:
    rep = make.some_user()
    for kind in ("parties.customer", "catalog.pricelist", "catalog.price"):
        make.grant(rep.role, kind, Reach.OWN)
    make.grant(rep.role, "catalog.product", Reach.ALL)
    general = make.some_price_list(name="zqall")
    mine = make.some_price_list(make.some_customer(owner=rep), name="zqmine")
    theirs = make.some_price_list(make.some_customer(owner=make.some_user()), name="zqtheirs")
    prices = [make.some_price(each) for each in (general, mine, theirs)]
    program = make.speaking(rep)
    found = program.get("/api/v1/price-lists/").json()["items"]
    assert {each["name"] for each in found} == {"zqall", "zqmine"}
    kept = {each["id"] for each in program.get("/api/v1/prices/").json()["items"]}
    assert kept == {prices[0].pk, prices[1].pk}
    answers = {
        each.name: program.patch(
            f"/api/v1/price-lists/{each.pk}", {"priority": 7}, "application/json"
        ).status_code
        for each in (general, mine, theirs)
    }
    assert answers == {"zqall": 403, "zqmine": 200, "zqtheirs": 404}
    general.refresh_from_db()
    assert general.priority == 0


def test_the_page_answers_with_the_price_and_why() -> None:
    customer, product = make.some_customer(), make.some_product(price=Decimal(10))
    listed(product, "8.5", customer, name="Acme")
    browser = make.signed_in(make.administrator())
    asked = {"customer": customer.pk, "tier": "", "quantity": "4", "currency": "CNY", "day": "2026-03-02"}
    page = browser.get(f"/products/{product.pk}/price/", asked)
    assert page.context["answer"] == {
        "price": "¥8.50", "why": "Agreed with this customer: “Acme”, from 1 on.", "sum": "¥34.00 in all",
    }  # fmt: skip
    assert browser.get(f"/products/{product.pk}/price/", {**asked, "quantity": "x"}).status_code == 422


def test_who_does_not_reach_the_customer_cannot_ask_for_what_was_agreed() -> None:
    rep = make.some_user()
    for kind in ("parties.customer", "catalog.pricelist", "catalog.price"):
        make.grant(rep.role, kind, Reach.OWN)
    make.grant(rep.role, "catalog.product", Reach.ALL)
    customer, product = make.some_customer(owner=make.some_user()), make.some_product(price=Decimal(10))
    listed(product, "8.5", customer)
    asked = {"customer": customer.pk, "tier": "", "quantity": "4", "currency": "CNY", "day": "2026-03-02"}
    page = make.signed_in(rep).get(f"/products/{product.pk}/price/", asked)
    assert (page.status_code, page.context["answer"]) == (422, None)


def test_the_tier_of_the_customer_counts_for_those_alone_who_may_know_it() -> None:
    customer, product = make.some_customer(), make.some_product(price=Decimal(10))
    listed(product, "8.5", tier="major")
    Standing.objects.create(customer=customer, tier="major")
    kept_from = make.some_user()
    for kind in ("parties.customer", "catalog.pricelist", "catalog.price", "catalog.product"):
        make.grant(kept_from.role, kind, Reach.ALL)
    asked = {"customer": customer.pk, "tier": "", "quantity": "4", "currency": "CNY", "day": "2026-03-02"}
    url, told = f"/products/{product.pk}/price/", []
    for user in (make.administrator(), kept_from):
        told.append(make.signed_in(user).get(url, asked).context["answer"]["price"])
    assert told == ["¥8.50", "¥10.00"]
