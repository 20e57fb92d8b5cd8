"""Tables as they were given, turned into typed ones: every cell read, and the table refused where one cannot
be.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from clientier.worth.readings import day_reading, money_reading, number_reading
from clientier.worth.refusals import TableRefused

Notices = list[tuple[str, Mapping[str, object]]]
KINDS = ("sale", "return", "cancellation", "credit")
KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "sale": ("sale", "order", "invoice", "sales", "purchase", "销售", "訂單", "订单", "銷售"),
    "return": ("return", "refund", "sales return", "退货", "退款", "退貨"),
    "cancellation": ("cancellation", "cancel", "cancelled", "canceled", "void", "取消", "作废", "作廢"),
    "credit": ("credit", "credit note", "credit memo", "贷项", "红字", "貸項"),
}
DRIVERS = (
    "minutes", "freight", "rebate", "fee", "reward", "expense", "late_interest", "bad_debt", "service",
    "other",
)  # fmt: skip
PROSPECTS = ("non_customer", "potential", "target")


def _id_reading(heading: str, text_ids: bool) -> str:
    return f"nullif(trim(\"{heading}\"::VARCHAR), '')" if text_ids else f'try_cast("{heading}" AS BIGINT)'


class _Readings:
    """Collects, for one table, how each column is read; then refuses what cannot be and writes the typed
    table.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, found: Mapping[str, str]) -> None:
        self.connection, self.table, self.found = connection, table, found
        self.types = {
            row[0]: str(row[1]) for row in connection.execute(f"DESCRIBE worth_{table}_raw").fetchall()
        }
        self.select: dict[str, str] = {}

    def text(self, column: str) -> str:
        """A trimmed text column, null where the table has none."""
        return (
            f"nullif(trim(\"{self.found[column]}\"::VARCHAR), '')"
            if column in self.found
            else "NULL::VARCHAR"
        )

    def money(self, column: str, needed: bool = False) -> str:
        """A money column in ten-thousandths; null where the table has none."""
        if column not in self.found:
            return "NULL::BIGINT"
        heading = self.found[column]
        reading = money_reading(heading, self.types[heading])
        self.refuse_unreadable(column, reading, "not_an_amount", "amount_example")
        if needed:
            self.refuse_missing(column, reading)
        return reading

    def day(self, column: str, notices: Notices, needed: bool = True) -> str:
        """A day column as days since 1970; text is read in the one form that fits the whole column."""
        heading = self.found[column]
        reading, ambiguous = day_reading(
            self.connection, f"worth_{self.table}_raw", heading, self.types[heading]
        )
        if ambiguous:
            notices.append(("month_before_day_assumed", {"table": self.table, "column": heading}))
        self.refuse_unreadable(column, reading, "not_a_day", "day_example")
        if needed:
            self.refuse_missing(column, reading)
        return reading

    def refuse_unreadable(self, column: str, reading: str, reason: str, hint: str) -> None:
        """Refuse the table when a filled cell of the column has no value under `reading`."""
        raw = f"nullif(trim(\"{self.found[column]}\"::VARCHAR), '')"
        self.refuse(column, f"{raw} IS NOT NULL AND ({reading}) IS NULL", reason, hint)

    def refuse_missing(self, column: str, reading: str) -> None:
        """Refuse the table when a cell of a needed column is empty."""
        self.refuse(column, f"({reading}) IS NULL", "value_missing", "fill_or_remove_row")

    def refuse(self, column: str, condition: str, reason: str, hint: str) -> None:
        """Refuse the table, naming the first row, when `condition` holds anywhere."""
        heading = self.found[column]
        count, row = self.connection.execute(
            f"SELECT count(*), min(rowid) FROM worth_{self.table}_raw WHERE {condition}"
        ).fetchone() or (0, None)
        if not count:
            return
        value = self.connection.execute(
            f'SELECT "{heading}"::VARCHAR FROM worth_{self.table}_raw WHERE rowid = ?', [row]
        ).fetchone()
        raise TableRefused(
            reason,
            table=self.table,
            row=int(row) + 1,
            column=heading,
            value=value[0] if value else None,
            hint=hint,
            rows_affected=int(count),
        )


