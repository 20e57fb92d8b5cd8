"""Changing the rules of upkeep: a new version, so that every judgement can be traced to the rules of its time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.stewardship.models import UpkeepPolicy
from clientier.rooms.stewardship.queries.rules import current_rules


class NothingCounts(DomainError):
    """A tier for which nothing counts would find every card complete."""

    code = "nothing_counts"
    message = _("For each tier at least one thing must count. Nothing was changed.")


@command("upkeep.adopt_rules", needs="add")
def adopt_rules(
    model: type[UpkeepPolicy], *, actor: Actor, changes: dict[str, Any], reason: str
) -> UpkeepPolicy:
    """The rules with these changes hold from now on."""
    rules = {**current_rules(), **changes}
    for kind in rules["weights"].values():
        if any(not sum(figures[place] for figures in kind.values()) for place in range(4)):
            raise NothingCounts
    last = model.objects.select_for_update().order_by("-version").first()
    version = last.version + 1 if last else 1
    return model.objects.create(version=version, rules=rules, reason=reason, made_by_id=actor.user_id)
