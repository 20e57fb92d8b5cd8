from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum

from clientier.rooms.people.models import Organisation
from clientier.rooms.trade.models import CurrencyRate, Order, OrderLine
from tests import factories
from tests.kit.imports.running import counts, errors, everything, imported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company():
    Organisation.objects.create(base_currency="USD")
    factories.some_customer(external_id="C1")
    factories.some_customer(external_id="C2")
    factories.some_product(external_id="P1", cost=Decimal("2.5"), currency="USD")


def lines(*names):
    return list(OrderLine.objects.order_by("order__number", "line_no").values_list(*names))


def test_orders_come_in_with_their_lines_and_sums(write_file):
    text = (
        "order no,line,order date,customer,product,qty,unit price,amount,cost,freight\n"
        "A,1,2024-01-02,C1,P1,2,10,19,5,1.5\n"
        "A,2,2024-01-02,C1,,1,5,5,,0\n"
        "B,1,2024-01-03,C2,P1,4,10,40,,2\n"
    )
    run = imported(write_file(text), "orders")
    assert counts(run) == (3, 3, 0, 0, 0)
    assert run.beside == {"orders_created": 2}
    order = Order.objects.get(number="A")
    assert (order.customer.external_id, order.day, order.currency) == ("C1", dt.date(2024, 1, 2), "USD")
    assert (order.amount, order.amount_base) == (Decimal(24), Decimal(24))
    assert lines("cost_base", "freight_base") == [(5, Decimal("1.5")), (None, 0), (10, 2)]


def test_the_same_orders_again_change_nothing(write_file):
    text = "order no,line,order date,customer,amount\nA,1,2024-01-02,C1,19\nA,2,2024-01-02,C1,1\n"
    imported(write_file(text), "orders")
    before = everything()
    assert counts(imported(write_file(text), "orders")) == (2, 0, 0, 2, 0)
    assert everything() == before
    changed = text.replace("19", "21")
    assert counts(imported(write_file(changed), "orders")) == (2, 0, 1, 1, 0)
    assert Order.objects.get().amount == 22


def test_an_order_that_was_entered_here_is_not_changed_by_a_file(write_file):
    ours = factories.some_open_order(number="A", currency="USD")
    before = lines("amount", "quantity")
    text = "order no,line,order date,customer,amount\nA,1,2024-01-02,C1,19\nB,1,2024-01-02,C1,7\n"
    run = imported(write_file(text), "orders")
    assert counts(run)[:2] == (2, 1)
    assert [("entered here" in said) for found in errors(run).values() for said in found] == [True]
    assert lines("amount", "quantity")[0] == before[0] and ours.state == "open"


def test_the_amount_follows_from_quantity_price_and_discount(write_file):
    text = (
        "order no,line,order date,customer,qty,unit price,discount amount,discount rate\n"
        "A,1,2024-01-02,C1,3,10,,5%\n"
        "A,2,2024-01-02,C1,3,10,2.5,\n"
        "A,3,2024-01-02,C1,3,10,,\n"
        "A,4,2024-01-02,C1,,10,,\n"
        "A,5,2024-01-02,C1,3,10,,15\n"
    )
    run = imported(write_file(text), "orders")
    assert lines("amount", "discount") == [
        (Decimal("28.5"), Decimal("1.5")),
        (Decimal("27.5"), Decimal("2.5")),
        (30, 0),
    ]
    assert errors(run) == {
        5: ["has neither an amount, nor both quantity and unit price"],
        6: ["discount rate: “15” is no share: write 5% or 0.05"],
    }


def test_lines_are_numbered_in_the_order_of_the_file(write_file):
    text = "order no,order date,customer,amount\nA,2024-01-02,C1,1\nB,2024-01-02,C2,2\nA,2024-01-02,C1,3\n"
    run = imported(write_file(text), "orders", rows_at_a_time=1)
    assert lines("order__number", "line_no", "amount") == [("A", 1, 1), ("A", 2, 3), ("B", 1, 2)]
    assert counts(imported(write_file(text), "orders")) == (3, 0, 0, 3, 0)
    assert counts(run) == (3, 3, 0, 0, 0)


