"""Changing who may do what, and what the company is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from clientier.core import audit
from clientier.core.actor import Actor, Reach
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.people.models import Grant, Role, User


class AdministratorHasAll(DomainError):
    """An administrator's rights are not divided."""

    code = "administrator_has_all"
    message = _("Administrators may do everything; their rights cannot be cut. Nothing was changed.")


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
