"""From order to payment: part of each at a time, every step in the ledger, nothing posted ever changed."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from clientier.core import seals
from clientier.core.actor import system
from clientier.rooms.trade.commands.deliveries import deliver_order, take_delivery_back
from clientier.rooms.trade.commands.invoices import (
    AlreadyPosted,
    NotOpen,
    TooMuch,
    credit_invoice,
    delete_draft,
    invoice_order,
    post_invoice,
)
from clientier.rooms.trade.commands.ledger import LEDGER, Amount, post
from clientier.rooms.trade.commands.payments import settle_oldest, settle_with, take_payment_back
from clientier.rooms.trade.commands.sales import (
    HasDocuments,
    NotADraft,
    cancel_order,
    correct_order,
    enter_order,
    open_order,
)
from clientier.rooms.trade.commands.settling import CannotSettle, settle, write_off
from clientier.rooms.trade.models import Invoice, JournalEntry, Order, Posting
from clientier.rooms.trade.queries.proofs import faults
from clientier.rooms.trade.queries.rates import RateMissing
from clientier.rooms.trade.queries.receivable import balances
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = make.DAY + dt.timedelta(days=40)
WHO: dict[str, Any] = {"actor": system()}


def sums(customer: Any) -> dict[str, Decimal]:
    return {account: value.normalize() for account, value in balances(customer.pk).items() if value}


def test_an_order_is_delivered_invoiced_and_paid_part_by_part() -> None:
    order = make.some_open_order()
    line = order.lines.get()
    deliver_order(order, **WHO, day=make.DAY, quantities={line.pk: Decimal(4)})
    invoice_order(order, **WHO, day=make.DAY, quantities={line.pk: Decimal(4)})
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.state, line.delivered, line.invoiced) == ("open", 4, 4)
    invoice = order.invoices.get()
    assert (invoice.net, invoice.tax, invoice.total, invoice.open_amount) == (400, 52, 452, 452)
    payment = make.some_payment(order.customer, amount=Decimal(500))
    settle_with(payment, **WHO, invoice=invoice, amount=Decimal(300), day=LATER)
    invoice.refresh_from_db()
    payment.refresh_from_db()
    assert (invoice.open_amount, payment.unsettled) == (152, 200)
    assert sums(order.customer) == {
        "receivable": 152,
        "advance": -200,
        "bank": 500,
        "sales": -400,
        "tax": -52,
    }
    deliver_order(order, **WHO, day=LATER)
    invoice_order(order, **WHO, day=LATER)
    order.refresh_from_db()
    assert order.state == "closed"
    assert sum(i.net for i in order.invoices.all()) == order.amount == 1000


def test_numbers_have_no_gaps_though_one_is_refused() -> None:
    first = make.some_invoice()
    refused = make.some_invoice(posted=False, currency="USD")
    with pytest.raises(RateMissing):
        post_invoice(refused, **WHO)
    second = make.some_invoice()
    other_year = make.some_invoice(day=dt.date(2027, 1, 4))
    assert [i.number for i in (first, second, other_year)] == [
        "INV-2026-000001", "INV-2026-000002", "INV-2027-000001",
    ]  # fmt: skip


@pytest.mark.parametrize("command", [deliver_order, invoice_order])
def test_no_more_than_ordered_and_only_of_open_orders(command: Any) -> None:
    order = make.some_open_order()
    line = order.lines.get()
    with pytest.raises(TooMuch):
        command(order, **WHO, day=make.DAY, quantities={line.pk: Decimal(11)})
    cancel_order(order, **WHO, reason="Not wanted any more")
    with pytest.raises(NotOpen):
        command(order, **WHO, day=make.DAY)
    assert not JournalEntry.objects.exists()


def test_tax_is_rounded_once_for_each_rate() -> None:
    lines = [
        make.line_facts(quantity=Decimal(1), unit_price=Decimal("0.05"), tax_rate=Decimal(13))
        for _ in range(3)
    ] + [make.line_facts(quantity=Decimal(1), unit_price=Decimal("10.00"), tax_rate=Decimal(6))]
    invoice = make.some_invoice(lines=lines)
    assert (invoice.net, invoice.tax, invoice.total) == (Decimal("10.15"), Decimal("0.62"), Decimal("10.77"))


def test_a_posted_document_refuses_every_change_even_in_the_database() -> None:
    invoice, payment = make.some_invoice(), make.some_payment()
    connection.check_constraints()
    with pytest.raises(AlreadyPosted):
        post_invoice(invoice, **WHO)
    with pytest.raises(AlreadyPosted):
        delete_draft(invoice, **WHO)
    for statement in (
        f"UPDATE trade_invoice SET total = 1, net = 1, tax = 0, open_amount = 0 WHERE id = {invoice.pk}",
        f"DELETE FROM trade_invoice WHERE id = {invoice.pk}",
        f"UPDATE trade_invoiceline SET quantity = 1 WHERE invoice_id = {invoice.pk}",
        f"DELETE FROM trade_invoiceline WHERE invoice_id = {invoice.pk}",
        f"UPDATE trade_payment SET amount = 9999 WHERE id = {payment.pk}",
        f"DELETE FROM trade_payment WHERE id = {payment.pk}",
        "UPDATE trade_posting SET amount_base = 0",
        "DELETE FROM trade_journalentry",
        "TRUNCATE trade_posting CASCADE",
    ):
        with pytest.raises(DatabaseError, match=r"append-only|is posted"), transaction.atomic():
            connection.cursor().execute(statement)


def test_an_entry_that_does_not_balance_is_refused_twice() -> None:
    invoice = make.some_invoice()
    one = [Amount("bank", "CNY", Decimal(5), Decimal(5))]  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not balance"):
        post("payment", invoice, "X", invoice.customer, make.DAY, one)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        entry = JournalEntry.objects.get()
        Posting.objects.create(entry=entry, account="bank", currency="CNY", amount=5, amount_base=5)
        connection.check_constraints()


def test_a_foreign_invoice_paid_at_another_rate_leaves_gain_or_loss() -> None:
    make.some_rate(currency="USD", day=make.DAY, rate_to_base=Decimal("7.2"))
    make.some_rate(currency="USD", day=LATER, rate_to_base=Decimal("7.0"))
    invoice = make.some_invoice(currency="USD")
    payment = make.some_payment(invoice.customer, currency="USD", day=LATER, amount=Decimal(1130))
    settle_oldest(payment, **WHO, day=LATER)
    assert sums(invoice.customer) == {
        "bank": 7910, "sales": -7200, "tax": -936, "rate_difference": 226,
    }  # fmt: skip


def test_parts_of_an_invoice_are_worth_exactly_the_whole() -> None:
    make.some_rate(currency="USD", day=make.DAY, rate_to_base=Decimal("7.123456789"))
    line = make.line_facts(quantity=Decimal(1), unit_price=Decimal("100.01"))
    invoice = make.some_invoice(currency="USD", lines=[line])
    for amount in ("37.67", "37.67", "37.67"):
        payment = make.some_payment(invoice.customer, currency="USD", amount=Decimal(amount))
        settle_oldest(payment, **WHO, day=make.DAY)
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.open_base) == (0, 0)
    assert balances(invoice.customer_id)["receivable"] == 0


def test_a_credit_note_corrects_a_part_and_settles_it() -> None:
    order = make.some_open_order()
    invoice_order(order, **WHO, day=make.DAY)
    invoice = order.invoices.get()
    with pytest.raises(TooMuch):
        credit_invoice(
            invoice, **WHO, day=LATER, reason="Broken", quantities={invoice.lines.get().pk: Decimal(11)}
        )
    credit_invoice(
        invoice, **WHO, day=LATER, reason="Broken", quantities={invoice.lines.get().pk: Decimal(2)}
    )
    credit_invoice(invoice, **WHO, day=LATER, reason="All of it")
    notes = list(Invoice.objects.filter(corrects=invoice).order_by("pk"))
    assert [(n.number, n.total) for n in notes] == [("CN-2026-000001", 226), ("CN-2026-000002", 904)]
    order.refresh_from_db()
    assert (order.state, order.lines.get().invoiced) == ("open", 0)
    invoice.refresh_from_db()
    assert (invoice.open_amount, [n.open_amount for n in notes]) == (0, [0, 0])
    assert sums(order.customer) == {}


def test_a_payment_that_bounced_opens_what_it_settled() -> None:
    invoice = make.some_invoice()
    payment = make.some_payment(invoice.customer)
    settle_oldest(payment, **WHO, day=make.DAY)
    take_payment_back(payment, **WHO, day=LATER, reason="No money on the account")
    invoice.refresh_from_db()
    payment.refresh_from_db()
    assert (invoice.open_amount, payment.unsettled, payment.reversed_on) == (1130, 0, LATER)
    assert sums(invoice.customer) == {"receivable": 1130, "sales": -1000, "tax": -130}


def test_nothing_is_taken_back_before_it_was_there() -> None:
    invoice = make.some_invoice(day=LATER)
    payment = make.some_payment(invoice.customer, day=LATER)
    settle_oldest(payment, **WHO, day=make.DAY)
    taken = take_payment_back(payment, **WHO, day=make.DAY, reason="Bounced")
    assert taken.reversed_on == LATER
    assert set(JournalEntry.objects.values_list("day", flat=True)) == {LATER}


def test_what_is_lost_is_written_off_as_a_bad_debt() -> None:
    invoice = make.some_invoice()
    write_off(invoice, Decimal(130), LATER, "Insolvent")
    assert sums(invoice.customer) == {"receivable": 1000, "sales": -1000, "tax": -130, "bad_debt": 130}


def test_others_money_settles_nothing() -> None:
    invoice, payment = make.some_invoice(), make.some_payment()
    for amount in (100, 0, -5):
        with pytest.raises(CannotSettle):
            settle(invoice, payment, Decimal(amount), LATER)
    own = make.some_payment(invoice.customer)
    with pytest.raises(CannotSettle):
        settle(invoice, own, Decimal(1131), LATER)


def test_goods_come_back_against_their_delivery() -> None:
    order = make.some_open_order()
    deliver_order(order, **WHO, day=make.DAY)
    delivery = order.deliveries.get()
    line = order.lines.get()
    take_delivery_back(delivery, **WHO, day=LATER, quantities={line.pk: Decimal(3)})
    with pytest.raises(TooMuch):
        take_delivery_back(delivery, **WHO, day=LATER, quantities={line.pk: Decimal(8)})
    line.refresh_from_db()
    assert line.delivered == 7
    with pytest.raises(HasDocuments):
        cancel_order(order, **WHO, reason="No")


def test_a_draft_is_corrected_and_an_opened_order_is_not() -> None:
    changes = {"customer": make.some_customer(), "day": make.DAY}
    order = enter_order(Order, **WHO, changes=changes, lines=[make.line_facts()])
    two = [make.line_facts(discount=Decimal(50)), make.line_facts(quantity=Decimal(1))]
    order = correct_order(order, **WHO, changes={"promised_on": LATER}, lines=two)
    assert (order.amount, order.number, order.lines.count()) == (1050, "SO-2026-000001", 2)
    open_order(order, **WHO)
    with pytest.raises(NotADraft):
        correct_order(order, **WHO, changes={}, lines=two)


def test_sales_that_counted_with_their_orders_do_not_count_again() -> None:
    order = make.some_order(lines=[{"quantity": 10, "unit_price": 100, "amount": 1000, "amount_base": 1000}])
    line = {**make.line_facts(), "order_line": order.lines.get()}
    make.some_invoice(order.customer, order=order, lines=[line])
    assert sums(order.customer) == {"receivable": 1130, "counted": -1000, "tax": -130}


def test_the_ledger_is_sealed_and_tampering_is_named() -> None:
    invoice = make.some_invoice()
    make.some_payment(invoice.customer)
    connection.check_constraints()
    assert seals.seal(LEDGER) == 2
    verdict = seals.verify(LEDGER)
    assert (verdict.sealed, verdict.faults) == (2, [])
    entry = JournalEntry.objects.order_by("pk").first()
    assert entry is not None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trade_posting DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE trade_posting SET amount_base = amount_base * 2 WHERE entry_id = %s", [entry.pk]
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE trade_posting ENABLE TRIGGER USER")
    assert seals.verify(LEDGER).faults == [f"entry {entry.pk} was changed after it was sealed"]


def random_books(seed: int) -> None:
    """Customers, currencies, parts, credit notes, bounced payments and losses, as they come."""
    chance = random.Random(seed)
    make.some_rate(currency="USD", day=make.DAY, rate_to_base=Decimal("7.123456789"))
    make.some_rate(currency="USD", day=LATER, rate_to_base=Decimal("6.987654321"))
    for _number in range(3):
        customer = make.some_customer()
        for _step in range(6):
            day, currency = chance.choice([make.DAY, LATER]), chance.choice(["CNY", "USD"])
            line = make.line_facts(
                quantity=Decimal(chance.randrange(1, 40)),
                unit_price=Decimal(chance.randrange(1, 10**5)) / 100,
            )
            invoice = make.some_invoice(customer, [line], day=day, currency=currency)
            amount = Decimal(chance.randrange(1, 10**5)) / 100
            payment = make.some_payment(customer, day=day, currency=currency, amount=amount)
            if chance.random() < 0.7:
                settle_oldest(payment, **WHO, day=LATER)
            if chance.random() < 0.3:
                take_payment_back(payment, **WHO, day=LATER, reason="Bounced")
            if chance.random() < 0.3:
                credit_invoice(invoice, **WHO, day=LATER, reason="Broken")


@pytest.mark.parametrize("seed", range(3))
def test_what_is_open_is_what_the_postings_add_up_to(seed: int) -> None:
    random_books(seed)
    assert faults() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trade_invoice SET open_base = open_base + 1 WHERE state = 'posted'")
    assert any("invoices in" in fault for fault in faults())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trade_invoice SET open_base = open_base - 1 WHERE state = 'posted'")
        cursor.execute("UPDATE trade_payment SET unsettled_base = unsettled_base + 1")
        cursor.execute("UPDATE trade_numberseries SET last = last + 1 WHERE series = 'INV'")
    told = "; ".join(faults())
    assert "payments in" in told and "the series INV-2026 has given" in told and "invoices in" not in told


def test_the_command_says_whether_the_ledger_holds(capsys: pytest.CaptureFixture[str]) -> None:
    make.some_payment()
    call_command("ledger", "seal")
    call_command("ledger", "verify")
    assert "1 entries sealed, 0 not yet" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trade_payment SET unsettled_base = 1")
    with pytest.raises(SystemExit):
        call_command("ledger", "verify")
    assert "payments in CNY have 1.0000 unsettled, postings say 1130.0000" in capsys.readouterr().err
