"""What the state of a customer is: its columns, and the portable statements that compute, fold and read it.

Input lines: customer_key, day (whole, since 1970-01-01), kind, amount_e4, cost_e4, freight_e4 (money in
ten-thousandths; cost and freight may be missing). A purchase is a day with at least one sale of zero or more;
what else the day holds nets its money. A day of a customer who has never bought is 0, and means nothing.
"""

from __future__ import annotations

import hashlib

SCHEMA_VERSION = 1

LINE_COLUMNS = ("customer_key", "day", "kind", "amount_e4", "cost_e4", "freight_e4")
WHOLE_COLUMNS = tuple(name for name in LINE_COLUMNS if name != "kind")
FILLED_COLUMNS = ("customer_key", "day", "kind", "amount_e4")
PURCHASE = "kind = 'sale' AND amount_e4 >= 0"
SUMS = ("gross_e4", "net_e4", "cost_e4", "freight_e4", "returns_e4", "n_lines")
STATE_TYPES = {
    "customer_key": "BIGINT",
    "n_purchase_days": "INTEGER",
    "first_day": "INTEGER",
    "last_day": "INTEGER",
    "last_gap_days": "INTEGER",
    "longest_gap_days": "INTEGER",
    "sum_squared_gaps": "BIGINT",
    "n_spending_days": "INTEGER",
    "first_day_gross_e4": "BIGINT",
    "last_day_gross_e4": "BIGINT",
    "gross_e4": "BIGINT",
    "net_e4": "BIGINT",
    "cost_e4": "BIGINT",
    "freight_e4": "BIGINT",
    "returns_e4": "BIGINT",
    "n_lines": "BIGINT",
}
FIGURES = tuple(name for name in STATE_TYPES if name != "customer_key")


def _typed(expressions: dict[str, str]) -> str:
    """Select list with every figure in its own type, so that each engine stores the same."""
    return ", ".join(f"CAST({expressions[name]} AS {STATE_TYPES[name]}) AS {name}" for name in STATE_TYPES)


def customer_days(lines: str) -> str:
    """One row a customer and day: several orders on one day are one purchase, returns net."""
    return f"""SELECT customer_key, day,
        SUM(CASE WHEN {PURCHASE} THEN 1 ELSE 0 END) AS n_sales,
        SUM(CASE WHEN {PURCHASE} THEN amount_e4 ELSE 0 END) AS gross_e4,
        SUM(amount_e4) AS net_e4, SUM(COALESCE(cost_e4, 0)) AS cost_e4,
        SUM(COALESCE(freight_e4, 0)) AS freight_e4,
        SUM(CASE WHEN {PURCHASE} THEN 0 ELSE amount_e4 END) AS returns_e4, COUNT(*) AS n_lines
        FROM {lines} GROUP BY customer_key, day"""


def customer_state(days: str) -> str:
    """One row a customer from customer-days. The only window is the one that finds the purchase before."""
    figures = {name: f"COALESCE(rhythm.{name}, 0)" for name in FIGURES if name not in SUMS}
    figures |= {name: f"money.{name}" for name in SUMS}
    figures |= {
        "customer_key": "money.customer_key",
        "last_gap_days": "COALESCE(latest.gap_days, 0)",
        "first_day_gross_e4": "COALESCE(earliest.gross_e4, 0)",
        "last_day_gross_e4": "COALESCE(latest.gross_e4, 0)",
    }
    sums = ", ".join(f"SUM({name}) AS {name}" for name in SUMS)
    return f"""WITH bought AS (SELECT customer_key, day, gross_e4,
            CAST(day - LAG(day) OVER (PARTITION BY customer_key ORDER BY day) AS BIGINT) AS gap_days
            FROM {days} WHERE n_sales > 0),
        rhythm AS (SELECT customer_key, COUNT(*) AS n_purchase_days, MIN(day) AS first_day,
            MAX(day) AS last_day, MAX(gap_days) AS longest_gap_days,
            SUM(gap_days * gap_days) AS sum_squared_gaps,
            SUM(CASE WHEN gross_e4 > 0 THEN 1 ELSE 0 END) AS n_spending_days
            FROM bought GROUP BY customer_key),
        money AS (SELECT customer_key, {sums} FROM {days} GROUP BY customer_key)
        SELECT {_typed(figures)} FROM money
        LEFT JOIN rhythm ON rhythm.customer_key = money.customer_key
        LEFT JOIN bought AS earliest ON earliest.customer_key = rhythm.customer_key
            AND earliest.day = rhythm.first_day
        LEFT JOIN bought AS latest ON latest.customer_key = rhythm.customer_key
            AND latest.day = rhythm.last_day"""


