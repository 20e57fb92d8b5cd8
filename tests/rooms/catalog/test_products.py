from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clientier.core import commands
from clientier.rooms.catalog.models import Product
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
