"""Days and months as the company counts them. The clock itself is read at the edges only."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def business_day(moment: dt.datetime, zone: str) -> dt.date:
    """The company's calendar day at that moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def month_start(day: dt.date, *, months_back: int = 0) -> dt.date:
    """The first day of the month that lies so many months before the one of ``day``."""
    months = day.year * 12 + day.month - 1 - months_back
    return dt.date(months // 12, months % 12 + 1, 1)
