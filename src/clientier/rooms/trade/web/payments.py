"""Money that came in: entered, settled, taken back."""

from __future__ import annotations

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
from clientier.core.errors import DomainError
from clientier.core.outside import whole_number
from clientier.kit import forms as kit_forms
from clientier.kit import resource
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.commands import payments
from clientier.rooms.trade.models import Invoice, Payment
from clientier.rooms.trade.web.lines import plain
from clientier.rooms.trade.web.steps import DayAndReasonForm, at_once, step

HEAD = ("customer", "day", "amount", "currency", "method", "reference", "note")


def new(request: Asking) -> HttpResponse:
    """Enter a payment; it settles the invoice one came from, or the oldest, unless one says otherwise."""
    access.require(request.actor, Payment, "add")
    asked = whole_number(request.GET.get("invoice", ""))
    invoice = access.get(request.actor, Invoice, asked) if asked is not None else None
    form = kit_forms.form_class(resource.REGISTRY["payments"], request.actor, HEAD)(
        request.POST or None, initial=_initial(request, invoice)
    )
    form.fields["settles"] = forms.BooleanField(
        label=gettext_lazy("Settle open invoices with it, the oldest first"), required=False, initial=True
    )
    if form.is_bound and form.is_valid():
        facts = kit_forms.filled(form)
        settles = facts.pop("settles", False)
        try:
            payment = _receive(request, facts, invoice, settles=settles)
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, _("%(name)s posted") % {"name": payment})
            return redirect(link_to(invoice or payment))
    page = {
        "title": _("New payment"), "crumbs": [{"label": _("Payments"), "url": reverse("payments-list")}],
        "form": form, "sections": [{"title": "", "fields": list(form)}], "submit_label": _("Post the payment"),
        "cancel_url": link_to(invoice) if invoice else reverse("payments-list"), "draft_key": "",
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


@transaction.atomic
def _receive(request: Asking, facts: dict[str, Any], invoice: Invoice | None, *, settles: bool) -> Payment:
    payment: Payment = payments.receive_payment(Payment, actor=request.actor, changes=facts)
    alike = invoice and (invoice.customer_id, invoice.currency) == (payment.customer_id, payment.currency)
    if invoice and alike and (amount := min(payment.amount, invoice.open_amount)):
        payments.settle_with(payment, actor=request.actor, invoice=invoice, amount=amount, day=payment.day)
    if settles:
        payments.settle_oldest(payment, actor=request.actor, day=payment.day)
    return payment


def _initial(request: Asking, invoice: Invoice | None) -> dict[str, Any]:
    known = {"day": request.setting.today, "currency": organisation().base_currency}
    if invoice:
        return {
            **known,
            "customer": invoice.customer_id,
            "amount": plain(invoice.open_amount),
            "currency": invoice.currency,
        }
    return {**known, "customer": request.GET.get("customer", "")}


@require_POST
def settle(request: Asking, pk: int) -> HttpResponse:
    payment = access.get(request.actor, Payment, pk, "change")
    return at_once(
        request, payment, _("Settled with %(name)s"),
        lambda: payments.settle_oldest(payment, actor=request.actor, day=request.setting.today),
    )  # fmt: skip


def take_back(request: Asking, pk: int) -> HttpResponse:
    """A payment that bounced, or was entered by mistake."""
    payment = access.get(request.actor, Payment, pk, "change")
    form = DayAndReasonForm(request.POST or None, initial={"day": request.setting.today})

    def do() -> None:
        payments.take_payment_back(payment, actor=request.actor, **form.cleaned_data)

    title = _("Take back %(name)s") % {"name": payment}
    return step(request, payment, form, title, _("Take back"), _("%(name)s is taken back"), do)
