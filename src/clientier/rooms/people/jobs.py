"""Work in the background: letters with links to choose a password, and what is cleared away every night.

Whoever asks for a letter waits the same for any address.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clientier.core import jobs, trash
from clientier.core.actor import Actor, Door, system
from clientier.core.errors import DomainError
from clientier.rooms.people.choices import LinkPurpose
from clientier.rooms.people.commands.users import LINK_LASTS, clear_dead_links, issue_link
from clientier.rooms.people.models import User
from clientier.rooms.people.queries import actor_known, organisation, user_for, users_with_email


@jobs.task(name="people.send_reset")
def send_reset(address: str, links_at: str) -> None:
    """Send a link to every user with this address; for an address that nobody has, nothing happens."""
    for user in users_with_email(address):
        _send(user, system(Door.JOB), LinkPurpose.RESET, links_at)


@jobs.task(name="people.send_link")
def send_link(user_id: int, purpose: str, links_at: str, asked_by: int) -> None:
    """Send a user the link that an administrator asked for, if both are still there and may do so."""
    user, asker = user_for(user_id), actor_known(asked_by, Door.JOB)
    if user is not None and asker is not None:
        try:
            _send(user, asker, LinkPurpose(purpose), links_at)
        except DomainError:
            return  # rights were taken away meanwhile: a letter that may not go must not be tried again


@jobs.every("40 3 * * *")
@jobs.task(name="people.clear_expired", queueing_lock="people.clear_expired", pass_context=False)
def clear_expired(timestamp: int) -> None:
    """Every night, sessions and links whose time is over go."""
    SessionStore.clear_expired()
    clear_dead_links(dt.datetime.fromtimestamp(timestamp, dt.UTC))


@jobs.every("20 1 * * *")
@jobs.task(name="people.purge_trash", queueing_lock="people.purge_trash", pass_context=False)
def purge_trash(timestamp: int) -> None:
    """Erase what has lain in the trash for as long as the company keeps it."""
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    trash.purge(before=now - dt.timedelta(days=organisation().trash_days))


def _send(user: User, actor: Actor, purpose: LinkPurpose, links_at: str) -> None:
    token = secrets.token_urlsafe(32)
    issue_link(user, actor=actor, purpose=purpose, token=token, now=timezone.now())
    with translation.override(user.language):
        subject, text = _letter(user, purpose, f"{links_at}{token}/")
        send_mail(subject, text, None, [user.email])


def _letter(user: User, purpose: LinkPurpose, link: str) -> tuple[str, str]:
    facts = {
        "name": user.name or user.username,
        "username": user.username,
        "company": organisation().name or "Clientier",
        "link": link,
        "hours": LINK_LASTS[purpose].total_seconds() // 3600,
    }
    if purpose == LinkPurpose.INVITATION:
        return _("Your account at %(company)s") % facts, _(
            "Hello %(name)s,\n\nyou are invited to work with the customers of %(company)s. Choose your password "
            "here:\n\n%(link)s\n\nYour sign-in name is %(username)s. The link works once, for %(hours)d hours."
        ) % facts
    return _("Choose a new password"), _(
        "Hello %(name)s,\n\nsomebody, you we hope, asked for a new password for %(username)s at %(company)s. Choose "
        "it here:\n\n%(link)s\n\nThe link works once, for %(hours)d hours. If it was not you, do nothing: your "
        "password stays as it is."
    ) % facts
