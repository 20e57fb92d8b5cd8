"""Getting the money in: promises, disputes, reminders, and the tasks that follow from late money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from clientier.core import access, commands
from clientier.core.actor import Actor, Door, system
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.commands import assign_task
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.credit import PromiseState
from clientier.rooms.trade.choices.documents import InvoiceKind
from clientier.rooms.trade.models import DunningNotice, Invoice, PaymentPromise
from clientier.rooms.trade.queries import collecting
from clientier.rooms.trade.queries.ageing import Aged, by_customer
from clientier.rooms.trade.queries.debtors import debtors
from clientier.rooms.trade.queries.policy import current_rules
from clientier.rooms.trade.queries.promises import paid_towards, running

DAYS_TO_CALL = 3
LONGEST = 300
MOST_A_NIGHT = 200


class AlreadyDisputed(DomainError):
    code = "already_disputed"
    message = _("This invoice is disputed already. Nothing was changed.")


class NothingToDispute(DomainError):
    code = "nothing_to_dispute"
    message = _("Only an invoice that is posted and open can be disputed. Nothing was changed.")


class NotDisputed(DomainError):
    code = "not_disputed"
    message = _("This invoice is not disputed. Nothing was changed.")


class PromiseIsDecided(DomainError):
    code = "promise_is_decided"
    message = _("It is known already what became of this promise. Nothing was changed.")


class OthersInvoice(DomainError):
    code = "others_invoice"
    message = _("The invoice is another customer's, or in another currency. Nothing was changed.")


class NobodyToCall(DomainError):
    code = "nobody_to_call"
    message = _("Nobody answers for this customer. Give it an account manager first; nothing was changed.")


class TaskIsThere(DomainError):
    code = "task_is_there"
    message = _("Somebody is to call about this money already. Nothing was changed.")


class NotToBeReminded(DomainError):
    code = "not_to_be_reminded"
    message = _(
        "No reminder is due: all that is late is disputed or promised, or was reminded of. Nothing was changed."
    )


@command("promise.take", needs="add", final=True)
def take_promise(model: type[PaymentPromise], *, actor: Actor, changes: Mapping[str, Any]) -> PaymentPromise:
    """The customer says that they will pay so much by a day."""
    invoice = changes.get("invoice")
    promise = model(taken_by_id=actor.user_id)
    if invoice and (invoice.customer_id, invoice.currency) != (
        changes["customer"].pk,
        changes.get("currency", promise.currency),
    ):
        raise OthersInvoice
    made: PaymentPromise = commands.apply(promise, dict(changes), actor)
    return made


@command("promise.withdraw", needs="change", final=True)
def withdraw_promise(promise: PaymentPromise, *, actor: Actor, day: dt.date, reason: str) -> PaymentPromise:
    """It no longer holds, without having been broken."""
    return _decide(promise, PromiseState.WITHDRAWN, day, reason)


@command("promise.judge", needs="change", final=True)
def judge_promise(promise: PaymentPromise, *, actor: Actor, day: dt.date) -> PaymentPromise:
    """Kept as soon as the money came in, broken when its day has passed without; else it stays as it is."""
    if promise.state == PromiseState.OPEN and paid_towards(promise, day) >= promise.amount:
        return _decide(promise, PromiseState.KEPT, day)
    if promise.state == PromiseState.OPEN and day > promise.until:
        return _decide(promise, PromiseState.BROKEN, day)
    return promise


@command("invoice.dispute", needs="change", final=True)
def dispute_invoice(invoice: Invoice, *, actor: Actor, day: dt.date, reason: str) -> Invoice:
    """The customer says that it is not right: until that is settled nobody reminds them of it."""
    if invoice.disputed_on:
        raise AlreadyDisputed
    if not invoice.open_amount or invoice.kind != InvoiceKind.INVOICE:
        raise NothingToDispute
    invoice.disputed_on, invoice.dispute = day, reason[:LONGEST]
    invoice.save(update_fields=["disputed_on", "dispute"])
    return invoice


@command("invoice.end_dispute", needs="change", final=True)
def end_dispute(invoice: Invoice, *, actor: Actor, reason: str) -> Invoice:
    """The dispute is over; how it ended takes the place of what it was about, which the history keeps."""
    if not invoice.disputed_on:
        raise NotDisputed
    invoice.disputed_on, invoice.dispute = None, reason[:LONGEST]
    invoice.save(update_fields=["disputed_on", "dispute"])
    return invoice


@command("dunning.remind", needs="add", final=True)
def remind(
    model: type[DunningNotice], *, actor: Actor, customer: Customer, day: dt.date, subject: str = "", text: str = ""
) -> DunningNotice:  # fmt: skip
    """Note that the customer was reminded at the level that is due, in the way that is due.

    Not of what is disputed, not while a promise runs, and not twice at the same level.
    """
    access.get(actor, Customer, customer.pk)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    (due,) = collecting.due_reminders(actor, day, [customer.pk]) or (None,)
    if due is None:
        raise NotToBeReminded
    notice = model(
        customer=customer, day=day, level=due.level, way=due.way, amount_base=due.amount, invoices=due.invoices,
        sent_by_id=actor.user_id, address=due.address, subject=subject or due.subject, text=text or due.text,
    )  # fmt: skip
    notice.full_clean()
    notice.save()
    return notice


@transaction.atomic
def call_about(customer: Customer, *, actor: Actor, today: dt.date) -> Task:
    """Give the account manager the task to call about what is late; TaskIsThere where one is open already."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    (owes,) = by_customer(actor, today, current_rules()["edges"], [customer.pk]) or (None,)
    return _task("collect", customer, owes, actor=actor, today=today)


