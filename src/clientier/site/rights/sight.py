"""What a role sees from somebody's place, and what a change of it would open or close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import formats, resource, rows
from clientier.kit.cells import link_to
from clientier.rooms.people.choices import Action, FieldRuleKind, ReachChoice
from clientier.site.rights.kinds import Kind, fields_of, kinds

FIRST_ROWS = 5
Changed = Mapping[tuple[str, str], Reach]


@dataclass(frozen=True)
class Difference:
    """One right that changes: its words, and how many records it reaches before and after."""

    kind: str
    action: str
    before: str
    after: str
    reached_before: str
    reached_after: str
    opens: bool


def seen(actor: Actor) -> list[dict[str, Any]]:
    """Per kind: how many records the actor sees, the first of them, which fields are hidden or locked."""
    return [_seen(actor, kind) for kind in kinds()]


def _seen(actor: Actor, kind: Kind) -> dict[str, Any]:
    reach = actor.reach(kind.model, "view")
    shown = resource.of(kind.model)
    first = access.visible(actor, kind.model).order_by("pk")[:FIRST_ROWS] if shown and reach else []
    names = {name: label for name, label, _may_hide in fields_of(kind)}
    return {
        "name": kind.name,
        "reach": str(ReachChoice(reach).label),
        "sees": reach is not Reach.NONE,
        "count": _number(actor, kind, "view"),
        "hidden": [
            names[field] for label, field in sorted(actor.hidden) if label == kind.label and field in names
        ],
        "locked": [
            names[field] for label, field in sorted(actor.locked) if label == kind.label and field in names
        ],
        "first": [{"text": str(record), "url": link_to(record)} for record in first],
        "may": [str(label) for action, label in Action.choices if actor.reach(kind.model, action)],
    }


def differences(actor: Actor, changed: Changed) -> list[Difference]:
    """What each changed right reaches from this place, before and after."""
    after = replace(actor, grants={**actor.grants, **changed})
    known = {kind.label: kind for kind in kinds()}
    return [
        Difference(
            kind=known[label].name,
            action=str(Action(action).label),
            before=str(ReachChoice(actor.grants.get((label, action), Reach.NONE)).label),
            after=str(ReachChoice(reach).label),
            reached_before=_number(actor, known[label], action),
            reached_after=_number(after, known[label], action),
            opens=reach > actor.grants.get((label, action), Reach.NONE),
        )
        for (label, action), reach in changed.items()
    ]


def _number(actor: Actor, kind: Kind, action: str) -> str:
    number, more = rows.capped_count(access.visible(actor, kind.model, action))
    words = formats.number(number)
    return _("more than %(number)s") % {"number": words} if more else words


def rule_words(rule: str) -> str:
    """Readable, locked or hidden."""
    return str(FieldRuleKind(rule).label) if rule else _("readable")
