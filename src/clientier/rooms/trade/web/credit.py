"""Setting limits, and releasing orders that are held for want of credit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.errors import DomainError, NotFound
from clientier.core.outside import whole_number
from clientier.kit import forms as kit_forms
from clientier.kit import resource
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.commands import credit
from clientier.rooms.trade.models import CreditLimit, Order
from clientier.rooms.trade.queries.credit import may_decide
from clientier.rooms.trade.web.steps import ReasonForm, step

HEAD = ("customer", "covers", "amount", "from_day", "reason")


def new_limit(request: Asking) -> HttpResponse:
    """From a day on a customer or a group may owe so much; who, when and why is kept."""
    access.require(request.actor, CreditLimit, "add")
    asked = whole_number(request.GET.get("customer", ""))
    customer = access.get(request.actor, Customer, asked) if asked is not None else None
    initial = {"customer": asked, "from_day": request.setting.today}
    form = kit_forms.form_class(resource.REGISTRY["credit-limits"], request.actor, HEAD)(
        request.POST or None, initial=initial
    )
    if form.is_bound and form.is_valid():
        try:
            limit = credit.set_limit(CreditLimit, actor=request.actor, changes=kit_forms.filled(form))
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, _("The limit is set"), undo=False)
            return redirect(link_to(limit.customer))
    back = link_to(customer) if customer else reverse("credit-limits-list")
    crumbs = [{"label": _("Credit limits"), "url": reverse("credit-limits-list")}]
    page: dict[str, Any] = {
        "title": _("Set a credit limit"), "form": form, "sections": [{"title": "", "fields": list(form)}], "submit_label": _("Set the limit"),
        "cancel_url": back, "crumbs": crumbs, "draft_key": "",
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def release(request: Asking, pk: int) -> HttpResponse:
    """Open a held order all the same, with a reason."""
    order = access.get(request.actor, Order, pk)
    if not may_decide(request.actor, order):
        raise NotFound
    form = ReasonForm(request.POST or None)
    title = _("Release %(name)s") % {"name": order}

    def do() -> None:
        credit.release_order(order, actor=request.actor, reason=form.cleaned_data["reason"])

    return step(request, order, form, title, _("Release the order"), _("%(name)s is open"), do)
