"""Getting the money in by hand: promises, disputes, reminders, calls, losses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clientier.core import access
from clientier.core.errors import DomainError, NotFound
from clientier.core.outside import whole_number
from clientier.kit import forms as kit_forms
from clientier.kit import resource
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.credit import DunningWay
from clientier.rooms.trade.commands import collecting, lateness
from clientier.rooms.trade.models import DunningNotice, Invoice, PaymentPromise
from clientier.rooms.trade.queries.collecting import Reminder, due_reminders
from clientier.rooms.trade.queries.credit import may_decide_for
from clientier.rooms.trade.web.lines import MONEY
from clientier.rooms.trade.web.receivables import refuse_unseen
from clientier.rooms.trade.web.steps import DayAndReasonForm, ReasonForm, step

PROMISE = ("customer", "invoice", "amount", "currency", "promised_on", "until", "promised_by", "note")


def promise(request: Asking) -> HttpResponse:
    """What a customer said they would pay by a day."""
    access.require(request.actor, PaymentPromise, "add")
    asked = whole_number(request.GET.get("invoice", ""))
    invoice = access.get(request.actor, Invoice, asked) if asked is not None else None
    initial: dict[str, Any] = {
        "promised_on": request.setting.today,
        "customer": request.GET.get("customer", ""),
    }
    if invoice:
        initial |= {
            "customer": invoice.customer_id, "invoice": invoice.pk, "amount": invoice.open_amount,
            "currency": invoice.currency,
        }  # fmt: skip
    form = kit_forms.form_class(resource.REGISTRY["promises"], request.actor, PROMISE)(
        request.POST or None, initial=initial
    )
    if form.is_bound and form.is_valid():
        try:
            made = collecting.take_promise(
                PaymentPromise, actor=request.actor, changes=kit_forms.filled(form)
            )
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, _("The promise is noted"), undo=False)
            return redirect("receivables-customer", made.customer_id)
    page = {
        "title": _("Note a promise to pay"), "form": form, "submit_label": _("Note the promise"),
        "crumbs": [{"label": _("Promises to pay"), "url": reverse("promises-list")}],
        "sections": [{"title": "", "fields": list(form)}], "draft_key": "",
        "cancel_url": link_to(invoice) if invoice else reverse("promises-list"),
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def withdraw(request: Asking, pk: int) -> HttpResponse:
    """The promise no longer holds."""
    made = access.get(request.actor, PaymentPromise, pk, "change")
    form = ReasonForm(request.POST or None)

    def do() -> None:
        collecting.withdraw_promise(
            made, actor=request.actor, day=request.setting.today, reason=form.cleaned_data["reason"]
        )

    return step(request, made, form, _("Withdraw the promise"), _("Withdraw"), _("%(name)s is withdrawn"), do)


def dispute(request: Asking, pk: int) -> HttpResponse:
    """The customer says that the invoice is not right."""
    invoice = access.get(request.actor, Invoice, pk, "change")
    form = DayAndReasonForm(request.POST or None, initial={"day": request.setting.today})

    def do() -> None:
        collecting.dispute_invoice(invoice, actor=request.actor, **form.cleaned_data)

    title = _("%(name)s is disputed") % {"name": invoice}
    return step(request, invoice, form, title, _("Note the dispute"), _("%(name)s is disputed"), do)


def end_dispute(request: Asking, pk: int) -> HttpResponse:
    """How the dispute ended."""
    invoice = access.get(request.actor, Invoice, pk, "change")
    form = ReasonForm(request.POST or None)

    def do() -> None:
        collecting.end_dispute(invoice, actor=request.actor, reason=form.cleaned_data["reason"])

    title = _("End the dispute about %(name)s") % {"name": invoice}
    return step(
        request, invoice, form, title, _("End the dispute"), _("The dispute about %(name)s is over"), do
    )


class LossForm(DayAndReasonForm):
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        max_digits=18,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        widget=MONEY,
    )


def write_off(request: Asking, pk: int) -> HttpResponse:
    """Give so much of an invoice up as lost."""
    invoice = access.get(request.actor, Invoice, pk)
    if not may_decide_for(request.actor, invoice):
        raise NotFound
    initial = {"day": request.setting.today, "amount": invoice.open_amount}
    form = LossForm(request.POST or None, initial=initial)

    def do() -> None:
        lateness.write_off(invoice, actor=request.actor, **form.cleaned_data)

    title = _("Write off %(name)s") % {"name": invoice}
    return step(request, invoice, form, title, _("Write off"), _("Written off of %(name)s"), do)


def take_back_write_off(request: Asking, pk: int) -> HttpResponse:
    """What was written off is owed again."""
    invoice = access.get(request.actor, Invoice, pk)
    if not may_decide_for(request.actor, invoice):
        raise NotFound
    form = DayAndReasonForm(request.POST or None, initial={"day": request.setting.today})

    def do() -> None:
        lateness.take_back_write_off(invoice, actor=request.actor, **form.cleaned_data)

    title = _("Take back the write-off of %(name)s") % {"name": invoice}
    return step(request, invoice, form, title, _("Take back"), _("%(name)s is owed again"), do)


@require_POST
def call(request: Asking, pk: int) -> HttpResponse:
    """Give the account manager the task to call."""
    refuse_unseen(request)
    access.require(request.actor, Task, "add")
    customer = access.get(request.actor, Customer, pk)
    try:
        task = collecting.call_about(customer, actor=request.actor, today=request.setting.today)
    except DomainError as refusal:
        tell(request, str(refusal), undo=False)
    else:
        tell(request, _("%(name)s has the task to call") % {"name": task.assigned_to}, undo=False)
    return redirect("receivables-customer", pk)


class LetterForm(forms.Form):
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 16}))


def remind(request: Asking, pk: int, send: Any) -> HttpResponse:
    """The words of the reminder that is due, to be looked through; a person sends it, or notes that it was said."""
    refuse_unseen(request)
    access.require(request.actor, DunningNotice, "add")
    customer = access.get(request.actor, Customer, pk)
    due = next(iter(due_reminders(request.actor, request.setting.today, [pk])), None)
    if due is None:
        tell(request, str(collecting.NotToBeReminded.message), undo=False)
        return redirect("receivables-customer", pk)
    form = LetterForm(request.POST or None, initial={"subject": due.subject, "text": due.text})
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                notice = collecting.remind(
                    DunningNotice, actor=request.actor, customer=customer, day=request.setting.today,
                    **form.cleaned_data,
                )  # fmt: skip
                if notice.way == DunningWay.EMAIL:
                    send.defer(notice_id=notice.pk)
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, _("The reminder is noted"), undo=False)
            return redirect("receivables-customer", pk)
    hint, submit = _way_words(due)
    title = _("Reminder %(level)d to %(name)s") % {"level": due.level, "name": customer}
    back = reverse("receivables-customer", args=[pk])
    page = {
        "title": title, "crumbs": [{"label": _("Receivables"), "url": reverse("receivables")},
                                   {"label": str(customer), "url": back}],
        "form": form, "sections": [{"title": hint, "fields": list(form)}], "submit_label": submit,
        "cancel_url": back, "draft_key": "",
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def _way_words(due: Reminder) -> tuple[str, str]:
    """What to do with the words of the reminder, and what the button says."""
    if due.way == DunningWay.CALL:
        hint = _("The account manager calls first: say this in your own words, then note the call.")
        return hint, _("Note the call")
    if due.way == DunningWay.EMAIL:
        return "", _("Send to %(address)s") % {"address": due.address}
    hint = _("No e-mail address is known: copy the text or print it, then note that it was sent.")
    return hint, _("Note that it was sent")
