"""Upkeep in the background: cards are judged when something about them changed, and all of them every night."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from clientier.core import events, jobs
from clientier.rooms.people.queries import organisation
from clientier.rooms.stewardship.commands.completeness import judge_cards, judge_what_changed
from clientier.rooms.stewardship.commands.confirmations import remind
from clientier.rooms.value.commands.runs import RUN_COMPLETED


@jobs.every("* * * * *")
@jobs.task(name="stewardship.judge_changed", queueing_lock="stewardship.judge_changed", pass_context=False)
def judge_changed(timestamp: int) -> None:
    """Every minute, the cards about which something was written."""
    judge_what_changed()


@jobs.every("30 3 * * *")
@jobs.task(name="stewardship.judge_all", queueing_lock="stewardship.judge_all", pass_context=False)
def judge_all(timestamp: int) -> None:
    """Every night, all cards; then whoever has stale ones is reminded, a few a week."""
    judge_cards()
    remind(_day_of(timestamp))


@events.subscribe(RUN_COMPLETED)
def judge_by_new_tiers(facts: dict[str, Any]) -> None:
    """Tiers have moved: what matters for a card may be other things now."""
    judge_cards()


def _day_of(timestamp: int) -> dt.date:
    """The day that it is where the company is."""
    return dt.datetime.fromtimestamp(timestamp, ZoneInfo(organisation().time_zone)).date()
