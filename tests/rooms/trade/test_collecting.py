"""Promises, disputes, reminders, tasks, interest and losses; proposals of other limits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from clientier.core.actor import Reach, system
from clientier.core.errors import NotAllowed
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Task
from clientier.rooms.trade.commands import collecting, lateness, scoring
from clientier.rooms.trade.commands.credit import adopt_rules
from clientier.rooms.trade.commands.payments import settle_oldest, take_payment_back
from clientier.rooms.trade.models import (
    CostToServe,
    CreditLimit,
    CreditPolicy,
    CreditScore,
    DunningNotice,
    Invoice,
    LimitProposal,
    PaymentPromise,
)
from clientier.rooms.trade.queries import ageing
from clientier.rooms.trade.queries.collecting import due_reminders
from clientier.rooms.trade.queries.interest import interest_of
from clientier.rooms.value.models import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {"actor": system()}
ME = system()


def day(number: int) -> dt.date:
    return make.DAY + dt.timedelta(days=number)


def late_invoice(days: int = 30, **customer: Any) -> Invoice:
    known = {"owner": make.some_user(), **customer}
    return make.some_invoice(make.some_customer(**known), day=day(-days - 30), due_on=day(-days))


def promise(customer: Any, **facts: Any) -> PaymentPromise:
    changes = {
        "customer": customer, "amount": Decimal(1000), "currency": "CNY", "promised_on": day(0), "until": day(7),
        **facts,
    }  # fmt: skip
    made: PaymentPromise = collecting.take_promise(PaymentPromise, **WHO, changes=changes)
    return made


def test_a_promise_is_kept_when_the_money_comes_and_broken_when_its_day_has_passed() -> None:
    kept, broken, bounced = (promise(late_invoice().customer) for _ in range(3))
    make.some_payment(kept.customer, day=day(3), amount=Decimal(400))
    make.some_payment(broken.customer, day=day(8), amount=Decimal(1000))
    back = make.some_payment(bounced.customer, day=day(3), amount=Decimal(1000))
    take_payment_back(back, **WHO, day=day(4), reason="Bounced")
    assert collecting.judge_promises(day(7)) == 0
    make.some_payment(kept.customer, day=day(7), amount=Decimal(600))
    assert collecting.judge_promises(day(7)) == 1
    assert collecting.judge_promises(day(8)) == 2
    states = {p.pk: (p.state, p.decided_on) for p in PaymentPromise.objects.all()}
    assert states == {
        kept.pk: ("kept", day(7)), broken.pk: ("broken", day(8)), bounced.pk: ("broken", day(8)),
    }  # fmt: skip
    tasks = Task.objects.filter(reason__code="broken")
    assert {task.customer_id for task in tasks} == {broken.customer_id, bounced.customer_id}
    assert collecting.judge_promises(day(9)) == 0


def test_a_promise_for_one_invoice_is_kept_by_what_settles_that_invoice() -> None:
    invoice = late_invoice()
    other = make.some_invoice(invoice.customer, due_on=day(-90))
    made = promise(invoice.customer, invoice=invoice)
    settle_oldest(make.some_payment(invoice.customer, day=day(1)), **WHO, day=day(1))
    other.refresh_from_db()
    assert other.open_amount == 0
    assert collecting.judge_promises(day(1)) == 0
    settle_oldest(make.some_payment(invoice.customer, day=day(2)), **WHO, day=day(2))
    collecting.judge_promises(day(2))
    made.refresh_from_db()
    assert made.state == "kept"
    with pytest.raises(collecting.OthersInvoice):
        promise(make.some_customer(), invoice=invoice)
    with pytest.raises(collecting.PromiseIsDecided):
        collecting.withdraw_promise(made, **WHO, day=day(3), reason="No")


def test_a_disputed_invoice_is_shown_apart_and_nobody_is_reminded_of_it() -> None:
    invoice = late_invoice()
    assert len(due_reminders(ME, day(0), [invoice.customer_id])) == 1
    collecting.dispute_invoice(invoice, **WHO, day=day(0), reason="Wrong goods")
    assert due_reminders(ME, day(0), [invoice.customer_id]) == []
    assert ageing.whole(ME, day(0), [30, 60, 90]).disputed == 1130
    with pytest.raises(collecting.AlreadyDisputed):
        collecting.dispute_invoice(invoice, **WHO, day=day(0), reason="Again")
    ended = collecting.end_dispute(invoice, **WHO, reason="They agreed")
    assert (ended.disputed_on, ended.dispute) == (None, "They agreed")
    with pytest.raises(collecting.NotDisputed):
        collecting.end_dispute(invoice, **WHO, reason="Again")
    note_less = make.some_invoice(posted=False)
    with pytest.raises(collecting.NothingToDispute):
        collecting.dispute_invoice(note_less, **WHO, day=day(0), reason="Draft")


def test_reminders_climb_one_level_at_a_time_and_wait_for_their_day() -> None:
    invoice = late_invoice(6, email="acme@example.com", country="CN")
    customer = invoice.customer

    def send(number: int) -> DunningNotice:
        sent: DunningNotice = collecting.remind(DunningNotice, **WHO, customer=customer, day=day(number))
        return sent

    with pytest.raises(collecting.NotToBeReminded):
        send(0)
    first = send(1)
    assert (first.level, first.way, first.address, first.amount_base) == (1, "email", customer.email, 1130)
    assert first.subject == "温馨提示：尚有 ¥1,130.00 未付"
    assert invoice.number in first.text
    assert "{" not in first.text
    with pytest.raises(collecting.NotToBeReminded):
        send(14)
    assert [send(number).level for number in (15, 60)] == [2, 3]
    with pytest.raises(collecting.NotToBeReminded):
        send(99)
    fresh = late_invoice(100)
    assert due_reminders(ME, day(0), [fresh.customer_id])[0].level == 1
    promise(fresh.customer)
    assert due_reminders(ME, day(0), [fresh.customer_id]) == []


def test_key_customers_are_called_first_and_written_to_as_partners() -> None:
    invoice = late_invoice(200, country="US")
    Standing.objects.create(customer=invoice.customer, tier="major")
    ways = []
    for number in (0, 7, 14):
        sent = collecting.remind(DunningNotice, **WHO, customer=invoice.customer, day=day(number))
        with pytest.raises(collecting.NotToBeReminded):
            collecting.remind(DunningNotice, **WHO, customer=invoice.customer, day=day(number + 6))
        ways.append((sent.level, sent.way, sent.subject))
    assert ways == [
        (1, "call", "About ¥1,130.00 that is open between us"),
        (2, "call", "Second reminder: please pay ¥1,130.00"),
        (3, "letter", "¥1,130.00: we need a date from you"),
    ]


def test_one_click_gives_the_account_manager_one_task_and_no_second() -> None:
    invoice = late_invoice(45)
    task = collecting.call_about(invoice.customer, actor=ME, today=day(0))
    assert (task.assigned_to, task.due_on) == (invoice.customer.owner, day(3))
    assert task.reason["days"] == 45
    with pytest.raises(collecting.TaskIsThere):
        collecting.call_about(invoice.customer, actor=ME, today=day(1))
    Task.objects.update(state=TaskState.DONE)
    collecting.call_about(invoice.customer, actor=ME, today=day(9))
    assert Task.objects.count() == 2
    with pytest.raises(collecting.NobodyToCall):
        collecting.call_about(make.some_customer(), actor=ME, today=day(0))


def test_the_night_gives_tasks_only_where_the_rules_say_so_and_only_once() -> None:
    late_invoice()
    promised = late_invoice()
    promise(promised.customer)
    assert collecting.give_tasks(day(0)) == 0
    changes = {"collects_by_itself": True, "collect_from": 1000}
    adopt_rules(CreditPolicy, **WHO, changes=changes, reason="Collect")
    assert [collecting.give_tasks(day(n)) for n in (0, 0, 1)] == [1, 0, 0]


def test_interest_counts_every_late_day_of_the_month_and_what_was_paid_in_it() -> None:
    invoice = make.some_invoice(day=dt.date(2026, 1, 1), due_on=dt.date(2026, 3, 10))
    payment = make.some_payment(invoice.customer, day=dt.date(2026, 3, 21), amount=Decimal(130))
    settle_oldest(payment, **WHO, day=payment.day)
    later = make.some_payment(invoice.customer, day=dt.date(2026, 4, 5), amount=Decimal(1000))
    settle_oldest(later, **WHO, day=later.day)
    amount_days = {3: 1130 * 10 + 1000 * 11, 4: 1000 * 4}
    for month, expected in amount_days.items():
        found = interest_of(dt.date(2026, month, 1), Decimal(5))
        assert found[invoice.customer_id] == pytest.approx(Decimal(expected) * 5 / 100 / 365)
    assert interest_of(dt.date(2026, 2, 1), Decimal(5)) == {}
    assert interest_of(dt.date(2026, 5, 1), Decimal(5)) == {}


def test_interest_becomes_one_cost_a_customer_and_month_however_often_it_is_charged() -> None:
    march = dt.date(2026, 3, 15)
    invoice = make.some_invoice(day=dt.date(2026, 1, 1), due_on=dt.date(2026, 2, 1))
    assert [lateness.charge_interest(march) for _ in range(2)] == [1, 1]
    cost = CostToServe.objects.get()
    assert (cost.external_id, cost.kind, cost.day) == (
        f"interest-{invoice.customer_id}-2026-03", "late_interest", dt.date(2026, 3, 31),
    )  # fmt: skip
    assert cost.amount == cost.amount_base == Decimal("4.80")  # 1130 × 31 × 5 % ÷ 365
    settle_oldest(
        make.some_payment(invoice.customer, day=dt.date(2026, 2, 1)), **WHO, day=dt.date(2026, 2, 1)
    )
    assert lateness.charge_interest(march) == 0
    cost.refresh_from_db()
    assert (cost.amount, cost.amount_base) == (0, 0)


def test_a_loss_is_written_off_by_who_decides_about_credit_and_comes_back_whole() -> None:
    invoice = late_invoice()
    rep = make.acting(invoice.customer.owner, reach=Reach.OWN, kinds=[Invoice])
    with pytest.raises(NotAllowed):
        lateness.write_off(invoice, actor=rep, amount=Decimal(130), day=day(0), reason="Lost")
    assert not CostToServe.objects.exists()
    lateness.write_off(invoice, **WHO, amount=Decimal(130), day=day(0), reason="Insolvent")
    cost = CostToServe.objects.get()
    assert (cost.kind, cost.amount_base, cost.note) == ("bad_debt", 130, "Insolvent")
    back = lateness.take_back_write_off(invoice, **WHO, day=day(1), reason="They paid")
    assert (back.open_amount, back.open_base) == (1130, 1130)
    assert not CostToServe.objects.exists()
    assert ageing.whole(ME, day(1), [30, 60, 90]).total == 1130
    with pytest.raises(lateness.NothingWrittenOff):
        lateness.take_back_write_off(invoice, **WHO, day=day(1), reason="Again")


def paying(times: int, days_late: int) -> Any:
    """A customer who paid that often, so late, within the last year, and was known a year before."""
    customer = make.some_customer(owner=make.some_user())
    for number in range(times):
        at = day(-400 + number)
        make.some_invoice(customer, day=at, due_on=at)
        paid = at + dt.timedelta(days=days_late)
        settle_oldest(make.some_payment(customer, day=paid), **WHO, day=paid)
    return customer


def test_the_trustworthy_are_proposed_more_and_the_bad_less_and_a_person_decides() -> None:
    good, bad = paying(12, 0), paying(12, 80)
    for customer in (good, bad):
        make.some_invoice(customer, lines=[make.line_facts(unit_price=Decimal(8000))], due_on=day(30))
    scoring.judge_all(day(0))
    assert CreditScore.objects.get(customer=good).score == round((100 * 12 + 60 * 5) / 17)
    found = {p.customer_id: (p.kind, p.before, p.amount) for p in LimitProposal.objects.all()}
    assert found == {good.pk: ("raise", 100_000, 125_000), bad.pk: ("cut", 100_000, 50_000)}
    assert not CreditLimit.objects.exists()
    scoring.judge_all(day(1))
    assert LimitProposal.objects.count() == 2
    raise_, cut = LimitProposal.objects.order_by("kind").reverse()
    accepted = scoring.accept_proposal(cut, **WHO, day=day(1), reason="Too often late")
    scoring.refuse_proposal(raise_, **WHO, day=day(1), reason="Not now")
    assert accepted.state == "accepted"
    limit = CreditLimit.objects.get()
    assert (limit.customer, limit.amount, limit.reason) == (cut.customer, cut.amount, "Too often late")
    with pytest.raises(scoring.ProposalIsDecided):
        scoring.refuse_proposal(raise_, **WHO, day=day(1), reason="Again")
    scoring.judge_all(day(2))
    assert LimitProposal.objects.count() == 2


def test_where_the_rules_say_so_cuts_hold_by_themselves() -> None:
    bad = paying(12, 80)
    adopt_rules(CreditPolicy, **WHO, changes={"cuts_by_itself": True}, reason="Strict")
    scoring.judge_all(day(0))
    assert CreditLimit.objects.get(customer=bad).amount == 50_000
    assert LimitProposal.objects.get().state == "accepted"
