"""Scores written to a file, one row a customer, money as decimals, days as dates; and read back by the next
run.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from clientier.worth.appraisal import Previous, Result
from clientier.worth.refusals import WorthError

FORMATS = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER true"}


def write_scores(result: Result, path: Path) -> None:
    """Write the customers of a result as Parquet or CSV, by the ending of the path; money exact to four
    decimals.
    """
    form = format_of(path)
    scores, select = {}, []
    for name, column in result.customers.items():
        scores[name] = _writable(column)
        if name.endswith("_e4"):
            select.append(money_written(name))
        elif column.dtype.kind == "M":
            select.append(f'"{name}"::DATE AS "{name}"')
        elif column.dtype.kind == "f":
            select.append(f'CASE WHEN NOT isnan("{name}") THEN "{name}" END AS "{name}"')
        else:
            select.append(f'"{name}"')
    place = str(path).replace("'", "''")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY (SELECT {', '.join(select)} FROM scores) TO '{place}' ({form})")


def format_of(path: Path) -> str:
    """How DuckDB writes a file of that ending; raises WorthError where it is not one of ours."""
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise WorthError("output_format", value=str(path), hint=", ".join(FORMATS))
    return form


def money_written(name: str) -> str:
    """A column of ten-thousandths as the file has it: a decimal under the name without `_e4`."""
    return f'("{name}" * 0.0001::DECIMAL(5,4))::DECIMAL(18,4) AS "{name.removesuffix("_e4")}"'


PLAIN_NUMBER = "^(0|-?[1-9][0-9]{0,17})$"


def read_previous(path: Path) -> Previous:
    """The state that an earlier run left in its scores (.parquet or .csv), to settle tiers and show moves."""
    place = str(path).replace("'", "''")
    if path.suffix.lower() not in FORMATS:
        raise WorthError("output_format", value=str(path), hint=", ".join(FORMATS))
    source = f"read_csv('{place}', all_varchar = true)" if path.suffix.lower() == ".csv" else f"'{place}'"
    with duckdb.connect(":memory:") as connection:
        try:
            rows = connection.execute(f"""
                SELECT customer_id::VARCHAR AS id, tier::TINYINT AS tier,
                    tier_candidate::TINYINT AS tier_candidate,
                    tier_confirmations::TINYINT AS tier_confirmations, lifecycle,
                    lost_signals::TINYINT AS lost_signals, tier_since::DATE AS tier_since
                FROM {source}""")
            found = rows.fetchnumpy()
            numbers = connection.execute(
                f"SELECT bool_and(regexp_full_match(customer_id::VARCHAR, '{PLAIN_NUMBER}')) FROM {source}"
            ).fetchone()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0][:200]
            raise WorthError("not_scores", value=str(path), hint=reason) from error
    found = {name: np.ma.getdata(column) for name, column in found.items()}
    ids = found["id"].astype(np.int64) if numbers and numbers[0] else found["id"].astype(object)
    lifecycle = found["lifecycle"].astype("U12")
    since = found["tier_since"].astype("datetime64[D]")
    return Previous(
        ids, found["tier"], found["tier_candidate"], found["tier_confirmations"], lifecycle,
        found["lost_signals"], since,
    )  # fmt: skip


def _writable(column: np.ndarray) -> np.ndarray:
    if column.dtype.kind == "U":
        return column.astype(object)
    return column.astype("datetime64[s]") if column.dtype.kind == "M" else column
