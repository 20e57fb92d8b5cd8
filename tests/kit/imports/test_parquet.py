from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb
import pytest

from clientier.kit.imports.reading import open_source


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "it's.parquet"
    quoted = str(file).replace("'", "''")
    duckdb.sql(
        f"""copy (select i::int as "no", (i * 0.0001)::decimal(19,4) as amount,
        date '2024-01-01' as "day",
        timestamptz '2024-01-01 00:30:00+08' as moment, 'x'::blob as picture, [1, 2] as list,
        null::double as empty
        from range(1, 12001) t(i)) to '{quoted}' (format parquet)"""
    )
    return file


def test_values_stay_exact_and_pictures_are_left_out(path):
    source = open_source(path)
    assert source.headings == ("no", "amount", "day", "moment", "list", "empty")
    assert source.row_count == source.row_estimate == 12_000
    chunk = next(source.chunks())
    first = chunk.cells(0, source.headings)
    assert first == [
        1,
        "0.0001",
        date(2024, 1, 1),
        datetime(2023, 12, 31, 16, 30, tzinfo=UTC),
        "[1, 2]",
        None,
    ]


def test_rows_keep_their_order_and_only_the_columns_asked_for_are_read(path):
    chunks = list(open_source(path).chunks(only={"no"}))
    assert [len(chunk) for chunk in chunks] == [5_000, 5_000, 2_000]
    assert [number for chunk in chunks for number in chunk.columns["no"]] == list(range(1, 12_001))
    assert chunks[1].row_numbers == range(5_001, 10_001)
    assert set(chunks[0].columns) == {"no"}
