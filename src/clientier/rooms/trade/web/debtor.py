"""One customer's receivables at a day: open documents, promises, disputes, reminders, and what can be done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.cells import Cell, link_to
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.models import Invoice
from clientier.rooms.trade.queries import ageing
from clientier.rooms.trade.queries.policy import current_rules
from clientier.rooms.trade.web.asked import day_of
from clientier.rooms.trade.web.receivables import refuse_unseen

RIGHT = {"align": "right"}


@require_GET
def show(request: Asking, pk: int) -> HttpResponse:
    """What is open of this customer at the day, the oldest first."""
    refuse_unseen(request)
    customer = access.get(request.actor, Customer, pk)
    day = day_of(request, "day", request.setting.today)
    items = ageing.open_items(request.actor, day, [customer.pk])
    page = {
        "customer": customer, "customer_url": link_to(customer), "day": day.isoformat(),
        "day_words": formats.day(day), "is_today": day == request.setting.today,
        "crumbs": [
            {"label": _("Receivables"), "url": reverse("receivables")},
            {"label": str(customer), "url": link_to(customer)},
        ],
        "kpis": _headline(request, customer, day), "table": _items(request, items, day),
    }  # fmt: skip
    return render(request, "trade/debtor.html", page)


def _headline(request: Asking, customer: Customer, day: dt.date) -> list[dict[str, Any]]:
    found = ageing.by_customer(request.actor, day, current_rules()["edges"], [customer.pk])
    if not found:
        return []
    currency, (owes,) = request.setting.currency, found
    return [
        {"label": _("Owes"), "value": formats.with_symbol(owes.total, currency, cents=True)},
        {
            "label": _("Late"), "value": formats.with_symbol(owes.late, currency, cents=True),
            "tone": "bad" if owes.late else "",
        },
        {"label": _("Disputed"), "value": formats.with_symbol(owes.disputed, currency, cents=True)},
    ]  # fmt: skip


def _items(request: Asking, items: list[ageing.Open], day: dt.date) -> dict[str, Any]:
    invoices = access.visible(request.actor, Invoice).in_bulk([each.pk for each in items])
    rows = []
    for each in items:
        invoice, late = invoices[each.pk], each.days_late(day)
        rows.append(
            [
                Cell("link", str(invoice), url=link_to(invoice)), str(invoice.get_kind_display()),
                formats.day(invoice.day), formats.day(each.due_on),
                Cell("number", formats.number(late), tone="bad") if late and not each.is_note else "",
                Cell("money", formats.amount(each.amount, request.setting.currency)),
                Cell("badge", _("Disputed"), tone="warn") if each.disputed_on else "",
            ]
        )  # fmt: skip
    columns = [
        {"label": _("Number")}, {"label": _("Kind")}, {"label": _("Day")}, {"label": _("Due")},
        {"label": _("Days late"), **RIGHT}, {"label": _("Open in base currency"), **RIGHT}, {"label": ""},
    ]  # fmt: skip
    return {"label": _("Open documents"), "columns": columns, "rows": rows}
