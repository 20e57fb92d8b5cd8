"""New rules for judging value: a version is added, with who and why; old versions stay with their runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.value.commands.refusals import why
from clientier.rooms.value.models import ValuePolicy
from clientier.rooms.value.queries.standings import current_policy
from clientier.worth import Policy, WorthError


class RulesRefused(DomainError):
    """The engine cannot judge by these rules."""

    code = "rules_refused"


@command("policy.adopt", needs="add")
def adopt_policy(
    model: type[ValuePolicy], *, actor: Actor, changes: Mapping[str, Any], reason: str
) -> ValuePolicy:
    """Add a version that differs from the newest by ``changes``; it holds from the next run on."""
    newest = current_policy()
    try:
        rules = Policy.from_dict({**newest.rules, **changes}).as_dict()
    except WorthError as refusal:
        raise RulesRefused(_("These rules cannot be applied: %(why)s") % {"why": why(refusal)}) from refusal
    if rules == newest.rules and newest.pk is not None:
        raise RulesRefused(_("Nothing differs from the present rules."))
    version = newest.version + 1 if newest.pk is not None else newest.version
    policy = model(version=version, rules=rules, reason=reason[:200], made_by_id=actor.user_id)
    policy.save()
    return policy
