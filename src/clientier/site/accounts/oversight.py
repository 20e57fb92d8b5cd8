"""What an administrator does for somebody who cannot come in, or must not any more."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import access
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.rooms.people import jobs
from clientier.rooms.people.choices import LinkPurpose
from clientier.rooms.people.commands.users import issue_link, remove_second_factor, sign_out_everywhere
from clientier.rooms.people.models import User
from clientier.site.accounts import links, queries
from clientier.site.administration import for_administrators

FACTORS = {
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery codes"),
}


@for_administrators
def sign_in_of(request: Asking, pk: int) -> HttpResponse:
    """How a user comes in; and letters, links, and ends to it."""
    user = access.get(request.actor, User, pk)
    if request.method == "POST":
        return DEEDS.get(request.POST.get("deed", ""), _show)(request, user)
    return _show(request, user)


def _show(request: Asking, user: User, *, link: str = "") -> HttpResponse:
    factors = queries.second_factors(user)
    waiting = queries.link_of(user)
    context = {
        "user_shown": user,
        "link": link,
        "has_password": user.has_usable_password(),
        "factors": [str(FACTORS[factor.type]) for factor in factors],
        "sessions": len(queries.sessions_of(user.pk)),
        "last_sign_in": formats.moment(timezone.localtime(user.last_login)) if user.last_login else "",
        "link_until": formats.moment(timezone.localtime(waiting.expires_at)) if waiting else "",
        "letters_possible": settings.EMAIL_CONFIGURED and bool(user.email),
    }
    return render(request, "accounts/sign_in_of.html", context)


def _purpose(user: User) -> LinkPurpose:
    return LinkPurpose.RESET if user.has_usable_password() else LinkPurpose.INVITATION


def _make_link(request: Asking, user: User) -> HttpResponse:
    """Shown on this answer alone: only its hash is kept."""
    token = secrets.token_urlsafe(32)
    issue_link(user, actor=request.actor, purpose=_purpose(user), token=token, now=timezone.now())
    return _show(request, user, link=f"{links.links_at(request)}{token}/")


def _send_letter(request: Asking, user: User) -> HttpResponse:
    if not settings.EMAIL_CONFIGURED or not user.email:
        return _show(request, user)
    purpose, address = str(_purpose(user)), links.links_at(request)
    jobs.send_link.defer(user_id=user.pk, purpose=purpose, links_at=address, asked_by=request.actor.user)
    messages.success(request, _("A letter to %(address)s is on its way.") % {"address": user.email})
    return redirect("user-sign-in", user.pk)


def _remove_second_factor(request: Asking, user: User) -> HttpResponse:
    remove_second_factor(user, actor=request.actor)
    messages.success(request, _("The second factor of %(name)s was removed.") % {"name": user})
    return redirect("user-sign-in", user.pk)


def _end_sessions(request: Asking, user: User) -> HttpResponse:
    sign_out_everywhere(user, actor=request.actor)
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": user})
    return redirect("user-sign-in", user.pk)


DEEDS: dict[str, Any] = {
    "link": _make_link,
    "letter": _send_letter,
    "second-factor": _remove_second_factor,
    "sessions": _end_sessions,
}
