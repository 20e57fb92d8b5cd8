"""How cells become values: SQL that reads money, numbers and days from columns of any type."""

from __future__ import annotations

import duckdb

DAY_FORMS = (
    ("%Y-%m-%d",), ("%Y/%m/%d",), ("%Y%m%d",), ("%d.%m.%Y",), ("%Y.%m.%d",), ("%Y年%m月%d日",),
    ("%m/%d/%Y", "%m/%d/%y"), ("%d/%m/%Y", "%d/%m/%y"), ("%d-%m-%Y",), ("%d-%b-%Y",),
    ("%d %b %Y",), ("%b %d, %Y",),
)  # fmt: skip
MONTH_FIRST, DAY_FIRST = 6, 7
EPOCH = "DATE '1970-01-01'"
INSTANT = "[T ]\\d{1,2}:\\d{2}.*(Z|[+-]\\d{2}(:?\\d{2})?)$"


def identifier(name: str) -> str:
    """A heading as SQL names it, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def money_reading(heading: str, kind: str) -> str:
    """SQL for a money column in ten-thousandths: exact from decimals and text, rounded from floating point.

    A heading that ends in `_e4` holds ten-thousandths already. Text may carry currency signs, thousands
    separators, a decimal comma, or brackets for negatives.
    """
    cell = identifier(heading)
    if heading.lower().endswith("_e4"):
        return f"try_cast({cell} AS BIGINT)"
    if kind in ("DOUBLE", "FLOAT"):
        return f"try_cast(round({cell} * 10000) AS BIGINT)"
    number = (
        f"try_cast({cell} AS DECIMAL(22,4))"
        if kind != "VARCHAR"
        else _number_from_text(cell, "DECIMAL(22,4)")
    )
    return f"try_cast({number} * 10000 AS BIGINT)"


def number_reading(heading: str, kind: str) -> str:
    """SQL for a plain number such as a quantity or minutes."""
    cell = identifier(heading)
    if kind == "VARCHAR":
        return _number_from_text(cell, "DOUBLE")
    return f"CASE WHEN isfinite({cell}::DOUBLE) THEN {cell}::DOUBLE END"


def _number_from_text(cell: str, kind: str) -> str:
    signs = "[\\s\\x{00a0}$¥￥€£]|^(CNY|RMB|USD|EUR)|(CNY|RMB|USD|EUR|元)$"
    bare = f"regexp_replace(trim({cell}), '{signs}', '', 'g')"
    signed = f"regexp_replace(replace({bare}, '−', '-'), '^\\((.*)\\)$', '-\\1')"
    comma = (
        f"regexp_full_match({signed}, '-?[0-9]{{1,3}}(\\.[0-9]{{3}})*,[0-9]{{1,2}}|-?[0-9]+,[0-9]{{1,2}}')"
    )
    thousands = f"regexp_full_match({signed}, '[-+]?[0-9]{{1,3}}(,[0-9]{{3}})+(\\.[0-9]*)?')"
    return (
        f"try_cast(CASE WHEN {comma} THEN replace(replace({signed}, '.', ''), ',', '.') "
        f"WHEN {thousands} THEN replace({signed}, ',', '') ELSE {signed} END AS {kind})"
    )


def day_reading(
    connection: duckdb.DuckDBPyConnection, table: str, heading: str, kind: str, zone: str = ""
) -> tuple[str, bool]:
    """SQL for a day column as days since 1970-01-01, and whether month and day could have been the other way
    round.

    Whole numbers are days since 1970, or YYYYMMDD from 19000101 on. Text is read in the one form that fits
    all cells. Instants (with an offset from UTC) fall on the day they are in `zone`; without a zone, texts are
    taken as they are written and typed instants in UTC.
    """
    cell = identifier(heading)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"(({cell} AT TIME ZONE '{zone or 'UTC'}')::DATE - {EPOCH})", False
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"({cell}::DATE - {EPOCH})", False
    if kind != "VARCHAR":
        whole = f"try_cast({cell} AS BIGINT)"
        written = f"(try_strptime(({whole})::VARCHAR, '%Y%m%d')::DATE - {EPOCH})"
        return (
            f"CASE WHEN {whole} >= 19000101 THEN {written} "
            f"WHEN {whole} BETWEEN -200000 AND 200000 THEN {whole} END",
            False,
        )
    # Days repeat: each different text is tried once, for as many cells as hold it.
    fitting = ", ".join(
        f"coalesce(sum(cells) FILTER (WHERE {_text_day('text', forms)} IS NOT NULL), 0)"
        for forms in DAY_FORMS
    )
    counted = connection.execute(
        f"SELECT coalesce(sum(cells) FILTER (WHERE trim(text) <> ''), 0), {fitting} "
        f"FROM (SELECT {cell} AS text, count(*) AS cells FROM {table} GROUP BY ALL)"
    ).fetchone()
    filled, *fits = counted if counted else (0, *[0] * len(DAY_FORMS))
    best = max(range(len(fits)), key=lambda index: fits[index])
    ambiguous = best == MONTH_FIRST and filled > 0 and fits[DAY_FIRST] == filled
    return f"({_in_zone(cell, _text_day(cell, DAY_FORMS[best]), zone)} - {EPOCH})", ambiguous


def _in_zone(cell: str, local: str, zone: str) -> str:
    """The company's day of a text that names an instant; any other text as it reads."""
    if not zone:
        return local
    instant = f"regexp_replace(trim({cell}), '([+-]\\d{{2}})(\\d{{2}})$', '\\1:\\2')"
    return (
        f"CASE WHEN regexp_matches(trim({cell}), '{INSTANT}') "
        f"THEN (try_cast({instant} AS TIMESTAMPTZ) AT TIME ZONE '{zone}')::DATE ELSE {local} END"
    )


def _text_day(cell: str, forms: tuple[str, ...]) -> str:
    """The date part of a text cell: a clock time after a blank or T is cut off."""
    day = f"regexp_replace(trim({cell}), '[T ]\\d{{1,2}}:.*$', '')"
    listed = ", ".join(f"'{form}'" for form in forms)
    return f"try_strptime({day}, [{listed}])::DATE"
