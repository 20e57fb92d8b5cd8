"""The reminders that are due, and sales against collection."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.errors import NotAllowed
from clientier.core.time import month_start
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.cells import Cell
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.trade.models import DunningNotice
from clientier.rooms.trade.queries import collection
from clientier.rooms.trade.queries.collecting import due_reminders, names_of, owing
from clientier.rooms.trade.web.asked import day_of
from clientier.rooms.trade.web.receivables import about, refuse_unseen

RIGHT = {"align": "right"}
SHOWN = 100


@require_GET
def reminders(request: Asking) -> HttpResponse:
    """Who is to be reminded today, of how much, at which level and how; each opens the words."""
    refuse_unseen(request)
    access.require(request.actor, DunningNotice, "view")
    today = request.setting.today
    due = due_reminders(request.actor, today, owing(request.actor, today))
    rows = [
        [
            Cell("link", str(each.customer), url=reverse("receivables-remind", args=[each.customer.pk])),
            Cell("money", formats.amount(each.amount, request.setting.currency)), formats.number(each.days),
            formats.number(each.level), str(each.way.label), each.address,
        ]
        for each in due
    ]  # fmt: skip
    columns = [
        {"label": _("Customer")}, {"label": _("Late"), **RIGHT}, {"label": _("Oldest, days"), **RIGHT},
        {"label": _("Level"), **RIGHT}, {"label": _("Way")}, {"label": _("E-mail")},
    ]  # fmt: skip
    table = {"label": _("Reminders that are due"), "columns": columns, "rows": rows}
    page = {
        **about(request, today, "reminders"), "table": table, "dated": False,
        "none_title": _("Nobody is to be reminded"),
        "none_text": _("What is late, not disputed and not promised comes up here when its day has come."),
    }  # fmt: skip
    return render(request, "trade/receivables.html", page)


@require_GET
def sales(request: Asking) -> HttpResponse:
    """What was invoiced and what came in over a period, by customer or account manager."""
    if not collection.may_see_collection(request.actor):
        raise NotAllowed
    today = request.setting.today
    first, last = day_of(request, "first", month_start(today, months_back=2)), day_of(request, "last", today)
    by = "manager" if request.GET.get("by") == "manager" else ""
    path = collection.OWNER if by else collection.CUSTOMER
    rows = collection.collection(request.actor, first, last, by=path, at_most=SHOWN)
    whole, customers = collection.together(request.actor, first, last)
    page = {
        **about(request, today, "collection"), "kpis": _headline(request, whole, customers), "dated": False,
        "period": _period(first, last, by), "table": _table(request, rows, by),
        "none_title": _("Nothing happened in this period"),
        "none_text": _("Invoices and payments of the period stand here, as the ledger has them."),
    }  # fmt: skip
    return render(request, "trade/receivables.html", page)


def _headline(request: Asking, whole: collection.Collected, customers: int) -> list[dict[str, Any]]:
    currency = request.setting.currency
    return [
        {"label": _("Invoiced"), "value": formats.short(whole.invoiced, currency)},
        {"label": _("Collected"), "value": formats.short(whole.collected, currency)},
        {"label": _("Collected of invoiced"), "value": _ratio(whole)},
        {"label": _("Owed at the end"), "value": formats.short(whole.balance, currency)},
        {"label": _("Customers"), "value": formats.number(customers)},
    ]


def _ratio(each: collection.Collected) -> str:
    return "–" if each.ratio is None else formats.percent(each.ratio)


def _table(request: Asking, rows: list[collection.Collected], by: str) -> dict[str, Any]:
    keys = [each.key for each in rows if each.key is not None]
    if by:
        users = access.visible(request.actor, User).in_bulk(keys)
        names: dict[int | None, str] = {key: str(user) for key, user in users.items()}
    else:
        names = names_of(access.visible(request.actor, Customer), keys)

    def who(key: int | None) -> Any:
        if key is None:
            return _("Nobody")
        name = names.get(key, "·")
        return name if by else Cell("link", name, url=reverse("receivables-customer", args=[key]))

    def money(amount: Any) -> Cell:
        return Cell(
            "money", formats.amount(amount, request.setting.currency), tone="bad" if amount < 0 else ""
        )

    table = [
        [who(each.key), money(each.invoiced), money(each.collected), _ratio(each), money(each.balance)] for each in rows
    ]  # fmt: skip
    heads = [_("Invoiced"), _("Collected"), _("Collected of invoiced"), _("Owed at the end")]
    columns = [
        {"label": _("Account manager") if by else _("Customer")},
        *({"label": label, **RIGHT} for label in heads),
    ]
    return {"label": _("Sales and collection"), "columns": columns, "rows": table}


def _period(first: dt.date, last: dt.date, by: str) -> dict[str, Any]:
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return {
        **days, "by": by,
        "ways": [
            {"label": _("By customer"), "url": f"?{urlencode(days)}", "active": not by},
            {"label": _("By account manager"), "url": f"?{urlencode({**days, 'by': 'manager'})}", "active": bool(by)},
        ],
    }  # fmt: skip
