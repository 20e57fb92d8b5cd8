"""One thing done to many records: a few at once, many as a job that is watched; all of it can be undone.

A bulk action is a command and the one fact it takes. Each record runs through the command, so rights, rules and
traces are those of a single change; a record that is refused stays as it was and is named with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from clientier.core import access, commands, entrusting
from clientier.core.actor import Actor, Reach
from clientier.core.errors import BadQuestion, DomainError
from clientier.core.outside import whole_numbers
from clientier.kit import bulk_setting, forms, rows
from clientier.kit.questions import Question
from clientier.kit.resource import Resource, Words

MOST_AT_ONCE = 1000


CHANGED = ngettext_lazy("%(number)d record changed", "%(number)d records changed", "number")
DELETED = ngettext_lazy("%(number)d record deleted", "%(number)d records deleted", "number")


@dataclass(frozen=True)
class BulkAction:
    """``page`` names the page on which it goes on, with the ids of the chosen records; ``of`` is the kind of record
    whose right is asked for, where it is not that of the list; ``done`` says afterwards to how many it was done."""

    slug: str
    label: Words
    icon: str
    needs: str
    field: str = ""
    danger: bool = False
    page: str = ""
    of: type[Model] | None = None
    does: Callable[[Any, Actor, dt.date], Any] | None = None
    done: Any = CHANGED

    def run(self, shown: Resource, record: Any, actor: Actor, value: Any, today: dt.date) -> Any:
        if self.does:
            return self.does(record, actor, today)
        if self.slug == "delete":
            return shown.delete(record, actor=actor)
        if self.slug == "hand_over":
            return commands.hand_over(record, actor=actor, to=value)
        return shown.update(record, actor=actor, changes=value(record))


@dataclass(frozen=True)
class Outcome:
    """How many records were changed, said in words, and which were not and why."""

    changed: int
    words: str
    refused: list[tuple[str, str]]


HAND_OVER = BulkAction("hand_over", gettext_lazy("Hand over to …"), "user-share", "hand_over", field="owner")
SET = BulkAction("set", gettext_lazy("Set a field …"), "pencil", "change")
DELETE = BulkAction("delete", gettext_lazy("Delete"), "trash", "delete", danger=True, done=DELETED)

_of_rooms: dict[str, list[BulkAction]] = {}


def offer(slug: str, action: BulkAction) -> None:
    """Let a room do something of its own to many records of a list."""
    known = _of_rooms.setdefault(slug, [])
    if any(other.slug == action.slug for other in known):
        raise ValueError(f"two bulk actions of {slug} are called {action.slug!r}")
    known.append(action)


def actions(shown: Resource) -> list[BulkAction]:
    """What can be done to many records of this kind."""
    owned = [HAND_OVER] if getattr(shown.model, "OWNER_PATH", "") == "owner" else []
    written = [SET] if shown.form else []
    deleted = [] if shown.delete is commands.never_delete else [DELETE]
    return [*owned, *written, *_of_rooms.get(shown.slug, ()), *deleted]


def offered(shown: Resource, actor: Actor) -> list[dict[str, Any]]:
    """The bulk actions the actor may use, with the form fields they need."""
    return [
        {
            "slug": action.slug,
            "label": str(action.label),
            "icon": action.icon,
            "danger": action.danger,
            "fields": list(forms.form_class(shown, actor, (action.field,))()) if action.field else [],
            "settable": bulk_setting.settable(shown, actor) if action is SET else [],
        }
        for action in actions(shown)
        if actor.reach(action.of or shown.model, action.needs) is not Reach.NONE
    ]


def page_for(shown: Resource, actor: Actor, posted: QueryDict, today: dt.date) -> str:
    """The address of the page on which what was posted goes on; empty if it is done here."""
    action = next((a for a in actions(shown) if a.slug == posted.get("action") and a.page), None)
    if action is None:
        return ""
    access.require(actor, action.of or shown.model, action.needs)
    found = _chosen(shown, actor, posted, today).order_by("pk")
    keys = list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return f"{reverse(action.page)}?{urlencode({'ids': keys}, doseq=True)}"


def perform(shown: Resource, actor: Actor, posted: QueryDict, today: dt.date) -> Outcome:
    """Do what was posted: an action, to the ids given or to all that the question finds."""
    action = next((a for a in actions(shown) if a.slug == posted.get("action")), None)
    if action is None:
        raise BadQuestion(_("This cannot be done to many records at once."))
    access.require(actor, shown.model, action.needs)
    found = _chosen(shown, actor, posted, today)
    if found.count() > MOST_AT_ONCE:
        raise BadQuestion(
            _(
                "At most %(number)s records can be changed at once. Narrow the list first; nothing was changed."
            )
            % {"number": MOST_AT_ONCE}
        )
    return _each(shown, action, actor, list(found), _value(shown, action, actor, posted), today)


def _each(
    shown: Resource, action: BulkAction, actor: Actor, records: list[Any], value: Any, today: dt.date
) -> Outcome:
    changed, refused = 0, []
    with transaction.atomic():
        for record in records:
            label = str(record)
            try:
                with transaction.atomic():
                    action.run(shown, record, actor, value, today)
                changed += 1
            except (DomainError, ValidationError) as refusal:
                words = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
                refused.append((label, " ".join(words)))
    return Outcome(changed, str(action.done % {"number": changed}), refused)


def _chosen(shown: Resource, actor: Actor, posted: QueryDict, today: dt.date) -> QuerySet[Any]:
    if posted.get("all") == "1":
        return rows.select(shown, actor, Question.parse(QueryDict(posted.get("query", ""))), today)
    keys = whole_numbers(posted.getlist("ids"))
    return access.visible(actor, shown.model).filter(pk__in=keys)


def _value(shown: Resource, action: BulkAction, actor: Actor, posted: QueryDict) -> Any:
    if action is SET:
        return bulk_setting.changes(shown, actor, posted)
    if not action.field:
        return None
    form = forms.form_class(shown, actor, (action.field,))(posted)
    form.full_clean()
    value = form.cleaned_data.get(action.field)
    if value is None:
        raise BadQuestion(_("Say to whom. Nothing was changed."))
    if action is HAND_OVER:
        entrusting.refuse_users([value.pk])
    return value
