"""Everything about coming in: below ``sign-in/`` for whoever is outside, below ``account/`` for who is in."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import path

from clientier.site.accounts import links, oversight, pages, sessions, single_sign_on
from clientier.site.sign_in import SignIn, SignOut

# allauth refers to its own names; ours are those that the rest of the product knows.
urlpatterns: list[Any] = [
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("sign-out/", SignOut.as_view(), name="account_logout"),
    path("sign-in/forgotten/", links.forgotten, name="sign-in-forgotten"),
    path("sign-in/link/<str:token>/", links.link, name="sign-in-link"),
    path("users/<int:pk>/sign-in/", oversight.sign_in_of, name="user-sign-in"),
    path("sign-in/with/<str:provider_id>/", single_sign_on.leave, name="openid_connect_login"),
    path("sign-in/with/<str:provider_id>/back/", openid_connect.callback, name="openid_connect_callback"),
    path("sign-in/closed/", allauth_account.account_inactive, name="account_inactive"),
    path("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/trust/", mfa.trust, name="mfa_trust"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("account/confirm/", allauth_account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/", pages.account, name="account"),
    path("account/password/", pages.password, name="account-password"),
    path("account/sessions/", sessions.sessions, name="account-sessions"),
    path("account/sessions/<int:pk>/end/", sessions.end_session, name="account-session-end"),
    path("account/sessions/end-others/", sessions.end_other_sessions, name="account-sessions-end-others"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/", mfa.index, name="mfa_list_webauthn"),
    path("account/second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "account/second-factor/passkeys/<int:pk>/remove/",
        webauthn.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path("account/second-factor/passkeys/<int:pk>/name/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-factor/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