@transaction.atomic
def judge_promises(today: dt.date) -> int:
    """Every night: which promises were kept or broken; a broken one becomes a task. Returns how many were decided."""
    decided, actor = 0, system(Door.JOB)
    for promise in running(today).select_related("customer__owner"):
        if today <= promise.until and paid_towards(promise, today) < promise.amount:
            continue
        judged = judge_promise(promise, actor=actor, day=today)
        decided += 1
        if judged.state == PromiseState.BROKEN:
            _unless_there("broken", promise.customer, actor, today)
    return decided


@transaction.atomic
def give_tasks(today: dt.date) -> int:
    """Every night, where the rules say so: tasks to call about late money, in the order of collection."""
    rules, made, actor = current_rules(), 0, system(Door.JOB)
    if not rules["collects_by_itself"]:
        return 0
    first = debtors(actor, today, rules, order="collect", size=MOST_A_NIGHT).page
    worth_it = [each.owes for each in first if each.owes.late >= rules["collect_from"]]
    promised = collecting.promised_until([owes.key for owes in worth_it if owes.key])
    customers = Customer.objects.select_related("owner").in_bulk([owes.key for owes in worth_it])
    for owes in worth_it:
        if owes.key is not None and owes.key not in promised:
            made += _unless_there("collect", customers[owes.key], actor, today, owes)
    return made


def _unless_there(
    code: str, customer: Customer, actor: Actor, today: dt.date, owes: Aged | None = None
) -> bool:
    try:
        _task(code, customer, owes, actor=actor, today=today)
    except (NobodyToCall, TaskIsThere):
        return False
    return True


def _task(code: str, customer: Customer, owes: Aged | None, *, actor: Actor, today: dt.date) -> Task:
    owner, prefix = customer.owner, f"{code}:{customer.pk}:"
    if owner is None or not owner.is_active:
        raise NobodyToCall
    if Task.objects.filter(customer=customer, state=TaskState.OPEN, origin__startswith=prefix).exists():
        raise TaskIsThere
    known = Task.objects.filter(origin__startswith=prefix).count()
    with translation.override(owner.language):
        title = collecting.task_title(code)
    facts: dict[str, Any] = {"code": code, "title": title}
    if owes:
        facts |= {"amount": float(owes.late), "days": owes.oldest_days}
    given = {
        "customer": customer,
        "title": title,
        "due_on": today + dt.timedelta(days=DAYS_TO_CALL),
        "assigned_to": owner,
    }
    made: Task = assign_task(Task, actor=actor, changes=given, reason=facts, origin=f"{prefix}{known + 1}")
    return made


def _decide(promise: PaymentPromise, state: PromiseState, day: dt.date, reason: str = "") -> PaymentPromise:
    if promise.state != PromiseState.OPEN:
        raise PromiseIsDecided
    promise.state, promise.decided_on = state, day
    promise.note = reason[:LONGEST] or promise.note
    promise.save(update_fields=["state", "decided_on", "note"])
    return promise
