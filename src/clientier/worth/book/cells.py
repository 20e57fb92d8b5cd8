"""Columns of a given table, read as what they should be; the table refused where a cell cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from clientier.worth.book.readings import day_reading, identifier, money_reading, number_reading
from clientier.worth.refusals import TableRefused

Notices = list[tuple[str, Mapping[str, object]]]
NO_NUMBER = "NULL::DOUBLE"


def type_of_ids(text_ids: bool) -> str:
    """The SQL type of customer ids: whole numbers where every table has them so, else text."""
    return "VARCHAR" if text_ids else "BIGINT"


def quoted(names: tuple[str, ...]) -> str:
    """Names as a list of SQL texts."""
    return ", ".join(f"'{name}'" for name in names)


class Cells:
    """How each column of one table is read. `zone` names the company's time zone, or is empty."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        found: Mapping[str, str],
        notices: Notices,
        *,
        text_ids: bool,
        zone: str,
    ) -> None:
        self.connection, self.table, self.found, self.notices = connection, table, found, notices
        self.text_ids, self.zone = text_ids, zone
        self.types = {
            row[0]: str(row[1]) for row in connection.execute(f"DESCRIBE worth_{table}_raw").fetchall()
        }

    def customer_id(self) -> str:
        """The customer, blank cells as null."""
        if self.text_ids:
            return self.text("customer_id")
        return f"try_cast({identifier(self.found['customer_id'])} AS BIGINT)"

    def text(self, column: str) -> str:
        """A trimmed text column, null where the table has none."""
        if column not in self.found:
            return "NULL::VARCHAR"
        return f"nullif(trim({identifier(self.found[column])}::VARCHAR), '')"

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

    def number(self, column: str, needed: bool = False) -> str:
        """A plain number such as a quantity or minutes; null where the table has none."""
        if column not in self.found:
            return NO_NUMBER
        heading = self.found[column]
        reading = number_reading(heading, self.types[heading])
        self.refuse_unreadable(column, reading, "not_a_number", "amount_example")
        if needed:
            self.refuse_missing(column, reading)
        return reading

    def rate(self, column: str = "rate") -> str:
        """An exchange rate with nine decimals, above zero; null where the table has none."""
        if column not in self.found:
            return "NULL::DECIMAL(18,9)"
        reading = f"try_cast(({self.number(column)}) AS DECIMAL(18,9))"
        self.refuse(column, f"({reading}) <= 0", "not_above_zero", "rate_example")
        return reading

    def currency(self) -> str:
        """The code of a currency in capital letters; null where the table has none."""
        return f"upper({self.text('currency')})"

    def day(self, column: str, needed: bool = True) -> str:
        """A day column as days since 1970; text is read in the one form that fits the whole column."""
        if column not in self.found:
            return "NULL::INTEGER"
        heading = self.found[column]
        raw = f"worth_{self.table}_raw"
        reading, ambiguous = day_reading(self.connection, raw, heading, self.types[heading], self.zone)
        if ambiguous:
            self.notices.append(("month_before_day_assumed", {"table": self.table, "column": heading}))
        self.refuse_unreadable(column, reading, "not_a_day", "day_example")
        if needed:
            self.refuse_missing(column, reading)
        return reading

    def refuse_unreadable(self, column: str, reading: str, reason: str, hint: str) -> None:
        """Refuse the table when a filled cell of the column has no value under `reading`."""
        self.refuse(column, f"{self.text(column)} IS NOT NULL AND ({reading}) IS NULL", reason, hint)

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
            f"SELECT {identifier(heading)}::VARCHAR FROM worth_{self.table}_raw WHERE rowid = ?", [row]
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

    def word(self, column: str, words: Mapping[str, tuple[str, ...]], hint: str) -> str:
        """A column of known words as their codes; other words and empty cells are refused."""
        cell = f"lower({self.text(column)})"
        cases = " ".join(f"WHEN {cell} IN ({quoted(names)}) THEN '{code}'" for code, names in words.items())
        reading = f"CASE {cases} END"
        self.refuse_unreadable(column, reading, "unknown_kind", hint)
        self.refuse_missing(column, reading)
        return reading
