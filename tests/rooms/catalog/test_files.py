"""The catalogue in files: in once however often they come, out again as a whole, and wrong rows said one by one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clientier.core.actor import Reach
from clientier.core.models import BulkChange
from clientier.kit.imports.taking_back import take_back
from clientier.rooms.catalog.models import (
    Category,
    Component,
    CostChange,
    Installation,
    Price,
    PriceList,
    Product,
    Warehouse,
)
from clientier.rooms.catalog.queries.costs import cost_on, today
from tests import factories as make
from tests.kit.imports.running import ACTOR, counts, errors, imported

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]


@pytest.fixture
def write_file(tmp_path: Path) -> Write:
    def write(content: str) -> Path:
        path = tmp_path / "file.csv"
        path.write_text(content)
        return path

    return write


PRODUCTS = (
    "product number,name,kind,category,unit,cost,price,tax rate,spare part,stocked,successor\n"
    "A1,Drill,goods,tools > drills,个,5,9,13,no,yes,A2\n"
    "A2,Better drill,goods,Tools > Drills,pcs,6,10,,no,,\n"
    "S1,Repair,service,Work,hour,,80,6,,yes,\n"
)


def products() -> dict[str, Any]:
    names = ("kind", "category__name", "unit", "tax_rate", "stocked", "successor__external_id")
    return {number: rest for number, *rest in Product.objects.values_list("external_id", *names)}


def test_products_come_with_their_categories_units_and_successors(write_file: Write) -> None:
    run = imported(write_file(PRODUCTS), "products")
    assert counts(run) == (3, 3, 0, 0, 0)
    assert products() == {
        "A1": ["goods", "Drills", "pcs", Decimal(13), True, "A2"],
        "A2": ["goods", "Drills", "pcs", None, True, None],
        "S1": ["service", "Work", "h", Decimal(6), False, None],
    }
    assert set(Category.objects.values_list("name", "parent__name")) == {
        ("Tools", None), ("Drills", "Tools"), ("Work", None),
    }  # fmt: skip
    assert counts(imported(write_file(PRODUCTS), "products")) == (3, 0, 0, 3, 0)
    assert Category.objects.count() == 3


def test_undoing_takes_products_and_the_categories_that_were_made(write_file: Write) -> None:
    kept = make.some_category(name="work")
    run = imported(write_file(PRODUCTS), "products")
    assert Product.objects.get(external_id="S1").category == kept
    take_back(run, actor=ACTOR)
    assert not Product.objects.exists()
    assert list(Category.objects.all()) == [kept]


def test_a_category_is_found_by_its_whole_name_first(write_file: Write) -> None:
    odd = make.some_category(name="Nuts > Bolts")
    imported(write_file("product number,name,category\nA1,Nut,nuts > bolts\n"), "products")
    assert Product.objects.get().category == odd


def test_who_may_not_make_categories_is_told_which_are_not_there(write_file: Write) -> None:
    user = make.some_user()
    make.grant(user.role, "catalog.product", Reach.ALL)
    make.some_category(name="Tools")
    actor = make.acting(user, kinds=["catalog.product"])
    file = write_file("product number,name,category\nA1,Nut,tools\nA2,Bolt,Other\n")
    run = imported(file, "products", actor=actor)
    assert errors(run) == {3: ["category: there is no “Other”, or it is not among those you can see"]}
    assert list(Product.objects.values_list("category__name", flat=True)) == ["Tools"]


def test_a_product_that_would_come_after_itself_is_refused(write_file: Write) -> None:
    make.some_product(external_id="A1"), make.some_product(external_id="A2")
    file = write_file("product number,name,successor\nA1,One,A2\nA2,Two,A1\n")
    run = imported(file, "products")
    assert run.errors == 2
    assert not Product.objects.filter(successor__isnull=False).exists()


def test_costs_over_time_make_the_cost_of_today_and_are_taken_back(write_file: Write) -> None:
    one, two = make.some_product(external_id="A1"), make.some_product(external_id="A2")
    text = "product,from,cost\nA1,2020-01-01,3\nA1,2021-01-01,4\nA2,2999-01-01,9\nA9,2020-01-01,1\n"
    run = imported(write_file(text), "cost-changes")
    assert (run.created, errors(run)) == (
        3,
        {5: ["product: there is no “A9”, or it is not among those you can see"]},
    )
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.cost, two.cost) == (4, None)
    assert cost_on(one, today().replace(year=2020, month=6, day=1)) == 3
    assert counts(imported(write_file(text), "cost-changes"))[1:4] == (0, 0, 3)
    take_back(run, actor=ACTOR)
    one.refresh_from_db()
    assert (one.cost, CostChange.objects.count()) == (None, 0)


def test_bills_of_materials_come_in_once_and_their_rings_are_refused_by_row(write_file: Write) -> None:
    for number in ("A", "B", "C"):
        make.some_product(external_id=number)
    text = (
        "assembly,part,quantity,position,spare part\n"
        "A,B,2,1,yes\nB,C,0.5,1,\nC,A,1,1,\nA,A,1,2,\nA,X,1,3,\nA,C,0,4,\n"
    )
    run = imported(write_file(text), "components")
    assert run.created == 2
    said = errors(run)
    assert set(said) == {4, 5, 6, 7}
    assert "A → B → C → A" in said[4][0]
    assert said[6] == ["part: there is no “X”, or it is not among those you can see"]
    assert counts(imported(write_file(text), "components"))[1:4] == (0, 0, 2)
    take_back(run, actor=ACTOR)
    assert not Component.objects.exists()


def test_price_lists_and_their_prices_come_in_once(write_file: Write) -> None:
    make.some_product(external_id="A1")
    customer = make.some_customer(external_id="C1")
    lists = (
        "price list id,name,tier,customer,valid from\n"
        "L1,Key,important,,2026-01-01\nL2,Acme,,C1,\nL3,Both,major,C1,\n"
    )
    run = imported(write_file(lists), "price-lists")
    assert (run.created, list(errors(run))) == (2, [4])
    assert set(PriceList.objects.values_list("external_id", "tier", "customer", "currency")) == {
        ("L1", "important", None, "CNY"), ("L2", "", customer.pk, "CNY"),
    }  # fmt: skip
    prices = (
        "price list,product,minimum quantity,unit price\nL1,A1,,9\nL1,A1,10,8.5\nAcme,A1,1,7\nL1,A1,20,-1\n"
    )
    again = imported(write_file(prices), "prices")
    assert (again.created, list(errors(again))) == (3, [5])
    assert set(Price.objects.values_list("price_list__external_id", "minimum_quantity", "unit_price")) == {
        ("L1", 1, 9), ("L1", 10, Decimal("8.5")), ("L2", 1, 7),
    }  # fmt: skip
    assert counts(imported(write_file(prices), "prices"))[1:4] == (0, 0, 3)


@pytest.mark.parametrize("numbered", [True, False])
def test_installed_products_are_known_by_number_or_by_what_they_say(
    write_file: Write, numbered: bool
) -> None:
    make.some_product(external_id="A1"), make.some_customer(external_id="C1")
    make.some_person(external_id="P1", erased_on=make.DAY)
    rows = [
        ("I1", "C1,A1,S1,2,2026-01-02"),
        ("I2", "C1,A1,S2,1,"),
        ("I3", "P1,A1,S3,1,"),
        ("I4", "C9,A1,,1,"),
    ]
    heading = "customer,product,serial number,quantity,installed on\n"
    text = ("asset id," if numbered else "") + heading
    text += "".join(f"{number}," * numbered + f"{rest}\n" for number, rest in rows)
    run = imported(write_file(text), "installations")
    assert run.created == 2
    assert errors(run) == {
        4: ["customer: belongs to a person who was forgotten; the record stays empty"],
        5: ["customer: there is no “C9”, or it is not among those you can see"],
    }
    assert counts(imported(write_file(text), "installations"))[1:4] == (0, 0, 2)
    take_back(run, actor=ACTOR)
    assert not Installation.objects.exists()


def test_warehouses_come_in_by_code(write_file: Write) -> None:
    text = "warehouse code,warehouse name,address\nW1,North,Road 1\n"
    assert counts(imported(write_file(text), "warehouses")) == (1, 1, 0, 0, 0)
    assert counts(imported(write_file(text), "warehouses")) == (1, 0, 0, 1, 0)
    assert Warehouse.objects.values_list("code", "name", "address", "active").get() == (
        "W1", "North", "Road 1", True,
    )  # fmt: skip
    assert BulkChange.objects.filter(record="catalog.warehouse").count() == 1
