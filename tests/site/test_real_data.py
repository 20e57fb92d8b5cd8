"""The published check figures of AdventureWorks and Northwind, through the product's own import, to the cent."""

from __future__ import annotations

import datetime as dt
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from clientier.core.actor import Door, system
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import Organisation
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import Score, ValueRun

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CLIENTIER_SHARED_DATA") or ROOT.parent / "shared" / "data")
MAPPINGS = ROOT / "docs" / "mappings"
ADVENTUREWORKS = (
    ("products.json", "DimProduct"),
    ("resellers.json", "DimReseller"),
    ("consumers.json", "DimCustomer"),
    ("reseller-sales.json", "FactResellerSales"),
    ("internet-sales.json", "FactInternetSales"),
)
NORTHWIND = (("customers.json", "Customers"), ("products.json", "Products"), ("orders.json", "Order_Details"))
FIGURES = """
SELECT count(*), count(DISTINCT o.id), count(DISTINCT c.id), sum(l.amount_base), sum(l.cost_base),
    sum(l.freight_base), sum(l.discount_base)
FROM trade_orderline l JOIN trade_order o ON o.id = l.order_id JOIN parties_customer c ON c.id = o.customer_id
WHERE c.external_id LIKE %s"""
BELOW_ZERO = """
SELECT count(*) FROM (
    SELECT sum(l.amount_base - l.cost_base - l.freight_base) AS profit FROM trade_orderline l
    JOIN trade_order o ON o.id = l.order_id JOIN parties_customer c ON c.id = o.customer_id
    WHERE c.external_id LIKE %s GROUP BY c.id) p WHERE profit < 0"""

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared real data are not at {DATA}"),
]


def load(company, files, folder, suffix):
    Organisation.objects.create(base_currency="USD", time_zone="UTC")
    for mapping, name in files:
        path, said = DATA / folder / f"{name}{suffix}", StringIO()
        call_command("import_file", path, mapping=MAPPINGS / company / mapping, stdout=said, stderr=said)
        assert ", 0 in error;" in said.getvalue()
    with connection.cursor() as cursor:
        # References are checked when the test ends, by plans that an earlier test may have made on tables of ten rows.
        cursor.execute("ANALYZE")


def figures(prefix):
    """Lines, orders, buyers, revenue, cost, freight, discount, buyers below zero: from the lines alone."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, [prefix])
        *counts, revenue, cost, freight, discount = cursor.fetchone()
        cursor.execute(BELOW_ZERO, [prefix])
        (below_zero,) = cursor.fetchone()
    return (*counts, cents(revenue), cents(cost), cents(freight), cents(discount), below_zero)


def lifetime(run, prefix):
    """Buyers, revenue, net profit (of sums to four decimals), buyers below zero: as the value run judges them."""
    found = Score.objects.filter(run=run, customer__external_id__startswith=prefix, orders__gt=0)
    sums = found.aggregate(revenue=Sum("lifetime_revenue"), profit=Sum("lifetime_net_profit"))
    below = found.filter(lifetime_net_profit__lt=0).count()
    return found.count(), cents(sums["revenue"]), cents(sums["profit"]), below


def cents(amount):
    return None if amount is None else str(round(amount, 2))


def test_adventureworks_agrees_to_the_cent():
    load("adventureworks", ADVENTUREWORKS, "adventureworks-dw", ".parquet")
    assert figures("R-%") == (
        60_855, 3_796, 635, "80450596.98", "79980114.38", "2011265.92", "527507.93", 399,
    )  # fmt: skip
    assert figures("C-%") == (
        60_398, 27_659, 18_484, "29358677.22", "17277793.58", "733969.61", "0.00", 0,
    )  # fmt: skip
    run = run_value(ValueRun, actor=system(Door.COMMAND), as_of=dt.date(2014, 1, 28))
    assert lifetime(run, "R-") == (635, "80450596.98", "-1540783.31", 399)
    assert lifetime(run, "C-") == (18_484, "29358677.22", "11346914.04", 0)


def test_northwind_agrees_to_the_cent():
    load("northwind", NORTHWIND, "northwind", ".csv")
    assert Customer.objects.count() == 91
    lines, orders, buyers, revenue, cost, freight, _discount, _below = figures("%")
    assert (lines, orders, buyers) == (2_155, 830, 89)
    assert (revenue, cost, freight) == ("1265793.04", None, "64942.69")
    run = run_value(ValueRun, actor=system(Door.COMMAND), as_of=dt.date(1998, 5, 6))
    assert lifetime(run, "")[:2] == (89, "1265793.04")
