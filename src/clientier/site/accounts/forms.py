"""allauth's forms with our words on them."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base import forms as base
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _


def say_rules(form: Any) -> None:
    """Put the rules for a new password below its field, as a sentence each; Django would make a list of them."""
    form.fields["new_password1"].help_text = " ".join(password_validators_help_texts())


def _ask_for_code(form: Any) -> None:
    field = form.fields["code"]
    field.label = _("One-time code")
    field.max_length = 20
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class SecondFactor(base.AuthenticateForm):
    def __init__(self, *positional: Any, **facts: Any) -> None:
        super().__init__(*positional, **facts)
        _ask_for_code(self)


class SecondFactorAgain(base.ReauthenticateForm):
    def __init__(self, *positional: Any, **facts: Any) -> None:
        super().__init__(*positional, **facts)
        _ask_for_code(self)


class AppSetUp(ActivateTOTPForm):
    def __init__(self, *positional: Any, **facts: Any) -> None:
        super().__init__(*positional, **facts)
        _ask_for_code(self)


class NewPasskey(AddWebAuthnForm):
    def __init__(self, *positional: Any, **facts: Any) -> None:
        super().__init__(*positional, **facts)
        self.fields["name"].label = _("What you call it")
        self.fields["name"].max_length = 80
        self.fields.pop("passwordless", None)


class PasswordAgain(ReauthenticateForm):
    def __init__(self, *positional: Any, **facts: Any) -> None:
        super().__init__(*positional, **facts)
        field = self.fields["password"]
        field.label, field.help_text = _("Password"), ""
        field.widget.attrs = {"autocomplete": "current-password", "autofocus": True}
