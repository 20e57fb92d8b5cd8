from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from clientier.core import ledger
from clientier.kit import bulk, panels
from clientier.kit.resource import Column, Resource, extend, register
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Task
from clientier.rooms.activities.queries import Wording, word
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import hold_with
from clientier.rooms.stewardship.choices import ReviewState
from clientier.rooms.stewardship.commands.packs import plan_visit
from clientier.rooms.stewardship.models import (
    Confirmation,
    HandOver,
    HandOverBrief,
    Review,
    TakenCard,
    Upkeep,
)
from clientier.rooms.stewardship.queries import completeness, holdings, offers, stale
from clientier.rooms.stewardship.queries import hand_overs as giving
from clientier.rooms.stewardship.queries import reviews as weekly

taken_cards = register(
    Resource(
        model=TakenCard,
        slug="taken-cards",
        icon="map-pin",
        order="-day",
        columns=(
            Column(path="day"),
            Column(path="user", kind="user"),
            Column(path="place", shown=False),
            Column(path="customer"),
            Column(path="taken_at"),
            Column(path="returned_at"),
        ),
        empty=_("Who took which cards along on a day of visits, and when they came back with notes."),
    )
)
confirmations = register(
    Resource(
        model=Confirmation,
        slug="confirmations",
        icon="circle-check",
        order="-on",
        columns=(
            Column(path="on"),
            Column(path="customer"),
            Column(path="contact"),
            Column(path="by", kind="user"),
            Column(path="at", shown=False),
        ),
        empty=_("Who has said on which day that what is known of a customer or contact is still right."),
    )
)
reviews = register(
    Resource(
        model=Review,
        slug="reviews",
        title_column="customer",
        icon="eye",
        order="-week",
        columns=(
            Column(path="week"),
            Column(path="customer"),
            Column(path="rep", kind="user"),
            Column(path="manager", kind="user"),
            Column(path="reason"),
            Column(path="state", tones={"due": "warn", "done": "good", "missed": "bad"}),
            Column(path="remark"),
            Column(path="task", shown=False),
            Column(path="done_at", shown=False),
        ),
        empty=_("Every Monday the cards that a manager is to look through in the week stand here."),
    )
)
hand_overs = register(
    Resource(
        model=HandOver,
        slug="hand-overs",
        title_column="leaver",
        add_page="hand-over-new",
        icon="user-share",
        order="-made_at",
        columns=(
            Column(path="leaver", kind="user"),
            Column(path="territory"),
            Column(path="state", tones={"planned": "warn", "done": "good"}),
            Column(path="split", shown=False),
            Column(path="others", kind="user", shown=False),
            Column(path="made_by", kind="user"),
            Column(path="made_at"),
            Column(path="done_at"),
        ),
        empty=_(
            "When somebody leaves or moves, all that they answer for goes to successors in one reviewed step."
        ),
    )
)
briefs = register(
    Resource(
        model=HandOverBrief,
        slug="hand-over-briefs",
        title_column="customer",
        icon="clipboard-list",
        order="-pk",
        columns=(
            Column(path="customer"),
            Column(path="hand_over"),
            Column(path="successor", kind="user"),
            Column(path="read_at"),
        ),
        empty=_(
            "What successors must know of the key customers that they took over, and whether they have read it."
        ),
    )
)

extend(
    "customers",
    Column(path="upkeep__completeness", kind="score", place=47, shown=False),
    Column(path="upkeep__confirmed_on", place=82, shown=False),
)

for computed, only in (
    (Upkeep, Q()),
    (Review, Q(state=ReviewState.DUE)),
    (Task, Q(origin__startswith=stale.ORIGIN, state=TaskState.OPEN)),
):
    ledger.goes_with(Customer, computed, "customer", only)
panels.offer("customers", offers.on_card)
on_the_way = ngettext_lazy(
    "%(number)d customer is among today's visits", "%(number)d customers are among today's visits", "number"
)
bulk.offer(
    "customers",
    bulk.BulkAction("visit", _("Visit today"), "map-pin", "view", does=plan_visit, done=on_the_way),
)
panels.offer("contacts", offers.on_contact)
panels.add(
    "customers",
    panels.Panel(
        "completeness",
        _("Completeness"),
        "stewardship/completeness.html",
        completeness.completeness_on_card,
        "side",
        20,
    ),
)
word("confirm", Wording(stale.reminder_title, stale.reminder_reason))
word("remark", Wording(weekly.remark_title, weekly.remark_reason))
word("briefs", Wording(giving.reading_title, giving.reading_reason))
hold_with(holdings.held_words)
panels.offer("users", offers.on_user)
panels.offer("tasks", offers.on_task)
panels.offer("hand-overs", offers.on_hand_over)
panels.offer("hand-over-briefs", offers.on_brief)
