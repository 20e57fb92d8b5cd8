"""One customer's receivables at a day: open documents, promises, disputes, reminders, and what can be done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.actor import Reach
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.cells import Cell, link_to
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.credit import PROMISE_TONES
from clientier.rooms.trade.models import DunningNotice, Invoice, PaymentPromise
from clientier.rooms.trade.queries import ageing
from clientier.rooms.trade.queries.collecting import due_reminders
from clientier.rooms.trade.queries.policy import current_rules
from clientier.rooms.trade.web.asked import day_of
from clientier.rooms.trade.web.receivables import refuse_unseen

RIGHT = {"align": "right"}
MOST = 20


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
        "actions": _actions(request, customer),
        "tables": [table for table in (_promises(request, customer), _notices(request, customer)) if table["rows"]],
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
        {"label": pgettext("record", "Number")}, {"label": _("Kind")}, {"label": _("Day")}, {"label": _("Due")},
        {"label": _("Days late"), **RIGHT}, {"label": _("Open in base currency"), **RIGHT}, {"label": _("State")},
    ]  # fmt: skip
    return {"label": _("Open documents"), "columns": columns, "rows": rows}


def _actions(request: Asking, customer: Customer) -> list[dict[str, Any]]:
    """What can be done about this customer's money now, by who may."""
    actor, key = request.actor, customer.pk
    offers: list[dict[str, Any]] = []
    if actor.reach(DunningNotice, "add") is not Reach.NONE and due_reminders(
        actor, request.setting.today, [key]
    ):
        offers.append(
            {
                "label": _("Remind"),
                "url": reverse("receivables-remind", args=[key]),
                "icon": "mail",
                "primary": True,
            }
        )
    if actor.reach(Task, "add") is not Reach.NONE and customer.owner_id:
        url = reverse("receivables-call", args=[key])
        offers.append({"label": _("Task to call"), "url": url, "icon": "phone", "method": "post"})
    if actor.reach(PaymentPromise, "add") is not Reach.NONE:
        url = f"{reverse('promise-note')}?customer={key}"
        offers.append({"label": _("Note a promise"), "url": url, "icon": "calendar"})
    return offers


def _promises(request: Asking, customer: Customer) -> dict[str, Any]:
    found = access.visible(request.actor, PaymentPromise).filter(customer=customer).order_by("-until", "-pk")
    rows = [
        [
            Cell("link", formats.day(each.until), url=link_to(each)),
            Cell("money", formats.with_symbol(each.amount, each.currency, cents=True)), each.promised_by,
            Cell("badge", str(each.get_state_display()), tone=PROMISE_TONES[each.state]),
        ]
        for each in found[:MOST]
    ]  # fmt: skip
    columns = [
        {"label": _("Until")}, {"label": _("Amount"), **RIGHT}, {"label": _("Promised by")}, {"label": _("State")},
    ]  # fmt: skip
    return {"label": _("Promises to pay"), "columns": columns, "rows": rows}


def _notices(request: Asking, customer: Customer) -> dict[str, Any]:
    seen = access.visible(request.actor, DunningNotice).filter(customer=customer)
    found = seen.select_related("sent_by").order_by("-day", "-pk")
    rows = [
        [
            Cell("link", formats.day(each.day), url=link_to(each)), formats.number(each.level),
            str(each.get_way_display()), Cell("money", formats.amount(each.amount_base, request.setting.currency)),
            str(each.sent_by or ""),
        ]
        for each in found[:MOST]
    ]  # fmt: skip
    columns = [
        {"label": _("Day")}, {"label": _("Level"), **RIGHT}, {"label": _("Way")}, {"label": _("Late"), **RIGHT},
        {"label": _("By")},
    ]  # fmt: skip
    return {"label": _("Reminders so far"), "columns": columns, "rows": rows}
