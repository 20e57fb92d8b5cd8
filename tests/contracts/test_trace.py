"""Every command leaves exactly one audit entry, in the name of who did it; a refused one leaves none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

import clientier.site.urls  # noqa: F401 - importing it loads every room
from clientier.core import commands, trash
from clientier.core.actor import Actor, Reach, system
from clientier.core.errors import DomainError
from clientier.core.models import AuditEntry
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.people.choices import LinkPurpose
from clientier.rooms.people.models import User
from clientier.rooms.trade.models import CostToServe
from clientier.rooms.value.models import ValuePolicy, ValueRun
from tests import factories as make

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


def interaction() -> dict[str, Any]:
    return {"customer": make.some_customer(), "at": NOON, "kind": "call", "user": make.some_user()}


def cost() -> dict[str, Any]:
    return {
        "customer": make.some_customer(),
        "day": make.DAY,
        "kind": "fee",
        "amount": Decimal(3),
        "currency": "CNY",
    }


def trashed() -> dict[str, Any]:
    product = make.some_product()
    kept = trash.gather(product, system(), "delete")
    assert kept is not None
    trash.keep(kept)
    product.delete()
    return {"trashed": kept}


# Verb: what makes its subject, and what makes its facts.
CASES: dict[str, tuple[Callable[[], Any], Callable[[], dict[str, Any]]]] = {
    "record.create": (lambda: Product, lambda: {"changes": {"name": "Nut"}}),
    "record.update": (make.some_product, lambda: {"changes": {"unit": "kg"}}),
    "record.delete": (make.some_product, dict),
    "record.restore": (lambda: Product, trashed),
    "record.hand_over": (make.some_customer, lambda: {"to": make.some_user()}),
    "task.complete": (make.some_task, lambda: {"at": NOON}),
    "task.drop": (make.some_task, lambda: {"at": NOON}),
    "task.move": (make.some_task, lambda: {"to": make.DAY + dt.timedelta(days=3)}),
    "task.assign": (
        lambda: Task,
        lambda: {
            "changes": {"title": "Look", "due_on": make.DAY, "assigned_to": make.some_user()},
            "origin": "test:1",
        },
    ),
    "interaction.log": (lambda: Interaction, lambda: {"changes": interaction()}),
    "customer.enter": (lambda: Customer, lambda: {"changes": {"name": "Ada"}}),
    "customer.change": (make.some_customer, lambda: {"changes": {"city": "Wuhan"}}),
    "contact.enter": (
        lambda: Contact,
        lambda: {"changes": {"name": "Ada", "customer": make.some_customer()}},
    ),
    "contact.change": (make.some_contact, lambda: {"changes": {"job_title": "Buyer"}}),
    "relation.end": (make.some_relation, lambda: {"on": make.DAY}),
    "cost.record": (lambda: CostToServe, lambda: {"changes": cost()}),
    "cost.correct": (make.some_cost, lambda: {"changes": {"amount": Decimal(7)}}),
    "role.grant": (make.some_role, lambda: {"reaches": {("parties.customer", "view"): Reach.OWN}}),
    "user.create": (
        lambda: User,
        lambda: {"changes": {"username": "new", "name": "Nora", "role": make.some_role()}},
    ),
    "user.update": (make.some_user, lambda: {"changes": {"name": "Renamed"}}),
    "user.end_sessions": (make.some_user, dict),
    "user.remove_second_factor": (make.some_user, dict),
    "user.issue_link": (
        make.some_user,
        lambda: {"purpose": LinkPurpose.INVITATION, "token": "t" * 43, "now": NOON},
    ),
    "policy.adopt": (lambda: ValuePolicy, lambda: {"changes": {"band": 0.2}, "reason": "calmer"}),
    "value.run": (lambda: ValueRun, lambda: {"as_of": make.DAY}),
}


def test_every_command_takes_part() -> None:
    ours = {verb for verb, run in commands.REGISTRY.items() if run.__module__.startswith("clientier.")}
    assert ours == set(CASES)


@pytest.mark.parametrize("verb", CASES)
def test_a_command_leaves_one_entry(verb: str) -> None:
    subject, facts = (part() for part in CASES[verb])
    user = make.some_user(name="Ada")
    actor = make.acting(user)
    commands.REGISTRY[verb](subject, actor=actor, **facts)
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.actor_name, entry.request_id) == (user.pk, "Ada", actor.request_id)
    assert entry.changes


@pytest.mark.parametrize("verb", CASES)
def test_a_command_is_refused_without_the_right(verb: str) -> None:
    subject, facts = (part() for part in CASES[verb])
    kind = subject if isinstance(subject, type) else type(subject)
    before = list(kind._default_manager.order_by("pk").values())
    seeing: Actor = make.acting(
        make.some_user(), kinds=["none"], grants={(kind._meta.label_lower, "view"): Reach.ALL}
    )
    with pytest.raises(DomainError):
        commands.REGISTRY[verb](subject, actor=seeing, **facts)
    assert list(kind._default_manager.order_by("pk").values())[: len(before)] == before
    assert not AuditEntry.objects.exists()
