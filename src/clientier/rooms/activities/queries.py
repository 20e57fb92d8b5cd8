"""What is to be done and what has happened, for pages and cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats, rows, timeline
from clientier.kit.cells import Setting
from clientier.kit.timeline import Happening, Window
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.parties.models import Customer

ICONS = {
    "call": "phone", "visit": "map-pin", "email": "mail", "message": "message", "meeting": "users",
    "letter": "mail",
}  # fmt: skip

INTERACTIONS, TASKS = Referring(Interaction, "customer"), Referring(Task, "customer")


def open_tasks(actor: Actor) -> QuerySet[Task]:
    """Open tasks in reach, those with most at stake among the equally urgent first."""
    found = access.visible(actor, Task).filter(state=TaskState.OPEN).select_related("customer", "assigned_to")
    return found.order_by("due_on", F("value_at_stake").desc(nulls_last=True), "pk")


def duties(actor: Actor, today: dt.date, *, days_ahead: int = 7) -> list[Task]:
    """The actor's own duties due so soon, in order of the value at stake."""
    mine = open_tasks(actor).filter(assigned_to=actor.user_id)
    return _most_at_stake(actor, mine, today + dt.timedelta(days=days_ahead), 50)


def duties_of_others(actor: Actor, today: dt.date, *, days_ahead: int = 7) -> list[Task]:
    """What the people in the actor's reach are to do so soon, the most valuable first."""
    others = open_tasks(actor).exclude(assigned_to=actor.user_id)
    return _most_at_stake(actor, others, today + dt.timedelta(days=days_ahead), 12)


def duties_together(actor: Actor, today: dt.date, *, of_others: bool) -> tuple[int, int, Decimal]:
    """How many duties are due within a week, how many of them are late, and what is at stake in all."""
    found = open_tasks(actor).order_by().filter(due_on__lte=today + dt.timedelta(days=7))
    mine = Q(assigned_to=actor.user_id)
    sums = found.filter(~mine if of_others else mine).aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=today)),
        stake=Sum("value_at_stake", default=Decimal(0)),
    )
    return sums["all"], sums["late"], sums["stake"]


def _most_at_stake(actor: Actor, tasks: QuerySet[Task], until: dt.date, at_most: int) -> list[Task]:
    due = rows.telling_reached(tasks.filter(due_on__lte=until), actor, "customer")
    return list(due.order_by(F("value_at_stake").desc(nulls_last=True), "due_on", "pk")[:at_most])


def done_lately(actor: Actor, since: dt.datetime) -> int:
    return Task.objects.filter(assigned_to=actor.user_id, state=TaskState.DONE, done_at__gte=since).count()


@dataclass(frozen=True)
class Wording:
    """How a higher room calls the tasks it makes for a reason, and says why now, in the reader's language."""

    title: Callable[[str], str]
    why: Callable[[dict[str, Any], Setting], str]


_wordings: dict[str, Wording] = {}


def word(code: str, wording: Wording) -> None:
    """Have tasks whose reason has this code be worded so."""
    if code in _wordings:
        raise ValueError(f"tasks for the reason {code!r} are worded already")
    _wordings[code] = wording


def title_words(task: Task) -> str:
    """What to do: as somebody wrote it, or else as the reason for the task is worded."""
    code = task.reason.get("code", "")
    untouched = task.reason.get("title") == task.title
    return _wordings[code].title(code) if untouched and code in _wordings else task.title


def reason_words(task: Task, setting: Setting) -> str:
    """Why now, in a sentence, from the code and the figures that created the task."""
    code = task.reason.get("code", "")
    return _wordings[code].why(task.reason, setting) if code in _wordings else ""


def task_facts(task: Task, setting: Setting) -> dict[str, Any]:
    """A task as the banner of the next step and the list of duties show it."""
    late = (setting.today - task.due_on).days
    stake = task.value_at_stake
    return {
        "task": task,
        "title": title_words(task),
        "why": reason_words(task, setting),
        "due": formats.since(task.due_on, setting.today)
        if late <= 0
        else ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late},
        "overdue": late > 0,
        "stake": _("%(amount)s at stake") % {"amount": formats.short(stake, setting.currency)}
        if stake
        else "",
        "done_url": reverse("task-done", args=[task.pk]),
        "move_url": reverse("task-move", args=[task.pk]),
    }


