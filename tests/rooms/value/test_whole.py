"""What a run keeps of the whole company equals what the pages would sum over all customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from clientier.core.actor import Actor
from clientier.rooms.people.queries import actor_of
from clientier.rooms.value.models import ValueRun
from clientier.rooms.value.queries import moves, profit, retention, watch
from tests.rooms.value.company import Company, company

pytestmark = pytest.mark.django_db
PARTS = ("steps", "tier_groups", "rising", "going", "bucket", "cohorts")


def silence_of(run: ValueRun) -> dt.timedelta:
    return dt.timedelta(days=run.policy.rules["lost_horizon_days"])


FOUND: dict[str, Callable[[Actor, ValueRun], Any]] = {
    "steps": profit.steps_of,
    "tier_groups": lambda actor, run: profit.groups_of(actor, run, "tier"),
    "rising": lambda actor, run: moves.growth_candidates(actor, run)[0],
    "going": watch.going_together,
    "bucket": lambda actor, run: retention.bucket_of(actor, run, silence_of(run)),
    "cohorts": retention.cohorts_of,
}


@pytest.fixture
def firm(db: None) -> Company:
    return company()


def without_parts(run: ValueRun) -> ValueRun:
    """The same run as made before runs kept such parts."""
    old = ValueRun.objects.get(pk=run.pk)
    old.facts = {name: fact for name, fact in run.facts.items() if name not in PARTS}
    return old


@pytest.mark.parametrize("part", PARTS)
def test_what_the_run_keeps_is_what_the_database_sums(firm: Company, part: str) -> None:
    assert part in firm.run.facts
    manager = actor_of(firm.manager)
    assert FOUND[part](manager, firm.run) == FOUND[part](manager, without_parts(firm.run))


@pytest.mark.parametrize("part", PARTS)
def test_what_the_run_keeps_is_not_shown_to_who_sees_some(firm: Company, part: str) -> None:
    rep = actor_of(firm.rep)
    assert FOUND[part](rep, firm.run) == FOUND[part](rep, without_parts(firm.run))
