"""What a visitor reads when something is not there, not allowed, or broken on our side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clientier.site.edge import refusal


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return refusal(request, 404, _("There is no such page, or it is not among those you can see."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    words = _("Your role does not allow this. Nothing was changed; ask an administrator if you need it.")
    return refusal(request, 403, words)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return refusal(request, 400, _("The request could not be understood. Nothing was changed."))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = _("This page was open for too long. Go back, reload it and send again; nothing was changed.")
    return render(
        request,
        "kit/error.html",
        {"status": 403, "title": _("Please send it again"), "text": words},
        status=403,
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Our fault. It is in the log; the page needs nothing that could fail again."""
    return HttpResponse(render_to_string("kit/error.html", {"status": 500}), status=500)
