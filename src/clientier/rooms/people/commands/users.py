"""Who may come in, and with which role; the last administrator stays one."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clientier.core import audit, commands
from clientier.core.actor import Actor, Door, reach_has_changed, system
from clientier.core.commands import command
from clientier.core.errors import DomainError, NotAllowed
from clientier.core.wording import listed
from clientier.rooms.people.choices import LinkPurpose
from clientier.rooms.people.models import ApiToken, Role, SignInLink, User
from clientier.rooms.people.queries import administrators, held_by, token_digest, usable_link

PLACE = ("role", "team", "territory")
LINK_LASTS = {LinkPurpose.INVITATION: dt.timedelta(days=7), LinkPurpose.RESET: dt.timedelta(days=1)}


class LinkIsDead(DomainError):
    """A link that was used, replaced, has expired or never was: all the same to who holds it."""

    code = "link_is_dead"
    status = 404
    message = _(
        "This link does not work any more: it was used, a newer one was made, or its time is over. "
        "Ask for a new one."
    )


class LastAdministrator(DomainError):
    """Somebody must be able to change the settings."""

    code = "last_administrator"
    message = _(
        "This is the last administrator who may sign in. Nothing was changed; make somebody else one first."
    )


class CannotSignIn(DomainError):
    """A link for somebody who may not sign in would be of no use."""

    code = "cannot_sign_in"
    message = _("This user may not sign in. Allow it first; nothing was changed.")


class StillHolds(DomainError):
    """Nobody is shut out while customers or work are theirs: those would belong to nobody."""

    code = "still_holds"


@transaction.atomic
def issue_token(user: User, purpose: str) -> str:
    """Make a key with which a program acts as this user; only its hash is kept, so it is shown once."""
    token = secrets.token_urlsafe(32)
    made = ApiToken.objects.create(user=user, name=purpose[:80], digest=token_digest(token))
    audit.note("token.issue", ApiToken, system(Door.COMMAND), user=user.pk, token=made.pk, purpose=made.name)
    return token


def set_preference(user_id: int, **preference: str) -> None:
    """How somebody wants to see the product: language, appearance. It concerns nobody else, so leaves no trace."""
    User.objects.filter(pk=user_id).update(**preference)


@command("user.create", needs="add")
def create_user(model: type[User], *, actor: Actor, changes: dict[str, Any]) -> User:
    """Enter a user, who has no password until taking an invitation up."""
    _refuse_over_administrators(actor, changes.get("role"))
    user = model()
    user.set_unusable_password()
    entered: User = commands.apply(user, changes, actor)
    return entered


@command("user.update", needs="change")
def update_user(user: User, *, actor: Actor, changes: dict[str, Any]) -> User:
    """Change a user; who may no longer sign in is signed out everywhere, and stays so if let in again."""
    _refuse_over_administrators(actor, user.role, changes.get("role"))
    if user.is_active and changes.get("is_active") is False and (held := held_by(user.pk)):
        raise StillHolds(
            gettext(
                "%(name)s still answers for %(things)s. Hand them over first: the button is on the user's page. "
                "Nothing was changed."
            )
            % {"name": user, "things": listed(held)}
        )
    was_one = is_administrator(user)
    changed: User = commands.apply(user, changes, actor)
    keep_an_administrator(was_one)
    if not changes.keys().isdisjoint(PLACE):
        reach_has_changed(frozenset({changed.pk}), actor)
    if "email" in changes or not changed.is_active:  # a link may lie in the old mailbox
        SignInLink.objects.filter(user=changed).delete()
    if not changed.is_active:
        end_sessions(changed)
    return changed


@transaction.atomic
def delete_user(user: User, *, actor: Actor) -> User:
    """Delete a user; what only served to sign in goes first, so that the trace holds no secrets of it."""
    _refuse_over_administrators(actor, user.role)
    end_sessions(user)
    for kept in (SignInLink, Authenticator, UserSession, ApiToken):
        kept.objects.filter(user=user).delete()
    was_one = is_administrator(user)
    deleted: User = commands.delete(user, actor=actor)
    keep_an_administrator(was_one)
    return deleted


def is_administrator(user: User) -> bool:
    """Whether the user, as stored, may sign in and do everything."""
    return administrators().filter(pk=user.pk).exists()


def keep_an_administrator(was_one: bool) -> None:
    """Refuse what leaves nobody who may do everything, where there was somebody before."""
    if was_one and not administrators().exists():
        raise LastAdministrator


def refuse_over_administrators(record: User, actor: Actor) -> None:
    """Taking a change back, or bringing a user back, asks what the change asks, of the user as it is then."""
    _refuse_over_administrators(actor, record.role)


def admit_user(*, email: str, username: str, name: str, role_code: str) -> User | None:
    """A new user whom the company's own sign-in vouches for; none if the names are taken or the role is not there.

    The role of an administrator is never given away like this, and who was shut out does not come in anew.
    """
    if User.objects.filter(email__iexact=email).exists():
        return None
    role = Role.objects.filter(code=role_code, is_administrator=False).first()
    free = [each for each in (username, email) if not User.objects.filter(username__iexact=each).exists()]
    if role is None or not free:
        return None
    changes = {"username": free[0][:80], "name": name[:120], "email": email, "role": role}
    made: User = create_user(User, actor=system(Door.PAGE, "OpenID Connect"), changes=changes)
    return made


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign the user out everywhere, perhaps but for one session; tells how many sessions ended."""
    ended = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in ended:
        session.end()
    return len(ended)


