"""Signing in with the company's own accounts, over OpenID Connect: only who is a user here comes in."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from requests import RequestException

from clientier.rooms.people.commands.users import admit_user
from clientier.rooms.people.models import User
from clientier.rooms.people.queries import users_with_email
from clientier.site.accounts import trace
from clientier.site.accounts.environment import PROVIDER

log = logging.getLogger("clientier")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the user behind an account of the company; whoever is none, or not surely it, stays outside."""
        if sociallogin.state.get("process") not in (None, "login"):
            raise ImmediateHttpResponse(redirect("sign-in"))
        if sociallogin.is_existing:
            return
        email = _verified_email(sociallogin)
        if not email:
            raise _stay_outside(
                request,
                _("Your company account has no verified e-mail address, so we cannot tell who you are here."),
            )
        users = users_with_email(email)
        user = users[0] if len(users) == 1 else None if users else _newcomer(sociallogin, email)
        if user is None:
            raise _stay_outside(
                request,
                _("%(email)s is not the address of exactly one user here. Ask an administrator to add you.")
                % {"email": email},
            )
        sociallogin.connect(request, user)
        trace.note("single_sign_on.connect", user, request, email=email)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **_facts: Any
    ) -> None:
        """Cancelled there, not answered, or not to be believed: nobody came in."""
        raise _stay_outside(request, _("The company's sign-in did not go through. Try again in a moment."))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Over to the company's sign-in; where that does not answer, nobody waits for it."""
    try:
        return views.login(request, provider_id)
    except RequestException as fault:
        log.warning("single sign-on does not answer: %s", fault)
        return _outside(request, _("The company's sign-in does not answer. Try again in a moment."))


def button(request: HttpRequest) -> dict[str, str] | None:
    """The way to the company's sign-in, for the page; nothing where none is set up."""
    if not settings.SINGLE_SIGN_ON:
        return None
    url = reverse("openid_connect_login", args=[PROVIDER])
    return {"url": url, "name": settings.SINGLE_SIGN_ON}


def _verified_email(sociallogin: Any) -> str:
    """The address that the company vouches for; a claim that is anything but true is no vouching."""
    found = [each.email for each in sociallogin.email_addresses if each.verified is True]
    return found[0] if found else ""


def _newcomer(sociallogin: Any, email: str) -> User | None:
    """A new user with the role that CLIENTIER_OIDC_CREATE names, if it does."""
    if not settings.SINGLE_SIGN_ON_ROLE:
        return None
    told = sociallogin.provider.extract_common_fields(sociallogin.account.extra_data)
    return admit_user(
        email=email,
        username=told.get("username") or email,
        name=told.get("name") or email,
        role_code=settings.SINGLE_SIGN_ON_ROLE,
    )


def _stay_outside(request: HttpRequest, words: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(_outside(request, words))


def _outside(request: HttpRequest, words: str) -> HttpResponse:
    context = {"status": 403, "title": _("Not signed in"), "text": words}
    return render(request, "kit/error.html", context, status=403)
