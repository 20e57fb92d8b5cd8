"""Invoices without an order, and what can become of a posted one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientier.core import access
from clientier.kit import forms as kit_forms
from clientier.kit import resource
from clientier.kit.asking import Asking
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.commands import invoices
from clientier.rooms.trade.commands.invoices import DAYS_TO_PAY
from clientier.rooms.trade.models import Invoice, InvoiceLine
from clientier.rooms.trade.web.steps import DayAndReasonForm, QuantitiesForm, at_once, step
from clientier.rooms.trade.web.writing import write

HEAD = ("customer", "day", "due_on", "currency", "note")


def new(request: Asking) -> HttpResponse:
    """An invoice that no order stands behind; a draft until it is posted."""
    access.require(request.actor, Invoice, "add")
    today = request.setting.today
    initial = {
        "day": today, "due_on": today + dt.timedelta(days=DAYS_TO_PAY), "currency": organisation().base_currency,
        "customer": request.GET.get("customer", ""),
    }  # fmt: skip
    declared = resource.REGISTRY["invoices"]
    form = kit_forms.form_class(declared, request.actor, HEAD)(request.POST or None, initial=initial)

    def save(facts: dict[str, Any], lines: list[dict[str, Any]]) -> Any:
        return invoices.draft_invoice(Invoice, actor=request.actor, changes=facts, lines=lines)

    page = {
        "title": _("New invoice"), "crumbs": [{"label": _("Invoices"), "url": reverse("invoices-list")}],
        "cancel_url": reverse("invoices-list"), "saved": _("%(name)s saved"), "of": "invoice", "draft_key": "",
    }  # fmt: skip
    return write(request, page, form, InvoiceLine, (), save)


@require_POST
def post(request: Asking, pk: int) -> HttpResponse:
    invoice = access.get(request.actor, Invoice, pk, "change")
    return at_once(request, invoice, _("Posted"), lambda: invoices.post_invoice(invoice, actor=request.actor))


class CreditForm(QuantitiesForm, DayAndReasonForm):
    """What is credited of each line, when and why."""


def credit(request: Asking, pk: int) -> HttpResponse:
    """A posted credit note over so much of each line."""
    invoice = access.get(request.actor, Invoice, pk, "change")
    form = CreditForm(request.POST or None, left=_left(invoice), initial={"day": request.setting.today})

    def do() -> None:
        invoices.credit_invoice(
            invoice, actor=request.actor, day=form.cleaned_data["day"], reason=form.cleaned_data["reason"],
            quantities=form.quantities(),
        )  # fmt: skip

    title = _("Credit note for %(name)s") % {"name": invoice}
    return step(request, invoice, form, title, _("Post the credit note"), _("%(name)s is corrected"), do)


def _left(invoice: Invoice) -> list[tuple[int, str, Decimal]]:
    lines = invoice.lines.select_related("product").order_by("line_no")
    left = [(line, line.quantity - invoices.credited(line)) for line in lines]
    return [
        (line.pk, line.description or str(line.product or line.line_no), quantity)
        for line, quantity in left
        if quantity > 0
    ]