def test_unnumbered_orders_come_in_whole_or_not_at_all(write_file):
    text = (
        "order no,order date,customer,amount\n"
        "A,2024-01-02,C1,1\n"
        "A,2024-01-02,C9,2\n"
        "B,2024-01-02,C1,3\n"
        "A,2024-01-02,C1,4\n"
        "C,2024-01-02,C1,five\n"
        "C,2024-01-02,C1,6\n"
    )
    run = imported(write_file(text), "orders", rows_at_a_time=2)
    assert counts(run) == (6, 1, 0, 0, 5)
    assert lines("order__number", "amount") == [("B", 3)]
    depends = "order no: another row of the same order is in error, and this one depends on it"
    assert errors(run)[2] == [depends]
    assert errors(run)[5] == [depends]
    assert errors(run)[7] == [depends]


def test_the_freight_of_an_order_is_shared_out_exactly(write_file):
    text = (
        "order no,order date,customer,amount,order freight\n"
        "A,2024-01-02,C1,1,10\n"
        "B,2024-01-02,C1,0,7\n"
        "A,2024-01-02,C1,1,10\n"
        "A,2024-01-02,C1,1,10\n"
        "B,2024-01-02,C1,0,7\n"
    )
    imported(write_file(text), "orders", rows_at_a_time=2)
    assert lines("freight") == [
        (Decimal("3.3333"),), (Decimal("3.3333"),), (Decimal("3.3334"),), (Decimal("3.5"),), (Decimal("3.5"),),
    ]  # fmt: skip
    assert OrderLine.objects.aggregate(all=Sum("freight"))["all"] == 17


def test_costs_of_products_fill_what_the_file_leaves_open_once(write_file):
    text = "order no,line,order date,customer,product,qty,amount\nA,1,2024-01-02,C1,P1,3,30\n"
    imported(write_file(text), "orders")
    assert lines("cost", "cost_base") == [(Decimal("7.5"), Decimal("7.5"))]
    product = OrderLine.objects.get().product
    product.cost = 99
    product.save()
    assert counts(imported(write_file(text), "orders")) == (1, 0, 0, 1, 0)
    assert lines("cost") == [(Decimal("7.5"),)]


def test_foreign_money_is_valued_at_the_rate_of_the_day(write_file):
    CurrencyRate.objects.create(currency="EUR", day=dt.date(2024, 1, 1), rate_to_base=Decimal("1.25"))
    text = (
        "order no,line,order date,customer,product,qty,amount,currency\n"
        "A,1,2024-01-02,C1,P1,2,8,EUR\n"
        "B,1,2023-12-31,C1,P1,2,8,EUR\n"
    )
    run = imported(write_file(text), "orders")
    assert lines("amount_base", "cost", "cost_base") == [(10, 4, 5)]
    assert errors(run) == {
        3: ["currency: no rate of EUR is known for 2023-12-31 or before; import currency rates first"]
    }
    without_currency = text.replace(",currency", "").replace(",EUR", "").replace(",8\nB", ",16\nB")
    imported(write_file(without_currency), "orders")
    assert lines("order__number", "order__currency", "amount_base") == [("A", "EUR", 20), ("B", "USD", 8)]


def test_returns_are_negative_however_the_file_writes_them(write_file):
    text = (
        "order no,line,order date,customer,type,qty,amount,cost\n"
        "R,1,2024-01-02,C1,退货,2,20,5\n"
        "R,2,2024-01-02,C1,退货,-1,-10,-2\n"
    )
    imported(write_file(text), "orders")
    assert lines("order__kind", "quantity", "amount_base", "cost_base") == [
        ("return", -2, -20, -5),
        ("return", -1, -10, -2),
    ]
    assert Order.objects.get().amount_base == -30


def test_rows_that_contradict_their_order_are_refused(write_file):
    text = (
        "order no,line,order date,customer,amount\n"
        "A,1,2024-01-02,C1,1\n"
        "A,2,2024-01-03,C1,2\n"
        "A,3,2024-01-02,C2,2\n"
    )
    run = imported(write_file(text), "orders", rows_at_a_time=1)
    assert errors(run) == {
        3: ["order date: differs from an earlier row of the same order, “A”"],
        4: ["customer: differs from an earlier row of the same order, “A”"],
    }
    assert lines("line_no") == [(1,)]


def test_files_that_hold_their_columns_turned_come_in_by_name(write_file):
    text = "金额;客户编号;下单日期;订单编号\n1.234,50;C1;31.12.2024;S1\n"
    run = imported(write_file(text, encoding="gb18030"), "orders")
    assert counts(run) == (1, 1, 0, 0, 0)
    assert lines("amount", "order__day") == [(Decimal("1234.5"), dt.date(2024, 12, 31))]
