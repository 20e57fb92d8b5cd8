"""Upkeep in the background: cards are judged when something about them changed, and all of them every night."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any
from zoneinfo import ZoneInfo

from clientier.core import events, jobs
from clientier.rooms.people.queries import organisation
from clientier.rooms.stewardship.commands.completeness import judge_cards, judge_what_changed
from clientier.rooms.stewardship.commands.confirmations import remind
from clientier.rooms.stewardship.commands.reviews import draw_week
from clientier.rooms.stewardship.queries.holdings import orphans
from clientier.rooms.value.commands.runs import RUN_COMPLETED

log = logging.getLogger(__name__)
MORNING_HOUR = 4


@jobs.every("* * * * *")
@jobs.task(name="stewardship.judge_changed", queueing_lock="stewardship.judge_changed", pass_context=False)
def judge_changed(timestamp: int) -> None:
    """Every minute, the cards about which something was written."""
    judge_what_changed()


@jobs.every("0 * * * *")
@jobs.task(name="stewardship.nightly", queueing_lock="stewardship.nightly", pass_context=False)
def keep_up(timestamp: int) -> None:
    """At four in the morning of the company's time zone: all cards, then reminders, then reviews of a new week."""
    now = dt.datetime.fromtimestamp(timestamp, ZoneInfo(organisation().time_zone))
    if now.hour == MORNING_HOUR:
        judge_cards()
        remind(now.date())
        draw_week(now.date())
        for kind, user, number in orphans():
            log.warning(
                "%s open records of the kind %s belong to %s, who may not sign in.", number, kind, user
            )


@events.subscribe(RUN_COMPLETED)
def judge_by_new_tiers(facts: dict[str, Any]) -> None:
    """Tiers have moved: what matters for a card may be other things now."""
    judge_cards()
