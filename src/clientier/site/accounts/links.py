"""For whoever is outside: asking for a new password, and choosing one with a link."""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit
from allauth.decorators import rate_limit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from clientier.rooms.people import jobs
from clientier.rooms.people.choices import LinkPurpose
from clientier.rooms.people.commands.users import LinkIsDead, take_link
from clientier.rooms.people.queries import usable_link
from clientier.site.accounts import limits
from clientier.site.accounts.forms import say_rules


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class ChosenPassword(SetPasswordForm):
    """A new password, twice; and for the invited, the name that colleagues will read."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "new_password1", "new_password2")

    def __init__(self, user: Any, data: Any = None, *, purpose: str) -> None:
        super().__init__(user, data, initial={"name": user.name})
        say_rules(self)
        if purpose != LinkPurpose.INVITATION:
            del self.fields["name"]


def links_at(request: HttpRequest) -> str:
    """The address that a token is put behind."""
    return request.build_absolute_uri(reverse("sign-in") + "link/")


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by letter; the answer is the same for an address that nobody has."""
    form = ForgottenForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "possible": settings.EMAIL_CONFIGURED}
    if request.method == "POST" and form.is_valid() and settings.EMAIL_CONFIGURED:
        address = form.cleaned_data["email"]
        key = address.lower()
        if ratelimit.consume(request, app="allauth.account", action="reset_password", key=key):
            jobs.send_reset.defer(address=address, links_at=links_at(request))
            context["sent_to"] = address
        else:
            wait = limits.seconds_to_wait(request, "reset_password", key=key)
            form.add_error(None, limits.in_words(wait))
    return render(request, "accounts/forgotten.html", context)


@sensitive_post_parameters("new_password1", "new_password2")
@sensitive_variables("token")
@rate_limit(action="reset_password_from_key")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password with a link; looking at it does not use it up, so that mail filters may."""
    now = timezone.now()
    found = usable_link(token, now)
    if found is None:
        raise LinkIsDead
    form = ChosenPassword(found.user, request.POST or None, purpose=found.purpose)
    if request.method == "POST" and form.is_valid():
        take_link(
            token,
            password=form.cleaned_data["new_password1"],
            now=now,
            name=form.cleaned_data.get("name", ""),
        )
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("sign-in")
    context = {
        "form": form,
        "invited": found.purpose == LinkPurpose.INVITATION,
        "username": found.user.username,
    }
    return render(request, "accounts/link.html", context, status=422 if form.is_bound else 200)
