"""Where somebody is signed in: which browser, from which address, when last; and ending it."""

from __future__ import annotations

import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core.errors import NotFound
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.rooms.people.commands.users import end_sessions
from clientier.site.accounts import queries, trace

SEEN_EVERY_SECONDS = 300
SEEN = "seen_at"
# The first that stands in the browser's own words; later ones imitate earlier ones, so the order matters.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"),
            ("SamsungBrowser", "Samsung Internet"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("HarmonyOS", "HarmonyOS"),
           ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def mark_seen(request: Any) -> None:
    """Keep when and whence a session was last used, every five minutes, so that most pages write nothing."""
    if time.time() - request.session.get(SEEN, 0) > SEEN_EVERY_SECONDS:
        request.session[SEEN] = int(time.time())
        UserSession.objects.create_from_request(request)  # house: allauth's own way to write it


def device(user_agent: str) -> str:
    """What a browser says of itself, in few words."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or _("Unknown device")


@require_GET
def sessions(request: Asking) -> HttpResponse:
    here = request.session.session_key
    shown = [
        {
            "pk": session.pk,
            "device": device(session.user_agent),
            "address": session.ip,
            "since": formats.moment(timezone.localtime(session.created_at)),
            "seen": formats.moment(timezone.localtime(session.last_seen_at)),
            "here": session.session_key == here,
        }
        for session in queries.sessions_of(request.actor.user)
    ]
    shown.sort(key=lambda session: not session["here"])
    return render(request, "accounts/sessions.html", {"sessions": shown})


@require_POST
def end_session(request: Asking, pk: int) -> HttpResponse:
    """End one session of one's own; another's is not there."""
    session = next((s for s in queries.sessions_of(request.actor.user) if s.pk == pk), None)
    if session is None:
        raise NotFound
    session.end()
    user: Any = request.user
    trace.note("sessions.end", user, request, device=device(session.user_agent), whose=session.ip)
    messages.success(request, _("Signed out: %(device)s") % {"device": device(session.user_agent)})
    return redirect("account-sessions")


@require_POST
def end_other_sessions(request: Asking) -> HttpResponse:
    user: Any = request.user
    number = end_sessions(user, but=request.session.session_key)
    trace.note("sessions.end_others", user, request, sessions=number)
    words = ngettext("%(number)d other session ended", "%(number)d other sessions ended", number)
    messages.success(request, words % {"number": number})
    return redirect("account-sessions")
