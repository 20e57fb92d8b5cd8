"""What the company has laid down for everybody, done every night."""

from __future__ import annotations

import datetime as dt

from clientier.core import jobs, trash
from clientier.rooms.people.queries import organisation


@jobs.every("20 1 * * *")
@jobs.task(name="people.purge_trash", queueing_lock="people.purge_trash", pass_context=False)
def purge_trash(timestamp: int) -> None:
    """Erase what has lain in the trash for as long as the company keeps it."""
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    trash.purge(before=now - dt.timedelta(days=organisation().trash_days))
