"""What the audit keeps of signing in: who, whence, how; never a secret, and never a name that nobody has.

A mistyped name may be a password typed into the wrong field, so only the names of users are kept.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.mfa import signals
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from clientier.core import audit
from clientier.core.actor import Actor, Door, system
from clientier.rooms.people.models import User
from clientier.rooms.people.queries import user_named


def sign_in_failed(request: HttpRequest, username: str) -> None:
    known = user_named(username.strip())
    audit.note(
        "sign_in.fail",
        User,
        system(Door.PAGE),
        user=known.pk if known else None,
        username=known.username if known else "",
        address=address_of(request),
    )


def note(verb: str, user: User, request: HttpRequest, **facts: Any) -> None:
    """One entry in the name of the user whom it is about."""
    actor = Actor(user_id=user.pk, name=user.name)
    audit.note(verb, User, actor, user=user.pk, address=address_of(request), **facts)


def address_of(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def listen() -> None:
    """Hear what allauth reports of second factors and sign-ins; called once, when the product starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="clientier")
    user_logged_out.connect(_signed_out, dispatch_uid="clientier")
    signals.authenticator_added.connect(_added, dispatch_uid="clientier")
    signals.authenticator_removed.connect(_removed, dispatch_uid="clientier")
    signals.authenticator_reset.connect(_reset, dispatch_uid="clientier")
    signals.authentication_failed.connect(_failed, dispatch_uid="clientier")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    records = get_authentication_records(request, user)
    methods = [record.get("type") or record["method"] for record in records]
    note("sign_in.succeed", user, request, by=methods)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        note("sign_in.end", user, request)


def _added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    note("second_factor.add", user, request, type=authenticator.type)


def _removed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    note("second_factor.remove", user, request, type=authenticator.type)


def _reset(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    note("second_factor.renew", user, request, type=authenticator.type)


def _failed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    note("second_factor.fail", user, request, type=authenticator.type)
