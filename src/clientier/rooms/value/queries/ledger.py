"""The company's orders and costs as the value engine wants them: read once, in columns, from one snapshot."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
from django.db import connection

from clientier.core.time import month_start
from clientier.worth import Tables

MONTHS = 12
# What counts as sold: lines of orders whose invoices are kept elsewhere, and of our own posted invoices and credit
# notes, unless these are about such orders. The keys of invoices are below zero, so that they meet no order's.
LINES = """
SELECT l.id AS line_id, o.id AS order_id, o.customer_id, o.day, o.kind,
    (l.amount_base * 10000)::bigint AS amount_e4, (l.cost_base * 10000)::bigint AS cost_e4,
    (l.freight_base * 10000)::bigint AS freight_e4, (l.discount_base * 10000)::bigint AS discount_e4
FROM trade_orderline l JOIN trade_order o ON o.id = l.order_id WHERE o.counts = 'ordered' AND o.day <= %(as_of)s
UNION ALL
SELECT -l.id, -i.id, i.customer_id, i.day, CASE i.kind WHEN 'credit_note' THEN 'return' ELSE 'sale' END,
    (way.sign * l.amount_base * 10000)::bigint, (way.sign * l.cost_base * 10000)::bigint, 0,
    (way.sign * l.discount_base * 10000)::bigint
FROM trade_invoiceline l JOIN trade_invoice i ON i.id = l.invoice_id
CROSS JOIN LATERAL (SELECT CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS sign) way
LEFT JOIN trade_orderline ol ON ol.id = l.order_line_id
LEFT JOIN trade_order o ON o.id = coalesce(ol.order_id, i.order_id)
WHERE i.state = 'posted' AND coalesce(o.counts, 'invoiced') = 'invoiced' AND i.day <= %(as_of)s"""
COSTS = """
SELECT customer_id, day, kind, (amount_base * 10000)::bigint AS amount_e4, NULL::integer AS minutes
FROM trade_costtoserve WHERE day <= %(as_of)s
UNION ALL
SELECT i.customer_id, (i.at AT TIME ZONE %(zone)s)::date,
    CASE WHEN i.kind IN ('visit', 'meeting', 'call') THEN i.kind ELSE 'minutes' END,
    (i.minutes * u.minute_cost * 10000)::bigint, i.minutes
FROM activities_interaction i JOIN people_user u ON u.id = i.user_id
WHERE i.minutes > 0 AND (i.at AT TIME ZONE %(zone)s)::date <= %(as_of)s"""
CUSTOMERS = "SELECT id AS customer_id, first_seen FROM parties_customer"
TYPES = {
    "orders": {
        "line_id": "BIGINT", "order_id": "BIGINT", "customer_id": "BIGINT", "day": "DATE", "kind": "VARCHAR",
        "amount_e4": "BIGINT", "cost_e4": "BIGINT", "freight_e4": "BIGINT", "discount_e4": "BIGINT",
    },
    "costs": {
        "customer_id": "BIGINT", "day": "DATE", "kind": "VARCHAR", "amount_e4": "BIGINT", "minutes": "BIGINT",
    },
    "customers": {"customer_id": "BIGINT", "first_seen": "DATE"},
}  # fmt: skip


@dataclass(frozen=True)
class LedgerTables:
    """The engine's tables, what they were made from, and the monthly margins for pictures."""

    tables: Tables
    fingerprint: str
    engine: duckdb.DuckDBPyConnection

    def months(self, customer_ids: np.ndarray, as_of: dt.date) -> np.ndarray:
        """Margin after freight of the last twelve calendar months in whole units, one row a customer."""
        first = month_start(as_of, months_back=MONTHS - 1)
        found = self.engine.execute(
            "SELECT customer_id, datediff('month', ?::DATE, day) AS place, "
            "(sum(amount_e4 - coalesce(cost_e4, 0) - coalesce(freight_e4, 0)) / 10000)::BIGINT AS margin "
            "FROM orders WHERE day >= ? AND day <= ? GROUP BY ALL",
            [first, first, as_of],
        ).fetchnumpy()
        table = np.zeros((len(customer_ids), MONTHS), dtype=np.int64)
        if len(found["customer_id"]):
            rows = np.searchsorted(customer_ids, found["customer_id"])
            table[rows, found["place"]] = found["margin"]
        return table


@contextmanager
def ledger_tables(as_of: dt.date, zone: str) -> Iterator[LedgerTables]:
    """Read everything up to that day; customers come last, so that none of the money lacks its customer."""
    with TemporaryDirectory(prefix="clientier-") as folder:
        engine = duckdb.connect(":memory:")
        try:
            digest = hashlib.sha256()
            sources = {"orders": LINES, "costs": COSTS, "customers": CUSTOMERS}
            for name, sql in sources.items():
                path = Path(folder) / f"{name}.csv"
                _copied(sql, {"as_of": as_of, "zone": zone}, path, digest)
                engine.read_csv(str(path), header=True, columns=TYPES[name]).to_table(name)
            orders, costs, customers = (engine.table(name) for name in sources)
            tables = Tables(orders, costs, customers, connection=engine)
            yield LedgerTables(tables, digest.hexdigest(), engine)
        finally:
            engine.close()


def _copied(sql: str, values: dict[str, Any], path: Path, digest: Any) -> None:
    statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)"
    with connection.cursor() as cursor, path.open("wb") as target, cursor.copy(statement, values) as copy:
        for block in copy:
            target.write(block)
            digest.update(block)
