"""How long receivables take at the server: `python -m bench.receivables --invoices 1000000 --open 50000` prints.

Customers come from the demo generator, invoices, payments and settlements are drawn in the database, in one of its
own that is dropped at the end. The ledger is left empty: no page of receivables reads it.
"""

from __future__ import annotations

import argparse
import os

from bench.pages import TODAY, company, time_pages

BOOK = (
    """
INSERT INTO trade_payment (number, customer_id, day, currency, rate_to_base, amount, unsettled, unsettled_base,
    method, reference, note, search)
SELECT 'RC-' || id, id, %(today)s, 'CNY', 1, 1e9, 0, 0, 'transfer', '', '', '' FROM parties_customer
""",
    """
INSERT INTO trade_invoice (number, kind, state, customer_id, day, due_on, currency, rate_to_base, net, tax, total,
    open_amount, open_base, dispute, note, custom, search)
SELECT 'INV-' || n, 'invoice', 'posted', c.id, d, d + 30, 'CNY', 1, a, 0, a,
    CASE WHEN n %% %(each)s = 0 THEN a ELSE 0 END, CASE WHEN n %% %(each)s = 0 THEN a ELSE 0 END, '', '', '{}', ''
FROM (SELECT n, %(today)s::date - (random() * 1090 * CASE WHEN n %% %(each)s = 0 THEN 0.2 ELSE 1 END)::int AS d,
             round((100 + random() ^ 6 * 90000)::numeric, 2) AS a, 1 + (random() ^ 2 * (%(customers)s - 1))::int AS r
      FROM generate_series(1, %(invoices)s) n) x
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS r FROM parties_customer) c USING (r)
""",
    """
INSERT INTO trade_settlement (invoice_id, payment_id, day, amount, source_amount, amount_base, source_base, reason)
SELECT i.id, p.id, greatest(i.day, least(i.due_on + (random() * 40 - 15)::int, %(today)s::date)),
    total, total, total, total, ''
FROM trade_invoice i JOIN trade_payment p USING (customer_id) WHERE open_amount = 0
""",
)
PATHS = {
    "receivables today": "/receivables/",
    "in the order of collection": "/receivables/?order=collect",
    "by account manager": "/receivables/managers/",
    "as of 90 days ago": "/receivables/?day=2026-08-23",
    "as of a year ago": "/receivables/?day=2025-11-21",
}


def main() -> None:
    """Build, time, print, drop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=50_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    chosen = parser.parse_args()
    server = os.environ.get("CLIENTIER_DATABASE_URL")
    if not server:
        parser.error("CLIENTIER_DATABASE_URL must name a PostgreSQL server to build the book on")
    with company(server, chosen.customers, keep=chosen.keep, trade=False, name="bench_receivables"):
        _draw(chosen)
        time_pages(lambda client: PATHS)


def _draw(chosen: argparse.Namespace) -> None:
    from django.db import connection

    facts = {
        "today": TODAY, "customers": chosen.customers, "invoices": chosen.invoices,
        "each": chosen.invoices // chosen.open,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in BOOK:
            cursor.execute(statement, facts)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE open_amount > 0) FROM trade_invoice")
        print("{:,} invoices, {:,} of them open".format(*cursor.fetchone()), flush=True)


if __name__ == "__main__":
    main()
