"""Numbers of documents: one after the other in each series and year, without gaps."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from clientier.rooms.trade.choices.documents import Series

NEXT = """
INSERT INTO trade_numberseries (series, year, last) VALUES (%s, %s, 1)
ON CONFLICT (series, year) DO UPDATE SET last = trade_numberseries.last + 1 RETURNING last
"""


def next_number(series: Series, day: dt.date) -> str:
    """The next number of the series, such as INV-2026-000123.

    It is taken in the transaction that writes the document: who is refused later gives it back, and others wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series.value, day.year])
        return f"{series.value}-{day.year}-{cursor.fetchone()[0]:06d}"
