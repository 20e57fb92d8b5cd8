"""Limits set and proposed, orders that are held for want of credit, and the rules of it all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import access
from clientier.core.errors import DomainError, NotFound
from clientier.core.outside import whole_number
from clientier.kit import formats, resource
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.commands import credit, scoring
from clientier.rooms.trade.models import CreditLimit, CreditPolicy, LimitProposal, Order
from clientier.rooms.trade.queries.credit import may_decide_for
from clientier.rooms.trade.queries.policy import current_rules, policies
from clientier.rooms.trade.web.steps import ReasonForm, step
from clientier.rooms.trade.web.tier_table import DaysField, TierTable

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
        "title": _("Set a credit limit"), "form": form,
        "sections": [{"title": "", "fields": list(form)}], "submit_label": _("Set the limit"),
        "cancel_url": back, "crumbs": crumbs, "draft_key": "",
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def release(request: Asking, pk: int) -> HttpResponse:
    """Open a held order all the same, with a reason."""
    order = access.get(request.actor, Order, pk)
    if not may_decide_for(request.actor, order):
        raise NotFound
    form = ReasonForm(request.POST or None)
    title = _("Release %(name)s") % {"name": order}

    def do() -> None:
        credit.release_order(order, actor=request.actor, reason=form.cleaned_data["reason"])

    return step(request, order, form, title, _("Release the order"), _("%(name)s is open"), do)


def accept(request: Asking, pk: int) -> HttpResponse:
    """The proposed limit holds from today on."""
    return _decide(request, pk, scoring.accept_proposal, _("Accept the proposal"), _("The limit is set"))


def refuse(request: Asking, pk: int) -> HttpResponse:
    """The limit stays as it is."""
    return _decide(
        request, pk, scoring.refuse_proposal, _("Refuse the proposal"), _("The limit stays as it is")
    )


def _decide(request: Asking, pk: int, command: Any, title: str, done: str) -> HttpResponse:
    proposal = access.get(request.actor, LimitProposal, pk, "change")
    form = ReasonForm(request.POST or None)

    def do() -> None:
        command(proposal, actor=request.actor, day=request.setting.today, reason=form.cleaned_data["reason"])

    return step(request, proposal, form, title, title, done, do)


class CreditRulesForm(forms.Form):
    """The rules that are no table by tier; amounts in the base currency."""

    edges = DaysField(label=gettext_lazy("Buckets of age end after days"))
    sales_days = forms.IntegerField(label=gettext_lazy("Days of sales for DSO"), min_value=28, max_value=730)
    dunning_days = DaysField(label=gettext_lazy("Levels of reminders, after days late"))
    dunning_pause_days = forms.IntegerField(
        label=gettext_lazy("Days between two reminders, at least"), min_value=0, max_value=365
    )
    interest_percent = forms.DecimalField(
        label=gettext_lazy("Interest on late money, % a year"), min_value=0, max_value=100, decimal_places=3
    )
    prior_score = forms.IntegerField(
        label=gettext_lazy("Credit score of who is not yet known"), min_value=0, max_value=100
    )
    prior_invoices = forms.IntegerField(
        label=gettext_lazy("… counts like so many invoices"), min_value=0, max_value=100
    )
    raise_from = forms.IntegerField(
        label=gettext_lazy("Propose to raise from this score on"), min_value=0, max_value=101
    )
    raise_percent = forms.IntegerField(label=gettext_lazy("… by %"), min_value=1, max_value=200)
    raise_when_used_percent = forms.IntegerField(
        label=gettext_lazy("… where so much of the limit is used, %"), min_value=0, max_value=100
    )
    raises_by_itself = forms.BooleanField(
        label=gettext_lazy("Raises hold without being accepted"), required=False
    )
    cut_below = forms.IntegerField(
        label=gettext_lazy("Propose to cut below this score"), min_value=0, max_value=101
    )
    cut_percent = forms.IntegerField(label=gettext_lazy("… by %"), min_value=1, max_value=100)
    cuts_by_itself = forms.BooleanField(
        label=gettext_lazy("Cuts hold without being accepted"), required=False
    )
    collects_by_itself = forms.BooleanField(
        label=gettext_lazy("Every night, give account managers tasks to call about late money"),
        required=False,
    )
    collect_from = forms.IntegerField(label=gettext_lazy("… from this late amount on"), min_value=0)
    reason = forms.CharField(label=gettext_lazy("Why the change"), max_length=200)


def rules(request: Asking) -> HttpResponse:
    """Limits by tier, what happens beyond them, and all that reminders and scores follow."""
    access.require(request.actor, CreditPolicy, "add")
    known = current_rules()
    form = CreditRulesForm(request.POST or None, initial=known)
    table = TierTable(request.POST or None, known=known)
    if form.is_bound and form.is_valid() and table.is_valid():
        facts = dict(form.cleaned_data)
        reason = facts.pop("reason")
        facts["interest_percent"] = float(facts["interest_percent"])
        try:
            credit.adopt_rules(
                CreditPolicy, actor=request.actor, changes={**facts, **table.rules()}, reason=reason
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, _("Rules of credit saved"), undo=False)
            return redirect("settings-credit")
    history = [
        {
            "version": each.version, "day": formats.day(each.made_at.date()), "who": each.made_by or "–",
            "reason": each.reason,
        }
        for each in policies()[:10]
    ]  # fmt: skip
    page = {"form": form, "table": table, "history": history}
    return render(request, "trade/credit_rules.html", page, status=422 if form.is_bound else 200)
