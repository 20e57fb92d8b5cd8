"""The settings of privacy, for administrators: what is kept, who may look, and what lies too long."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Reach
from clientier.core.outside import whole_number, whole_numbers
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.parties.choices.privacy import SensitiveKind
from clientier.rooms.parties.commands.retention import carry_out
from clientier.rooms.parties.commands.sensitive import set_rules, stored_rules
from clientier.rooms.parties.models import RetentionRule, SensitiveFact
from clientier.rooms.parties.queries.retention import due
from clientier.rooms.parties.queries.sensitive import enabled_kinds
from clientier.rooms.people.choices import ReachChoice
from clientier.rooms.people.commands.roles import grant_rights
from clientier.rooms.people.models import Role
from clientier.rooms.people.queries import roles_with_grants
from clientier.site.administration import for_administrators
from clientier.site.privacy.forms import RulesForm
from clientier.site.privacy.pages import form_page

# What one gives a role together, under one name.
LEVELS: dict[str, tuple[str, ...]] = {
    "look": ("view", "look"),
    "change": ("view", "change"),
    "export": ("export",),
}
SHOWN = 50


@for_administrators
def index(request: Asking) -> HttpResponse:
    places = [
        ("settings", _("What is kept"), _("Kinds of sensitive facts; how long an answer may take."), "privacy-rules"),
        ("shield", _("Who may look"), _("By role; nobody has this right before you give it."), "privacy-grants"),
        ("eye", _("Looks"), _("Who looked at which fact of whom, when and why."), "sensitive-looks-list"),
        ("circle-check", _("Consents"), _("What persons agreed to, and until when."), "consents-list"),
        ("mail", _("Requests of persons"), _("Access and erasure, with the last day."), "privacy-requests-list"),
        ("hourglass", _("Rules of retention"), _("What happens to what lies too long."), "retention-rules-list"),
    ]  # fmt: skip
    kinds = enabled_kinds()
    if SensitiveKind.IDENTITY_NUMBER in kinds and request.actor.reach(SensitiveFact, "look"):
        words = _("For who may look at these.")
        places.append(("search", _("Find by identity number"), words, "sensitive-find"))
    if kinds and request.actor.reach(SensitiveFact, "export"):
        words = _("With a reason, and logged.")
        places.append(("download", _("Export sensitive facts"), words, "sensitive-export"))
    cards = [
        {"icon": icon, "title": title, "text": text, "url": reverse(name)}
        for icon, title, text, name in places
    ]
    return render(request, "site/privacy/index.html", {"places": cards})


@for_administrators
def rules(request: Asking) -> HttpResponse:
    record = stored_rules()
    form = RulesForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        set_rules(record, actor=request.actor, changes=changes)
        tell(request, _("Rules of privacy saved"), undo=bool(changes))
        return redirect("privacy")
    return form_page(request, form, _("What is kept"), _crumbs(), _("Save"))


@for_administrators
def grants(request: Asking) -> HttpResponse:
    """How far each role may look, enter and export: administrators too have what they are given here, and no more."""
    kind = SensitiveFact._meta.label_lower
    roles = roles_with_grants()
    if request.method == "POST":
        for role in roles:
            _grant(request, role)
        messages.success(request, _("Rights to sensitive facts saved"))
        return redirect("privacy-grants")
    rows = []
    for role in roles:
        now = {g.action: g.reach for g in role.grants.all() if g.record == kind}
        cells = [
            {"name": f"{role.pk}|{level}", "label": label, "value": now.get(actions[-1], 0)}
            for (level, actions), label in zip(LEVELS.items(), _headings(), strict=True)
        ]
        rows.append({"label": str(role), "cells": cells})
    context = {"rows": rows, "headings": _headings(), "choices": ReachChoice.choices, "crumbs": _crumbs()}
    return render(request, "site/privacy/grants.html", context)


def _grant(request: Asking, role: Role) -> None:
    chosen = {level: whole_number(request.POST.get(f"{role.pk}|{level}", "")) for level in LEVELS}
    given = {level: Reach(reach) for level, reach in chosen.items() if reach in ReachChoice.values}
    if len(given) < len(LEVELS):
        return
    kind = SensitiveFact._meta.label_lower
    reaches = {(kind, "view"): max(given.values())}
    for level, actions in LEVELS.items():
        reaches[kind, actions[-1]] = given[level]
    grant_rights(role, actor=request.actor, reaches=reaches)


def _headings() -> list[str]:
    return [_("Look at them"), _("Enter them"), _("Export them")]


@for_administrators
def retention_due(request: Asking, pk: int) -> HttpResponse:
    """Whom a rule is about today: a list to look at first, and the button that does it."""
    rule = access.get(request.actor, RetentionRule, pk)
    today = request.setting.today
    found = due(rule, today)
    if request.method == "POST":
        keys = whole_numbers(request.POST.getlist("ids"))
        if request.POST.get("confirmed", "").strip() != str(len(keys)):
            messages.error(request, _("Type how many persons you chose. Nothing was changed."))
            return redirect("retention-due", pk)
        number = carry_out(rule, actor=request.actor, day=today, only=keys)
        words = ngettext("Done for %(number)d person", "Done for %(number)d persons", number)
        messages.success(request, words % {"number": number})
        return redirect("retention-due", pk)
    people: list[dict[str, Any]] = [
        {"pk": each.pk, "name": str(each), "url": link_to(each), "last": formats.day(each.last_active_on)}
        for each in found[:SHOWN]
    ]
    crumbs = [*_crumbs(), {"label": str(rule), "url": link_to(rule)}]
    context = {"rule": rule, "people": people, "number": found.count(), "crumbs": crumbs}
    return render(request, "site/privacy/retention.html", context)


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Settings"), "url": reverse("settings")},
        {"label": _("Privacy"), "url": reverse("privacy")},
    ]
