from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from clientier.core.actor import Reach
from clientier.kit import export
from tests import factories as make


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]
)
def test_text_that_a_spreadsheet_would_compute_is_kept_text(value: str) -> None:
    assert export.plain(value) == f"'{value}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("2.5000"), "2.5"), (Decimal("-2.50"), "-2.5"), (Decimal("1E+3"), "1000"), (Decimal("0.0000"), "0"),
        (True, "yes"), (False, "no"), (None, ""), (dt.date(2026, 3, 2), "2026-03-02"), ([1, -2], "1 -2"),
        ("a=b", "a=b"), (7, 7),
    ],
)  # fmt: skip
def test_values_are_written_plainly(value: Any, written: Any) -> None:
    assert export.plain(value) == written


@pytest.fixture
def browser(db: None) -> Client:
    return make.signed_in(make.administrator())


@pytest.mark.django_db
def test_a_csv_file_opens_in_excel_and_holds_what_the_list_shows(browser: Client) -> None:
    make.some_product(name='螺母, "M6"', cost=Decimal("2.5"), category=make.some_category(name="=cmd()"))
    make.some_product(name="Bolt", cost=None, active=False)
    make.some_product(name="Sold out", cost=1)
    response = browser.get(
        "/products/export/?as=csv&cols=name,cost,category,active&order=-cost&f=name:contains:t"
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="products.csv"' in response["Content-Disposition"]
    raw = body(response)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows == [
        ["Name", "Cost", "Category", "Sold at present"],
        ["Sold out", "1", "", "yes"],
        ["Bolt", "", "", "no"],
    ]
    everything = lines(browser.get("/products/export/?cols=name,category"))
    assert ['螺母, "M6"', "'=cmd()"] in everything


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["cost", "-cost", "name", "-name"])
def test_an_export_is_in_the_order_of_the_list(browser: Client, order: str) -> None:
    for name, cost in (("b", None), ("a", 2), ("c", None), ("d", 1), ("e", 2)):
        make.some_product(name=name, cost=cost)
    shown = [row["label"] for row in browser.get(f"/products/?order={order}").context["listing"]["rows"]]
    exported = lines(browser.get(f"/products/export/?cols=name&order={order}"))[1:]
    assert [row[0] for row in exported] == shown


@pytest.mark.django_db
def test_a_workbook_keeps_numbers_days_and_moments(browser: Client) -> None:
    at = dt.datetime(2026, 3, 2, 20, 30, tzinfo=dt.UTC)
    make.some_interaction(at=at, minutes=7, summary="=1+1", outcome="well")
    response = browser.get("/interactions/export/?as=xlsx&cols=at,minutes,summary")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body(response))).get_sheet_by_index(0).to_python()
    assert sheet == [
        ["When", "Minutes spent", "What was said"],
        [dt.datetime(2026, 3, 3, 4, 30), 7.0, "'=1+1"],
    ]


@pytest.mark.django_db
def test_an_export_holds_only_what_may_be_exported() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL, ["view"])
    make.grant(rep.role, "parties.customer", Reach.OWN, ["export"])
    make.field_rule(rep.role, "parties.customer", "phone", "hidden")
    make.some_customer(name="Mine", owner=rep, phone="138")
    make.some_customer(name="Theirs", phone="139")
    rows = lines(make.signed_in(rep).get("/customers/export/?cols=name,phone"))
    assert rows == [["Name"], ["Mine"]]


@pytest.mark.django_db
def test_without_the_right_there_is_no_export() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL, ["view"])
    assert make.signed_in(rep).get("/customers/export/").status_code == 403
