"""Costs that were entered for a day to come hold when it has come."""

from __future__ import annotations

import datetime as dt

from clientier.core import jobs
from clientier.core.actor import system
from clientier.core.time import business_day
from clientier.rooms.catalog.commands.costs import renew_costs
from clientier.rooms.people.queries import organisation


@jobs.every("5 * * * *")
@jobs.task(name="catalog.renew_costs", queueing_lock="catalog.renew_costs", pass_context=False)
def renew(timestamp: int) -> None:
    """Every hour, because the day begins at another hour in every time zone."""
    day = business_day(dt.datetime.fromtimestamp(timestamp, dt.UTC), organisation().time_zone)
    renew_costs(day, actor=system())
