"""Pages on which sensitive facts are written, looked at for a minute, found and exported."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core.errors import NotAllowed, NotFound
from clientier.kit import export
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.rooms.parties.choices.privacy import SensitiveKind
from clientier.rooms.parties.commands.identity import normal_number
from clientier.rooms.parties.commands.sensitive import (
    log_export,
    value_looked_at,
    value_of,
    write_fact,
)
from clientier.rooms.parties.models import SensitiveFact
from clientier.rooms.parties.queries.sensitive import (
    enabled_kinds,
    fact_to_look_at,
    facts_to_export,
    holders_of,
    known_of,
    person_at,
)
from clientier.site.privacy.forms import ExportForm, NumberForm, ReasonForm, ValueForm
from clientier.site.privacy.pages import crumbs_of, form_page, refusals_on, uncached

SHOWN_SECONDS = 60


def look(request: Asking, people: str, pk: int, kind: str) -> HttpResponse:
    """Ask for a reason; then show the value for a minute, on a page that no cache keeps."""
    today = request.setting.today
    person = person_at(request.actor, people, pk)
    fact = fact_to_look_at(request.actor, person, kind, today)
    known = next(each for each in known_of(request.actor, person, today) if each.kind == kind)
    if not known.may_look:
        raise NotAllowed
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            value = value_looked_at(fact, actor=request.actor, person=person, day=today, **form.cleaned_data)
            back = link_to(person)
            context = {
                "crumbs": crumbs_of(person), "label": known.label, "person": person, "value": value,
                "back": back, "seconds": SHOWN_SECONDS,
            }  # fmt: skip
            response = uncached(render(request, "site/privacy/shown.html", context))
            response.headers["Refresh"] = f"{SHOWN_SECONDS}; url={back}"
            return response
    title = _("Why do you look? %(kind)s of %(name)s") % {"kind": known.label, "name": person}
    return form_page(request, form, title, crumbs_of(person), _("Show for a minute"))


def write(request: Asking, people: str, pk: int, kind: str) -> HttpResponse:
    """Enter what is known; what was there is not shown, because writing is no look."""
    today = request.setting.today
    person = person_at(request.actor, people, pk)
    known = next((each for each in known_of(request.actor, person, today) if each.kind == kind), None)
    if known is None:
        raise NotFound
    if not known.may_write:
        raise NotAllowed
    form = ValueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            value = form.cleaned_data["value"]
            write_fact(SensitiveFact, actor=request.actor, person=person, kind=kind, value=value, day=today)
            messages.success(request, _("%(kind)s of %(name)s saved") % {"kind": known.label, "name": person})
            return redirect(link_to(person))
    title = _("%(kind)s of %(name)s") % {"kind": known.label, "name": person}
    return form_page(request, form, title, crumbs_of(person), _("Save"))


def find(request: Asking) -> HttpResponse:
    """Find who has exactly this identity number; every hit is a look."""
    _refuse_without_kinds(request)
    if SensitiveKind.IDENTITY_NUMBER not in enabled_kinds():
        raise NotFound
    form = NumberForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            facts = holders_of(
                request.actor, normal_number(form.cleaned_data["number"]), request.setting.today
            )
            reason = {name: form.cleaned_data[name] for name in ("reason", "words")}
            found = []
            for fact in facts:
                person = fact.contact or fact.customer
                value_looked_at(fact, actor=request.actor, person=person, day=request.setting.today, **reason)
                found.append({"person": person, "url": link_to(person)})
    crumbs = [{"label": _("Privacy"), "url": reverse("privacy")}]
    page = form_page(
        request, form, _("Find by identity number"), crumbs, _("Find"), "site/privacy/find.html", found=found
    )
    page.status_code = 200 if found is not None else page.status_code
    return page


def exported(request: Asking) -> HttpResponseBase:
    """One kind of fact of all whom one may export, in a file; each is logged with the reason before it leaves."""
    _refuse_without_kinds(request)
    today = request.setting.today
    form = ExportForm(request.POST or None, kinds=enabled_kinds())
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            kind = form.cleaned_data["kind"]
            reason = {name: form.cleaned_data[name] for name in ("reason", "words")}
            lines = []
            for fact in facts_to_export(request.actor, kind, today):
                log_export(fact, actor=request.actor, **reason)
                lines.append([str(fact.customer), str(fact.contact or ""), value_of(fact)])
            headings = [_("Customer"), _("Contact"), str(SensitiveKind(kind).label)]
            response = export.as_csv(f"sensitive-{kind}", headings, lines)
            response.headers["Cache-Control"] = "no-store, private"
            return response
    crumbs = [{"label": _("Privacy"), "url": reverse("privacy")}]
    return form_page(request, form, _("Export sensitive facts"), crumbs, _("Export"))


def _refuse_without_kinds(request: Asking) -> None:
    if not enabled_kinds() or not any(
        request.actor.reach(SensitiveFact, action) for action in ("look", "export")
    ):
        raise NotFound
