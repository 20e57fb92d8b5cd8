"""Keeping cards right: what is still right, how complete they are by account manager, and the rules of both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access
from clientier.core.errors import DomainError
from clientier.core.outside import whole_number
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import next_of, tell
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.stewardship.choices import BOTH, ITEMS, TIERS
from clientier.rooms.stewardship.commands.completeness import judge_cards
from clientier.rooms.stewardship.commands.confirmations import confirm_all
from clientier.rooms.stewardship.commands.rules import adopt_rules
from clientier.rooms.stewardship.models import Confirmation, UpkeepPolicy
from clientier.rooms.stewardship.queries import completeness, stale
from clientier.rooms.stewardship.queries.rules import current_rules, policies
from clientier.rooms.value.choices import Tier
from clientier.rooms.value.queries.card import standing_for


def confirm(request: Asking, pk: int) -> HttpResponse:
    """Go through what is known of a customer and its people: still right, or to be changed."""
    actor, today = request.actor, request.setting.today
    customer = access.get(actor, Customer, pk)
    if request.method == "POST":
        access.require(actor, Confirmation, "add")
        chosen = _chosen(request, customer)
        confirm_all(customer, chosen, actor=actor, on=today, at=timezone.now())
        tell(request, _("Still right: %(name)s") % {"name": chosen[0] or customer}, undo=True)
        return redirect(next_of(request) or reverse("customer-confirm", args=[pk]))
    score = standing_for(actor, customer, "tier")
    since = stale.cutoff(current_rules(), score.tier if score else "", today)
    context = {
        "customer": customer,
        "crumbs": [{"label": str(customer), "url": link_to(customer)}],
        "subjects": stale.subjects(actor, customer, request.setting, since),
        "since": formats.day(since) if since else "",
        "may_confirm": actor.reach(Confirmation, "add"),
    }
    return render(request, "stewardship/confirm.html", context)


def _chosen(request: Asking, customer: Customer) -> list[Contact | None]:
    """The customer itself (None) and contacts, as posted: ``all``, ``customer``, or the key of one contact."""
    asked = request.POST.get("subject", "")
    there = access.visible(request.actor, Contact).filter(customer=customer, left_on__isnull=True)
    if asked == "all":
        return [None, *there.order_by("pk")]
    if (key := whole_number(asked)) is not None:
        return [access.get(request.actor, Contact, key)]
    return [None]


@require_POST
def confirm_contact(request: Asking, pk: int) -> HttpResponse:
    """One click on the card of a contact: all of it is still right."""
    access.require(request.actor, Confirmation, "add")
    contact = access.get(request.actor, Contact, pk)
    now = timezone.now()
    confirm_all(contact.customer, [contact], actor=request.actor, on=request.setting.today, at=now)
    tell(request, _("Still right: %(name)s") % {"name": contact}, undo=True)
    return redirect(link_to(contact))


@require_GET
def by_owner(request: Asking) -> HttpResponse:
    """How complete the cards of each account manager are."""
    access.require(request.actor, Customer, "view")
    return render(request, "stewardship/by_owner.html", {"rows": completeness.by_owner(request.actor)})


class RhythmForm(forms.Form):
    """The figures of upkeep that are not weights; those with a tier have one field for each."""

    reminders_a_week = forms.IntegerField(
        label=gettext_lazy("Reminders a week and user, at most"), min_value=0, max_value=50
    )
    review_changed = forms.IntegerField(
        label=gettext_lazy("Changed cards to review, a week and account manager"), min_value=0, max_value=100
    )
    review_stale = forms.IntegerField(
        label=gettext_lazy("Cards not confirmed for long to review"), min_value=0, max_value=100
    )
    review_sample = forms.IntegerField(
        label=gettext_lazy("Cards to review by chance"), min_value=0, max_value=100
    )
    remark_days = forms.IntegerField(label=gettext_lazy("Days to act on a remark"), min_value=1, max_value=90)
    reason = forms.CharField(label=gettext_lazy("Why the change"), max_length=200)


BY_TIER = {
    "confirm_months": gettext_lazy("Must be confirmed after months (0: never)"),
    "review_every_weeks": gettext_lazy("Comes up for review every so many weeks (0: by chance)"),
}


def rules(request: Asking) -> HttpResponse:
    """What counts for each tier and kind, how long it holds, and what managers review."""
    access.require(request.actor, UpkeepPolicy, "add")
    known = current_rules()
    form = RhythmForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        reason = facts.pop("reason")
        try:
            changes = {**facts, **_posted(request, known)}
            adopt_rules(UpkeepPolicy, actor=request.actor, changes=changes, reason=reason)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            judge_cards()
            messages.success(request, _("Rules of upkeep saved. All cards were judged anew."))
            return redirect("settings-upkeep")
    context = {
        "form": form,
        "tables": _tables(known),
        "tiers": [str(label) for _value, label in Tier.choices],
    }
    context["history"] = [
        {
            "version": p.version,
            "day": formats.day(p.made_at.date()),
            "who": p.made_by or "–",
            "reason": p.reason,
        }
        for p in policies()[:10]
    ]
    return render(request, "stewardship/rules.html", context, status=422 if form.is_bound else 200)


def _tables(known: dict[str, Any]) -> list[dict[str, Any]]:
    """One table for each kind of customer, and one for the rhythm: things down, tiers across."""
    tables = [
        {
            "title": str(CustomerKind(kind).label),
            "rows": [
                _row(f"{kind}.{code}", ITEMS[code].label, known["weights"][kind][code])
                for code in known["weights"][kind]
            ],
        }
        for kind in BOTH
    ]
    rhythm = [_row(name, label, known[name]) for name, label in BY_TIER.items()]
    return [*tables, {"title": _("Rhythm"), "rows": rhythm}]


def _row(name: str, label: Any, figures: list[int]) -> dict[str, Any]:
    return {
        "label": str(label),
        "cells": [
            {"name": f"{name}.{tier}", "label": str(Tier(tier).label), "value": figures[place]}
            for place, tier in enumerate(TIERS)
        ],
    }


def _posted(request: Asking, known: dict[str, Any]) -> dict[str, Any]:
    """The tables as they were posted; what is missing or no figure stays as it was."""

    def figures(name: str, before: list[int]) -> list[int]:
        posted = [whole_number(request.POST.get(f"{name}.{tier}", "")) for tier in TIERS]
        return [old if new is None else min(new, 99) for new, old in zip(posted, before, strict=True)]

    weights = {
        kind: {
            code: figures(f"{kind}.{code}", known["weights"][kind][code]) for code in known["weights"][kind]
        }
        for kind in BOTH
    }
    return {"weights": weights, **{name: figures(name, known[name]) for name in BY_TIER}}
