"""What every night does for privacy: consents that have ended, rules of retention, facts without a person."""

from __future__ import annotations

import datetime as dt

from clientier.core import jobs
from clientier.core.actor import system
from clientier.core.time import business_day
from clientier.rooms.parties.commands.consents import mark_do_not_contact
from clientier.rooms.parties.commands.retention import clear_orphans, keep_rules
from clientier.rooms.people.queries import organisation


@jobs.every("50 1 * * *")
@jobs.task(name="parties.keep_privacy", queueing_lock="parties.keep_privacy", pass_context=False)
def keep_privacy(timestamp: int) -> None:
    """After the trash was emptied: nobody is contacted whose consent has ended, and nothing is kept too long."""
    day = business_day(dt.datetime.fromtimestamp(timestamp, dt.UTC), organisation().time_zone)
    mark_do_not_contact(day, system())
    keep_rules(actor=system(), day=day)
    clear_orphans()