@command("user.end_sessions", needs="change")
def sign_out_everywhere(user: User, *, actor: Actor) -> User:
    audit.note("user.end_sessions", User, _administrator(actor), user=user.pk, sessions=end_sessions(user))
    return user


@command("user.remove_second_factor", needs="change")
def remove_second_factor(user: User, *, actor: Actor) -> User:
    """For somebody who lost the device and the recovery codes; the sessions end as well."""
    removed = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    audit.note("user.remove_second_factor", User, _administrator(actor), user=user.pk, removed=removed)
    return user


@command("user.issue_link", needs="change")
def issue_link(user: User, *, actor: Actor, purpose: LinkPurpose, token: str, now: dt.datetime) -> User:
    """Let whoever holds the token choose this user's password, once and for a time; earlier links die."""
    _administrator(actor)
    if not user.is_active:
        raise CannotSignIn
    expires_at = now + LINK_LASTS[purpose]
    SignInLink.objects.update_or_create(
        user=user,
        defaults={"purpose": purpose, "digest": token_digest(token), "expires_at": expires_at},
    )
    until = expires_at.isoformat(timespec="seconds")
    audit.note("user.issue_link", User, actor, user=user.pk, purpose=str(purpose), until=until)
    return user


def clear_dead_links(now: dt.datetime) -> None:
    """Links whose time is over open nothing any more; they need not be kept, and the audit tells of them."""
    SignInLink.objects.filter(expires_at__lte=now).delete()


@transaction.atomic
def take_link(token: str, *, password: str, now: dt.datetime, name: str = "") -> User:
    """Use a link up: the user has the new password (and name), and is signed out everywhere."""
    link = usable_link(token, now, lock=True)
    if link is None:
        raise LinkIsDead
    user = link.user
    user.name = name or user.name
    user.save(update_fields=["name"])
    purpose = link.purpose
    change_password(user, password)
    audit.note("user.take_link", User, _oneself(user), user=user.pk, purpose=purpose)
    return user


@transaction.atomic
def change_password(user: User, password: str, *, keep_session: str | None = None) -> None:
    """Set the password that its owner chose; links die and all other sessions end."""
    user.set_password(password)
    user.save(update_fields=["password"])
    SignInLink.objects.filter(user=user).delete()
    ended = end_sessions(user, but=keep_session)
    audit.note("user.change_password", User, _oneself(user), user=user.pk, sessions_ended=ended)


def _administrator(actor: Actor) -> Actor:
    """Who opens another's door must be trusted with everything: such a door may be an administrator's."""
    if not actor.unlimited:
        raise NotAllowed
    return actor


def _refuse_over_administrators(actor: Actor, *roles: Role | None) -> None:
    """Whoever may change users is not by that above administrators, and makes none, not even of themselves."""
    if not actor.unlimited and any(role is not None and role.is_administrator for role in roles):
        raise NotAllowed


def _oneself(user: User) -> Actor:
    return Actor(user_id=user.pk, name=user.name)
