"""Upkeep in the background: cards are judged when something about them changed, and all of them every night."""

from __future__ import annotations

from typing import Any

from clientier.core import events, jobs
from clientier.rooms.stewardship.commands.completeness import judge_cards, judge_what_changed
from clientier.rooms.value.commands.runs import RUN_COMPLETED


@jobs.every("* * * * *")
@jobs.task(name="stewardship.judge_changed", queueing_lock="stewardship.judge_changed", pass_context=False)
def judge_changed(timestamp: int) -> None:
    """Every minute, the cards about which something was written."""
    judge_what_changed()


@jobs.every("30 3 * * *")
@jobs.task(name="stewardship.judge_all", queueing_lock="stewardship.judge_all", pass_context=False)
def judge_all(timestamp: int) -> None:
    """Every night, all cards."""
    judge_cards()


@events.subscribe(RUN_COMPLETED)
def judge_by_new_tiers(facts: dict[str, Any]) -> None:
    """Tiers have moved: what matters for a card may be other things now."""
    judge_cards()
