"""Costs to serve as they were given, turned into typed ones: amounts by driver, or minutes to be priced."""

from __future__ import annotations

from clientier.worth.book.cells import Cells, quoted
from clientier.worth.book.drivers import ACTIVITIES, PRICED

COLUMNS = """line BIGINT, customer_id {ids}, day INTEGER, driver VARCHAR, amount BIGINT, minutes DOUBLE,
    role VARCHAR, currency VARCHAR, own_rate DECIMAL(18,9), rate_missing BOOLEAN"""


def type_costs(cells: Cells) -> None:
    """Leave worth_expenses behind; the amount of minutes that came without one is null."""
    found = cells.found
    day = cells.day("day")
    amount, minutes = cells.money("amount"), cells.number("minutes")
    if "amount" in found:
        unknown = f"({amount}) IS NULL AND ({minutes}) IS NULL"
        cells.refuse("amount", unknown, "value_missing", "amount_or_minutes")
    else:
        cells.refuse_missing("minutes", minutes)
    driver = _driver(cells, amount)
    cells.connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE worth_expenses AS
        SELECT rowid AS line, {cells.customer_id()} AS customer_id, ({day})::INTEGER AS day,
            {driver} AS driver, {amount} AS amount, coalesce({minutes}, 0.0) AS minutes,
            coalesce({cells.text("role")}, '') AS role,
            CASE WHEN ({amount}) IS NOT NULL THEN {cells.currency()} END AS currency,
            {cells.rate()} AS own_rate, false AS rate_missing
        FROM worth_costs_raw""")


def no_expenses(connection: object, ids: str) -> None:
    """Leave an empty worth_expenses behind."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE worth_expenses ({COLUMNS.format(ids=ids)})")  # type: ignore[attr-defined]


def _driver(cells: Cells, amount: str) -> str:
    """The driver of a row: an activity by its word; without amount, any other work is minutes."""
    if "kind" not in cells.found:
        return f"CASE WHEN ({amount}) IS NULL THEN 'minutes' ELSE 'other' END"
    word = f"lower({cells.text('kind')})"
    cases = " ".join(f"WHEN {word} IN ({quoted(words)}) THEN '{code}'" for code, words in ACTIVITIES.items())
    priced = f"coalesce({word}, 'other') IN ({quoted(('minutes', *PRICED))})"
    unknown = f"({amount}) IS NOT NULL AND NOT ({priced}) AND CASE {cases} END IS NULL"
    hint = ", ".join((*ACTIVITIES, "minutes", *PRICED))
    cells.refuse("kind", unknown, "unknown_kind", hint)
    return f"CASE {cases} WHEN ({amount}) IS NULL THEN 'minutes' ELSE coalesce({word}, 'other') END"
