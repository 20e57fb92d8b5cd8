from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def read(response, tmp_path):
    path = tmp_path / "out.parquet"
    path.write_bytes(b"".join(response.streaming_content))
    with duckdb.connect() as connection:
        types = connection.execute(f"describe select * from '{path}'").fetchall()
        rows = connection.execute(f"select * from '{path}'").fetchall()
    return {row[0]: row[1] for row in types}, rows


def test_columns_are_typed_and_texts_stay_what_they_are(tmp_path):
    make.some_product(name='=1+1 "螺母",\n\\N', cost=Decimal("2.5"), active=False)
    make.some_product(name="Bolt", cost=None)
    browser = make.signed_in(make.administrator())
    response = browser.get("/products/export/?as=parquet&cols=name,cost,active,category&order=-name")
    types, rows = read(response, tmp_path)
    assert types == {
        "Name": "VARCHAR", "Cost": "DECIMAL(18,4)", "Sold at present": "BOOLEAN", "Category": "VARCHAR",
    }  # fmt: skip
    assert rows == [
        ("Bolt", None, True, rows[0][3]),
        ('=1+1 "螺母",\n\\N', Decimal("2.5000"), False, None),
    ]


def test_days_and_whole_numbers_are_such(tmp_path):
    make.some_customer(name="A", employees=7, first_seen=dt.date(2024, 2, 29))
    browser = make.signed_in(make.administrator())
    types, rows = read(browser.get("/customers/export/?as=parquet&cols=employees,first_seen,owner"), tmp_path)
    assert types == {"Employees": "BIGINT", "Known since": "DATE", "Account manager": "VARCHAR"}
    assert rows == [(7, dt.date(2024, 2, 29), None)]
