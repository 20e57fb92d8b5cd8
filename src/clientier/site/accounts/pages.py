"""A user's own account: the password, and the way to the pages about second factors and sessions."""

from __future__ import annotations

from typing import Any

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from clientier.kit.asking import Asking
from clientier.rooms.people.commands.users import change_password
from clientier.site.accounts import queries
from clientier.site.accounts.forms import say_rules

SECRET_FIELDS = ("old_password", "new_password1", "new_password2")


@require_GET
def account(request: Asking) -> HttpResponse:
    """One's own way in, at a glance."""
    places = [
        ("lock", _("Password"), _("Changing it ends all your other sessions."), reverse("account-password")),
        ("shield", _("Second factor"), _second_factor_words(request.user), reverse("mfa_index")),
        (
            "device-desktop", _("Where you are signed in"),
            _("Which devices, from where, when last; and ending it."), reverse("account-sessions"),
        ),
    ]  # fmt: skip
    keys = ("icon", "title", "text", "url")
    cards = [dict(zip(keys, place, strict=True)) for place in places]
    return render(request, "accounts/account.html", {"places": cards})


def _second_factor_words(user: Any) -> str:
    if queries.has_second_factor(user):
        return _("Set up: a password alone does not open your account.")
    return _("Not set up: whoever knows your password can sign in as you.")


@sensitive_post_parameters(*SECRET_FIELDS)
@rate_limit(action="change_password")
def password(request: Asking) -> HttpResponse:
    """Choose another password; this session stays, all others end."""
    user: Any = request.user
    form = PasswordChangeForm(user, request.POST or None)
    say_rules(form)
    if request.method == "POST" and form.is_valid():
        change_password(user, form.cleaned_data["new_password1"], keep_session=request.session.session_key)
        update_session_auth_hash(request, user)
        messages.success(request, _("Password changed. Your other sessions have ended."))
        return redirect("account")
    page = {
        "title": _("Password"),
        "crumbs": crumbs(),
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": _("Change the password"),
        "cancel_url": reverse("account"),
        "draft_key": "",
    }
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def crumbs() -> list[dict[str, str]]:
    return [{"label": _("Your account"), "url": reverse("account")}]
