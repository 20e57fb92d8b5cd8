"""The search for duplicates as work in the background: every night, and when somebody asks for it."""

from __future__ import annotations

import datetime as dt
import logging
from zoneinfo import ZoneInfo

from django.utils import timezone

from clientier.core import jobs
from clientier.core.actor import Door, system
from clientier.rooms.duplicates.commands.forgetting import DAYS_KEPT, forget_merges
from clientier.rooms.duplicates.commands.searching import SearchMissing, search_duplicates
from clientier.rooms.people.queries import organisation

log = logging.getLogger(__name__)
NIGHT_HOUR = 4


@jobs.task(name="duplicates.search", retry=False, queueing_lock="duplicates.search")
def search(run_id: str) -> None:
    """Search for whoever asked, and tell how many pairs wait for a decision."""
    with jobs.Watched(run_id) as watched:
        found = search_duplicates(actor=system(Door.JOB), at=timezone.now())
        watched.result(open=found.open, new=found.new, compared=found.compared)


@jobs.every("30 * * * *")
@jobs.task(name="duplicates.nightly", queueing_lock="duplicates.nightly", pass_context=False)
def search_nightly(timestamp: int) -> None:
    """At four in the morning of the company's time zone; asked every hour, because that hour differs."""
    now = dt.datetime.fromtimestamp(timestamp, ZoneInfo(organisation().time_zone))
    if now.hour == NIGHT_HOUR:
        forget_merges(before=now - dt.timedelta(days=DAYS_KEPT))
        try:
            search_duplicates(actor=system(Door.JOB), at=now)
        except SearchMissing as missing:
            log.info("%s", missing)
