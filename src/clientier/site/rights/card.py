"""What stands on a role's card: who has it, and how its rights came to be what they are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor
from clientier.kit import formats, panels
from clientier.kit.cells import Setting
from clientier.rooms.people.choices import Action, ReachChoice
from clientier.rooms.people.commands.roles import CHANGED
from clientier.rooms.people.models import Role
from clientier.rooms.people.queries import changes_of_rights
from clientier.site.rights.kinds import fields_of, kinds
from clientier.site.rights.sight import rule_words

PEOPLE = 20
ENTRIES = 20


def people_on_card(actor: Actor, role: Role, setting: Setting) -> dict[str, Any] | None:
    """Who has the role, the first few by name."""
    if not actor.unlimited:
        return None
    found = role.users.order_by("name", "pk")
    people = [{"name": str(user), "url": reverse("users-detail", args=[user.pk])} for user in found[:PEOPLE]]
    return {"people": people, "more": max(found.count() - PEOPLE, 0)} if people else None


def changes_on_card(actor: Actor, role: Role, setting: Setting) -> dict[str, Any] | None:
    """The last changes of rights, each with the values before and after."""
    if not actor.unlimited:
        return None
    entries = [
        {
            "when": formats.moment(timezone.localtime(entry.at)),
            "who": entry.actor_name,
            "changes": [_told(name, pair) for name, pair in entry.changes.items() if "." in name],
        }
        for entry in changes_of_rights(role, CHANGED)[:ENTRIES]
    ]
    entries = [entry for entry in entries if entry["changes"]]
    return {"entries": entries} if entries else None


def _told(name: str, pair: list[Any]) -> dict[str, str]:
    """One right in words; a kind that is no more keeps the name it had in the trace."""
    known = {kind.label: kind for kind in kinds()}
    label, colon, field = name.partition(":")
    if colon:
        labels = {each: words for each, words, _may_hide in fields_of(known[label])} if label in known else {}
        before, after = (rule_words(rule) for rule in pair)
    else:
        label, _dot, field = name.rpartition(".")
        labels = {str(action): str(words) for action, words in Action.choices}
        before, after = (str(ReachChoice(reach).label) for reach in pair)
    kind = known[label].name if label in known else label
    return {"right": f"{kind}: {labels.get(field, field)}", "before": before, "after": after}


def stand_on_card() -> None:
    """Put both on the card of a role."""
    people = panels.Panel(
        "people", _("Who has this role"), "site/role_people.html", people_on_card, "side", 10
    )
    changes = panels.Panel(
        "rights", _("Changes of rights"), "site/role_changes.html", changes_on_card, "main", 20
    )
    for panel in (people, changes):
        panels.add("roles", panel)
