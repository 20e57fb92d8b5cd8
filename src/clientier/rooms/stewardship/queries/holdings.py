"""What a user answers for, and what no active user answers for: every open record has somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from clientier.kit.models import ImportFolder, SavedView, Sharing
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.stewardship.choices import HandOverState, ReviewState
from clientier.rooms.stewardship.models import HandOver, HandOverBrief, Review, TakenCard


@dataclass(frozen=True)
class Holding:
    """A way to answer for records: the field that leads to the user, while they are open, and to their customer."""

    model: type[Model]
    field: str
    open: Q
    customer: str = ""

    def of(self, user: int | None) -> QuerySet[Any]:
        """The open records of one user."""
        return self.model._default_manager.filter(self.open, **{self.field: user}).order_by("pk")


CUSTOMERS = Holding(Customer, "owner", Q(), "pk")
TASKS = Holding(Task, "assigned_to", Q(state=TaskState.OPEN), "customer")
REVIEWED = Holding(Review, "rep", Q(state=ReviewState.DUE), "customer")
REVIEWS = Holding(Review, "manager", Q(state=ReviewState.DUE))
VIEWS = Holding(SavedView, "user", ~Q(sharing=Sharing.PRIVATE))
BRIEFS = Holding(HandOverBrief, "successor", Q(read_at__isnull=True), "customer")
CARDS = Holding(TakenCard, "user", Q(returned_at__isnull=True), "customer")
PLANS = Holding(HandOver, "made_by", Q(state=HandOverState.PLANNED))
FOLDERS = Holding(ImportFolder, "owner", Q(active=True))
HELD = (CUSTOMERS, TASKS, REVIEWED, REVIEWS, VIEWS, BRIEFS, CARDS, PLANS, FOLDERS)


def held_words(user: int) -> list[str]:
    """What the user still answers for, by number and kind."""
    numbers = [(holding, holding.of(user).count()) for holding in HELD]
    return [f"{number} {holding.model._meta.verbose_name_plural}" for holding, number in numbers if number]


def orphans() -> list[tuple[str, str, int]]:
    """Kind, user and number of open records that belong to somebody who may not sign in."""
    found = []
    for holding in HELD:
        of_nobody = holding.model._default_manager.filter(
            holding.open, **{f"{holding.field}__is_active": False}
        )
        name = f"{holding.field}__name"
        for row in of_nobody.order_by().values(name).annotate(number=Count("pk")).order_by(name):
            found.append((holding.model._meta.label_lower, row[name], row["number"]))
    return found
