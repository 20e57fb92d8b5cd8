"""The outer edge: who is asking, in which language, and what to say when the answer is no.

The clock and the request are read here; below this line they are arguments.
"""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clientier.core.actor import Door
from clientier.core.custom import definitions
from clientier.core.errors import DomainError
from clientier.core.time import business_day
from clientier.kit.api import problem
from clientier.kit.cells import Setting
from clientier.rooms.people import queries
from clientier.site.accounts import second_factor
from clientier.site.accounts.sessions import mark_seen

LANGUAGE_COOKIE = "clientier_language"
OPEN_TO_ALL = ("/sign-in/", "/sign-out/", "/static/", "/language/", "/health/", "/favicon.ico")
log = logging.getLogger("clientier")


class Edge:
    """Puts ``actor`` and ``setting`` on the request, or sends the visitor to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        api, mark = request.path.startswith("/api/"), None
        user = _user(request, api=api)
        asked: Any = request
        if user is not None:
            asked.organisation = company = queries.organisation()
            asked.actor = queries.actor_of(
                user, Door.API if api else Door.PAGE, company=company, now=timezone.now()
            )
            mark = getattr(company, "definitions_mark", None)
            zone = zoneinfo.ZoneInfo(company.time_zone)
            today = business_day(timezone.now(), company.time_zone)
            asked.setting = Setting(
                currency=company.base_currency, today=today, trash_days=company.trash_days
            )
            timezone.activate(zone)
            if request.user.is_authenticated:
                mark_seen(request)
            asked.second_factor_missing = request.user.is_authenticated and second_factor.is_missing(user)
            asked.account_layout = "kit/bare.html" if asked.second_factor_missing else "kit/base.html"
        elif not api and not request.path.startswith(OPEN_TO_ALL):
            return redirect_to_login(request.get_full_path())
        language = user.language if user is not None else _visitors_language(request)
        with translation.override(language), definitions.held(mark):
            response = _held_up(request) or self.get_response(request)
        timezone.deactivate()
        response.headers.setdefault("Content-Language", language)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A rule's refusal becomes words; anything else is logged and becomes the page for faults."""
        if isinstance(error, DomainError):
            return refusal(request, error.status, str(error))
        return None


def refusal(request: HttpRequest, status: int, words: str) -> HttpResponse:
    """Why not, for a person: a whole page, or for a part of a page only the words."""
    titles = {400: _("That cannot be read"), 403: _("Not allowed"), 404: _("Not found")}
    title = titles.get(status, _("Not possible now"))
    if request.path.startswith("/api/"):
        return problem(status, "refused", words)
    context = {"status": status, "title": title, "text": words}
    return render(request, "kit/error.html", context, status=status)


def _held_up(request: HttpRequest) -> HttpResponse | None:
    """Whoever must set up a second factor does that first, and nothing else."""
    if not getattr(request, "second_factor_missing", False) or second_factor.is_open(request):
        return None
    if request.path.startswith("/api/"):
        return refusal(request, 403, _("Set up a second factor first: your role asks for one."))
    return redirect("mfa_index")


def _user(request: HttpRequest, *, api: bool) -> Any:
    header = request.headers.get("Authorization", "")
    if api and header:
        scheme, _space, token = header.partition(" ")
        return queries.user_of_token(token.strip()) if scheme.lower() == "bearer" else None
    return request.user if request.user.is_authenticated else None


def _visitors_language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    known = {"en", "zh-hans", "zh-hant"}
    return chosen if chosen in known else translation.get_language_from_request(request)
