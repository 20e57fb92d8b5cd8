"""What the sample company has beside its assortment is loaded whole, the same every time, and cleared whole."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from clientier.core.actor import system
from clientier.rooms.catalog.models import Component, CostChange, Installation, Price, PriceList, Product
from clientier.rooms.catalog.queries.costs import cost_on
from clientier.rooms.catalog.queries.structure import parts_of, rolled_up
from clientier.site import defaults
from clientier.site.demo.clearing import clear_sample_data
from clientier.site.demo.generator import generate
from clientier.site.demo.loading import Loader
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def load() -> None:
    defaults.lay_down()
    Loader(generate(4, TODAY, 60), system(), lambda name, rows: None).load()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_catalogue_of_the_sample_company_hangs_together() -> None:
    load()
    drill = Product.objects.get(external_id="PT-101")
    kept = CostChange.objects.filter(product=drill).order_by("from_day")
    assert [each.from_day.year for each in kept] == [2023, 2024, 2025, 2026]
    assert cost_on(drill, TODAY) == drill.cost
    assert cost_on(drill, date(2023, 6, 1)) < drill.cost
    parts = parts_of(drill.pk)
    assert (len(parts), max(each.level for each in parts)) == (11, 2)
    assert rolled_up(parts).lacking == 0
    assert rolled_up(parts).amounts["CNY"] < drill.cost
    assert set(PriceList.objects.values_list("tier", flat=True)) == {"important", ""}
    assert PriceList.objects.get(tier="").customer is not None
    assert Installation.objects.filter(product__external_id__startswith="PT-").count() > 5
    assert Product.objects.filter(cost=None).count() == 0


def test_all_of_it_goes_when_the_sample_data_are_removed() -> None:
    load()
    clear_sample_data(make.acting(make.administrator()))
    for model in (Product, Component, CostChange, Price, PriceList, Installation):
        assert not model.objects.exists(), model
