"""Signing in with a name and a password; the sample company lets a visitor choose whom to be."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.account.views import LoginView, LogoutView
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clientier.rooms.people.models import User
from clientier.rooms.people.queries import organisation, sample_users, user_for
from clientier.site.accounts import single_sign_on
from clientier.site.demo.loading import PASSWORD


class Accounts(AuthenticationBackend):
    """Users with their passwords; who is signed in comes with the role, in one query a request."""

    def get_user(self, user_id: int) -> User | None:
        return user_for(user_id)


class SignInForm(forms.Form):
    """Name and password; one and the same refusal whatever was wrong with them."""

    username = forms.CharField(
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *positional: Any, request: HttpRequest, **facts: Any) -> None:
        self.request = request
        super().__init__(*positional, **facts)
        self.fields["username"].label = capfirst(str(User._meta.get_field("username").verbose_name))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.errors:
            return facts
        self.credentials = {"username": facts["username"].strip(), "password": facts["password"]}
        user = get_adapter(self.request).authenticate(self.request, **self.credentials)
        if user is not None and not user.is_active:
            get_adapter(self.request).authentication_failed(self.request, **self.credentials)
            user = None
        if user is None:
            words = AuthenticationForm.error_messages["invalid_login"]
            raise forms.ValidationError(
                words,
                code="invalid_login",
                params={"username": User._meta.get_field("username").verbose_name},
            )
        self.user = user
        return facts

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Let the user in, or on to the second factor."""
        login = Login(user=self.user, redirect_url=redirect_url)
        return flows.login.perform_password_login(request, self.credentials, login)


class SignIn(LoginView):
    form_class = SignInForm
    template_name = "kit/sign_in.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        if organisation().sample_data:
            context["sample_accounts"] = [
                {"name": user.name, "role": str(user.role), "username": user.username, "password": PASSWORD}
                for user in sample_users()
            ]
        context["single_sign_on"] = single_sign_on.button(self.request)
        return super().get_context_data(next=self.get_next_url() or "", **context)


class SignOut(LogoutView):
    """Only by a form, so that no picture or link of another site can do it."""

    http_method_names = ("post", "options")
