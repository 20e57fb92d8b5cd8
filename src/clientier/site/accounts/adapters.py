"""Where allauth asks us: which addresses are safe, how secrets are kept, what the words are."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.site.accounts import limits, trace

# What allauth would say, in our words; of all else the page itself tells.
WORDS = {
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app was removed."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey was removed."),
}
WAYS = {
    "reauthenticate": gettext_lazy("Use your password"),
    "mfa_reauthenticate": gettext_lazy("Use a one-time code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}
FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this very host; other names of ours are other doors."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or WORDS.get(message_template or "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; too many of them are refused with the time to wait, whether or not the name is known."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refusal:
            key = self._get_login_attempts_cache_key(request, **credentials)
            wait = limits.seconds_to_wait(request, "login_failed", key=key)
            raise ValidationError(limits.in_words(wait), code="too_many_login_attempts") from refusal

    def validation_error(self, code: str, *arguments: Any) -> ValidationError:
        if code in ("too_many_login_attempts", "rate_limited"):  # the second factor's, five minutes
            return ValidationError(limits.in_words(FRESH_SECONDS), code=code)
        return super().validation_error(code, *arguments)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        trace.sign_in_failed(request, str(credentials.get("username", "")))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        return [{**way, "description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def is_reauthentication_required(self, *, app: str, **facts: Any) -> bool:
        """Not for who has just signed in: then the password or passkey was shown moments ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        now = timezone.now().timestamp()
        if any(now - record["at"] < FRESH_SECONDS for record in records):
            return False
        return super().is_reauthentication_required(app=app, **facts)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code does not fit, or was used already."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that cannot be read, because the secret key was changed, matches nothing any more."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        return _("Passkey of %(day)s") % {"day": timezone.localdate().isoformat()}


def _box() -> MultiFernet:
    """Encrypts with the secret key of the installation; what was encrypted with earlier ones is still read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [
        salted_hmac("clientier.second-factor", "key", secret=k, algorithm="sha256").digest() for k in keys
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])
