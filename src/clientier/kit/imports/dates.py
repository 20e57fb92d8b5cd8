"""Reads days and moments in every form that customer files hold, and tells day from month."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

from clientier.kit.imports.reasons import Reason, quoting

DateOrder = Literal["ymd", "dmy", "mdy"]

FIRST_YEAR, LAST_YEAR = 1900, 2999
PIVOT_OF_SHORT_YEARS = 69
DAY_ZERO_OF_SPREADSHEETS = datetime(1899, 12, 30)
LARGEST_SERIAL = 401_769  # 2999-12-31
# 1954 to 2119: other five-digit texts are hardly days.
FIRST_SERIAL_AS_TEXT, LAST_SERIAL_AS_TEXT = 20_000, 80_000
ZERO_DATES = ("0000-00-00", "00/00/0000", "0000/00/00", "0")

TIME = (
    r"(?:[T\s,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp])?(?:\.?[Mm]\.?)?\s*(?P<zulu>Z|UTC|GMT)?\s*(?P<offset>[-+]\d{2}:?(?:\d{2})?)?)?"
)
YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + TIME)
YEAR_LAST = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second_number>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + TIME
)
COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + TIME)
DAY_AND_NAME = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[-\s](?P<name>[A-Za-z]{3,9})\.?[-\s,]+"
    r"(?P<year>\d{4}|\d{2})" + TIME
)
NAME_AND_DAY = re.compile(
    r"(?:[A-Za-z]{3,9},\s+)?(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    + TIME
)
CHINESE_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]")
CHINESE_TIME = re.compile(r"(上午|下午)?\s*(\d{1,2})[时時点點](\d{1,2})分(?:(\d{1,2})秒)?")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def read_day(value: object, order: DateOrder, zone: tzinfo) -> date | Reason | None:
    """The day that a cell holds, in the given zone where the cell names an instant; None for a zero date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        found: datetime | date | Reason | None = value
    else:
        found = _moment(value, order)
    if isinstance(found, datetime):
        found = (found.astimezone(zone) if found.tzinfo else found).date()
    if isinstance(found, date) and not FIRST_YEAR <= found.year <= LAST_YEAR:
        return quoting("date_out_of_range", value)
    return found


def read_moment(value: object, order: DateOrder, zone: tzinfo) -> datetime | Reason | None:
    """The instant that a cell holds; one without a zone is taken as local to the given zone."""
    found = _moment(value, order)
    if not isinstance(found, datetime):
        return found
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return quoting("date_out_of_range", value)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def possible_orders(text: str) -> tuple[DateOrder, ...]:
    """The orders of day and month under which a text is a date; both where the order plays no part."""
    orders: tuple[DateOrder, ...] = ("dmy", "mdy")
    return tuple(order for order in orders if isinstance(_from_text(text, order), datetime))


def depends_on_order(text: str) -> bool:
    """Whether a text is another day when day and month change places: "03/04/2024"."""
    return _from_text(text, "dmy") != _from_text(text, "mdy")


def _moment(value: object, order: DateOrder) -> datetime | Reason | None:
    if isinstance(value, str):
        return _from_text(value, order)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        if float(value).is_integer() and value >= 10**7:
            return _from_text(str(int(value)), order)
        if 1 <= value <= LARGEST_SERIAL:
            return _from_serial(float(value))
    return quoting("not_a_date", value)


def _from_serial(days: float) -> datetime:
    return DAY_ZERO_OF_SPREADSHEETS + timedelta(seconds=round(days * 86_400))


def _from_text(text: str, order: DateOrder) -> datetime | Reason | None:
    plain = text.strip()
    if not plain.isascii():
        plain = _without_chinese(plain)
    if plain in ZERO_DATES or plain.startswith("0000-00-00"):
        return None
    for form in (YEAR_FIRST, YEAR_LAST, COMPACT, DAY_AND_NAME, NAME_AND_DAY):
        if found := form.fullmatch(plain):
            return _built(found, order) or quoting("no_such_day", text)
    try:
        serial = float(plain)
    except ValueError:
        return quoting("not_a_date", text)
    if FIRST_SERIAL_AS_TEXT <= serial <= LAST_SERIAL_AS_TEXT:
        return _from_serial(serial)
    return quoting("not_a_date", text)


def _without_chinese(text: str) -> str:
    """The same date in figures and ASCII marks."""
    plain = unicodedata.normalize("NFKC", text)
    plain = CHINESE_DAY.sub(r"\1-\2-\3 ", plain)
    return CHINESE_TIME.sub(_chinese_time, plain).strip()


def _chinese_time(found: re.Match[str]) -> str:
    half = {"上午": " AM", "下午": " PM"}.get(found[1] or "", "")
    return f"{found[2]}:{found[3]:0>2}:{found[4] or 0:0>2}{half}"


def _built(found: re.Match[str], order: DateOrder) -> datetime | None:
    """The moment from the parts of a match, None when there is no such day or time."""
    parts = found.groupdict()
    if "first" in parts:
        # With points the day comes first everywhere; with other marks the column decides.
        day_first = order != "mdy" or parts["mark"] == "."
        day, month = (parts["first"], parts["second_number"])[:: 1 if day_first else -1]
    else:
        day, month = parts["day"], parts.get("month") or _month_number(parts["name"])
    try:
        moment = datetime(_whole_year(parts["year"]), int(month), int(day))
        return _with_time(moment, parts)
    except ValueError:
        return None


def _whole_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < PIVOT_OF_SHORT_YEARS else 1900)


def _month_number(name: str) -> str:
    """The number of a month by its English name, whole or of three letters (four for "Sept")."""
    known = name.lower()
    for number, month in enumerate(MONTHS, start=1):
        if known in (month, month[:3]) or known == "sept" == month[:4]:
            return str(number)
    return "0"


def _with_time(moment: datetime, parts: dict[str, str | None]) -> datetime:
    if parts["hour"] is None:
        return moment
    hour = int(parts["hour"])
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    microsecond = int((parts["fraction"] or "0")[:6].ljust(6, "0"))
    moment = moment.replace(
        hour=hour, minute=int(parts["minute"] or 0), second=int(parts["second"] or 0), microsecond=microsecond
    )
    if parts["offset"]:
        return moment.replace(tzinfo=_zone_of(parts["offset"]))
    return moment.replace(tzinfo=UTC) if parts["zulu"] else moment


def _zone_of(offset: str) -> timezone:
    digits = offset[1:].replace(":", "").ljust(4, "0")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-distance if offset[0] == "-" else distance)
