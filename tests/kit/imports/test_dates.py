from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientier.kit.imports.dates import depends_on_order, possible_orders, read_day, read_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01-02",
        "2024/1/2",
        "2024.01.02",
        "2024年1月2日",
        "２０２４年１月２日",
        "02.01.2024",
        "2/1/2024",
        "2/1/24",
        "20240102",
        20240102,
        20240102.0,
        45293,
        45293.75,
        "45293",
        "2 Jan 2024",
        "2-Jan-24",
        "Jan 2, 2024",
        "January 2nd, 2024",
        "Tuesday, January 2, 2024",
        "2024-01-02 23:59:59",
        "2024-01-02T08:00",
        "2024/1/2 下午3点05分",
        date(2024, 1, 2),
        datetime(2024, 1, 2, 23, 59),
    ],
)
def test_a_day_is_read_in_every_usual_form(cell):
    assert read_day(cell, "dmy", SHANGHAI) == date(2024, 1, 2)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("07/15/2009 02:14:45+0800", datetime(2009, 7, 14, 18, 14, 45, tzinfo=UTC)),
        ("07/13/2009T22:14:45-0800", datetime(2009, 7, 14, 6, 14, 45, tzinfo=UTC)),
        ("2009-07-14T14:14:45+02:00", datetime(2009, 7, 14, 12, 14, 45, tzinfo=UTC)),
        ("2010-10-14T12:00:00.000Z", datetime(2010, 10, 14, 12, tzinfo=UTC)),
        ("2010-10-14T12:00:00.000GMT", datetime(2010, 10, 14, 12, tzinfo=UTC)),
        ("2010-10-14T12:00:00.000Z-0300", datetime(2010, 10, 14, 15, tzinfo=UTC)),
        ("7/4/2024 12:05 AM", datetime(2024, 7, 3, 16, 5, tzinfo=UTC)),
        ("2024年7月4日 下午3点05分", datetime(2024, 7, 4, 7, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_keeps_its_zone_and_one_without_is_local(text, moment):
    assert read_moment(text, "mdy", SHANGHAI) == moment


def test_the_day_of_an_instant_depends_on_the_zone_of_the_house():
    assert read_day("2024-01-01T20:00:00Z", "ymd", SHANGHAI) == date(2024, 1, 2)
    assert read_day("2024-01-01T20:00:00Z", "ymd", UTC) == date(2024, 1, 1)


def test_day_and_month_are_never_turned_round_to_make_a_date_fit():
    assert read_day("25/12/2024", "dmy", UTC) == date(2024, 12, 25)
    assert str(read_day("25/12/2024", "mdy", UTC)) == "“25/12/2024” names a day that does not exist"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2023-02-29", "no_such_day"),
        ("2024-13-01", "no_such_day"),
        ("2024-01-02 25:00", "no_such_day"),
        ("wrongdate", "not_a_date"),
        ("2009\\7\\14", "not_a_date"),
        ("2009-07/14", "not_a_date"),
        ("12 Foo 2024", "no_such_day"),
        ("2024", "not_a_date"),
        ("1753-01-01", "date_out_of_range"),
        (True, "not_a_date"),
        (-5, "not_a_date"),
        ("9" * 400, "not_a_date"),
    ],
)
def test_what_is_no_day_is_refused(cell, code):
    assert read_day(cell, "ymd", UTC).code == code


def test_the_zero_date_of_databases_is_no_date_at_all():
    assert read_day("0000-00-00 00:00:00", "ymd", UTC) is None


def test_only_a_date_that_can_be_turned_asks_for_the_order():
    assert depends_on_order("3/4/2024")
    assert not depends_on_order("4/4/2024")
    assert not depends_on_order("2024-03-04")
    assert possible_orders("25/12/2024") == ("dmy",)
    assert possible_orders("12/25/2024") == ("mdy",)
    assert possible_orders("04.12.2024") == ("dmy", "mdy")
    assert not depends_on_order("04.12.2024")


FORMS = {
    "%Y-%m-%d": "ymd",
    "%Y/%m/%d": "ymd",
    "%Y年%m月%d日": "ymd",
    "%Y%m%d": "ymd",
    "%d.%m.%Y": "dmy",
    "%d/%m/%Y": "dmy",
    "%m/%d/%Y": "mdy",
    "%d %B %Y": "ymd",
    "%b %d, %Y": "ymd",
}


@given(day=st.dates(date(1900, 1, 1), date(2999, 12, 31)), form=st.sampled_from(sorted(FORMS)))
def test_any_day_comes_back_from_any_form(day, form):
    assert read_day(day.strftime(form), FORMS[form], UTC) == day
