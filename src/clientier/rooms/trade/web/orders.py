"""Orders by hand: entered with their lines, opened, delivered, invoiced, cancelled."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientier.core import access
from clientier.core.errors import DomainError
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.commands import deliveries, invoices, sales
from clientier.rooms.trade.models import Delivery, Order, OrderLine
from clientier.rooms.trade.resources.orders import orders
from clientier.rooms.trade.web.steps import QuantitiesForm, ReasonForm, step
from clientier.rooms.trade.web.writing import write

HEAD = ("customer", "day", "promised_on", "currency", "sold_by")


def new(request: Asking) -> HttpResponse:
    """Enter an order; it is a draft until it is opened."""
    access.require(request.actor, Order, "add")
    initial = {
        "day": request.setting.today, "currency": organisation().base_currency, "sold_by": request.actor.user_id,
        "customer": request.GET.get("customer", ""),
    }  # fmt: skip
    form = kit_forms.form_class(orders, request.actor, HEAD)(request.POST or None, initial=initial)

    def save(facts: dict[str, Any], lines: list[dict[str, Any]]) -> Any:
        return sales.enter_order(Order, actor=request.actor, changes=facts, lines=lines)

    return write(request, _page(_("New order"), reverse("orders-list")), form, OrderLine, (), save)


def edit(request: Asking, pk: int) -> HttpResponse:
    """Change a draft."""
    order = access.get(request.actor, Order, pk, "change")
    form = kit_forms.form_class(orders, request.actor, HEAD)(request.POST or None, instance=order)

    def save(facts: dict[str, Any], lines: list[dict[str, Any]]) -> Any:
        return sales.correct_order(order, actor=request.actor, changes=facts, lines=lines)

    known = access.visible(request.actor, OrderLine).filter(order=order).order_by("line_no")
    page = _page(_("Edit %(name)s") % {"name": order}, reverse("orders-detail", args=[pk]))
    return write(request, page, form, OrderLine, list(known), save)


@require_POST
def open_(request: Asking, pk: int) -> HttpResponse:
    """It opens, or is held and says why; on the order stands how its customer's credit looks."""
    order = access.get(request.actor, Order, pk, "change")
    try:
        opened = sales.open_order(order, actor=request.actor, day=request.setting.today)
    except DomainError as refusal:
        tell(request, str(refusal), undo=False)
    else:
        tell(request, opened.held_because or _("%(name)s is open") % {"name": order}, undo=False)
    return redirect(link_to(order))


def deliver(request: Asking, pk: int) -> HttpResponse:
    """So much of each line goes out."""
    order = access.get(request.actor, Order, pk, "change")
    form = QuantitiesForm(request.POST or None, left=_left(order, "delivered"), initial=_today(request))

    def do() -> None:
        deliveries.deliver_order(
            order, actor=request.actor, day=form.cleaned_data["day"], quantities=form.quantities()
        )

    title = _("Deliver %(name)s") % {"name": order}
    return step(request, order, form, title, _("Deliver"), _("Delivered of %(name)s"), do)


def invoice(request: Asking, pk: int) -> HttpResponse:
    """So much of each line is invoiced, posted at once."""
    order = access.get(request.actor, Order, pk, "change")
    form = QuantitiesForm(request.POST or None, left=_left(order, "invoiced"), initial=_today(request))

    def do() -> None:
        invoices.invoice_order(
            order, actor=request.actor, day=form.cleaned_data["day"], quantities=form.quantities()
        )

    title = _("Invoice %(name)s") % {"name": order}
    return step(request, order, form, title, _("Post the invoice"), _("Invoiced of %(name)s"), do)


def cancel(request: Asking, pk: int) -> HttpResponse:
    order = access.get(request.actor, Order, pk, "change")
    form = ReasonForm(request.POST or None)
    title = _("Cancel %(name)s") % {"name": order}

    def do() -> None:
        sales.cancel_order(order, actor=request.actor, reason=form.cleaned_data["reason"])

    return step(request, order, form, title, _("Cancel the order"), _("%(name)s is cancelled"), do)


def close(request: Asking, pk: int) -> HttpResponse:
    """What is left of it will not happen."""
    order = access.get(request.actor, Order, pk, "change")
    form = ReasonForm(request.POST or None)
    title = _("Close %(name)s") % {"name": order}

    def do() -> None:
        sales.close_order(order, actor=request.actor, reason=form.cleaned_data["reason"])

    return step(request, order, form, title, _("Close the order"), _("%(name)s is closed"), do)


def take_back(request: Asking, pk: int) -> HttpResponse:
    """Goods of a delivery come back."""
    delivery = access.get(request.actor, Delivery, pk, "change")
    lines = delivery.lines.select_related("order_line__product").order_by("order_line__line_no")
    left = [(each.order_line_id, _name(each.order_line), each.quantity) for each in lines]
    form = QuantitiesForm(request.POST or None, left=left, initial=_today(request))

    def do() -> None:
        deliveries.take_delivery_back(
            delivery, actor=request.actor, day=form.cleaned_data["day"], quantities=form.quantities()
        )

    title = _("Goods of %(name)s come back") % {"name": delivery}
    return step(request, delivery, form, title, _("Take back"), _("Taken back of %(name)s"), do)


def _left(order: Order, done: str) -> list[tuple[int, str, Any]]:
    lines = order.lines.select_related("product").order_by("line_no")
    left = [(line, line.quantity - getattr(line, done)) for line in lines]
    return [(line.pk, _name(line), quantity) for line, quantity in left if quantity > 0]


def _name(line: OrderLine) -> str:
    return line.description or str(line.product or line.line_no)


def _today(request: Asking) -> dict[str, dt.date]:
    return {"day": request.setting.today}


def _page(title: str, back: str) -> dict[str, Any]:
    return {
        "title": title, "crumbs": [{"label": _("Orders"), "url": reverse("orders-list")}], "cancel_url": back,
        "saved": _("%(name)s saved"), "of": "order", "draft_key": "",
    }  # fmt: skip
