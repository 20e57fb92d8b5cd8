"""Sharing and lending customers, asking for a card that is out of reach, answering, giving back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from clientier.core import access
from clientier.core.actor import Reach
from clientier.core.errors import DomainError, NotFound
from clientier.core.outside import whole_number
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import Setting, link_to
from clientier.kit.pages import tell
from clientier.rooms.parties.commands.shares import answer_request, ask_for_card, end_share, share_customer
from clientier.rooms.parties.models import Customer, LoanRequest, Share
from clientier.rooms.parties.queries import shares
from clientier.rooms.people.models import Team, User
from clientier.rooms.people.queries import colleagues, teams_by_name

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LONGEST_LOAN = dt.timedelta(days=366)


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a day is over where the company is: who borrows until a day has it on that day."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


class LoanForm(forms.Form):
    """What a share and a request have in common."""

    may_change = forms.BooleanField(label=gettext_lazy("May change it, not only see it"), required=False)
    until = forms.DateField(label=gettext_lazy("Until"), widget=DAY)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, data: Any, *, setting: Setting, **options: Any) -> None:
        super().__init__(data, **options)
        self._today = setting.today

    def clean_until(self) -> dt.datetime | None:
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if not self._today <= day <= self._today + LONGEST_LOAN:
            raise ValidationError(_("Choose a day from today on, within a year."))
        return end_of(day)


class ShareForm(LoanForm):
    user: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        None, label=gettext_lazy("User"), required=False, empty_label=""
    )
    team: forms.ModelChoiceField[Team] = forms.ModelChoiceField(
        None, label=gettext_lazy("or a team"), required=False, empty_label=""
    )
    field_order = ("user", "team", "may_change", "until", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        chosen: dict[str, Any] = self.fields
        chosen["user"].queryset, chosen["team"].queryset = colleagues(), teams_by_name()
        chosen["until"].required = chosen["reason"].required = False
        chosen["until"].help_text = _("Empty: shared for good. With a day it is lent, and ends by itself.")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if bool(facts.get("user")) == bool(facts.get("team")):
            self.add_error("user", _("Choose a user or a team, one of the two."))
        if facts.get("until") and not facts.get("reason"):
            self.add_error("reason", _("Say why it is lent."))
        return facts


class AskForm(LoanForm):
    wanted = forms.CharField(
        label=gettext_lazy("Customer"), max_length=200,
        help_text=gettext_lazy("The exact name, or the customer number. Only who may lend it sees if there is one."),
    )  # fmt: skip
    field_order = ("wanted", "may_change", "until", "reason")


def share(request: Asking, pk: int) -> HttpResponse:
    """Open a customer to a user or a team, for good or until a day."""
    customer = access.get(request.actor, Customer, pk)
    if not shares.may_share(request.actor, customer):
        raise NotFound
    form = ShareForm(request.POST or None, setting=request.setting)
    if not shares.may_let_change(request.actor, customer):
        del form.fields["may_change"]
    if request.method == "POST" and form.is_valid():
        changes = {"customer": customer, **form.cleaned_data}
        try:
            share_customer(Share, actor=request.actor, changes=changes, now=timezone.now())
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            whom = changes["user"] or changes["team"]
            tell(request, _("%(name)s is open to %(whom)s") % {"name": customer, "whom": whom}, undo=True)
            return redirect(link_to(customer))
    crumbs = [{"label": str(customer), "url": link_to(customer)}]
    return _form(request, form, _("Share or lend"), crumbs, pgettext("open to others", "Share"))


@require_POST
def end(request: Asking, pk: int) -> HttpResponse:
    """End a share, or give a card back."""
    record = access.get(request.actor, Share, pk)
    customer = record.customer
    end_share(record, actor=request.actor, at=timezone.now())
    tell(request, _("No longer shared: %(name)s") % {"name": record}, undo=True)
    still_seen = access.visible(request.actor, Customer).filter(pk=customer.pk).exists()
    return redirect(link_to(customer) if still_seen and record.user_id != request.actor.user_id else "loans")


def ask(request: Asking) -> HttpResponse:
    """Ask for a card that is out of reach; the answer is the same whether there is such a customer or not."""
    access.require(request.actor, LoanRequest, "add")
    form = AskForm(request.POST or None, setting=request.setting)
    if request.method == "POST" and form.is_valid():
        ask_for_card(LoanRequest, actor=request.actor, changes=form.cleaned_data, now=timezone.now())
        tell(request, _("Asked. Who may lend it sees your request."))
        return redirect("loans")
    crumbs = [{"label": _("Lent and shared"), "url": reverse("loans")}]
    return _form(request, form, _("Ask for a card"), crumbs, _("Ask"))


def loans(request: Asking) -> HttpResponse:
    """What is lent to oneself, what oneself asked for, and what others ask for."""
    actor = request.actor
    context = {
        "borrowed": [
            {"share": share, "until": shares.last_day(share.until) if share.until else ""}
            for share in shares.lent_to(actor, timezone.now())
        ],
        "asked": shares.own_requests(actor),
        "waiting": [
            {"request": each, "customers": meant, "until": shares.last_day(each.until)}
            for each, meant in shares.open_requests(actor)
        ],
        "may_ask": actor.reach(LoanRequest, "add") is not Reach.NONE,
        "all_url": reverse("shares-list") if actor.reach(Share, "view") is not Reach.NONE else "",
    }
    return render(request, "site/loans.html", context)


@require_POST
def answer(request: Asking, pk: int) -> HttpResponse:
    """Lend the customer that was chosen, or decline."""
    key = whole_number(request.POST.get("customer", ""))
    asked = next((each for each, _meant in shares.open_requests(request.actor) if each.pk == pk), None)
    if asked is None:
        raise NotFound
    customer = access.get(request.actor, Customer, key) if key is not None else None
    answer_request(asked, actor=request.actor, customer=customer, now=timezone.now())
    words = _("Lent to %(name)s") if customer else _("Declined: %(name)s")
    tell(request, words % {"name": asked.asked_by}, undo=True)
    return redirect("loans")


def _form(request: Asking, form: Any, title: str, crumbs: list[dict[str, str]], submit: str) -> HttpResponse:
    page = {
        "title": title, "crumbs": crumbs, "form": form, "sections": [{"title": "", "fields": list(form)}],
        "submit_label": submit, "cancel_url": crumbs[-1]["url"], "draft_key": "",
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)
