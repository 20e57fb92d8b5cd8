"""The daily gestures: done and what is next, not now, and ten seconds to log a call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from clientier.core import access, commands
from clientier.core.errors import DomainError
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.pages import next_of, tell
from clientier.rooms.activities import commands as activities
from clientier.rooms.activities.choices import InteractionKind
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.activities.queries import title_words, told_of
from clientier.rooms.activities.resources import interactions
from clientier.rooms.parties.models import Customer
from clientier.rooms.parties.resources.customers import customers

QUICK_MINUTES = 10


class DoneForm(forms.Form):
    """What came of it, and when to go on: everything may be left empty."""

    summary = forms.CharField(
        label=gettext_lazy("What came of it"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=gettext_lazy("How"), choices=InteractionKind.choices)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes spent"),
        min_value=0,
        max_value=1440,
        initial=QUICK_MINUTES,
        required=False,
    )
    next_on = forms.DateField(
        label=gettext_lazy("Next on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    next_title = forms.CharField(label=gettext_lazy("What to do then"), required=False, max_length=200)


class MoveForm(forms.Form):
    to = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))


def done(request: Asking, pk: int) -> HttpResponse:
    """Complete a task, log what was spoken and set the next one, in one gesture."""
    task = access.get(request.actor, Task, pk, "change")
    form = DoneForm(request.POST or None, initial={"next_title": title_words(task)})
    if request.method == "POST" and form.is_valid():
        try:
            _finish(request, task, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, _("Done: %(title)s") % {"title": title_words(task)}, undo=True)
            return redirect(next_of(request) or _back(task))
    return _form(
        request,
        form,
        _("Done: %(title)s") % {"title": title_words(task)},
        _("Done"),
        _back(task),
        f"task-done:{pk}",
    )


@transaction.atomic
def _finish(request: Asking, task: Task, facts: dict[str, Any]) -> None:
    activities.complete_task(task, actor=request.actor, at=timezone.now())
    if task.customer and (facts["summary"] or facts["minutes"]):
        contact = {
            "customer": task.customer,
            "kind": facts["kind"],
            "at": timezone.now(),
            "minutes": facts["minutes"] or 0,
            "summary": facts["summary"],
        }
        activities.log_interaction(Interaction, actor=request.actor, changes=contact)
    if facts["next_on"]:
        following = {
            "title": facts["next_title"] or task.title,
            "customer": task.customer,
            "due_on": facts["next_on"],
            "assigned_to": task.assigned_to,
        }
        commands.create(Task, actor=request.actor, changes=following)


def move(request: Asking, pk: int) -> HttpResponse:
    task = access.get(request.actor, Task, pk, "change")
    tomorrow = request.setting.today + dt.timedelta(days=1)
    form = MoveForm(request.POST or None, initial={"to": max(task.due_on, tomorrow).isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            activities.move_task(task, actor=request.actor, to=form.cleaned_data["to"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, _("Moved: %(title)s") % {"title": title_words(task)}, undo=True)
            return redirect(next_of(request) or _back(task))
    return _form(
        request, form, _("Move: %(title)s") % {"title": title_words(task)}, _("Move"), _back(task), ""
    )


def log(request: Asking) -> HttpResponse:
    """Log a contact that has just happened: now, by oneself, ten minutes, unless said otherwise."""
    access.require(request.actor, Interaction, "add")
    fields = ("customer", "kind", "minutes", "summary", "next_step", "at")
    now = timezone.localtime(timezone.now())
    initial = {"at": f"{now:%Y-%m-%dT%H:%M}", "minutes": QUICK_MINUTES, **request.GET.dict()}
    form = kit_forms.form_class(interactions, request.actor, fields)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = activities.log_interaction(Interaction, actor=request.actor, changes=kit_forms.filled(form))
        tell(request, _("Logged: %(name)s") % {"name": made.customer}, undo=True)
        return redirect(next_of(request) or reverse("customers-detail", args=[made.customer_id]))
    draft = f"contact-logged:{request.GET.get('customer', '')}"
    return _form(request, form, _("Log a contact"), _("Save"), reverse("interactions-list"), draft)


@require_GET
def timeline(request: Asking, pk: int) -> HttpResponse:
    """What happened with a customer, all or of one kind, page by page; for htmx, only the part that is new."""
    customer = access.get(request.actor, Customer, pk)
    kind, older = request.GET.get("kind", ""), request.GET.get("older", "")
    told = told_of(request.actor, customer, request.setting, kind=kind, older=older)
    crumbs = [
        {"label": customers.label_plural, "url": reverse("customers-list")},
        {"label": str(customer), "url": reverse("customers-detail", args=[pk])},
    ]
    context = {"c": told, "crumbs": crumbs, "customer": customer}
    part = "timeline_page"
    if request.headers.get("HX-Request"):
        part = "timeline_entries" if older else "timeline"
    return render(request, f"activities/{part}.html", context)


def _back(task: Task) -> str:
    return reverse("customers-detail", args=[task.customer_id]) if task.customer_id else reverse("tasks-list")


def _form(request: Asking, form: Any, title: str, submit: str, back: str, draft: str) -> HttpResponse:
    page = {
        "title": title,
        "crumbs": [],
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": submit,
        "cancel_url": back,
        "draft_key": draft,
    }
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)
