"""Mail server and single sign-on, as the environment names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

PROVIDER = "company"
SECURE = re.compile(r"https://|http://(localhost|127\.0\.0\.1)([:/]|$)")
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def email_settings(url: str, sender: str = "") -> dict[str, Any]:
    """``smtp+tls://user:password@host:587`` (or smtps, or smtp) as Django wants it; empty: no letters are sent."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "EMAIL_CONFIGURED": False}
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(
            "CLIENTIER_EMAIL_URL must read smtp+tls://user:password@host:587, or smtps:// or smtp://."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_CONFIGURED": True,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender or f"Clientier <clientier@{parts.hostname}>",
    }


def single_sign_on_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """What CLIENTIER_OIDC_ISSUER and its companions mean to allauth; without an issuer there is no such door."""
    issuer = environment.get("CLIENTIER_OIDC_ISSUER", "")
    if not issuer:
        return {"SOCIALACCOUNT_PROVIDERS": {}, "SINGLE_SIGN_ON": "", "SINGLE_SIGN_ON_ROLE": ""}
    if not SECURE.match(issuer) or not environment.get("CLIENTIER_OIDC_CLIENT_ID"):
        raise ValueError(
            "CLIENTIER_OIDC_ISSUER must begin with https://, and needs CLIENTIER_OIDC_CLIENT_ID."
        )
    name = environment.get("CLIENTIER_OIDC_NAME") or "OpenID Connect"
    door = {
        "provider_id": PROVIDER,
        "name": name,
        "client_id": environment["CLIENTIER_OIDC_CLIENT_ID"],
        "secret": environment.get("CLIENTIER_OIDC_CLIENT_SECRET", ""),
        "settings": {"server_url": issuer.rstrip("/")},
    }
    return {
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [door]}},
        "SINGLE_SIGN_ON": name,
        "SINGLE_SIGN_ON_ROLE": environment.get("CLIENTIER_OIDC_CREATE", ""),
    }
