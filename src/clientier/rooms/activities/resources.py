from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels, timeline
from clientier.kit.imports import registry
from clientier.kit.imports.registry import ImportTarget
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.activities import queries
from clientier.rooms.activities.choices import IMPORTED_INTERACTIONS
from clientier.rooms.activities.commands import InteractionWriting, log_interaction
from clientier.rooms.activities.models import Interaction, Task

tasks = register(
    Resource(
        model=Task,
        slug="tasks",
        icon="checkbox",
        title_column="title",
        order="due_on",
        columns=(
            Column(path="title"),
            Column(path="customer"),
            Column(path="due_on"),
            Column(path="state", tones={"open": "warn", "done": "good", "dropped": ""}),
            Column(path="value_at_stake"),
            Column(path="assigned_to", kind="user"),
        ),
        form=(Section("", ("title", "customer", "due_on", "assigned_to")),),
        empty=_("What is to be done, by whom and by when. The value run adds duties of its own."),
    )
)
interactions = register(
    Resource(
        model=Interaction,
        create=log_interaction,
        slug="interactions",
        icon="message",
        order="-at",
        columns=(
            Column(path="at"),
            Column(path="kind"),
            Column(path="customer"),
            Column(path="contact", shown=False),
            Column(path="summary"),
            Column(path="minutes"),
            Column(path="user", kind="user"),
            Column(path="outcome", shown=False),
            Column(path="next_step", shown=False),
        ),
        form=(
            Section(_("What happened"), ("customer", "contact", "kind", "at", "minutes", "user")),
            Section(_("What came of it"), ("summary", "outcome", "next_step")),
        ),
        empty=_(
            "Calls, visits and messages, with the minutes they took: that is what customers cost in time."
        ),
    )
)

panels.offer("customers", queries.offered_on_card)
for source in (
    timeline.Source(
        "interaction", _("Interactions"), Interaction, queries.interactions_told, 10, queries.INTERACTIONS
    ),
    timeline.Source("task", _("Tasks"), Task, queries.tasks_told, 30, queries.TASKS),
):
    timeline.tell("customers", source)
panels.add(
    "customers",
    panels.Panel(
        "next-step", _("Next step"), "kit/parts/next_step.html", queries.next_step, "headline", 10, bare=True
    ),
)
panels.add(
    "customers",
    panels.Panel("timeline", _("Timeline"), "activities/timeline.html", queries.told_on_card, "main", 60),
)

registry.register(
    ImportTarget(
        target=IMPORTED_INTERACTIONS,
        place=60,
        writes=(Interaction,),
        begin=InteractionWriting,
        shown_in="interactions",
        icon="message",
        changes_value=True,
    )
)