def late_customers(now: str, fresh: str) -> str:
    """Customers whose fresh purchases lie before one that the state already knows."""
    return f"""SELECT fresh.customer_key FROM {fresh} AS fresh
        INNER JOIN {now} AS now ON now.customer_key = fresh.customer_key
        WHERE fresh.n_purchase_days > 0 AND now.n_purchase_days > 0 AND fresh.first_day < now.last_day"""


def folded(now: str, fresh: str) -> str:
    """The states of the customers in `fresh` after it; exact where no fresh purchase is late."""
    old = {name: f"COALESCE(now.{name}, 0)" for name in FIGURES}
    new = {name: f"fresh.{name}" for name in FIGURES}
    none_before, none_now = f"{old['n_purchase_days']} = 0", "fresh.n_purchase_days = 0"
    same = f"(NOT ({none_before}) AND fresh.n_purchase_days > 0 AND fresh.first_day = now.last_day)"
    between = f"CASE WHEN {none_before} OR {none_now} THEN 0 ELSE fresh.first_day - now.last_day END"
    one_less = f"CASE WHEN {same} THEN 1 ELSE 0 END"
    figures = {name: f"{old[name]} + {new[name]}" for name in SUMS}
    figures |= {
        "customer_key": "fresh.customer_key",
        "n_purchase_days": f"{old['n_purchase_days']} + fresh.n_purchase_days - {one_less}",
        "first_day": f"CASE WHEN {none_before} THEN fresh.first_day ELSE now.first_day END",
        "last_day": f"CASE WHEN {none_now} THEN {old['last_day']} ELSE fresh.last_day END",
        "last_gap_days": f"""CASE WHEN fresh.n_purchase_days > 1 THEN fresh.last_gap_days
            WHEN {none_now} OR {same} THEN {old["last_gap_days"]} ELSE {between} END""",
        "longest_gap_days": f"GREATEST({old['longest_gap_days']}, fresh.longest_gap_days, {between})",
        "sum_squared_gaps": f"""{old["sum_squared_gaps"]} + fresh.sum_squared_gaps
            + CAST({between} AS BIGINT) * CAST({between} AS BIGINT)""",
        "n_spending_days": f"""{old["n_spending_days"]} + fresh.n_spending_days - CASE WHEN {same}
            AND now.last_day_gross_e4 > 0 AND fresh.first_day_gross_e4 > 0 THEN 1 ELSE 0 END""",
        "first_day_gross_e4": f"""CASE WHEN {none_before} THEN fresh.first_day_gross_e4
            WHEN {same} AND now.n_purchase_days = 1
            THEN now.first_day_gross_e4 + fresh.first_day_gross_e4 ELSE now.first_day_gross_e4 END""",
        "last_day_gross_e4": f"""CASE WHEN {none_now} THEN {old["last_day_gross_e4"]}
            WHEN {same} AND fresh.n_purchase_days = 1
            THEN now.last_day_gross_e4 + fresh.last_day_gross_e4 ELSE fresh.last_day_gross_e4 END""",
    }
    return f"""SELECT {_typed(figures)} FROM {fresh} AS fresh
        LEFT JOIN {now} AS now ON now.customer_key = fresh.customer_key"""


def emptied(customers: str, found: str) -> str:
    """The recomputed states of `customers`; who has no line left gets a row of zeros that hides the old."""
    figures = {name: f"COALESCE(found.{name}, 0)" for name in FIGURES}
    figures["customer_key"] = "customers.customer_key"
    return f"""SELECT {_typed(figures)} FROM {customers} AS customers
        LEFT JOIN {found} AS found ON found.customer_key = customers.customer_key"""


def overlaid(changed: str, base: str) -> str:
    """All rows of `changed`, and those of `base` whose customer is not among them."""
    names = ", ".join(STATE_TYPES)
    return f"""SELECT {names} FROM {changed} UNION ALL SELECT {names} FROM {base} AS base
        WHERE NOT EXISTS (SELECT 1 FROM {changed} AS changed
            WHERE changed.customer_key = base.customer_key)"""


def fingerprint() -> str:
    """A digest of everything above that decides what a figure means: a state made otherwise is not read."""
    statements = (
        customer_days("lines"),
        customer_state("days"),
        folded("now", "fresh"),
        emptied("customers", "found"),
    )
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]
