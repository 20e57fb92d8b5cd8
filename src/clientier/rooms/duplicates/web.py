"""The pages of duplicates: a word while one types, two side by side, making them one and taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from procrastinate.exceptions import AlreadyEnqueued

from clientier.core import access, jobs
from clientier.core.actor import Reach
from clientier.core.errors import BadQuestion, Conflict, DomainError, NotAllowed
from clientier.core.outside import whole_number, whole_numbers
from clientier.kit import forms as kit_forms
from clientier.kit import resource, rows
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.duplicates.commands import merging, searching, unmerging
from clientier.rooms.duplicates.queries import preview
from clientier.rooms.duplicates.queries.choosing import merged_fields
from clientier.rooms.duplicates.queries.kinds import PAIRED, Mergeable, Paired
from clientier.rooms.duplicates.queries.nearest import Alike, alike, known_otherwise
from clientier.rooms.parties.models import Contact, Customer

OPEN_PAIRS = "?f=state:in:open"


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why they are not the same"), required=False, max_length=300)


@require_GET
def alike_customers(request: Asking) -> HttpResponse:
    """What is there already and like the customer on the form; nothing where nothing is."""
    return _alike(request, Customer)


@require_GET
def alike_contacts(request: Asking) -> HttpResponse:
    return _alike(request, Contact)


def _alike(request: Asking, model: type[Customer] | type[Contact]) -> HttpResponse:
    access.require(request.actor, model, "view")
    entered = {name: text[:300] for name, text in request.GET.items()}
    found, known = alike(request.actor, model, entered), known_otherwise(request.actor, model, entered)
    told = {
        "found": [_told(request, each) for each in found],
        "known": [_told(request, each) for each in known],
        "of_contact": model is Contact,
    }
    return render(request, "duplicates/alike.html", told)


def _told(request: Asking, alike: Alike) -> dict[str, Any]:
    shown = resource.of(type(alike.record))
    return {
        "record": alike.record,
        "url": link_to(alike.record),
        "hint": rows.hint(shown, request.actor, alike.record) if shown else "",
        "reasons": " · ".join(alike.reasons),
    }


def merge(request: Asking, kind: Mergeable) -> HttpResponse:
    """Two to twenty records side by side, field by field; then they are one."""
    access.require(request.actor, kind.merge, "add")
    asked = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, kind, asked.getlist("ids"))
    survivor = next((each for each in chosen if str(each.pk) == asked.get("survivor")), chosen[0])
    others = [each for each in chosen if each.pk != survivor.pk]
    refusal = ""
    if request.method == "POST" and "merge" in request.POST:
        try:
            made = merging.COMMANDS[kind.slug](
                kind.merge, actor=request.actor, survivor=survivor, others=others, at=timezone.now(),
                chosen=_choice(request, kind), reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except (DomainError, ValidationError) as no:
            refusal = " ".join(no.messages) if isinstance(no, ValidationError) else str(no)
        else:
            words = _("%(names)s merged into %(name)s") % {"names": made.names, "name": made.survivor}
            tell(request, words, undo=True)
            return redirect(link_to(made.survivor))
    page = {
        "title": kind.title,
        "side_by_side": kind.side_by_side,
        "action": reverse(f"{kind.slug}-merge"),
        "records": [survivor, *others],
        "survivor": survivor,
        "fields": preview.fields_side_by_side(request.actor, survivor, others, request.setting),
        "moves": preview.what_moves(request.actor, survivor, others),
        "refusal": refusal,
        "crumbs": [{"label": resource.REGISTRY[kind.slug].label_plural, "url": reverse(f"{kind.slug}-list")}],
        "cancel_url": link_to(survivor),
    }
    return render(request, "duplicates/merge.html", {"page": page}, status=409 if refusal else 200)


def _chosen(request: Asking, kind: Mergeable, keys: list[str]) -> list[Any]:
    """Those asked for that are in reach, in the order asked; too few or too many are refused in words."""
    wanted = list(dict.fromkeys(whole_numbers(keys)))
    if not merging.FEWEST <= len(wanted) <= merging.MOST:
        raise BadQuestion(merging.too_few_or_many(kind))
    return [access.get(request.actor, kind.model, key) for key in wanted]


def _choice(request: Asking, kind: Mergeable) -> dict[str, int]:
    """Whose value stands, where somebody chose."""
    keys = {name: whole_number(request.POST.get(f"field-{name}", "")) for name in merged_fields(kind.model)}
    return {name: key for name, key in keys.items() if key is not None}


def keep_apart(request: Asking, pk: int, kind: Paired) -> HttpResponse:
    """Say that two records are not the same, and why."""
    pair = access.get(request.actor, kind.pair, pk, "change")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            searching.keep_apart(pair, actor=request.actor, at=timezone.now(), reason=reason)
        except DomainError as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, _("Not the same: %(name)s") % {"name": pair}, undo=True)
            return redirect(_queue(kind))
    page = {
        "title": _("Not the same: %(name)s") % {"name": pair},
        "crumbs": [{"label": str(pair), "url": link_to(pair)}],
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": _("Not the same"),
        "cancel_url": link_to(pair),
    }
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


@require_POST
def same_person(request: Asking, pk: int, kind: Paired) -> HttpResponse:
    """Tie the two together: they are one person."""
    pair = access.get(request.actor, kind.pair, pk, "change")
    try:
        searching.say_same_person(pair, actor=request.actor, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(link_to(pair))
    tell(request, _("Same person: %(name)s") % {"name": pair}, undo=True)
    return redirect(_queue(kind))


def _queue(kind: Paired) -> str:
    return f"{reverse(f'{kind.pair_slug}-list')}{OPEN_PAIRS}"


@require_POST
def undo_merge(request: Asking, pk: int, kind: Mergeable) -> HttpResponse:
    """Take a merge apart, and name what had changed since and stays."""
    made = access.get(request.actor, kind.merge, pk, "change")
    try:
        undone: Any = unmerging.COMMANDS[kind.slug](made, actor=request.actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect(link_to(made))
    messages.success(request, _("Taken apart again: %(name)s") % {"name": undone.names})
    if left := len(undone.left_as_is):
        words = ngettext(
            "%(number)d thing had changed since and stays as it is.",
            "%(number)d things had changed since and stay as they are.",
            left,
        )
        messages.warning(request, words % {"number": left})
    return redirect(link_to(undone))


@require_POST
def search_now(request: Asking, task: Any) -> HttpResponse:
    """Begin the search in the background; one at a time."""
    held = [kind for kind in PAIRED if request.actor.reach(kind.pair, "change") is not Reach.NONE]
    if not held:
        raise NotAllowed
    try:
        jobs.start(task, kind="duplicates.search", label=_("Search for duplicates"), actor=request.actor)
    except AlreadyEnqueued:
        messages.info(request, _("A search waits to begin already."))
    else:
        messages.success(request, _("The search has begun. What it finds appears in this list."))
    return redirect(_queue(held[0]))