def type_orders(
    connection: duckdb.DuckDBPyConnection,
    found: Mapping[str, str],
    text_ids: bool,
    notices: Notices,
) -> None:
    readings = _Readings(connection, "orders", found)
    day = readings.day("day", notices)
    if "amount" in found:
        amount = readings.money("amount", needed=True)
    else:
        quantity = number_reading(found["quantity"], readings.types[found["quantity"]])
        readings.refuse_unreadable("quantity", quantity, "not_a_number", "amount_example")
        readings.refuse_missing("quantity", quantity)
        price = readings.money("unit_price", needed=True)
        amount = f"round(({quantity}) * ({price}))::BIGINT"
    kind = f"CASE WHEN ({amount}) < 0 THEN 'return' ELSE 'sale' END"
    if "kind" in found:
        kind = _kind_reading(readings, KIND_WORDS, "sale, return, cancellation, credit")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE worth_orders AS
        SELECT rowid AS line, {_id_reading(found["customer_id"], text_ids)} AS customer_id,
            ({day})::INTEGER AS day,
            {kind} AS kind, {amount} AS amount, {readings.money("cost")} AS cost,
            coalesce({readings.money("freight")}, 0) AS freight,
            coalesce({readings.money("discount")}, 0) AS discount, {readings.text("order_id")} AS order_id
        FROM worth_orders_raw""")
    _refuse_repeated_lines(connection, readings)
    bad = connection.execute(
        "SELECT min(line), count(*) FROM worth_orders WHERE kind = 'return' AND amount > 0"
    ).fetchone()
    if bad and bad[1]:
        column = found.get("amount", "amount")
        raise TableRefused("return_not_negative", table="orders", row=bad[0] + 1, column=column,
                           hint="returns_are_negative", rows_affected=bad[1])  # fmt: skip
    if "cost" not in found:
        notices.append(("no_cost_of_goods", {}))


def _kind_reading(readings: _Readings, words: Mapping[str, tuple[str, ...]], hint: str) -> str:
    cases = " ".join(
        f"WHEN lower(trim(\"{readings.found['kind']}\"::VARCHAR)) IN ({_quoted(names)}) THEN '{code}'"
        for code, names in words.items()
    )
    reading = f"CASE {cases} END"
    readings.refuse_unreadable("kind", reading, "unknown_kind", hint)
    readings.refuse_missing("kind", reading)
    return reading


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _refuse_repeated_lines(connection: duckdb.DuckDBPyConnection, readings: _Readings) -> None:
    """A line id (or order and line number) may occur once: a file loaded twice would double every figure."""
    if "line_id" in readings.found:
        key = named = readings.text("line_id")
        column = readings.found["line_id"]
    elif {"order_id", "line_no"} <= readings.found.keys():
        named = readings.text("line_no")
        key = f"{readings.text('order_id')}, {named}"
        column = readings.found["line_no"]
    else:
        return
    repeated = connection.execute(
        f"SELECT max(rowid), count(*) FROM worth_orders_raw WHERE {named} IS NOT NULL "
        f"GROUP BY {key} HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if repeated:
        raise TableRefused("line_repeated", table="orders", row=repeated[0] + 1, column=column,
                           hint="remove_repeated_lines", rows_affected=repeated[1])  # fmt: skip


def type_costs(
    connection: duckdb.DuckDBPyConnection,
    found: Mapping[str, str] | None,
    text_ids: bool,
    minute_cost_e4: int,
    notices: Notices,
) -> None:
    if found is None:
        _no_expenses(connection, "VARCHAR" if text_ids else "BIGINT")
        return
    readings = _Readings(connection, "costs", found)
    day = readings.day("day", notices)
    amount = readings.money("amount")
    minutes = "NULL::DOUBLE"
    if "minutes" in found:
        minutes = number_reading(found["minutes"], readings.types[found["minutes"]])
        readings.refuse_unreadable("minutes", minutes, "not_a_number", "amount_example")
    if "amount" in found:
        readings.refuse(
            "amount", f"({amount}) IS NULL AND ({minutes}) IS NULL", "value_missing", "amount_or_minutes"
        )
    else:
        readings.refuse_missing("minutes", minutes)
    driver = readings.text("kind") if "kind" in found else "'other'"
    by_minutes = f"({amount}) IS NULL"
    known = f"({by_minutes} OR coalesce(lower({driver}), 'other') IN ({_quoted(DRIVERS)}))"
    if "kind" in found:
        readings.refuse("kind", f"NOT {known}", "unknown_kind", ", ".join(DRIVERS))
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE worth_expenses AS
        SELECT rowid AS line, {_id_reading(found["customer_id"], text_ids)} AS customer_id,
            ({day})::INTEGER AS day,
            CASE WHEN {by_minutes} THEN 'minutes' ELSE coalesce(lower({driver}), 'other') END AS driver,
            coalesce({amount}, round({minutes} * ?))::BIGINT AS amount, coalesce({minutes}, 0.0) AS minutes
        FROM worth_costs_raw""",
        [minute_cost_e4],
    )
    if not minute_cost_e4:
        _note_unpriced_minutes(connection, notices)


def _no_expenses(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_expenses
        (line BIGINT, customer_id {key}, day INTEGER, driver VARCHAR, amount BIGINT, minutes DOUBLE)""")


def _note_unpriced_minutes(connection: duckdb.DuckDBPyConnection, notices: Notices) -> None:
    unpriced = connection.execute("SELECT count(*) FROM worth_expenses WHERE driver = 'minutes'").fetchone()
    if unpriced and unpriced[0]:
        notices.append(("minutes_without_rate", {"rows": unpriced[0]}))


def type_customers(
    connection: duckdb.DuckDBPyConnection,
    found: Mapping[str, str] | None,
    text_ids: bool,
    notices: Notices,
) -> None:
    if found is None:
        kind = "VARCHAR" if text_ids else "BIGINT"
        connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_known
            (customer_id {kind}, name VARCHAR, prospect VARCHAR, first_seen INTEGER)""")
        return
    readings = _Readings(connection, "customers", found)
    key = _id_reading(found["customer_id"], text_ids)
    readings.refuse_missing("customer_id", key)
    repeated = connection.execute(
        f"SELECT max(rowid), count(*) FROM worth_customers_raw GROUP BY {key} "
        "HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if repeated:
        raise TableRefused("customer_repeated", table="customers", row=repeated[0] + 1,
                           column=found["customer_id"], hint="one_row_per_customer",
                           rows_affected=repeated[1])  # fmt: skip
    prospect = "'potential'"
    if "prospect" in found:
        cell = f"lower(replace({readings.text('prospect')}, '-', '_'))"
        prospect = f"CASE WHEN {cell} IN ({_quoted(PROSPECTS)}) THEN {cell} ELSE 'potential' END"
    first_seen = readings.day("first_seen", notices, needed=False) if "first_seen" in found else "NULL"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE worth_known AS
        SELECT {key} AS customer_id, {readings.text("name")} AS name, {prospect} AS prospect,
            ({first_seen})::INTEGER AS first_seen
        FROM worth_customers_raw""")
