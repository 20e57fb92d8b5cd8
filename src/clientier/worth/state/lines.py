"""Order lines in Parquet files, under whatever headings, as the lines that a state takes: by portable statements.

What the book of an ordinary run reads from typed columns is read here to the same whole numbers. What it can
and a state cannot (texts as amounts or days, instants, foreign currencies, cancellations) is refused in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clientier.worth.book import headings
from clientier.worth.book.orders import KINDS
from clientier.worth.book.readings import identifier
from clientier.worth.engines.engine import Engine
from clientier.worth.refusals import TableRefused

SMALL_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
FLOATING = ("FLOAT", "DOUBLE")
ID_TYPES = (*SMALL_WHOLE, *FLOATING)
DAY_TYPES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", *SMALL_WHOLE)
FIRST_WRITTEN_DAY, LAST_WRITTEN_DAY = 19_000_101, 99_991_231
FURTHEST_DAY = 200_000
MISSING = "CAST(NULL AS BIGINT)"


@dataclass(frozen=True)
class Given:
    """What the files hold: lines, those of them without a customer, and the last day of all."""

    lines: int
    without_customer: int
    latest_day: int | None


class LineReadings:
    """How each column that a state needs is read from the files' own, of the types given."""

    def __init__(self, types: Mapping[str, str], chosen: Mapping[str, str]) -> None:
        self.types = types
        self.found = headings.match("orders", list(types), chosen)

    def kind_of(self, column: str) -> str:
        """The type of a column, without its precision."""
        return self.types[self.found[column]].partition("(")[0]

    def cell(self, column: str) -> str:
        """A column as SQL names it."""
        return identifier(self.found[column])

    def text(self, column: str) -> str:
        """A column as trimmed text, null where it is blank."""
        return f"NULLIF(TRIM(CAST({self.cell(column)} AS VARCHAR)), '')"

    @property
    def named(self) -> bool:
        """Whether customers are named by text, as the book takes anything but small whole numbers."""
        return self.kind_of("customer_id") not in ID_TYPES

    def customer(self, *, named: bool) -> str:
        """The customer as text, or as the whole number that is the key."""
        if named:
            return self.text("customer_id")
        cell = self.cell("customer_id")
        return f"CAST({cell if self.kind_of('customer_id') in SMALL_WHOLE else f'ROUND({cell})'} AS BIGINT)"

    def money(self, column: str) -> str:
        """A money column in ten-thousandths, rounded as the book does; null where there is none."""
        if column not in self.found:
            return MISSING
        cell, kind = self.cell(column), self.kind_of(column)
        self._refuse_type(column, (*SMALL_WHOLE, *FLOATING, "DECIMAL", "HUGEINT", "UBIGINT"))
        if kind in FLOATING:
            scaled = "" if self.found[column].lower().endswith("_e4") else " * 10000"
            return f"TRY_CAST(ROUND({cell}{scaled}) AS BIGINT)"
        if self.found[column].lower().endswith("_e4"):
            return f"TRY_CAST({cell} AS BIGINT)"
        return f"TRY_CAST(TRY_CAST({cell} AS DECIMAL(22, 4)) * 10000 AS BIGINT)"

    def amount(self) -> str:
        """The amount of a line, or quantity times unit price."""
        if "amount" in self.found:
            return self.money("amount")
        self._refuse_type("quantity", (*SMALL_WHOLE, *FLOATING, "DECIMAL"))
        quantity, price = f"CAST({self.cell('quantity')} AS DOUBLE)", self.money("unit_price")
        return f"TRY_CAST(ROUND({quantity} * CAST({price} AS DOUBLE)) AS BIGINT)"

    def day(self) -> str:
        """The day since 1970-01-01; whole numbers are that, or YYYYMMDD."""
        self._refuse_type("day", DAY_TYPES)
        cell = self.cell("day")
        if self.kind_of("day") not in SMALL_WHOLE:
            return _since_1970(f"CAST({cell} AS DATE)")
        digits = f"CAST({cell} AS VARCHAR)"
        parts = [f"SUBSTRING({digits}, {start}, {length})" for start, length in ((1, 4), (5, 2), (7, 2))]
        written = f"TRY_CAST(CONCAT({parts[0]}, '-', {parts[1]}, '-', {parts[2]}) AS DATE)"
        return f"""CASE WHEN {cell} BETWEEN {FIRST_WRITTEN_DAY} AND {LAST_WRITTEN_DAY} THEN {_since_1970(written)}
            WHEN {cell} BETWEEN -{FURTHEST_DAY} AND {FURTHEST_DAY} THEN CAST({cell} AS INTEGER) END"""

    def kind(self) -> str:
        """The kind of the line, null for an unknown word; without such a column negative amounts are returns."""
        if "kind" not in self.found:
            return f"CASE WHEN {self.amount()} < 0 THEN 'return' ELSE 'sale' END"
        word = f"LOWER({self.text('kind')})"
        cases = (
            f"WHEN {word} IN ({', '.join(_quoted(name) for name in names)}) THEN '{code}'"
            for code, names in KINDS.items()
        )
        return f"CASE {' '.join(cases)} END"

    def _refuse_type(self, column: str, allowed: Sequence[str]) -> None:
        if self.kind_of(column) not in allowed:
            raise TableRefused(
                "type_not_for_state",
                table="orders",
                column=self.found[column],
                value=self.types[self.found[column]],
                hint="typed_columns",
            )


