"""What is known of a user's ways in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone

from clientier.rooms.people.models import SignInLink, User

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


def sessions_of(user_id: int) -> list[UserSession]:
    """The living sessions of a user, the one used last first; those that have expired are cleared away."""
    found: list[UserSession] = UserSession.objects.purge_and_list(User(pk=user_id))
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=STRONG).exists()


def second_factors(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user).order_by("pk"))


def link_of(user: User) -> SignInLink | None:
    """The link that waits to be used, if there is one."""
    return SignInLink.objects.filter(user=user, expires_at__gt=timezone.now()).first()
