"""Documents by hand: what a person enters becomes a document, what is wrong is said, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.rooms.catalog.models import Price, PriceList
from clientier.rooms.trade.models import Invoice, Order, OrderLine, Payment, StockLevel
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


def head(**facts: Any) -> dict[str, Any]:
    return {"customer": make.some_customer().pk, "day": DAY, "currency": "CNY", **facts}


def test_an_order_is_entered_with_its_lines(browser: Client) -> None:
    product = make.some_product()
    sent = head() | {
        "line-0-product": product.pk, "line-0-quantity": "3", "line-0-unit_price": "19.99", "line-0-unit_cost": "12",
        "line-0-tax_rate": "13", "line-1-quantity": "5", "line-7-description": "Fitting", "line-7-unit_price": "80",
    }  # fmt: skip
    answer = browser.post("/orders/new/", sent)
    order = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.pk}/")
    assert (order.state, order.amount) == ("draft", Decimal("139.97"))
    first, second = order.lines.order_by("line_no")
    assert (first.cost, second.quantity, second.description) == (36, 1, "Fitting")
    edited = browser.get(f"/orders/{order.pk}/edit/").content.decode()
    assert 'value="19.99"' in edited and 'value="12.00"' in edited
    browser.post(f"/orders/{order.pk}/open/")
    assert b"Open" in browser.get(f"/orders/{order.pk}/").content
    browser.post(f"/orders/{order.pk}/deliver/", {"day": DAY, f"quantity-{first.pk}": "2"})
    browser.post(f"/orders/{order.pk}/invoice/", {"day": DAY, f"quantity-{first.pk}": "1"})
    first.refresh_from_db()
    assert (first.delivered, first.invoiced, Invoice.objects.get().total) == (2, 1, Decimal("22.59"))


def test_what_is_wrong_on_a_line_is_said_and_all_lines_stay(browser: Client) -> None:
    sent = head(customer="") | {
        "line-0-description": "Fitting", "line-0-unit_price": "80", "line-0-discount": "81",
        "line-4-description": "Freight", "line-4-quantity": "many",
    }  # fmt: skip
    answer = browser.post("/orders/new/", sent)
    page = answer.content.decode()
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    for words in (
        "Customer: This field is required",
        "More than the line comes to",
        "Enter a number",
        "many",
        "Freight",
    ):
        assert words in page
    assert page.count("data-error-summary") == 1


def test_choosing_a_product_fills_in_price_tax_and_cost_and_says_why(browser: Client) -> None:
    customer = make.some_customer()
    product = make.some_product(price=Decimal(100), cost=Decimal(60), tax_rate=Decimal(13))
    agreed = PriceList.objects.create(name="Frame contract", currency="CNY", customer=customer)
    Price.objects.create(price_list=agreed, product=product, minimum_quantity=10, unit_price=Decimal(88))
    asked = {"of": "order", "n": "2", "by": "product", "customer": customer.pk, "currency": "CNY", "day": DAY,
             "line-2-product": product.pk, "line-2-quantity": "1"}  # fmt: skip
    one = browser.get("/orders/line/facts/", asked).content.decode()
    assert 'value="100.00"' in one and 'value="60.00"' in one and 'value="13.00"' in one
    more = {**asked, "by": "quantity", "line-2-quantity": "12", "line-2-unit_price": "91"}
    ten = browser.get("/orders/line/facts/", more).content.decode()
    assert "Frame contract" in ten and "Take 88.00" in ten and 'name="line-2-' not in ten
    assert (
        "Take"
        not in browser.get("/orders/line/facts/", {**more, "line-2-unit_price": "88.00"}).content.decode()
    )
    taken = browser.get("/orders/line/facts/", {**more, "by": "price"}).content.decode()
    assert 'value="88.00"' in taken and 'name="line-2-tax_rate"' not in taken
    assert browser.get("/orders/line/facts/", {**asked, "line-2-product": "9999"}).status_code == 200


def test_who_may_not_read_costs_is_not_told_them() -> None:
    user = make.some_user()
    make.grant_all(
        user.role, {"trade.order": Reach.ALL, "trade.orderline": Reach.ALL, "catalog.product": Reach.ALL}
    )
    make.field_rule(user.role, "catalog.product", "cost", "hidden")
    product = make.some_product(price=Decimal(100), cost=Decimal("61.37"))
    asked = {"of": "order", "n": "0", "by": "product", "line-0-product": product.pk}
    page = make.signed_in(user).get("/orders/line/facts/", asked).content.decode()
    assert 'value="100.00"' in page and "61.37" not in page


def test_a_payment_settles_the_invoice_one_came_from_and_then_the_oldest(browser: Client) -> None:
    customer = make.some_customer()
    older = make.some_invoice(customer, due_on=dt.date(2026, 3, 1))
    newer = make.some_invoice(customer, due_on=dt.date(2026, 4, 1))
    sent = head(customer=customer.pk, amount="1500", method="transfer", settles="on")
    assert browser.post(f"/payments/new/?invoice={newer.pk}", sent).status_code == 302
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (newer.open_amount, older.open_amount, Payment.objects.get().unsettled) == (0, 760, 0)


def test_a_refusal_stands_on_the_form_with_what_was_typed(browser: Client) -> None:
    invoice = make.some_invoice()
    line = invoice.lines.get()
    answer = browser.post(
        f"/invoices/{invoice.pk}/credit/", {"day": DAY, "reason": "Broken", f"quantity-{line.pk}": "0"}
    )
    assert answer.status_code == 422
    assert "There is nothing on it" in answer.content.decode() and 'value="Broken"' in answer.content.decode()
    assert Invoice.objects.count() == 1


def test_stock_is_moved_transferred_and_divided_by_hand(browser: Client) -> None:
    product, here, there = make.some_product(), make.some_warehouse(), make.some_warehouse()
    received = {"product": product.pk, "warehouse": here.pk, "kind": "receipt", "quantity": "10", "day": DAY}
    assert browser.post("/stock/move/", received).status_code == 302
    moved = {"product": product.pk, "source": here.pk, "target": there.pk, "quantity": "4", "day": DAY}
    assert browser.post("/stock/transfer/", moved).status_code == 302
    assert list(StockLevel.objects.order_by("warehouse").values_list("on_hand", flat=True)) == [6, 4]
    answer = browser.post("/stock/transfer/", {**moved, "quantity": "7"})
    assert (answer.status_code, "less in stock" in answer.content.decode()) == (422, True)
    for _number in range(2):
        make.some_open_order(lines=[make.line_facts(product=product, quantity=Decimal(8))])
    page = browser.get("/stock/shortages/").content.decode()
    assert "16 wanted, 10 on hand" in page
    second = OrderLine.objects.latest("pk")
    browser.post(f"/stock/lines/{second.pk}/decide/", {"quantity": "8", "reason": "Promised"})
    assert sum(second.reservations.values_list("quantity", flat=True)) == 8
    assert "by hand" in browser.get("/stock/shortages/").content.decode()


def test_who_reaches_a_part_of_the_orders_divides_nothing() -> None:
    user = make.some_user()
    make.grant_all(user.role, {"trade.reservation": Reach.OWN, "trade.orderline": Reach.OWN, "trade.order": Reach.OWN,
                               "catalog.product": Reach.ALL})  # fmt: skip
    product = make.some_level().product
    browser = make.signed_in(user)
    assert "Divide anew" not in browser.get("/stock/shortages/").content.decode()
    assert browser.post(f"/stock/shortages/{product.pk}/divide/").status_code == 403
