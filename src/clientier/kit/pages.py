"""The pages every resource has, each a plain function of a resource and a request."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access, entrusting
from clientier.core.errors import DomainError, NotAllowed, NotFound
from clientier.core.outside import whole_number
from clientier.kit import (
    bulk,
    bulk_setting,
    cells,
    companions,
    detail,
    exporting,
    finding,
    forms,
    history,
    layouts,
    listing,
    moved,
    paging,
    rows,
    saved_views,
)
from clientier.kit.asking import Asking
from clientier.kit.pickers import GIVING
from clientier.kit.questions import Question
from clientier.kit.resource import Resource

PICKED_AT_MOST = 20
LOOKED_THROUGH = 40  # some may not be offered


def urls(shown: Resource) -> list[Any]:
    """The routes of one resource; those without a form cannot be written by hand."""

    def page(view: Any, route: str, name: str) -> Any:
        return path(f"{shown.slug}/{route}", view, {"shown": shown}, name=f"{shown.slug}-{name}")

    written = [page(edit, "new/", "create"), page(edit, "<int:pk>/edit/", "update")] if shown.form else []
    return [
        page(index, "", "list"),
        page(count, "count/", "count"),
        page(exporting.exported, "export/", "export"),
        page(bulk_change, "bulk/", "bulk"),
        page(bulk_field, "bulk/field/", "bulk-field"),
        page(pick, "pick/", "pick"),
        page(save_view, "views/", "save-view"),
        *written,
        page(show, "<int:pk>/", "detail"),
        page(remove, "<int:pk>/delete/", "delete"),
        page(past, "<int:pk>/history/", "history"),
        *([page(exporting.business_card, "<int:pk>/card.vcf", "vcf")] if shown.business_card else []),
        *([page(change_cell, "<int:pk>/cell/<slug:name>/", "cell")] if shown.form else []),
    ]


@require_GET
def index(request: Asking, shown: Resource) -> HttpResponse:
    views = saved_views.of_request(request, request.actor)
    if not request.GET and (view := saved_views.opening(views, shown.slug)) and view.query:
        return redirect(saved_views.address(view))
    question = Question.parse(request.GET)
    context = listing.listing(shown, request.actor, question, request.setting, views)
    return render(request, shown, "list", {"listing": context})


@require_GET
def count(request: Asking, shown: Resource) -> HttpResponse:
    found = rows.select(shown, request.actor, Question.parse(request.GET), request.setting.today)
    return HttpResponse(listing.count_words(found), content_type="text/plain; charset=utf-8")


@require_POST
def bulk_change(request: Asking, shown: Resource) -> HttpResponse:
    if further := bulk.page_for(shown, request.actor, request.POST, request.setting.today):
        return redirect(further)
    outcome = bulk.perform(shown, request.actor, request.POST, request.setting.today)
    if outcome.changed:
        deleted = request.POST.get("action") == bulk.DELETE.slug
        tell(request, outcome.words, undo=True, trash=deleted)
    for name, reason in outcome.refused[:5]:
        messages.warning(request, f"{name}: {reason}")
    if len(outcome.refused) > 5:
        more = len(outcome.refused) - 5
        messages.warning(request, _("%(number)d more were left as they are.") % {"number": more})
    return redirect(f"{reverse(f'{shown.slug}-list')}?{request.POST.get('query', '')}")


@require_GET
def bulk_field(request: Asking, shown: Resource) -> HttpResponse:
    """The field that is to be set on many records, to be filled in."""
    access.require(request.actor, shown.model, bulk.SET.needs)
    form = bulk_setting.form_for(shown, request.actor, request.GET.get("set_field", ""))
    return TemplateResponse(request, "kit/parts/bulk_field.html", {"form": form})


@require_GET
def pick(request: Asking, shown: Resource) -> JsonResponse:
    """The first records that a picker offers for what was typed so far."""
    limit = LOOKED_THROUGH if GIVING in request.GET else PICKED_AT_MOST
    records = _offered(request, shown, request.GET.get("q", "").strip()[:100], limit)
    if GIVING in request.GET:
        records = [record for record in records if entrusting.able(record)]
    offers = [
        {"value": record.pk, "text": str(record), "hint": rows.hint(shown, request.actor, record)}
        for record in records[:PICKED_AT_MOST]
    ]
    return JsonResponse(offers, safe=False)


def _offered(request: Asking, shown: Resource, text: str, limit: int) -> list[Any]:
    today = request.setting.today
    if text and shown.searchable:
        return finding.nearest(shown, request.actor, text, today, limit=limit)
    found = rows.select(shown, request.actor, Question(), today)
    way, descending = rows.ordering(shown, request.actor, Question())
    order = paging.Order.by(shown.model, way, descending=descending)
    return list(paging.page(rows.with_hints(shown, found, request.actor), order, size=limit).records)


@require_POST
def save_view(request: Asking, shown: Resource) -> HttpResponse:
    """Keep the question of this list under a name."""
    name, query, sharing = (request.POST.get(each, "") for each in ("name", "query", "sharing"))
    maker: Any = request.user
    view = saved_views.save(request.actor, shown.slug, name, query, sharing=sharing, team=maker.team_id)
    messages.success(request, _("View “%(name)s” saved") % {"name": view.name})
    return redirect(saved_views.address(view))


@require_POST
def choose_view(request: Asking, pk: int) -> HttpResponse:
    """Pin the view or take it out, open its list with it or no longer."""
    asked = {name: request.POST[name] == "yes" for name in ("pinned", "opens") if name in request.POST}
    view = saved_views.choose(request.actor, pk, **asked)
    return redirect(saved_views.address(view))


@require_POST
def delete_view(request: Asking, pk: int) -> HttpResponse:
    view = saved_views.delete(request.actor, pk)
    messages.success(request, _("View “%(name)s” deleted") % {"name": view.name})
    return redirect(f"{reverse(f'{view.resource}-list')}?{saved_views.WHOLE_LIST}")


@require_GET
def show(request: Asking, shown: Resource, pk: int) -> HttpResponse:
    try:
        record = rows.one(shown, request.actor, pk)
    except NotFound:
        if (successor := moved.successor(request.actor, shown.model, pk)) is None:
            raise
        messages.info(request, moved.words(successor))
        return redirect(cells.link_to(successor))
    origin = request.GET.get("from", "")
    setting = replace(request.setting, asked=request.GET.dict())
    context = detail.page(shown, request.actor, record, setting, origin)
    return render(request, shown, "detail", {"page": context, "record": record})


@require_GET
def past(request: Asking, shown: Resource, pk: int) -> HttpResponse:
    """Every change of the record, or of one of its fields; for the mark beside a field, its last few."""
    record = access.get(request.actor, shown.model, pk)
    field, before = request.GET.get("field", ""), request.GET.get("before", "")
    page = history.page(request.actor, record, field=field, before=whole_number(before))
    crumbs = [
        {"label": shown.label_plural, "url": reverse(f"{shown.slug}-list")},
        {"label": str(record), "url": cells.link_to(record)},
    ]
    template = "kit/parts/field_past.html" if request.headers.get("HX-Request") else "kit/history.html"
    return TemplateResponse(request, template, {"record": record, "crumbs": crumbs, "page": page})


def edit(request: Asking, shown: Resource, pk: int | None = None) -> HttpResponse:
    action = "change" if pk else "add"
    access.require(request.actor, shown.model, action)
    record = access.get(request.actor, shown.model, pk, action) if pk else None
    initial = {} if pk else request.GET.dict()
    laid_out = layouts.for_form(shown, request.actor, layouts.facts_of(record, initial, shown.model))
    names = tuple(name for group in laid_out for name in group.fields)
    form = forms.form_class(shown, request.actor, names)(
        request.POST or None, instance=record, initial=initial
    )
    forms.leave_unseen(form)
    if record:
        forms.remember_what_was_shown(form)
    beside = companions.parts(shown, request.actor, record, request.POST or None)
    if request.method == "POST" and companions.accepted(form, beside):
        with suppress(companions.Refused):
            saved = companions.save(shown, request.actor, record, form, beside)
            tell(request, _("%(name)s saved") % {"name": saved}, undo=True)
            return redirect(next_of(request) or cells.link_to(saved))
    status = 422 if form.is_bound else 200
    page = detail.form_page(shown, form, record, beside, laid_out)
    return render(request, shown, "form", {"form_page": page}, status)


def change_cell(request: Asking, shown: Resource, pk: int, name: str) -> HttpResponse:
    """One value of a list, changed where it stands: the form for it, and then the value as lists show it."""
    record = access.get(request.actor, shown.model, pk, "change")
    column = next((c for c in listing.editable(shown, request.actor) if c.path == name), None)
    if column is None:
        raise NotFound
    form = forms.form_class(shown, request.actor, only=(name,))(request.POST or None, instance=record)
    forms.leave_unseen(form)
    forms.remember_what_was_shown(form)
    if request.method == "POST" and form.is_valid() and not forms.refuse_what_changed_meanwhile(form):
        try:
            saved = shown.update(record, actor=request.actor, changes=forms.changes(form))
        except (DomainError, ValidationError) as refusal:
            forms.say_refusal(form, refusal)
        else:
            drawn = cells.cell(shown, column, saved, request.setting)
            answer = TemplateResponse(request, "kit/parts/cell.html", {"cell": drawn})
            return _with_toast(answer, request, _("%(name)s saved") % {"name": saved})
    status = 422 if form.is_bound else 200
    return TemplateResponse(
        request, "kit/parts/cell_form.html", {"form": form, "label": record}, status=status
    )


def _with_toast(answer: HttpResponse, request: Asking, words: str) -> HttpResponse:
    """A notice beside a part of a page, with the way back."""
    notice = {"text": words, "tone": "good", "undo_url": reverse("undo", args=[request.actor.request_id])}
    answer.headers["HX-Trigger"] = json.dumps({"toast": notice})
    return answer


@require_POST
def remove(request: Asking, shown: Resource, pk: int) -> HttpResponse:
    record = access.get(request.actor, shown.model, pk)
    label = str(record)
    try:
        shown.delete(record, actor=request.actor)
    except DomainError as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        messages.error(request, str(refusal))
        return redirect(cells.link_to(record))
    tell(request, _("%(name)s deleted") % {"name": label}, undo=True, trash=True)
    return redirect(f"{shown.slug}-list")


def next_of(request: HttpRequest) -> str:
    """Where the form was opened from, if that is a page of ours."""
    target = request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""


def tell(request: Asking, words: str, *, undo: bool = False, trash: bool = False) -> None:
    """Say that it is done, with the ways back where there are such."""
    ways = [f"undo:{reverse('undo', args=[request.actor.request_id])}"] if undo else []
    ways += [f"trash:{reverse('trash')}"] if trash else []
    messages.success(request, words, extra_tags=" ".join(ways))


def render(
    request: HttpRequest, shown: Resource, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The room's own template if it has one, else the kit's; for htmx, only its body."""
    part = "#body" if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted") else ""
    names = [f"{shown.model._meta.app_label}/{shown.slug}_{page}.html{part}", f"kit/{page}.html{part}"]
    return TemplateResponse(request, names, context, status=status)
