"""Settings: the company, the rules of value, roles; for administrators only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import commands
from clientier.core.errors import DomainError, NotAllowed
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.pages import tell
from clientier.rooms.people.models import Organisation
from clientier.rooms.people.queries import organisation
from clientier.rooms.value.commands.policies import adopt_policy
from clientier.rooms.value.models import ValuePolicy
from clientier.rooms.value.queries.standings import current_policy, policies
from clientier.site.demo.clearing import clear_sample_data

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    @wraps(view)
    def guarded(request: Asking, *args: Any, **facts: Any) -> HttpResponse:
        if not request.actor.unlimited:
            raise NotAllowed
        return view(request, *args, **facts)

    return guarded


@for_administrators
def settings(request: Asking) -> HttpResponse:
    policy = current_policy()
    places = [
        ("building", _("Company"), _("Name, currency, time zone, days in the trash."), reverse("settings-company")),
        (
            "pyramid", _("Rules of value"),
            _("Tier boundaries, the period, what a minute costs, when a customer counts as lost. Version %(number)d.")
            % {"number": policy.version}, reverse("settings-rules"),
        ),
        (
            "list-check", _("Rules of upkeep"),
            _("What a card should tell by tier, how long it holds, which cards managers review."),
            reverse("settings-upkeep"),
        ),
        (
            "scale", _("Rules of credit"),
            _("Limits by tier, holding orders, reminders and their texts, interest on late money."),
            reverse("settings-credit"),
        ),
        ("notes", _("Texts of reminders"), _("What is written at which level."), reverse("reminder-texts-list")),
        ("user-circle", _("Users"), _("Who signs in, with which role, team and territory."), reverse("users-list")),
        ("shield", _("Roles"), _("What each role may see and do."), reverse("roles-list")),
        ("share", _("Lent and shared"), _("Customers open to others."), reverse("shares-list")),
        (
            "adjustments-horizontal", _("Custom fields"),
            _("Fields of your own on customers and other records, and layouts."),
            reverse("custom-fields"),
        ),
        ("users-group", _("Teams"), _("Who sees whose customers."), reverse("teams-list")),
        ("map", _("Territories"), _("Regions that divide customers."), reverse("territories-list")),
        ("exchange", _("Currency rates"), _("What foreign money is worth, by day."), reverse("currency-rates-list")),
        ("sitemap", _("Product categories"), _("How goods and services are sorted."), reverse("categories-list")),
        ("building-store", _("Warehouses"), _("Where goods are kept."), reverse("warehouses-list")),
        ("lock", _("Privacy"), _("Sensitive facts, consents, requests of persons, retention."), reverse("privacy")),
        ("file-import", _("Import folders"), _("Files that are imported by themselves."), reverse("import-folders")),
        ("trash", _("Trash"), _("What was deleted, and the way back."), reverse("trash")),
    ]  # fmt: skip
    keys = ("icon", "title", "text", "url")
    cards = [dict(zip(keys, place, strict=True)) for place in places]
    return render(request, "site/settings.html", {"places": cards})


class CompanyForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("time zone"), choices=lambda: [(z, z) for z in sorted(available_timezones())]
    )

    class Meta:
        model = Organisation
        fields = (
            "name", "base_currency", "time_zone", "fiscal_year_start", "tax_rate", "trash_days", "map_service",
        )  # fmt: skip


@for_administrators
def company(request: Asking) -> HttpResponse:
    record = organisation()
    form = CompanyForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        commands.update(record, actor=request.actor, changes=changes)
        tell(request, _("Company saved"), undo=bool(changes))
        return redirect("settings")
    return _form_page(request, form, _("Company"))


class RulesForm(forms.Form):
    """The settings that a manager changes; shares in percent, money in the base currency."""

    important = forms.FloatField(
        label=gettext_lazy("Important customers, % from the top"), min_value=0.1, max_value=50
    )
    major = forms.FloatField(label=gettext_lazy("Major customers, next %"), min_value=0.1, max_value=90)
    ordinary = forms.FloatField(label=gettext_lazy("Ordinary customers, next %"), min_value=0.1, max_value=90)
    window_days = forms.IntegerField(
        label=gettext_lazy("Period of the profit, days"), min_value=28, max_value=1830,
        help_text=gettext_lazy("Tiers follow from the net profit of this period up to the run."),
    )  # fmt: skip
    minute_cost = forms.DecimalField(
        label=gettext_lazy("Cost of a minute"), min_value=0, decimal_places=4,
        help_text=gettext_lazy("For visits and calls of users who have no rate of their own."),
    )  # fmt: skip
    band = forms.FloatField(
        label=gettext_lazy("Band around a boundary, %"), min_value=0.1, max_value=90,
        help_text=gettext_lazy("A customer changes tier only when it is beyond the boundary by this much …"),
    )  # fmt: skip
    confirmations = forms.IntegerField(
        label=gettext_lazy("… in so many runs in a row"), min_value=1, max_value=12
    )
    lost_p_active = forms.FloatField(
        label=gettext_lazy("Lost below a chance to buy within a year of, %"), min_value=0.1, max_value=90
    )
    reason = forms.CharField(label=gettext_lazy("Why the change"), max_length=200)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        parts = [facts.get(name) or 0 for name in ("important", "major", "ordinary")]
        if sum(parts) >= 100:
            raise forms.ValidationError(
                _("Important, major and ordinary together must leave something for small.")
            )
        return facts


@for_administrators
def rules(request: Asking) -> HttpResponse:
    form = RulesForm(request.POST or None, initial=_as_entered(current_policy().rules))
    if request.method == "POST" and form.is_valid():
        changes = _as_rules(form.cleaned_data)
        try:
            adopt_policy(
                ValuePolicy, actor=request.actor, changes=changes, reason=form.cleaned_data["reason"]
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Rules saved. They hold from the next value run on."))
            return redirect("value-pyramid")
    history = [
        {
            "version": p.version,
            "day": formats.day(p.made_at.date()),
            "who": p.made_by or "–",
            "reason": p.reason,
        }
        for p in policies()[:10]
    ]
    return _form_page(request, form, _("Rules of value"), template="site/rules.html", history=history)


def _as_entered(rules: dict[str, Any]) -> dict[str, Any]:
    shares = dict(zip(("important", "major", "ordinary"), rules["boundaries"], strict=False))
    percents = {**shares, "band": rules["band"], "lost_p_active": rules["lost_p_active"]}
    return {
        **{name: round(share * 100, 4) for name, share in percents.items()},
        "window_days": rules["window_days"],
        "confirmations": rules["confirmations"],
        "minute_cost": rules["minute_cost_e4"] / 10_000,
    }


def _as_rules(entered: dict[str, Any]) -> dict[str, Any]:
    shares = [round(entered[name] / 100, 6) for name in ("important", "major", "ordinary")]
    return {
        "boundaries": [*shares, round(1 - sum(shares), 6)],
        "window_days": entered["window_days"],
        "minute_cost_e4": int(entered["minute_cost"] * 10_000),
        "band": entered["band"] / 100,
        "confirmations": entered["confirmations"],
        "lost_p_active": entered["lost_p_active"] / 100,
    }


@for_administrators
def sample_data(request: Asking) -> HttpResponse:
    """Remove the sample company whole, to begin with one's own."""
    if request.method == "POST":
        if request.POST.get("confirm") != "yes":
            messages.warning(request, _("Tick the box first. Nothing was changed."))
            return redirect("sample-data")
        clear_sample_data(request.actor)
        messages.success(request, _("The sample data are gone. Begin by importing your customers."))
        return redirect("today")
    return render(request, "site/sample_data.html", {})


def _form_page(
    request: Asking, form: Any, title: str, template: str = "kit/form.html", **context: Any
) -> HttpResponse:
    page = {
        "title": title,
        "crumbs": [{"label": _("Settings"), "url": reverse("settings")}],
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": _("Save"),
        "cancel_url": reverse("settings"),
        "draft_key": "",
    }
    return render(request, template, {"form_page": page, **context}, status=422 if form.is_bound else 200)
