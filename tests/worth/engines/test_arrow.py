"""Columns come out of DuckDB's Arrow stream as they are; what cannot is refused, not guessed."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from clientier.worth.engines.arrow import chunks
from clientier.worth.engines.embedded import EmbeddedEngine


def collected(statement: str) -> dict[str, np.ndarray]:
    connection = duckdb.connect()
    parts = [
        {name: values.copy() for name, values in chunk.items()} for chunk in chunks(connection.sql(statement))
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def test_whole_numbers_and_doubles_arrive_in_order_and_in_their_types():
    found = collected(
        "SELECT range AS a, (range % 100)::INTEGER AS b, range / 4 AS c, -range AS d FROM range(300_000)"
    )
    assert {name: values.dtype.name for name, values in found.items()} == {
        "a": "int64", "b": "int32", "c": "float64", "d": "int64",
    }  # fmt: skip
    number = np.arange(300_000)
    assert np.array_equal(found["a"], number) and np.array_equal(found["b"], number % 100)
    assert np.array_equal(found["c"], number / 4) and np.array_equal(found["d"], -number)


def test_no_rows_are_no_chunks():
    assert list(chunks(duckdb.connect().sql("SELECT 1::BIGINT AS a WHERE false"))) == []


def test_a_missing_value_is_refused():
    with pytest.raises(ValueError, match="missing"):
        collected("SELECT CASE WHEN range <> 7 THEN range END AS a FROM range(10)")


def test_an_error_on_the_way_is_the_caller_s():
    with pytest.raises(Exception, match=r"(?i)conver|cast|overflow"):
        collected("SELECT (range * 1_000_000)::INTEGER AS a FROM range(10_000)")


def test_fetched_columns_with_missing_values_are_refused():
    with pytest.raises(ValueError, match="missing"):
        EmbeddedEngine().fetch("SELECT NULL::BIGINT AS a")
