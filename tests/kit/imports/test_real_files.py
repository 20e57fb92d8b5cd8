from __future__ import annotations

from decimal import Decimal

import pytest

from clientier.kit.imports.checking import Checker
from clientier.kit.imports.combining import open_mapped_source
from clientier.kit.imports.mapping import mapping_from_dict
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.survey import survey
from clientier.kit.imports.targets import Kind
from tests.kit.imports.declared import CUSTOMERS, ORDER_LINES, PRODUCTS

LINES = {
    "order": "SalesOrderNumber",
    "line_no": "SalesOrderLineNumber",
    "day": "OrderDate",
    "product": "ProductKey",
    "quantity": "OrderQuantity",
    "amount": "SalesAmount",
    "cost": "TotalProductCost",
    "freight": "Freight",
    "discount": "DiscountAmount",
}


def checked(path, target, fields, **options):
    mapping = mapping_from_dict({"target": target.slug, "fields": fields, **options})
    return Checker(target, mapping, open_mapped_source(path, mapping))


@pytest.mark.parametrize(
    ("name", "prefix", "key", "lines", "customers", "amount", "cost", "freight"),
    [
        ("FactResellerSales", "R-", "ResellerKey", 60_855, 635, "80450596.98", "79980114.38", "2011265.92"),
        ("FactInternetSales", "C-", "CustomerKey", 60_398, 18_484, "29358677.22", "17277793.58", "733969.61"),
    ],
)
def test_adventureworks_order_lines_agree_to_the_cent(
    shared_data, name, prefix, key, lines, customers, amount, cost, freight
):
    fields = LINES | {"customer": {"column": key, "prefix": prefix}}
    checker = checked(shared_data / "adventureworks-dw" / f"{name}.parquet", ORDER_LINES, fields)
    sums = dict.fromkeys(("amount", "cost", "freight"), Decimal(0))
    buyers = set()
    for chunk in checker.chunks():
        buyers.update(chunk.columns["customer"])
        for field in sums:
            sums[field] += sum(chunk.columns[field])
    assert (checker.summary.good, checker.summary.in_error, len(buyers)) == (lines, 0, customers)
    assert {field: str(round(total, 2)) for field, total in sums.items()} == {
        "amount": amount,
        "cost": cost,
        "freight": freight,
    }


def test_adventureworks_resellers_are_companies_with_their_places(shared_data):
    fields = {
        "external_id": {"column": "ResellerKey", "prefix": "R-"},
        "kind": {"constant": "company"},
        "name": "ResellerName",
        "city": "City",
        "country": "CountryRegionCode",
        "employees": "NumberEmployees",
    }
    join = {"file": "DimGeography.parquet", "on": "GeographyKey", "to": "GeographyKey"}
    path = shared_data / "adventureworks-dw" / "DimReseller.parquet"
    checker = checked(path, CUSTOMERS, fields, joins=[join])
    rows = list(checker.rows())
    assert (checker.summary.good, checker.summary.in_error) == (701, 0)
    assert rows[0].values["external_id"] == "R-1"
    assert all(row.values["city"] and len(row.values["country"]) == 2 for row in rows)


def test_adventureworks_consumers_are_persons(shared_data):
    fields = {
        "external_id": {"column": "CustomerKey", "prefix": "C-"},
        "kind": {"constant": "person"},
        "name": {"columns": ["FirstName", "LastName"]},
        "email": "EmailAddress",
        "first_seen": "DateFirstPurchase",
    }
    checker = checked(shared_data / "adventureworks-dw" / "DimCustomer.parquet", CUSTOMERS, fields)
    first = next(checker.rows())
    assert (first.values["external_id"], first.values["name"], first.values["kind"]) == (
        "C-11000",
        "Jon Yang",
        "person",
    )
    assert sum(len(chunk.good_positions()) for chunk in checker.chunks()) == 18_484


def test_adventureworks_products_are_read_with_every_version(shared_data):
    fields = {
        "external_id": "ProductKey",
        "name": "EnglishProductName",
        "cost": "StandardCost",
        "price": "ListPrice",
    }
    checker = checked(shared_data / "adventureworks-dw" / "DimProduct.parquet", PRODUCTS, fields)
    assert sum(len(chunk.good_positions()) for chunk in checker.chunks()) == 606


def test_northwind_lines_take_day_and_customer_from_their_orders(shared_data):
    fields = {
        "order": "OrderID",
        "day": "OrderDate",
        "customer": "CustomerID",
        "product": "ProductID",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "discount": "Discount",
    }
    join = {"file": "Orders.csv", "on": "OrderID", "to": "OrderID", "take": ["OrderDate", "CustomerID"]}
    rows = list(
        checked(shared_data / "northwind" / "Order_Details.csv", ORDER_LINES, fields, joins=[join]).rows()
    )
    net = sum(
        row.values["unit_price"] * row.values["quantity"] * (1 - row.values["discount"]) for row in rows
    )
    assert (len(rows), len({row.values["customer"] for row in rows}), str(round(net, 2))) == (
        2_155,
        89,
        "1265793.04",
    )


def test_an_export_in_windows_1252_is_read_whole(shared_data):
    source = open_source(shared_data / "exports" / "salesforce-dataloader" / "accountData.csv")
    chunks = list(source.chunks())
    assert source.facts.encoding.codec == "cp1252"
    assert (len(source.headings), source.row_count, sum(len(chunk.faults) for chunk in chunks)) == (
        38,
        423,
        0,
    )
    columns = {column.heading: column.detection.kind for column in survey(source)}
    assert columns["CREATEDDATE"] is Kind.MOMENT
    assert columns["ISDELETED"] is Kind.YES_NO


@pytest.mark.parametrize("written", ["BOM_UTF8", "BOM_UTF16LE", "BOM_UTF16BE", "BOM_UTF32LE", "BOM_UTF32BE"])
def test_exports_with_every_mark_read_the_same(shared_data, written):
    source = open_source(shared_data / "exports" / "salesforce-dataloader" / f"csvtext_{written}.csv")
    (chunk,) = source.chunks()
    assert source.headings == ("column1", "column2", "column3")
    assert [chunk.cells(place, source.headings) for place in (0, 1)] == [
        ["row1-1", "row1-2", "row1-3"],
        ["row2-1", "row2-2", "row2-3"],
    ]


def test_every_export_of_another_crm_opens(shared_data):
    for path in sorted((shared_data / "exports").rglob("*.csv")):
        source = open_source(path)
        assert sum(len(chunk.faults) for chunk in source.chunks()) == 0, path.name
