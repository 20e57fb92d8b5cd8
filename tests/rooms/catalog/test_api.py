"""Prices, parts and holders over the API, under the same rights as on pages."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from clientier.core.actor import Reach
from tests import factories as make

pytestmark = pytest.mark.django_db


def priced(program: Client, **facts: Any) -> Any:
    body = json.dumps({"currency": "CNY", "day": "2026-03-02", **facts})
    return program.post("/api/v1/products/prices", body, "application/json")


def test_many_lines_are_priced_with_their_reasons() -> None:
    product, customer = make.some_product(price=Decimal(10)), make.some_customer()
    own = make.some_price_list(customer, name="Acme")
    make.some_price(own, product=product, unit_price=Decimal(8), minimum_quantity=Decimal(5))
    lines = [{"product": product.pk, "quantity": each} for each in (4, 5)]
    found = priced(make.speaking(make.administrator()), lines=lines, customer=customer.pk).json()
    assert [(Decimal(str(each["price"])), each["price_list"]) for each in found] == [(10, None), (8, own.pk)]
    assert found[1]["why"] == "Agreed with this customer: “Acme”, from 5 on."


def test_prices_of_customers_out_of_reach_are_not_told() -> None:
    rep = make.some_user()
    for kind in ("parties.customer", "catalog.pricelist", "catalog.price"):
        make.grant(rep.role, kind, Reach.OWN)
    make.grant(rep.role, "catalog.product", Reach.ALL)
    lines = [{"product": make.some_product().pk, "quantity": 1}]
    theirs = make.some_customer(owner=make.some_user())
    program = make.speaking(rep)
    assert priced(program, lines=lines, customer=theirs.pk).status_code == 404
    assert priced(program, lines=lines, customer=make.some_customer(owner=rep).pk).status_code == 200
    make.field_rule(rep.role, "catalog.price", "unit_price", "hidden")
    assert priced(make.speaking(rep), lines=lines).status_code == 403


def test_parts_uses_and_holders_are_told_at_any_depth() -> None:
    drill, motor, brush = (make.some_product() for _ in range(3))
    make.some_component(drill, motor, quantity=Decimal(2))
    make.some_component(motor, brush, quantity=Decimal(3))
    installed = make.some_installation(product=drill, quantity=Decimal(2))
    program = make.speaking(make.administrator())

    def told(way: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = program.get(f"/api/v1/products/{way}").json()
        return [
            {name: float(each[name]) for name in ("product", "level", "quantity", "inside") if name in each}
            for each in found
        ]

    assert told(f"{drill.pk}/parts") == [
        {"product": motor.pk, "level": 1, "quantity": 2}, {"product": brush.pk, "level": 2, "quantity": 6},
    ]  # fmt: skip
    assert told(f"{brush.pk}/uses") == [
        {"product": motor.pk, "level": 1, "quantity": 3}, {"product": drill.pk, "level": 2, "quantity": 6},
    ]  # fmt: skip
    assert told(f"{brush.pk}/holders") == [{"product": drill.pk, "quantity": 2, "inside": 12}]
    assert program.get(f"/api/v1/products/{brush.pk}/holders").json()[0]["installation"] == installed.pk
    user = make.some_user()
    make.grant(user.role, "catalog.product", Reach.ALL)
    for way in ("parts", "uses", "holders"):
        assert make.speaking(user).get(f"/api/v1/products/{brush.pk}/{way}").status_code == 403