def know_lines(
    engine: Engine,
    table: str,
    files: Sequence[Path],
    chosen: Mapping[str, str],
    *,
    named: bool | None,
    base_currency: str,
) -> Given:
    """Make the lines of Parquet files known to the engine under a name, as a state takes them; raises
    TableRefused where it cannot. `named` says how the state names customers; None where it does not know yet.
    """
    raw = f"{table}_raw"
    engine.read_parquet(raw, files)
    readings = LineReadings(engine.types(raw), chosen)
    by_name = readings.named if named is None else named or readings.named
    columns = {
        "customer_id" if by_name else "customer_key": readings.customer(named=by_name),
        "day": f"CAST({readings.day()} AS INTEGER)",
        "kind": readings.kind(),
        "amount_e4": readings.amount(),
        "cost_e4": readings.money("cost"),
        "freight_e4": readings.money("freight"),
    }
    given = _check(engine, raw, readings, columns, base_currency.strip().upper())
    selected = ", ".join(f"{reading} AS {name}" for name, reading in columns.items())
    customer = next(iter(columns))
    engine.define(
        table, f"SELECT * FROM (SELECT {selected} FROM {raw}) AS lines WHERE {customer} IS NOT NULL"
    )
    return given


def _check(
    engine: Engine, raw: str, readings: LineReadings, columns: Mapping[str, str], base_currency: str
) -> Given:
    """Count the lines in one pass, and refuse the first thing that no state can take."""
    rules = _rules(readings, columns, base_currency)
    customer = next(iter(columns.values()))
    counted = [
        "COUNT(*) AS n_lines",
        f"COUNT({customer}) AS n_with_customer",
        f"COALESCE(MAX({columns['day']}), 0) AS latest_day",
    ]
    for place, (_, condition, cell, _) in enumerate(rules):
        counted.append(f"COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS n_{place}")
        counted.append(
            f"COALESCE(MIN(CASE WHEN {condition} THEN CAST({cell} AS VARCHAR) END), '') AS example_{place}"
        )
    found: dict[str, Any] = engine.fetch(f"SELECT {', '.join(counted)} FROM {raw}")
    for place, (reason, _, cell, hint) in enumerate(rules):
        if rows := int(found[f"n_{place}"][0]):
            example = str(found[f"example_{place}"][0])
            raise TableRefused(reason, table="orders", column=cell.strip('"'), value=example, hint=hint,
                               rows_affected=rows)  # fmt: skip
    _refuse_repeated(engine, raw, readings)
    lines, known = int(found["n_lines"][0]), int(found["n_with_customer"][0])
    return Given(lines, lines - known, int(found["latest_day"][0]) if lines else None)


def _rules(
    readings: LineReadings, columns: Mapping[str, str], base_currency: str
) -> list[tuple[str, str, str, str]]:
    """What refuses the lines: reason, condition, the cell that shows it, hint."""
    rules: list[tuple[str, str, str, str]] = []
    for column, name in (
        ("day", "day"),
        ("amount", "amount_e4"),
        ("cost", "cost_e4"),
        ("freight", "freight_e4"),
    ):
        cells = [readings.cell(one) for one in _parts(column, readings) if one in readings.found]
        for cell in cells if column in ("day", "amount") else ():
            rules.append(("column_has_gaps", f"{cell} IS NULL", cell, "fill_or_remove_row"))
        reason = "not_a_day" if column == "day" else "not_an_amount"
        hint = "day_example" if column == "day" else "amount_example"
        rules += [
            (reason, f"{cell} IS NOT NULL AND {columns[name]} IS NULL", cell, hint) for cell in cells[:1]
        ]
    if "kind" in readings.found:
        cell = readings.cell("kind")
        rules.append(("unknown_kind", f"{columns['kind']} IS NULL", cell, ", ".join(KINDS)))
        rules.append(
            ("cancellation_in_state", f"{columns['kind']} = 'cancellation'", cell, "leave_out_cancelled")
        )
        wrong = f"{columns['kind']} = 'return' AND {columns['amount_e4']} > 0"
        rules.append(("return_not_negative", wrong, cell, "returns_are_negative"))
    if "currency" in readings.found:
        foreign = f"UPPER({readings.text('currency')}) <> {_quoted(base_currency)}"
        rules.append(("currency_in_state", foreign, readings.cell("currency"), "base_currency_only"))
    return rules


def _parts(column: str, readings: LineReadings) -> tuple[str, ...]:
    if column == "amount" and "amount" not in readings.found:
        return ("quantity", "unit_price")
    return (column,)


def _refuse_repeated(engine: Engine, raw: str, readings: LineReadings) -> None:
    """A line id (or order and line number) may occur once among the lines given together."""
    if "line_id" in readings.found:
        key, column = [readings.text("line_id")], "line_id"
    elif {"order_id", "line_no"} <= readings.found.keys():
        key, column = [readings.text("order_id"), readings.text("line_no")], "line_no"
    else:
        return
    found = engine.fetch(f"""SELECT COUNT(*) AS repeated, COALESCE(MAX(n), 0) AS n FROM (
        SELECT COUNT(*) AS n FROM {raw} WHERE {key[-1]} IS NOT NULL GROUP BY {", ".join(key)}
        HAVING COUNT(*) > 1) AS twice""")
    if int(found["repeated"][0]):
        raise TableRefused("lines_repeated", table="orders", column=readings.found[column],
                           value=int(found["repeated"][0]), hint="remove_repeated_lines")  # fmt: skip


def _since_1970(date: str) -> str:
    return f"DATE_DIFF('day', CAST('1970-01-01' AS DATE), {date})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
