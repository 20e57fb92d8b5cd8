"""What customers owe at any day: by customer, by account manager, and in the order in which to collect."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.errors import NotAllowed
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.cells import Cell
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.trade.charts.ageing import bucket_labels, chart
from clientier.rooms.trade.queries import ageing
from clientier.rooms.trade.queries import debtors as owing
from clientier.rooms.trade.queries.ageing import Aged
from clientier.rooms.trade.queries.collecting import names_of, why_collect
from clientier.rooms.trade.queries.policy import current_rules
from clientier.rooms.trade.web.asked import day_of

RIGHT = {"align": "right"}


def refuse_unseen(request: Asking) -> None:
    """Raise for who does not see what is open of invoices."""
    if not ageing.may_see_receivables(request.actor):
        raise NotAllowed


@require_GET
def overview(request: Asking) -> HttpResponse:
    """All that is owed, by age, and who owes it."""
    refuse_unseen(request)
    day, rules = day_of(request, "day", request.setting.today), current_rules()
    order = request.GET.get("order", "owed")
    order = order if order in owing.RANKS else "owed"
    found = owing.debtors(request.actor, day, rules, order=order, after=request.GET.get("after", ""))
    page = {
        **about(request, day, order),
        "kpis": _headline(request, found.whole),
        "chart": chart(found.whole, rules["edges"], request.setting.currency),
        "table": _debtors(request, found, day, rules, order),
        "collects": order == "collect",
        "after_url": _url(day=day, order=order, after=found.after) if found.after else "",
        "first_url": _url(day=day, order=order) if request.GET.get("after") else "",
    }
    return render(request, "trade/receivables.html", page)


@require_GET
def managers(request: Asking) -> HttpResponse:
    """What is owed by the customers of each account manager."""
    refuse_unseen(request)
    day, rules = day_of(request, "day", request.setting.today), current_rules()
    found = ageing.by_owner(request.actor, day, rules["edges"])
    sales = owing.sold(request.actor, day, rules["sales_days"], by="customer__owner")
    users = access.visible(request.actor, User).in_bulk([each.key for each in found if each.key])
    rows = [
        [
            str(users.get(each.key, "·")) if each.key else _("Nobody"),
            *_amounts(each, request), _days_sales(each.total, sales.get(each.key), rules),
        ]
        for each in found
    ]  # fmt: skip
    head = [_("Account manager"), *_heads(rules)]
    table = {
        "label": _("By account manager"), "rows": rows,
        "columns": [{"label": head[0]}, *({"label": label, **RIGHT} for label in head[1:])],
    }  # fmt: skip
    owed = sum((each.total for each in found), Decimal(0))
    kpis = _turnover(request, owed, sum(sales.values(), Decimal(0)), rules)
    page = {**about(request, day, "managers"), "kpis": kpis, "table": table}
    return render(request, "trade/receivables.html", page)


def about(request: Asking, day: dt.date, place: str) -> dict[str, Any]:
    """What stands over every page of receivables."""
    asked = {} if day == request.setting.today else {"day": day.isoformat()}
    places = (
        ("owed", _("By customer"), _url(**asked)),
        ("late", _("Late"), _url(**asked, order="late")),
        ("collect", _("To collect"), _url(**asked, order="collect")),
        ("managers", _("By account manager"), _url("receivables-managers", **asked)),
        ("reminders", _("Reminders"), reverse("receivables-reminders")),
        ("collection", _("Sales and collection"), reverse("receivables-collection")),
    )
    return {
        "tabs": [{"label": label, "url": url, "active": name == place} for name, label, url in places],
        "day": day.isoformat(), "day_words": formats.day(day), "is_today": day == request.setting.today,
        "place": place, "dated": True, "none_title": _("Nobody owes anything"),
        "none_text": _("Posted invoices that are not settled stand here."),
    }  # fmt: skip


def _url(name: str = "receivables", **asked: Any) -> str:
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)


def _headline(request: Asking, whole: Aged) -> list[dict[str, Any]]:
    currency = request.setting.currency
    share = formats.percent(float(whole.late / whole.total)) if whole.total > 0 else ""
    return [
        {"label": _("Receivables"), "value": formats.short(whole.total, currency)},
        {
            "label": _("Late"), "value": formats.short(whole.late, currency), "hint": share,
            "tone": "bad" if whole.late else "",
        },
        {"label": _("Disputed"), "value": formats.short(whole.disputed, currency)},
    ]  # fmt: skip


def _turnover(request: Asking, owed: Decimal, sales: Decimal, rules: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": _("Receivables"), "value": formats.short(owed, request.setting.currency)},
        {
            "label": _("Days sales outstanding"), "value": _days_sales(owed, sales, rules),
            "hint": _("receivables ÷ sales with tax of %(days)d days × %(days)d") % {"days": rules["sales_days"]},
        },
    ]  # fmt: skip


def _heads(rules: dict[str, Any]) -> list[str]:
    return [*bucket_labels(rules["edges"]), _("Credit notes"), _("Total"), pgettext("days sales", "DSO")]


def _amounts(aged: Aged, request: Asking) -> list[Any]:
    amounts = [*aged.buckets, aged.notes, aged.total]
    return [
        Cell("money", formats.amount(amount, request.setting.currency)) if amount else ""
        for amount in amounts
    ]


def _days_sales(owed: Any, sales: Any, rules: dict[str, Any]) -> str:
    days = owing.days_sales(owed, sales or Decimal(0), rules["sales_days"])
    return "–" if days is None else formats.number(days)


def _debtors(
    request: Asking, found: owing.Debtors, day: dt.date, rules: dict[str, Any], order: str
) -> dict[str, Any]:
    keys = [each.owes.key for each in found.page if each.owes.key is not None]
    names = names_of(access.visible(request.actor, Customer), keys)
    asked = {} if day == request.setting.today else {"day": day.isoformat()}

    def who(key: int | None) -> Cell:
        url = reverse("receivables-customer", args=[key]) + (f"?{urlencode(asked)}" if asked else "")
        return Cell("link", names.get(key, "·"), url=url)

    if order == "collect":
        reasons = why_collect(request.actor, found.page, rules, request.setting)
        rows = [
            [who(each.owes.key), Cell("money", formats.amount(each.owes.late, request.setting.currency)),
             formats.number(each.owes.oldest_days), "" if each.score is None else str(each.score), why]
            for each, why in zip(found.page, reasons, strict=True)
        ]  # fmt: skip
        heads = [_("Late"), _("Oldest, days"), _("Credit score")]
        columns = [
            {"label": _("Customer")}, *({"label": label, **RIGHT} for label in heads),
            {"label": _("Why at this place"), "wrap": True},
        ]  # fmt: skip
        return {"label": _("To collect"), "columns": columns, "rows": rows}
    sales = owing.sold(request.actor, day, rules["sales_days"], by="customer", customers=keys)
    rows = [
        [
            who(each.owes.key), *_amounts(each.owes, request),
            _days_sales(each.owes.total, sales.get(each.owes.key), rules),
        ]
        for each in found.page
    ]  # fmt: skip
    columns = [{"label": _("Customer")}, *({"label": label, **RIGHT} for label in _heads(rules))]
    return {"label": _("By customer"), "columns": columns, "rows": rows}
