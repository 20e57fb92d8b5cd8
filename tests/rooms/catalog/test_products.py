from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clientier.core import commands
from clientier.core.errors import Conflict
from clientier.rooms.catalog.choices.units import REC_20, UNITS, UnitField
from clientier.rooms.catalog.models import Category, Product
from clientier.rooms.catalog.queries.taxes import tax_rate_of
from clientier.rooms.people.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["cost", "price"])
def test_money_of_a_product_is_not_negative(field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        commands.create(Product, actor=make.acting(), changes={"name": "Nut", field: Decimal(-1)})
    assert list(refused.value.message_dict) == [field]


def test_a_product_without_a_cost_is_told_from_one_that_costs_nothing() -> None:
    unknown, free = make.some_product(cost=None), make.some_product(cost=0)
    assert list(Product.objects.filter(cost__isnull=True)) == [unknown]
    assert list(Product.objects.filter(cost=0)) == [free]


def test_a_service_is_not_kept_in_stock() -> None:
    with pytest.raises(ValidationError) as refused:
        commands.create(Product, actor=make.acting(), changes={"name": "Repair", "kind": "service"})
    assert refused.value.messages == ["A service is not kept in stock."]
    changes = {"name": "Repair", "kind": "service", "stocked": False}
    assert commands.create(Product, actor=make.acting(), changes=changes).pk


@pytest.mark.parametrize(
    ("written", "kept"),
    [("个", "pcs"), ("KGM", "kg"), ("Square metre", "m2"), ("小时", "h"), ("furlong", "furlong")],
)
def test_units_are_known_by_any_of_their_names_and_others_stay(written: str, kept: str) -> None:
    assert make.some_product(unit=written).unit == kept


def test_every_unit_has_one_code_of_its_own() -> None:
    assert len(set(REC_20)) == len(set(REC_20.values())) == len(UNITS)
    assert REC_20["kg"] == "KGM"
    spelled = [word for word, _code in UnitField.spellings()]
    assert len(spelled) == len(set(spelled))


def test_a_product_bears_its_own_tax_or_else_that_of_the_company() -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"tax_rate": Decimal(13)})
    assert tax_rate_of(make.some_product()) == 13
    assert tax_rate_of(make.some_product(tax_rate=0)) == 0


def test_a_product_does_not_come_after_itself() -> None:
    first = make.some_product()
    second = make.some_product(successor=first)
    with pytest.raises(ValidationError) as refused:
        commands.update(first, actor=make.acting(), changes={"successor": second})
    assert list(refused.value.message_dict) == ["successor"]


def test_a_category_is_not_a_part_of_itself_nor_twice_in_one_place() -> None:
    upper = make.some_category(name="Tools")
    lower = make.some_category(parent=upper)
    with pytest.raises(ValidationError):
        commands.update(upper, actor=make.acting(), changes={"parent": lower})
    with pytest.raises(ValidationError):
        commands.create(Category, actor=make.acting(), changes={"name": "Tools"})
    assert commands.create(Category, actor=make.acting(), changes={"name": "Tools", "parent": upper}).pk


def test_a_category_that_products_are_in_stays() -> None:
    category = make.some_category()
    make.some_product(category=category)
    with pytest.raises(Conflict):
        commands.delete(category, actor=make.acting())


def test_the_page_of_a_category_leads_to_the_products_of_the_whole_branch() -> None:
    upper = make.some_category(name="Tools")
    lower = make.some_category(name="Drills", parent=make.some_category(name="Power", parent=upper))
    named = [make.some_product(category=upper), make.some_product(category=lower)]
    make.some_product(category=make.some_category())
    browser = make.signed_in(make.administrator())
    page = browser.get(f"/categories/{upper.pk}/").context["page"]
    (panel,) = [each["context"] for each in page["main"] if each["slug"] == "branch"]
    assert [(each["name"], each["hint"]) for each in panel["lists"]] == [("Power", "0 products")]
    assert panel["whole"]["name"] == "2 products"
    rows = browser.get(panel["whole"]["url"]).context["listing"]["rows"]
    assert {row["pk"] for row in rows} == {product.pk for product in named}
