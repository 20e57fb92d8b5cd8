"""Exposure by its parts, limits, orders that are held, and the score."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from clientier.core.actor import Reach, system
from clientier.core.errors import DomainError, NotAllowed
from clientier.core.models import AuditEntry
from clientier.rooms.trade.choices.credit import first_rules
from clientier.rooms.trade.commands.credit import (
    EdgesOutOfOrder,
    NotHeld,
    adopt_rules,
    release_order,
    set_limit,
)
from clientier.rooms.trade.commands.deliveries import deliver_order
from clientier.rooms.trade.commands.invoices import credit_invoice, invoice_order
from clientier.rooms.trade.commands.payments import settle_oldest
from clientier.rooms.trade.commands.sales import enter_order, open_order
from clientier.rooms.trade.commands.settling import write_off
from clientier.rooms.trade.models import (
    CreditLimit,
    CreditPolicy,
    Invoice,
    Order,
    Payment,
    PaymentPromise,
)
from clientier.rooms.trade.queries.credit import credit_of
from clientier.rooms.trade.queries.exposure import Exposure, exposures, group_exposures
from clientier.rooms.trade.queries.scores import Behaviour, behaviours, score_of
from clientier.rooms.value.models import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {"actor": system()}
RULES = first_rules()


def day(number: int) -> dt.date:
    return make.DAY + dt.timedelta(days=number)


def limit(customer: Any, amount: int, **facts: Any) -> CreditLimit:
    changes = {
        "customer": customer,
        "amount": Decimal(amount),
        "from_day": make.DAY,
        "reason": "asked",
        **facts,
    }
    made: CreditLimit = set_limit(CreditLimit, **WHO, changes=changes)
    return made


def draft(customer: Any, net: int = 1000) -> Order:
    line = make.line_facts(quantity=Decimal(10), unit_price=Decimal(net) / 10)
    made: Order = enter_order(Order, **WHO, changes={"customer": customer, "day": make.DAY}, lines=[line])
    return made


def test_exposure_moves_from_part_to_part_and_is_counted_once() -> None:
    order = make.some_open_order()
    customer, line = order.customer, order.lines.get()

    def parts() -> Exposure:
        return exposures([customer.pk])[customer.pk]

    assert parts() == Exposure(to_deliver=Decimal(1130))
    deliver_order(order, **WHO, day=make.DAY, quantities={line.pk: Decimal(4)})
    assert parts() == Exposure(Decimal(678), Decimal(452))
    invoice_order(order, **WHO, day=make.DAY, quantities={line.pk: Decimal(6)})
    assert parts() == Exposure(Decimal(452), Decimal(0), Decimal(678))
    settle_oldest(make.some_payment(customer, amount=Decimal(700)), **WHO, day=make.DAY)
    assert parts() == Exposure(Decimal(452), Decimal(0), Decimal(0), Decimal(22))
    assert parts().total == 430
    credit_invoice(order.invoices.get(), **WHO, day=make.DAY, reason="Broken")
    assert parts() == Exposure(Decimal(678), Decimal(452), Decimal(0), Decimal(700))
    assert exposures([make.some_customer().pk]).popitem()[1] == Exposure()


def test_exposure_is_in_the_base_currency_and_of_the_whole_group() -> None:
    make.some_rate(currency="USD", day=make.DAY, rate_to_base=Decimal(7))
    head = make.some_customer()
    middle = make.some_customer(parent=head)
    low = make.some_customer(parent=middle)
    make.some_open_order(low, currency="USD")
    make.some_invoice(head)
    found = group_exposures([head.pk, middle.pk])
    assert found == {
        head.pk: Exposure(Decimal(7910), Decimal(0), Decimal(1130)), middle.pk: Exposure(Decimal(7910)),
    }  # fmt: skip


def test_an_order_beyond_the_limit_is_held_and_says_why_in_figures() -> None:
    customer = make.some_customer()
    limit(customer, 1500)
    assert open_order(draft(customer), **WHO).state == "open"
    held = open_order(draft(customer), **WHO)
    assert held.state == "held"
    assert held.held_because == (
        "The customer would owe ¥2,260.00; the limit is ¥1,500.00. Who may change credit limits may release it."
    )
    assert exposures([customer.pk])[customer.pk].total == 1130


def test_where_the_rules_warn_the_order_opens() -> None:
    customer = make.some_customer()
    Standing.objects.create(customer=customer, tier="important")
    limit(customer, 100)
    assert credit_of(customer, make.DAY).over_limit == "warn"
    assert open_order(draft(customer), **WHO).state == "open"


def test_without_a_limit_of_its_own_a_customer_has_that_of_its_tier() -> None:
    customer = make.some_customer()
    Standing.objects.create(customer=customer, tier="small")
    (line,) = credit_of(customer, make.DAY).lines
    assert (line.limit, line.is_default) == (20_000, True)
    assert open_order(draft(customer, 17_699), **WHO).state == "open"
    assert open_order(draft(customer, 10), **WHO).state == "held"


def test_the_newest_limit_of_a_day_holds_and_those_before_stay() -> None:
    customer = make.some_customer()
    limit(customer, 1000, from_day=day(-9))
    limit(customer, 2000, from_day=day(-5))
    limit(customer, 3000, from_day=day(5))
    seen = [credit_of(customer, day(n)).lines[0].limit for n in (-10, -9, -5, 0, 5)]
    assert seen == [100_000, 1000, 2000, 2000, 3000]
    assert customer.credit_limits.count() == 3


def test_a_subsidiary_s_order_is_held_by_the_limit_of_its_group() -> None:
    head = make.some_customer(name="Acme Group")
    one, other = make.some_customer(parent=head), make.some_customer(parent=head)
    limit(head, 2000, covers="group")
    assert open_order(draft(one), **WHO).state == "open"
    held = open_order(draft(other), **WHO)
    assert held.state == "held"
    assert "The group Acme Group would owe ¥2,260.00; its limit is ¥2,000.00." in held.held_because


def test_a_held_order_is_released_by_who_may_change_limits_alone() -> None:
    user = make.some_user()
    customer = make.some_customer(owner=user)
    limit(customer, 1)
    held = open_order(draft(customer), **WHO)
    rep = make.acting(user, reach=Reach.ALL, kinds=[Order])
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowed):
        release_order(held, actor=rep, reason="Please")
    held.refresh_from_db()
    assert (held.state, AuditEntry.objects.count()) == ("held", before)
    manager = make.acting(user, reach=Reach.OWN, kinds=[Order, CreditLimit])
    released = release_order(held, actor=manager, reason="Bank guarantee came")
    assert (released.state, released.held_because) == ("open", "Bank guarantee came")
    with pytest.raises(NotHeld):
        release_order(released, actor=manager, reason="Again")
    stranger = open_order(draft(make.some_customer(owner=make.some_user()), 200_000), **WHO)
    with pytest.raises(DomainError):
        release_order(stranger, actor=manager, reason="Not mine")


@pytest.mark.django_db(transaction=True)
def test_of_two_orders_at_once_only_one_slips_under_the_limit() -> None:
    head = make.some_customer()
    limit(head, 1500, covers="group")
    orders = [draft(make.some_customer(parent=head)) for _ in range(2)]
    started, states = threading.Barrier(2), []

    def attempt(order: Order) -> None:
        try:
            with transaction.atomic():
                started.wait(10)
                opened = open_order(order, **WHO)
                states.append(opened.state)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(states) == ["held", "open"]


def test_rules_are_versions_and_their_days_must_rise() -> None:
    adopt_rules(CreditPolicy, **WHO, changes={"edges": [10, 20]}, reason="Short terms")
    with pytest.raises(EdgesOutOfOrder):
        adopt_rules(CreditPolicy, **WHO, changes={"edges": [20, 10]}, reason="Wrong")
    assert [(p.version, p.rules["edges"]) for p in CreditPolicy.objects.order_by("version")] == [
        (1, [10, 20])
    ]


def test_the_score_adds_up_and_shrinks_towards_the_prior_where_little_is_known() -> None:
    good = Behaviour(1000.0, 1000.0, 0.0, 20, 0, 0.0, 1000.0, 730)
    assert score_of(good, RULES).points == 100
    assert score_of(good, RULES).score == round((100 * 20 + 60 * 5) / 25) == 92
    new = Behaviour(1000.0, 1000.0, 0.0, 1, 0, 0.0, 1000.0, 61)
    assert score_of(new, RULES).score == round((100 * 0.167 + 300) / 5.167) == 61
    bad = Behaviour(1000.0, 250.0, 30.0, 20, 3, 100.0, 1000.0, 730)
    assert score_of(bad, RULES).points == 50 * 0.25 + 30 * 0.5
    assert score_of(Behaviour(0, 0, 0, 0, 0, 0, 0, 0), RULES).score == 60


def test_behaviour_is_read_from_settlements_promises_and_losses() -> None:
    customer = make.some_customer()
    for due, paid in ((30, 20), (30, 50)):
        invoice = make.some_invoice(customer, day=day(0), due_on=day(due))
        settle_oldest(make.some_payment(customer, day=day(paid)), **WHO, day=day(paid))
    make.some_invoice(customer, day=day(0), due_on=day(90))  # late at day 100
    invoice = make.some_invoice(customer, day=day(0), due_on=day(400))  # not due
    write_off(Invoice.objects.get(pk=invoice.pk), Decimal(130), day(95), "Insolvent")
    PaymentPromise.objects.create(
        customer=customer, amount=1, promised_on=day(0), until=day(5), state="broken", decided_on=day(6)
    )
    (found,) = behaviours(day(100), RULES, [customer.pk]).values()
    assert (found.judged, found.in_time, found.invoices) == (3390, 1130, 3)
    weights = [0.5 ** ((100 - paid) / 365) for paid in (20, 50)]
    late = (weights[1] * 20 + 10) / (sum(weights) + 1)
    assert found.days_late == pytest.approx(late)
    assert (found.broken_promises, found.written_off, found.sold, found.days_known) == (1, 130, 4520, 100)


def test_the_card_and_the_order_show_credit_to_who_sees_it_all() -> None:
    user = make.some_user()
    customer = make.some_customer(owner=user)
    limit(customer, 500)
    order = open_order(draft(customer), **WHO)
    client = make.signed_in(user)
    make.grant(user.role, "parties.customer", Reach.OWN)
    make.grant(user.role, "trade.order", Reach.OWN)
    words = "Ordered, not delivered"
    assert words not in client.get(f"/customers/{customer.pk}/").content.decode()
    for model in (Invoice, Payment):
        make.grant(user.role, model._meta.label_lower, Reach.OWN)
    make.grant(user.role, "trade.creditlimit", Reach.OWN, ["view"])
    assert words in client.get(f"/customers/{customer.pk}/").content.decode()
    shown = client.get(f"/orders/{order.pk}/").content.decode()
    assert "The customer would owe ¥1,130.00" in shown
    assert "Release the order" not in shown
    assert client.get(f"/orders/{order.pk}/release/").status_code == 404
    make.grant(user.role, "trade.creditlimit", Reach.OWN, ["change"])
    answer = client.post(f"/orders/{order.pk}/release/", {"reason": "Paid in cash"})
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.held_because) == ("open", "Paid in cash")


def test_a_limit_is_set_on_its_page_with_a_reason() -> None:
    customer = make.some_customer()
    client = make.signed_in(make.administrator())
    facts = {"customer": customer.pk, "covers": "customer", "amount": "5000", "from_day": "2026-03-02"}
    assert client.post("/credit-limits/set/", facts).status_code == 422
    assert client.post("/credit-limits/set/", {**facts, "reason": "Guarantee"}).status_code == 302
    made = customer.credit_limits.get()
    assert (made.amount, made.reason, made.made_by is not None) == (5000, "Guarantee", True)
