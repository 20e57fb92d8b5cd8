"""Who has what installed: told on both cards, traced through assemblies, and never beyond one's reach."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.rooms.catalog.models import Installation, Product
from clientier.rooms.catalog.queries.holders import holders_of, totals
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


def drill_with_motor() -> tuple[Product, Product]:
    drill, motor = make.some_product(name="Drill"), make.some_product(name="Motor")
    make.some_component(drill, motor, quantity=Decimal(2))
    return drill, motor


def test_who_has_a_part_is_found_directly_and_within_assemblies() -> None:
    drill, motor = drill_with_motor()
    line = make.some_product()
    make.some_component(line, drill, quantity=Decimal(5))
    one = make.some_installation(product=line)
    two = make.some_installation(product=drill, quantity=Decimal(3))
    three = make.some_installation(product=motor)
    make.some_installation()
    holders = holders_of(make.acting(), motor, DAY)
    assert {each.pk for each in holders.found} == {one.pk, two.pk, three.pk}
    assert holders.inside == {motor.pk: 1, drill.pk: 2, line.pk: 10}
    assert totals(make.acting(), holders) == {"customers": "3", "quantity": "17"}


def test_what_was_removed_is_with_nobody_any_more() -> None:
    product = make.some_product()
    make.some_installation(product=product, removed_on=DAY)
    stays = make.some_installation(product=product, removed_on=DAY + dt.timedelta(days=1))
    assert list(holders_of(make.acting(), product, DAY).found) == [stays]


def test_only_customers_in_reach_are_told_as_holders() -> None:
    rep, other = make.some_user(), make.some_user()
    drill, motor = drill_with_motor()
    mine = make.some_installation(make.some_customer(owner=rep, name="zqmine"), product=drill)
    make.some_installation(make.some_customer(owner=other, name="zqtheirs"), product=drill)
    for kind in ("parties.customer", "catalog.installation"):
        make.grant(rep.role, kind, Reach.OWN)
    for kind in ("catalog.product", "catalog.component"):
        make.grant(rep.role, kind, Reach.ALL)
    browser = make.signed_in(rep)
    page = browser.get(f"/products/{motor.pk}/holders/")
    assert [row["url"] for row in page.context["rows"]] == [f"/installations/{mine.pk}/"]
    assert page.context["totals"] == {"customers": "1", "quantity": "2"}
    card = browser.get(f"/products/{motor.pk}/").content.decode()
    assert "zqmine" in card
    assert "zqtheirs" not in card + page.content.decode()


def test_who_reaches_all_installations_but_not_all_customers_is_told_of_their_own_alone() -> None:
    rep, product = make.some_user(), make.some_product()
    make.some_installation(make.some_customer(owner=make.some_user(), name="zqtheirs"), product=product)
    make.grant(rep.role, "parties.customer", Reach.OWN)
    for kind in ("catalog.product", "catalog.installation"):
        make.grant(rep.role, kind, Reach.ALL)
    page = make.signed_in(rep).get(f"/products/{product.pk}/holders/")
    assert (page.context["rows"], "zqtheirs" in page.content.decode()) == ([], False)


def test_many_holders_come_page_by_page(django_assert_num_queries: Any) -> None:
    product = make.some_product()
    for number in range(53):
        make.some_installation(make.some_customer(name=f"C{number:03}"), product=product)
    browser = make.signed_in(make.administrator())
    first = browser.get(f"/products/{product.pk}/holders/").context
    assert (len(first["rows"]), first["next_start"]) == (50, 50)
    second = browser.get(f"/products/{product.pk}/holders/?start=50").context
    assert ([str(row["customer"]) for row in second["rows"]], second["next_start"]) == (
        ["C050", "C051", "C052"], 0,
    )  # fmt: skip
    assert browser.get(f"/products/{product.pk}/holders/?start=x").status_code == 200


def test_the_card_of_a_customer_tells_what_stands_there_and_what_did() -> None:
    customer = make.some_customer()
    make.some_installation(customer, product=make.some_product(name="Drill"), serial_number="S1")
    make.some_installation(customer, product=make.some_product(name="Saw"), removed_on=dt.date(2020, 1, 1))
    page = make.signed_in(make.administrator()).get(f"/customers/{customer.pk}/").context["page"]
    (panel,) = [each["context"] for each in page["side"] if each["slug"] == "installed"]
    assert [(str(row["product"]), row["serial_number"]) for row in panel["held"]] == [("Drill", "S1")]
    assert [str(row["product"]) for row in panel["removed"]] == ["Saw"]


def test_nothing_is_removed_before_it_was_installed() -> None:
    changes = {
        "customer": make.some_customer(), "product": make.some_product(), "installed_on": DAY,
        "removed_on": DAY - dt.timedelta(days=1),
    }  # fmt: skip
    with pytest.raises(ValidationError):
        commands.create(Installation, actor=make.acting(), changes=changes)


def test_nothing_is_told_anew_of_who_was_forgotten() -> None:
    gone = make.some_person(erased_on=DAY)
    with pytest.raises(ValidationError):
        commands.create(
            Installation, actor=make.acting(), changes={"customer": gone, "product": make.some_product()}
        )