def next_step(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The customer's next open task, for the banner on the card."""
    if not TASKS.may_be(customer):
        return None
    found = open_tasks(actor).filter(customer=customer).select_related(None)
    task = found.select_related("assigned_to").first()
    return task_facts(task, setting) if task else None


def offered_on_card(actor: Actor, customer: Customer) -> list[dict[str, Any]]:
    """The buttons by which a contact is logged and a task is set, from the customer's card."""
    back = reverse("customers-detail", args=[customer.pk])
    buttons = []
    if actor.reach(Interaction, "add") is not Reach.NONE:
        url = f"{reverse('interaction-log')}?customer={customer.pk}&next={back}"
        buttons.append(
            {"label": _("Log a contact"), "url": url, "dialog_url": url, "icon": "phone", "key": "l"}
        )
    if actor.reach(Task, "add") is not Reach.NONE:
        url = f"{reverse('tasks-create')}?customer={customer.pk}&assigned_to={actor.user_id}&next={back}"
        buttons.append({"label": _("New task"), "url": url, "dialog_url": url, "icon": "plus", "key": "t"})
    return buttons


def interactions_told(actor: Actor, customer: Model, window: Window) -> Iterable[Happening]:
    """Calls, visits and messages for the timeline, as far as their fields may be read."""
    readable = access.fields(actor, Interaction).readable
    found = access.visible(actor, Interaction).filter(window.of_moments("at"), customer=customer.pk)
    found = rows.telling_reached(found.select_related("user", "contact"), actor, "contact")
    for one in found.order_by("-at", "-pk")[: window.limit]:
        minutes = _("%(minutes)d min") % {"minutes": one.minutes} if one.minutes else ""
        words = {
            "kind": one.get_kind_display(),
            "contact": rows.value_at(one, "contact"),
            "user": one.user,
            "minutes": minutes,
        }
        yield Happening(
            at=one.at,
            kind=window.kind,
            key=one.pk,
            icon=ICONS[one.kind],
            title=" · ".join(str(word) for name, word in words.items() if word and name in readable),
            text=Truncator(one.summary).chars(160) if "summary" in readable else "",
            url=reverse("interactions-detail", args=[one.pk]),
        )


def tasks_told(actor: Actor, customer: Model, window: Window) -> Iterable[Happening]:
    """Tasks that were done, for the timeline."""
    found = access.visible(actor, Task).filter(
        window.of_moments("done_at"), customer=customer.pk, state=TaskState.DONE, done_at__isnull=False
    )
    for one in found.select_related("assigned_to").order_by("-done_at", "-pk")[: window.limit]:
        yield Happening(
            at=one.done_at,  # type: ignore[arg-type]
            kind=window.kind,
            key=one.pk,
            icon="checkbox",
            title=_("Done: %(title)s") % {"title": title_words(one)},
            text=str(one.assigned_to),
            url=reverse("tasks-detail", args=[one.pk]),
            tone="good",
        )


def told_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The timeline of the card, of the kind that the address asks for."""
    told = told_of(actor, customer, setting, kind=setting.asked.get("timeline", ""))
    return told if told["entries"] or told["kind"] else None


def told_of(
    actor: Actor, customer: Customer, setting: Setting, *, kind: str = "", older: str = ""
) -> dict[str, Any]:
    """One page of what happened with a customer, from all rooms; with the ways to other kinds and to older things."""
    page = timeline.page("customers", actor, customer, kind=kind, older=older)
    own, card = (reverse(name, args=[customer.pk]) for name in ("customer-timeline", "customers-detail"))
    further = urlencode({"kind": kind, "older": str(page.older)})
    return {
        "kind": kind,
        "tabs": [
            {
                "label": label,
                "url": f"{own}?kind={each}" if each else own,
                "card_url": f"{card}?timeline={each}" if each else card,
                "active": each == kind,
            }
            for each, label in [("", _("All")), *((s.kind, s.label) for s in timeline.sources("customers", actor))]
        ],
        "entries": [
            {
                "day_text": _day_text(h.at, setting),
                "icon": h.icon, "title": h.title, "text": h.text, "url": h.url, "tone": h.tone,
            }
            for h in page.happenings
        ],
        "older_url": f"{own}?{further}" if page.older else "",
    }  # fmt: skip


def _day_text(at: dt.datetime, setting: Setting) -> str:
    day = timezone.localtime(at).date()
    return formats.short_day(day) if day.year == setting.today.year else formats.day(day)


def task_exists(origin: str) -> bool:
    """Whether what this names has given its task already."""
    return Task.objects.filter(origin=origin).exists()
