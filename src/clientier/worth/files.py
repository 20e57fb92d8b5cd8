"""Scores written to a file: one row a customer, money as decimals, days as dates."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from clientier.worth.appraisal import Result
from clientier.worth.refusals import WorthError

FORMATS = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER true"}


def write_scores(result: Result, path: Path) -> None:
    """Write the customers of a result as Parquet or CSV, by the ending of the path; money exact to four
    decimals.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise WorthError("output_format", value=str(path), hint=", ".join(FORMATS))
    scores, select = {}, []
    for name, column in result.customers.items():
        scores[name] = _writable(column)
        if name.endswith("_e4"):
            select.append(f'("{name}" * 0.0001::DECIMAL(5,4))::DECIMAL(18,4) AS "{name.removesuffix("_e4")}"')
        elif column.dtype.kind == "M":
            select.append(f'"{name}"::DATE AS "{name}"')
        elif column.dtype.kind == "f":
            select.append(f'CASE WHEN NOT isnan("{name}") THEN "{name}" END AS "{name}"')
        else:
            select.append(f'"{name}"')
    place = str(path).replace("'", "''")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY (SELECT {', '.join(select)} FROM scores) TO '{place}' ({form})")


def _writable(column: np.ndarray) -> np.ndarray:
    if column.dtype.kind == "U":
        return column.astype(object)
    return column.astype("datetime64[s]") if column.dtype.kind == "M" else column
