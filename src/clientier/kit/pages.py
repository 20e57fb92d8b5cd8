"""The pages every resource has, each a plain function of a resource and a request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access
from clientier.core.errors import BadQuestion, DomainError, NotAllowed, NotFound
from clientier.kit import bulk, cells, companions, detail, export, forms, history, listing, paging, rows
from clientier.kit.asking import Asking
from clientier.kit.models import SavedView, Sharing
from clientier.kit.questions import Question
from clientier.kit.resource import Resource, label_of

PICKED_AT_MOST = 20


def urls(shown: Resource) -> list[Any]:
    """The routes of one resource; those without a form cannot be written by hand."""

    def page(view: Any, route: str, name: str) -> Any:
        return path(f"{shown.slug}/{route}", view, {"shown": shown}, name=f"{shown.slug}-{name}")

    written = [page(edit, "new/", "create"), page(edit, "<int:pk>/edit/", "update")] if shown.form else []
    return [
        page(index, "", "list"),
        page(count, "count/", "count"),
        page(exported, "export/", "export"),
        page(bulk_change, "bulk/", "bulk"),
        page(pick, "pick/", "pick"),
        page(save_view, "views/", "save-view"),
        *written,
        page(show, "<int:pk>/", "detail"),
        page(remove, "<int:pk>/delete/", "delete"),
        page(past, "<int:pk>/history/", "history"),
    ]


@require_GET
def index(request: Asking, shown: Resource) -> HttpResponse:
    question = Question.parse(request.GET)
    context = listing.listing(shown, request.actor, question, request.setting)
    return render(request, shown, "list", {"listing": context})


@require_GET
def count(request: Asking, shown: Resource) -> HttpResponse:
    found = rows.select(shown, request.actor, Question.parse(request.GET), request.setting.today)
    return HttpResponse(listing.count_words(found), content_type="text/plain; charset=utf-8")


@require_GET
def exported(request: Asking, shown: Resource) -> HttpResponseBase:
    """Exactly what the list shows: its columns, its filters, its order, its reach."""
    access.require(request.actor, shown.model, "export")
    question = Question.parse(request.GET)
    columns = rows.shown(shown, request.actor, question)
    way, descending = rows.ordering(shown, request.actor, question)
    found = rows.select(shown, request.actor, question, request.setting.today)
    found = found.filter(access.rows(request.actor, shown.model, "export"))
    order = paging.Order.by(shown.model, way, descending=descending)
    records = paging.in_order(rows.joined(shown, found, columns), order).iterator(chunk_size=2000)
    lines = ([cells.cell(shown, c, r, request.setting).value for c in columns] for r in records)
    write = export.as_xlsx if request.GET.get("as") == "xlsx" else export.as_csv
    return write(shown.slug, [label_of(shown, column) for column in columns], lines)


@require_POST
def bulk_change(request: Asking, shown: Resource) -> HttpResponse:
    outcome = bulk.perform(shown, request.actor, request.POST, request.setting.today)
    words = ngettext("%(number)d record changed", "%(number)d records changed", outcome.changed)
    if outcome.changed:
        tell(request, words % {"number": outcome.changed}, undo=True)
    for name, reason in outcome.refused[:5]:
        messages.warning(request, f"{name}: {reason}")
    if len(outcome.refused) > 5:
        more = len(outcome.refused) - 5
        messages.warning(request, _("%(number)d more were left as they are.") % {"number": more})
    return redirect(f"{reverse(f'{shown.slug}-list')}?{request.POST.get('query', '')}")


@require_GET
def pick(request: Asking, shown: Resource) -> JsonResponse:
    """The first records that a picker offers for what was typed so far."""
    question = Question(search=request.GET.get("q", "").strip()[:200])
    found = rows.select(shown, request.actor, question, request.setting.today)
    way, descending = rows.ordering(shown, request.actor, question)
    order = paging.Order.by(shown.model, way, descending=descending)
    records = paging.page(rows.with_hints(shown, found), order, size=PICKED_AT_MOST).records
    offers = [
        {"value": record.pk, "text": str(record), "hint": rows.hint(shown, request.actor, record)}
        for record in records
    ]
    return JsonResponse(offers, safe=False)


@require_POST
def save_view(request: Asking, shown: Resource) -> HttpResponse:
    """Keep the question of this list under a name; the same name again replaces it."""
    name = request.POST.get("name", "").strip()[:80]
    if not name:
        raise BadQuestion(_("Give the view a name."))
    query = Question.parse(QueryDict(request.POST.get("query", ""))).query()
    sharing = Sharing.EVERYBODY if request.POST.get("shared") else Sharing.PRIVATE
    SavedView.objects.update_or_create(
        user_id=request.actor.user,
        resource=shown.slug,
        name=name,
        defaults={"query": query, "sharing": sharing},
    )
    messages.success(request, _("View “%(name)s” saved") % {"name": name})
    return redirect(f"{reverse(f'{shown.slug}-list')}?{query}")


@require_POST
def delete_view(request: Asking, pk: int) -> HttpResponse:
    view = SavedView.objects.filter(pk=pk, user_id=request.actor.user).first()
    if view is None:
        raise NotFound
    view.delete()
    messages.success(request, _("View “%(name)s” deleted") % {"name": view.name})
    return redirect(f"{view.resource}-list")


@require_GET
def show(request: Asking, shown: Resource, pk: int) -> HttpResponse:
    record = access.get(request.actor, shown.model, pk)
    origin = request.GET.get("from", "")
    setting = replace(request.setting, asked=request.GET.dict())
    context = detail.page(shown, request.actor, record, setting, origin)
    return render(request, shown, "detail", {"page": context, "record": record})


@require_GET
def past(request: Asking, shown: Resource, pk: int) -> HttpResponse:
    record = access.get(request.actor, shown.model, pk)
    crumbs = [
        {"label": shown.label_plural, "url": reverse(f"{shown.slug}-list")},
        {"label": str(record), "url": cells.link_to(record)},
    ]
    context = {"record": record, "crumbs": crumbs, "entries": history.entries(request.actor, record)}
    return TemplateResponse(request, "kit/history.html", context)


def edit(request: Asking, shown: Resource, pk: int | None = None) -> HttpResponse:
    action = "change" if pk else "add"
    access.require(request.actor, shown.model, action)
    record = access.get(request.actor, shown.model, pk, action) if pk else None
    initial = {} if pk else request.GET.dict()
    form = forms.form_class(shown, request.actor)(request.POST or None, instance=record, initial=initial)
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
    page = detail.form_page(shown, form, record, beside)
    return render(request, shown, "form", {"form_page": page}, status)


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
    tell(request, _("%(name)s deleted") % {"name": label}, undo=True)
    return redirect(f"{shown.slug}-list")


def next_of(request: HttpRequest) -> str:
    """Where the form was opened from, if that is a page of ours."""
    target = request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""


def tell(request: Asking, words: str, *, undo: bool = False) -> None:
    """Say that it is done, with the way back where there is one."""
    way_back = f"undo:{reverse('undo', args=[request.actor.request_id])}" if undo else ""
    messages.success(request, words, extra_tags=way_back)


def render(
    request: HttpRequest, shown: Resource, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The room's own template if it has one, else the kit's; for htmx, only its body."""
    part = "#body" if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted") else ""
    names = [f"{shown.model._meta.app_label}/{shown.slug}_{page}.html{part}", f"kit/{page}.html{part}"]
    return TemplateResponse(request, names, context, status=status)
