"""How much we stand to lose by a customer now, in the base currency and with tax, by its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

ZERO = Decimal(0)
DEEPEST = 40
PARTS = """
SELECT id, coalesce(o.to_deliver, 0), coalesce(o.to_invoice, 0), coalesce(i.owed, 0),
       coalesce(i.credited, 0) + coalesce(p.advances, 0)
FROM unnest(%(customers)s::bigint[]) AS asked (id)
LEFT JOIN (
    SELECT o.customer_id,
        sum(round(worth * (l.quantity - greatest(l.delivered, l.invoiced)), 4)) AS to_deliver,
        sum(round(worth * greatest(l.delivered - l.invoiced, 0), 4)) AS to_invoice
    FROM trade_order o JOIN trade_orderline l ON l.order_id = o.id,
        LATERAL (SELECT l.amount_base * (1 + l.tax_rate / 100) / nullif(l.quantity, 0) AS worth) w
    WHERE o.state = 'open' AND o.customer_id = ANY(%(customers)s) GROUP BY 1
) o ON o.customer_id = id
LEFT JOIN (
    SELECT customer_id, sum(open_base) FILTER (WHERE kind = 'invoice') AS owed,
        sum(open_base) FILTER (WHERE kind = 'credit_note') AS credited
    FROM trade_invoice WHERE open_amount > 0 AND customer_id = ANY(%(customers)s) GROUP BY 1
) i ON i.customer_id = id
LEFT JOIN (
    SELECT customer_id, sum(unsettled_base) AS advances
    FROM trade_payment WHERE unsettled > 0 AND customer_id = ANY(%(customers)s) GROUP BY 1
) p ON p.customer_id = id
"""
WORTH = """
SELECT coalesce(sum(round(amount_base * (1 + tax_rate / 100), 4)), 0) FROM trade_orderline WHERE order_id = %s
"""
ABOVE = """
WITH RECURSIVE above (id, parent_id, depth) AS (
    SELECT id, parent_id, 0 FROM parties_customer WHERE id = %s
    UNION ALL SELECT c.id, c.parent_id, depth + 1 FROM parties_customer c JOIN above a ON c.id = a.parent_id
    WHERE depth < %s
) SELECT id FROM above ORDER BY depth
"""
BELOW = """
WITH RECURSIVE below (head, id, depth) AS (
    SELECT id, id, 0 FROM parties_customer WHERE id = ANY(%s)
    UNION ALL SELECT b.head, c.id, depth + 1 FROM parties_customer c JOIN below b ON c.parent_id = b.id
    WHERE depth < %s
) SELECT DISTINCT head, id FROM below
"""


@dataclass(frozen=True)
class Exposure:
    """Open orders not delivered, goods delivered and not invoiced, invoices not paid; less money and credit notes
    that settle nothing yet."""

    to_deliver: Decimal = ZERO
    to_invoice: Decimal = ZERO
    owed: Decimal = ZERO
    advances: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.to_deliver + self.to_invoice + self.owed - self.advances

    def __add__(self, other: Exposure) -> Exposure:
        return Exposure(
            self.to_deliver + other.to_deliver, self.to_invoice + other.to_invoice, self.owed + other.owed,
            self.advances + other.advances,
        )  # fmt: skip


def exposures(customers: Sequence[int]) -> dict[int, Exposure]:
    """The exposure of each of these customers by itself; it asks once, however many they are."""
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"customers": list(customers)})
        return {key: Exposure(*parts) for key, *parts in cursor.fetchall()}


def group_exposures(heads: Sequence[int]) -> dict[int, Exposure]:
    """The exposure of each of these customers together with all companies below it."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW, [list(heads), DEEPEST])
        pairs = cursor.fetchall()
    known = exposures(sorted({key for _head, key in pairs}))
    found = dict.fromkeys(heads, Exposure())
    for head, key in pairs:
        found[head] += known[key]
    return found


def heads_above(customer: int) -> list[int]:
    """The customer itself and all companies above it, the nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [customer, DEEPEST])
        return [key for (key,) in cursor.fetchall()]


def worth_of(order: int) -> Decimal:
    """What an order comes to with tax, in the base currency."""
    with connection.cursor() as cursor:
        cursor.execute(WORTH, [order])
        return Decimal(cursor.fetchone()[0])
