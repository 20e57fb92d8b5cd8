"""Whether the documents say what the ledger says: every open amount is recomputed from postings and compared."""

from __future__ import annotations

from django.db import connection

FAULTS_TOLD = 20
# Each gives what is at fault, in words.
UNBALANCED = """
SELECT format('entry %s (%s) is off balance by %s', e.id, e.number, sum(p.amount_base))
FROM trade_journalentry e JOIN trade_posting p ON p.entry_id = e.id
GROUP BY e.id HAVING sum(p.amount_base) <> 0
"""
INVOICES = """
WITH open AS (
    SELECT i.customer_id, i.currency, sum(way.sign * i.open_amount) AS amount, sum(way.sign * i.open_base) AS base
    FROM trade_invoice i
    CROSS JOIN LATERAL (SELECT CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS sign) way
    WHERE i.state = 'posted' GROUP BY 1, 2
), posted AS (
    SELECT a.customer_id, p.currency, sum(p.amount) AS amount, sum(p.amount_base) AS base
    FROM trade_posting p JOIN trade_journalentry e ON e.id = p.entry_id
    JOIN trade_debtoraccount a ON a.id = e.account_id
    WHERE p.account = 'receivable' GROUP BY 1, 2
)
SELECT format('customer %s: invoices in %s have %s open, postings say %s', customer_id, currency,
              coalesce(open.base, 0), coalesce(posted.base, 0))
FROM open FULL JOIN posted USING (customer_id, currency)
WHERE (coalesce(open.amount, 0), coalesce(open.base, 0)) <> (coalesce(posted.amount, 0), coalesce(posted.base, 0))
"""
PAYMENTS = """
WITH open AS (
    SELECT customer_id, currency, sum(unsettled) AS amount, sum(unsettled_base) AS base FROM trade_payment GROUP BY 1, 2
), posted AS (
    SELECT a.customer_id, p.currency, -sum(p.amount) AS amount, -sum(p.amount_base) AS base
    FROM trade_posting p JOIN trade_journalentry e ON e.id = p.entry_id
    JOIN trade_debtoraccount a ON a.id = e.account_id
    WHERE p.account = 'advance' GROUP BY 1, 2
)
SELECT format('customer %s: payments in %s have %s unsettled, postings say %s', customer_id, currency,
              coalesce(open.base, 0), coalesce(posted.base, 0))
FROM open FULL JOIN posted USING (customer_id, currency)
WHERE (coalesce(open.amount, 0), coalesce(open.base, 0)) <> (coalesce(posted.amount, 0), coalesce(posted.base, 0))
"""
GAPS = """
SELECT format('the series %s-%s has given %s numbers, of which %s are on documents',
              s.series, s.year, s.last, count(d.number))
FROM trade_numberseries s LEFT JOIN (
    SELECT number FROM trade_invoice UNION ALL SELECT number FROM trade_payment UNION ALL
    SELECT number FROM trade_delivery
) d ON d.number LIKE s.series || '-' || s.year || '-%'
WHERE s.series <> 'SO' GROUP BY s.id HAVING count(d.number) < s.last
"""


def faults() -> list[str]:
    """What does not add up, in words; nothing where all does."""
    found = []
    with connection.cursor() as cursor:
        for query in (UNBALANCED, INVOICES, PAYMENTS, GAPS):
            cursor.execute(f"SELECT * FROM ({query}) fault LIMIT {FAULTS_TOLD}")
            found += [words for (words,) in cursor.fetchall()]
    return found
