"""Settings of signing in. What differs between installations comes from the environment."""

from __future__ import annotations

import datetime as dt
import os

from clientier.site.accounts.environment import email_settings, single_sign_on_settings

ACCOUNT_ADAPTER = "clientier.site.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are entered by administrators
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "sign-in"
# The page for limits per address or user says "a minute"; those per key work out how long.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "reset_password": "10/m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
}
# How many proxies of ours stand before us: their X-Forwarded-For is believed, nobody else's.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CLIENTIER_PROXIES", "0"))

ACCOUNT_FORMS = {"reauthenticate": "clientier.site.accounts.forms.PasswordAgain"}
MFA_FORMS = {
    "authenticate": "clientier.site.accounts.forms.SecondFactor",
    "reauthenticate": "clientier.site.accounts.forms.SecondFactorAgain",
    "activate_totp": "clientier.site.accounts.forms.AppSetUp",
    "add_webauthn": "clientier.site.accounts.forms.NewPasskey",
}
MFA_ADAPTER = "clientier.site.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Clientier"
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = dt.timedelta(days=14)

# Counters of attempts must be the same for all processes, so they live in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Changed below by what the environment names: whether letters are sent; what the company's sign-in is called, and
# the role that newcomers from there get.
EMAIL_CONFIGURED = False
SINGLE_SIGN_ON = ""
SINGLE_SIGN_ON_ROLE = ""
globals().update(
    email_settings(os.environ.get("CLIENTIER_EMAIL_URL", ""), os.environ.get("CLIENTIER_EMAIL_FROM", ""))
)

SOCIALACCOUNT_ADAPTER = "clientier.site.accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form would be stopped by our content policy on its way to another host
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
globals().update(single_sign_on_settings(os.environ))
