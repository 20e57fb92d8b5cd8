"""What is owed at any day, by age: it adds up to the ledger, and it is shown to who may see it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientier.core.actor import Reach, system
from clientier.rooms.trade.choices.credit import first_rules
from clientier.rooms.trade.commands.invoices import credit_invoice
from clientier.rooms.trade.commands.payments import settle_with, take_payment_back
from clientier.rooms.trade.commands.settling import settle, write_off
from clientier.rooms.trade.models import CurrencyRate, Invoice, Payment, Posting, Settlement
from clientier.rooms.trade.queries import ageing
from clientier.rooms.trade.queries.debtors import days_sales, debtors, sold
from tests import factories as make

pytestmark = pytest.mark.django_db
EDGES = [30, 60, 90]
RULES = first_rules()
WHO: dict[str, Any] = {"actor": system()}
ME = system()


def day(number: int) -> dt.date:
    return make.DAY + dt.timedelta(days=number)


def ledger_at(when: dt.date) -> Decimal:
    found = Posting.objects.filter(account="receivable", entry__day__lte=when)
    return found.aggregate(sum=Sum("amount_base"))["sum"] or Decimal(0)


def test_each_invoice_stands_in_the_bucket_of_its_age() -> None:
    customer = make.some_customer()
    for late in (0, 1, 30, 31, 60, 61, 90, 91, 400):
        make.some_invoice(customer, day=day(-500), due_on=day(-late))
    (owes,) = ageing.by_customer(ME, make.DAY, EDGES)
    assert owes.buckets == tuple(Decimal(1130) * times for times in (1, 2, 2, 2, 2))
    assert (owes.total, owes.late, owes.oldest_days) == (1130 * 9, 1130 * 8, 400)
    assert owes.amount_days == 1130 * sum((1, 30, 31, 60, 61, 90, 91, 400))


def test_a_past_day_knows_nothing_of_what_came_later() -> None:
    invoice = make.some_invoice(day=day(0), due_on=day(30))
    payment = make.some_payment(invoice.customer, day=day(50), amount=Decimal(1000))
    settle_with(payment, **WHO, invoice=invoice, amount=Decimal(1000), day=day(50))
    credit_invoice(invoice, **WHO, day=day(60), reason="Broken")
    seen = [ageing.whole(ME, day(n), EDGES) for n in (-1, 0, 49, 50, 60)]
    assert [(each.total, each.late) for each in seen] == [
        (0, 0), (1130, 0), (1130, 1130), (130, 130), (-1000, 0),
    ]  # fmt: skip
    assert seen[-1].notes == -1000


def test_nothing_is_settled_before_it_is_there() -> None:
    invoice = make.some_invoice(day=day(10))
    payment = make.some_payment(invoice.customer, day=day(0))
    settled = settle(invoice, payment, Decimal(1130), day(0))
    assert settled.day == day(10)
    early = {"day": day(9), "amount": 1, "source_amount": 1, "amount_base": 1, "source_base": 1}
    with pytest.raises(IntegrityError, match="settled before"), transaction.atomic():
        Settlement.objects.create(invoice=invoice, payment=payment, **early)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["invoice", "pay", "settle", "credit", "lose", "back"]),
            st.integers(0, 200), st.integers(0, 5), st.integers(1, 100),
        ),
        min_size=3, max_size=14,
    ),
    at=st.lists(st.integers(-10, 230), min_size=2, max_size=4),
)  # fmt: skip
def test_ageing_of_any_book_at_any_day_is_the_balance_of_the_ledger(
    steps: list[tuple[str, int, int, int]], at: list[int]
) -> None:
    customers = [make.some_customer() for _ in range(2)]
    CurrencyRate.objects.get_or_create(
        currency="USD", day=day(-30), defaults={"rate_to_base": Decimal("7.1234567")}
    )
    before = {number: ledger_at(day(number)) for number in at}
    shown = {number: ageing.whole(ME, day(number), EDGES).total for number in at}
    for step in steps:
        _do(customers, *step)
    for number in at:
        whole = ageing.whole(ME, day(number), EDGES)
        assert whole.total - shown[number] == ledger_at(day(number)) - before[number]
        assert whole.total == sum(whole.buckets) + whole.notes
        each = ageing.by_customer(ME, day(number), EDGES)
        owners = ageing.by_owner(ME, day(number), EDGES)
        paged = debtors(ME, day(number), RULES)
        items = ageing.open_items(ME, day(number), [c.pk for c in customers])
        assert sum(one.total for one in each) == sum(one.total for one in owners) == whole.total
        assert paged.whole == whole
        assert sum(one.amount for one in items) == sum(
            one.total for one in each if one.key in {c.pk for c in customers}
        )


def _do(customers: list[Any], what: str, number: int, which: int, share: int) -> None:
    """One step of a book: it may find nothing to do."""
    customer, currency = customers[which % 2], ("CNY", "USD")[which % 3 % 2]
    mine = {"customer": customer, "currency": currency}
    invoice = Invoice.objects.filter(**mine, kind="invoice", open_amount__gt=0).order_by("pk").first()
    payment = Payment.objects.filter(**mine, unsettled__gt=0).order_by("pk").first()
    if what == "invoice":
        line = make.line_facts(quantity=Decimal(1), unit_price=Decimal(share) + Decimal("0.37"))
        make.some_invoice(customer, lines=[line], day=day(number), due_on=day(number + 30), currency=currency)
    elif what == "pay":
        make.some_payment(customer, day=day(number), amount=Decimal(share), currency=currency)
    elif what == "settle" and invoice and payment:
        settle(invoice, payment, min(invoice.open_amount, payment.unsettled), day(number))
    elif what == "credit" and invoice and invoice.lines.filter(corrections=None).exists():
        credit_invoice(invoice, **WHO, day=day(number), reason="Broken")
    elif what == "lose" and invoice:
        write_off(invoice, invoice.open_amount, day(number), "Lost")
    elif what == "back":
        settled = Settlement.objects.filter(invoice__customer=customer, payment__reversed_on=None)
        if (found := settled.exclude(payment=None).first()) and found.payment:
            take_payment_back(found.payment, **WHO, day=day(number), reason="Bounced")


def test_pages_of_debtors_follow_each_other_without_gap_or_overlap() -> None:
    for number in range(7):
        line = make.line_facts(quantity=Decimal(1 + number // 2))
        make.some_invoice(lines=[line], day=day(-60), due_on=day(-30 - number))
    for order in ("owed", "late", "collect"):
        seen, after = [], ""
        for _ in range(9):
            found = debtors(ME, make.DAY, RULES, order=order, after=after, size=2)
            seen += [(-each.rank, each.owes.key) for each in found.page]
            if not (after := found.after):
                break
        assert len(seen) == 7
        assert seen == sorted(seen)


def test_collecting_begins_where_amount_lateness_and_risk_are_highest() -> None:
    small_old = make.some_invoice(lines=[make.line_facts(quantity=Decimal(1))], day=day(-99), due_on=day(-90))
    large_new = make.some_invoice(day=day(-40), due_on=day(-3))
    disputed = make.some_invoice(day=day(-99), due_on=day(-90))
    Invoice.objects.filter(pk=disputed.pk).update(disputed_on=make.DAY)
    found = debtors(ME, make.DAY, RULES, order="collect").page
    assert [(each.owes.key, each.rank) for each in found] == [
        (small_old.customer_id, Decimal(113) * 90 / 30 * 90 / 100),
        (large_new.customer_id, Decimal(1130) * 3 / 30 * 90 / 100),
    ]


def test_only_what_is_in_reach_is_summed() -> None:
    user = make.some_user()
    mine = make.some_invoice(make.some_customer(owner=user))
    make.some_invoice(make.some_customer(owner=make.some_user()))
    actor = make.acting(user, reach=Reach.OWN, kinds=[Invoice])
    assert ageing.whole(actor, make.DAY, EDGES).total == mine.total == 1130
    assert ageing.whole(ME, make.DAY, EDGES).total == 2260
    assert [each.key for each in ageing.by_owner(actor, make.DAY, EDGES)] == [user.pk]
    nobody = make.acting(user, reach=Reach.NONE, kinds=[Invoice])
    assert not ageing.may_see_receivables(nobody)


def test_days_sales_outstanding_is_what_is_owed_in_days_of_sales() -> None:
    customer = make.some_customer()
    make.some_invoice(customer, day=day(-10))
    make.some_invoice(customer, day=day(-100))
    assert sold(ME, make.DAY, 90) == {None: 1130}
    assert sold(ME, make.DAY, 90, by="customer") == {customer.pk: 1130}
    assert days_sales(Decimal(2260), Decimal(1130), 90) == 180
    assert days_sales(Decimal(2260), Decimal(0), 90) is None


def test_the_page_shows_the_figures_and_opens_the_invoices() -> None:
    invoice = make.some_invoice(make.some_customer(name="Acme"), day=day(-60), due_on=day(-30))
    client = make.signed_in(make.administrator())
    page = client.get("/receivables/", {"day": make.DAY.isoformat()}).content.decode()
    assert "Acme" in page
    assert "1,130.00" in page
    detail = client.get(f"/receivables/customers/{invoice.customer_id}/").content.decode()
    assert invoice.number in detail
    assert client.get("/receivables/", {"after": "nonsense"}).status_code == 400
    assert client.get("/receivables/managers/").status_code == 200
