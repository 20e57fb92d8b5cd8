"""The pages that belong to no room: search, undo, language, appearance, long work, health."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core import jobs
from clientier.core.models import JobState
from clientier.core.search import looking_up
from clientier.core.undo import undo as take_back
from clientier.kit import finding, rows
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.resource import REGISTRY, Resource
from clientier.rooms.people.choices import Theme
from clientier.rooms.people.commands.users import set_preference
from clientier.site.edge import LANGUAGE_COOKIE

FOUND_OF_EACH_KIND = 6


@require_GET
def search(request: Asking) -> HttpResponse:
    """What the one box finds, by kind of record, each under the same rights as its list."""
    text = request.GET.get("q", "").strip()[:100]
    asked = [each for each in REGISTRY.values() if each.searchable and text and finding.may_find(each, text)]
    with looking_up():
        groups = [_found(request, each, text) for each in asked]
    template = "kit/search_results.html" if request.headers.get("HX-Request") else "kit/search.html"
    context = {"groups": [group for group in groups if group["items"]], "query": text}
    return render(request, template, context)


def _found(request: Asking, resource: Resource, text: str) -> dict[str, Any]:
    today = request.setting.today
    records = finding.nearest(resource, request.actor, text, today, limit=FOUND_OF_EACH_KIND)
    items = [
        {
            "text": str(record),
            "url": link_to(record),
            "hint": rows.hint(resource, request.actor, record),
        }
        for record in records
    ]
    return {"label": resource.label_plural, "icon": resource.icon, "items": items}


@require_POST
def undo(request: Asking, request_id: UUID) -> HttpResponse:
    number = take_back(request_id, actor=request.actor)
    words = ngettext("Undone: %(number)d change", "Undone: %(number)d changes", number) % {"number": number}
    messages.success(request, words)
    return _back(request)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language for the signed-in user, or for this browser."""
    code = request.POST.get("language", "")
    if code not in {"en", "zh-hans", "zh-hant"}:
        raise Http404
    if request.user.is_authenticated:
        set_preference(request.user.pk, language=code)
    response = _back(request)
    response.set_cookie(LANGUAGE_COOKIE, code, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@require_POST
def appearance(request: Asking) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in Theme.values:
        raise Http404
    set_preference(request.actor.user, theme=theme)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else _back(request)


@require_GET
def job(request: Asking, pk: UUID) -> HttpResponse:
    """How far a piece of long work is; only its starter and administrators look."""
    found = jobs.find(pk, request.actor)
    response = render(request, "kit/parts/progress.html", {"job": found})
    if found.state == JobState.DONE:
        response.headers["HX-Refresh"] = "true"  # the page on which one waited shows what came of it
    return response


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next") or request.headers.get("Referer", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "/")
