"""Another system sends its documents: the same message twice is one, and what says otherwise is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from clientier.core.actor import Reach
from clientier.rooms.trade.models import Invoice, JournalEntry, Order, Payment
from clientier.rooms.trade.queries.proofs import faults
from tests import factories as make

pytestmark = pytest.mark.django_db
LINES = [{"product_number": "P-1", "quantity": "4", "unit_price": "25.00", "tax_rate": "13"}]


@pytest.fixture
def program() -> Client:
    make.some_customer(external_id="C-1")
    make.some_product(external_id="P-1")
    return make.speaking(make.administrator())


def put(program: Client, path: str, **body: Any) -> Any:
    sent = {"customer_number": "C-1", "day": "2026-03-02", **body}
    return program.put(f"/api/v1/{path}", json.dumps(sent), "application/json")


def post(program: Client, path: str, **body: Any) -> Any:
    return program.post(f"/api/v1/{path}", json.dumps(body), "application/json")


def test_the_same_message_twice_is_one_document(program: Client) -> None:
    for status in (201, 200):
        order = put(program, "orders/by-number/S-1", lines=LINES)
        assert (order.status_code, order.json()["state"], Decimal(order.json()["amount"])) == (
            status,
            "open",
            100,
        )
        invoice = put(program, "invoices/by-number/R-1", lines=LINES)
        assert (invoice.status_code, Decimal(invoice.json()["amount"])) == (status, 113)
        settles = [{"invoice_number": "R-1", "amount": "50"}]
        payment = put(program, "payments/by-number/Z-1", amount="60", settles=settles)
        assert (payment.status_code, Decimal(payment.json()["open"])) == (status, 10)
    assert (Order.objects.count(), Invoice.objects.get().open_amount, Payment.objects.count()) == (1, 63, 1)
    assert faults() == []


def test_what_says_otherwise_under_the_same_number_is_refused(program: Client) -> None:
    put(program, "orders/by-number/S-1", lines=LINES)
    put(program, "invoices/by-number/R-1", lines=LINES)
    put(program, "payments/by-number/Z-1", amount="60")
    entries = JournalEntry.objects.count()
    other = [{**LINES[0], "quantity": "5"}]
    for answer in (
        put(program, "orders/by-number/S-1", lines=other),
        put(program, "invoices/by-number/R-1", lines=other),
        put(program, "invoices/by-number/R-1", lines=LINES, day="2026-03-03"),
        put(program, "payments/by-number/Z-1", amount="61"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "says_otherwise")
    assert JournalEntry.objects.count() == entries


def test_an_order_goes_its_way_over_the_api(program: Client) -> None:
    key = put(program, "orders/by-number/S-1", lines=LINES, opens=False).json()["id"]
    assert post(program, f"orders/{key}/open").json()["state"] == "open"
    part = {"day": "2026-03-03", "lines": [{"line": 1, "quantity": "3"}]}
    assert post(program, f"orders/{key}/deliver", **part).status_code == 200
    assert Decimal(post(program, f"orders/{key}/invoice", **part).json()["open"]) == 25
    again = post(program, f"orders/{key}/invoice", **part)
    assert (again.status_code, again.json()["code"]) == (409, "too_much")
    invoice = Invoice.objects.get()
    credit = {"day": "2026-03-04", "reason": "Broken", "lines": [{"line": 1, "quantity": "1"}]}
    assert Decimal(post(program, f"invoices/{invoice.pk}/credit", **credit).json()["open"]) == Decimal(
        "56.50"
    )
    assert post(program, f"orders/{key}/close", reason="Enough").json()["state"] == "closed"
    paid = put(program, "payments/by-number/Z-1", amount="56.50", settles_oldest=True).json()
    bounced = post(program, f"payments/{paid['id']}/take-back", day="2026-03-09", reason="No money")
    assert bounced.json()["state"] == "taken_back"
    assert faults() == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("orders/by-number/S-1", {"lines": []}, 422),
        ("orders/by-number/S-1", {"lines": LINES, "customer_number": "C-9"}, 404),
        ("orders/by-number/S-1", {"lines": [{**LINES[0], "product_number": "P-9"}]}, 404),
        ("orders/by-number/S-1", {"lines": [{**LINES[0], "quantity": "-1"}]}, 422),
        ("orders/by-number/S-1", {"lines": LINES, "day": "9999-12-31"}, 422),
        ("orders/by-number/S-1", {"lines": LINES, "currency": "USD"}, 409),
        ("orders/by-number/" + "S" * 70, {"lines": LINES}, 422),
        ("invoices/by-number/R-1", {"lines": LINES, "order_number": "S-9"}, 404),
        ("payments/by-number/Z-1", {"amount": "0"}, 422),
        (
            "payments/by-number/Z-1",
            {"amount": "5", "settles": [{"invoice_number": "R-9", "amount": "5"}]},
            404,
        ),
    ],
)
def test_what_cannot_be_taken_is_said_and_leaves_nothing(
    program: Client, path: str, body: Any, status: int
) -> None:
    assert put(program, path, **body).status_code == status
    assert not any(kind.objects.exists() for kind in (Order, Invoice, Payment, JournalEntry))


def test_who_sees_part_of_the_customers_enters_nothing_for_others() -> None:
    user = make.some_user()
    kinds = ("trade.order", "trade.orderline", "parties.customer", "catalog.product")
    make.grant_all(user.role, dict.fromkeys(kinds, Reach.OWN))
    make.some_customer(external_id="C-1")
    make.some_product(external_id="P-1")
    assert put(make.speaking(user), "orders/by-number/S-1", lines=LINES).status_code == 404
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_message_ten_times_at_once_is_one_document() -> None:
    make.some_customer(external_id="C-1")
    make.some_product(external_id="P-1")
    user = make.administrator()
    token = make.token_of(user)

    def send(_number: int) -> int:
        try:
            program = Client(headers={"Authorization": f"Bearer {token}"})
            return int(put(program, "invoices/by-number/R-1", lines=LINES).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=10) as pool:
        answers = sorted(pool.map(send, range(10)))
    assert answers == [200] * 9 + [201]
    assert (Invoice.objects.count(), JournalEntry.objects.count()) == (1, 1)
