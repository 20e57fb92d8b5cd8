"""Changing who may do what, and what the company is."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clientier.core import audit
from clientier.core.actor import Actor, Door, Reach, system
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.people.models import ApiToken, Grant, Role, User
from clientier.rooms.people.queries import token_digest


class AdministratorHasAll(DomainError):
    """An administrator's rights are not divided."""

    code = "administrator_has_all"
    message = _("Administrators may do everything; their rights cannot be cut. Nothing was changed.")


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


@command("role.grant", needs="change")
def grant_rights(role: Role, *, actor: Actor, reaches: Mapping[tuple[str, str], Reach]) -> Role:
    """Set how far the role reaches, by (kind of record, action); what is not named stays."""
    if role.is_administrator:
        raise AdministratorHasAll
    before = {(g.record, g.action): g.reach for g in role.grants.all()}
    changed: dict[str, list[Any]] = {}
    for (record, action), reach in reaches.items():
        if before.get((record, action), Reach.NONE) != reach:
            Grant.objects.update_or_create(
                role=role, record=record, action=action, defaults={"reach": int(reach)}
            )
            changed[f"{record}.{action}"] = [int(before.get((record, action), 0)), int(reach)]
    if changed:
        audit.note("role.rights", role._meta.label_lower, actor, role=role.pk, **changed)
    return role
