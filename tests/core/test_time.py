from __future__ import annotations

import datetime as dt

import pytest

from clientier.core.time import business_day, month_start


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", 31), ("Asia/Shanghai", 1), ("America/New_York", 31), ("Pacific/Kiritimati", 1)],
)
def test_the_business_day_is_the_one_of_the_companys_clock(zone: str, day: int) -> None:
    moment = dt.datetime(2025, 12, 31, 16, 0, tzinfo=dt.UTC)
    assert business_day(moment, zone).day == day


def test_the_day_of_the_clock_change_has_one_date() -> None:
    before, after = (dt.datetime(2026, 3, 29, hour, 30, tzinfo=dt.UTC) for hour in (0, 1))
    assert (
        business_day(before, "Europe/Berlin") == business_day(after, "Europe/Berlin") == dt.date(2026, 3, 29)
    )


@pytest.mark.parametrize(
    ("day", "back", "start"),
    [
        (dt.date(2026, 11, 21), 0, dt.date(2026, 11, 1)),
        (dt.date(2026, 11, 1), 11, dt.date(2025, 12, 1)),
        (dt.date(2026, 1, 31), 1, dt.date(2025, 12, 1)),
        (dt.date(2026, 1, 31), 13, dt.date(2024, 12, 1)),
        (dt.date(2025, 12, 31), -1, dt.date(2026, 1, 1)),
    ],
)
def test_months_are_counted_over_the_turn_of_the_year(day: dt.date, back: int, start: dt.date) -> None:
    assert month_start(day, months_back=back) == start
