"""Files as they come: headings, encodings, dates, amounts; and refusals by row, column, reason and hint."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pytest

from clientier import worth
from tests.worth.books import AS_OF, appraise, orders, row


def written(folder, text, name="orders.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def score(path, **mapping):
    return worth.appraise(worth.Tables(orders=path, mapping={"orders": mapping}), as_of=AS_OF)


def refusal(path, **mapping):
    with pytest.raises(worth.TableRefused) as refused:
        score(path, **mapping)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_headings_are_understood_in_every_encoding(tmp_path, encoding):
    path = written(
        tmp_path, '客户名称,下单日期,金额,成本\n苏州恒联精密,2026年3月5日,"1,234.50",800\n', encoding=encoding
    )
    only = row(score(path), "苏州恒联精密")
    assert (only["revenue_e4"], only["cost_e4"]) == (12_345_000, 8_000_000)
    assert only["last_day"] == np.datetime64("2026-03-05")


def test_western_accents_are_not_taken_for_chinese(tmp_path):
    path = written(tmp_path, "customer;date;amount\nMüller GmbH;31.03.2026;1.234,5\n", encoding="cp1252")
    assert row(score(path), "Müller GmbH")["revenue_e4"] == 12_345_000


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12", 120_000), ("$1,234.5", 12_345_000), ("(7.25)", -72_500), ("¥ 9.00", 90_000),
     ("1.234,56", 12_345_600),
     ("-0,5", -5_000), ("1,000", 10_000_000), ("3.00005", 30_001), ("88元", 880_000)],
)  # fmt: skip
def test_amounts_are_read_exactly(tmp_path, text, amount):
    path = written(tmp_path, f'customer,date,amount\nA,2026-01-05,"{text}"\n')
    assert row(score(path), "A")["lifetime_revenue_e4"] == amount


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "2026/3/5",
        "20260305",
        "05.03.2026",
        "2026年3月5日",
        "2026-03-05 23:59:00",
        "2026-03-05T00:00:00Z",
    ],
)
def test_dates_are_read_in_many_forms(tmp_path, text):
    path = written(tmp_path, f"customer,date,amount\nA,{text},1\n")
    assert row(score(path), "A")["last_day"] == np.datetime64("2026-03-05")


def test_day_and_month_are_told_apart_by_the_whole_column(tmp_path):
    path = written(tmp_path, "customer,date,amount\nA,05/03/2026,1\nA,25/03/2026,1\n")
    assert row(score(path), "A")["first_day"] == np.datetime64("2026-03-05")


def test_an_undecidable_column_of_dates_is_said(tmp_path):
    result = score(written(tmp_path, "customer,date,amount\nA,05/03/2026,1\n"))
    assert row(result, "A")["first_day"] == np.datetime64("2026-05-03")
    assert result.notices[0]["code"] == "month_before_day_assumed"


def test_amount_is_computed_from_quantity_and_price(tmp_path):
    path = written(
        tmp_path,
        "CustomerID,InvoiceDate,Quantity,UnitPrice\n"
        "17850,2026-01-05 08:26:00,6,2.55\n17850,2026-02-05,-1,2.55\n",
    )
    only = row(score(path), "17850")
    assert (only["lifetime_revenue_e4"], only["n_returns"]) == (127_500, 1)


def test_columns_by_blanks_are_read(tmp_path):
    path = written(
        tmp_path, " customer_id  date number  dollar_value\n 00001 20260101  1   11.77\n", "cdnow.txt"
    )
    assert row(score(path), "00001")["lifetime_revenue_e4"] == 117_700


def test_globs_read_all_files_and_empty_globs_are_refused(tmp_path):
    for month in ("01", "02"):
        written(tmp_path, f"customer,date,amount\nA,2026-{month}-05,1.5\n", f"orders-{month}.csv")
    assert row(score(str(tmp_path / "orders-*.csv")), "A")["lifetime_n_purchase_days"] == 2
    assert refusal(str(tmp_path / "none-*.csv")).reason == "file_not_found"


def test_headings_can_be_chosen_by_hand(tmp_path):
    path = written(tmp_path, "who,when,worth it,amount\nA,2026-01-05,7,1\n")
    only = row(score(path, customer="who", date="when", revenue="worth it"), "A")
    assert only["lifetime_revenue_e4"] == 70_000


def test_decimals_and_dates_in_memory_are_exact():
    book = {"customer_id": [1], "day": [datetime.date(2026, 1, 5)], "amount": [Decimal("0.0003")]}
    assert row(appraise(book), 1)["lifetime_revenue_e4"] == 3


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    error = refusal(written(tmp_path, "customer,amount\nA,1\n"))
    assert (error.reason, error.table, error.column) == ("column_missing", "orders", "day")
    assert error.hint == "customer, amount"


@pytest.mark.parametrize(
    ("rows", "reason", "place", "column", "value"),
    [
        ("A,2026-01-05,1\nA,2026-01-06,ten\n", "not_an_amount", 2, "amount", "ten"),
        ("A,2026-01-05,1\nA,2026-02-30,1\n", "not_a_day", 2, "date", "2026-02-30"),
        ("A,2026-01-05,1\nA,,1\n", "value_missing", 2, "date", None),
        ("A,2026-01-05,\n", "value_missing", 1, "amount", None),
        ("A,2026-01-05,99999999999999999999\n", "not_an_amount", 1, "amount", "99999999999999999999"),
    ],
)
def test_wrong_cells_are_refused_with_their_place(tmp_path, rows, reason, place, column, value):
    error = refusal(written(tmp_path, f"customer,date,amount\n{rows}"))
    assert (error.reason, error.row, error.column, error.value) == (reason, place, column, value)
    assert error.hint


def test_unknown_kinds_positive_returns_and_repeated_lines_are_refused(tmp_path):
    head = "customer,date,amount,kind,order id,line no\n"
    assert refusal(written(tmp_path, f"{head}A,2026-01-05,1,gift,1,1\n")).reason == "unknown_kind"
    assert refusal(written(tmp_path, f"{head}A,2026-01-05,1,return,1,1\n")).reason == "return_not_negative"
    twice = refusal(written(tmp_path, f"{head}A,2026-01-05,1,sale,1,1\nA,2026-01-05,1,sale,1,1\n"))
    assert (twice.reason, twice.row, twice.rows_affected) == ("line_repeated", 2, 2)


def test_unknown_cost_kinds_and_repeated_customers_are_refused():
    costs = {"customer_id": [1, 1], "day": [20500, 20500], "kind": ["fee", "party"], "amount": [1, 1]}
    with pytest.raises(worth.TableRefused) as refused:
        appraise(orders((1, 1, 1)), costs=costs)
    assert (refused.value.reason, refused.value.table, refused.value.row) == ("unknown_kind", "costs", 2)
    with pytest.raises(worth.TableRefused) as refused:
        appraise(orders((1, 1, 1)), customers={"customer_id": [1, 2, 1]})
    assert (refused.value.reason, refused.value.row) == ("customer_repeated", 3)


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(worth.TableRefused) as refused:
        appraise({"customer_id": [1, 2], "day": [1], "amount": [1, 2]})
    assert (refused.value.reason, refused.value.column) == ("columns_of_unequal_length", "day")
