"""What late money costs in a month: on every day, what is past its due day, at the rate of the rules."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

from django.db import connection

DAYS_A_YEAR = 365
# A movement made on a day counts on that day and all later ones that lie after the due day, within the month. What
# is open now and all that was ever settled is what was invoiced; what was settled stops counting on its day.
LATE_DAYS = """
WITH late AS (
    SELECT i.id, i.customer_id, i.open_base, i.due_on,
        greatest(%(last)s::date - greatest(i.day, i.due_on + 1, %(first)s::date) + 1, 0) AS days
    FROM trade_invoice i
    WHERE i.kind = 'invoice' AND i.state = 'posted' AND i.day <= %(last)s AND i.due_on < %(last)s
        AND (i.open_amount > 0 OR EXISTS
             (SELECT 1 FROM trade_settlement s WHERE s.invoice_id = i.id AND s.day >= %(first)s))
), moved AS (
    SELECT customer_id, open_base * days AS amount_days FROM late
    UNION ALL
    SELECT l.customer_id, s.amount_base * (l.days
        - greatest(%(last)s::date - greatest(s.day, l.due_on + 1, %(first)s::date) + 1, 0))
    FROM late l JOIN trade_settlement s ON s.invoice_id = l.id
)
SELECT customer_id, sum(amount_days) FROM moved GROUP BY 1 HAVING sum(amount_days) <> 0
"""


def month_end(day: dt.date) -> dt.date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def interest_of(month: dt.date, percent_a_year: Decimal) -> dict[int, Decimal]:
    """By customer, the interest on what was late on the days of this month, in the base currency, not rounded."""
    with connection.cursor() as cursor:
        cursor.execute(LATE_DAYS, {"first": month.replace(day=1), "last": month_end(month)})
        return {key: days * percent_a_year / 100 / DAYS_A_YEAR for key, days in cursor.fetchall()}
