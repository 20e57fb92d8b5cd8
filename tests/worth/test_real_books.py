"""Real order books: the check figures to the last digit, and the published fit from raw transactions."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from clientier import worth
from clientier.worth.models.history import History
from clientier.worth.models.purchase_fit import fit


@pytest.fixture(scope="module")
def resellers(shared_data):
    return worth.appraise(
        worth.Tables(orders=str(shared_data / "adventureworks-dw" / "FactResellerSales.parquet"))
    )


def test_adventureworks_resellers_agree_to_the_cent(resellers):
    total = resellers.totals["lifetime"]
    assert resellers.counts["orders"] == {"in": 60_855, "used": 60_855, "set_aside": 0}
    assert resellers.counts["customers"]["buyers"] == 635
    assert resellers.customers["n_orders"].sum() == 3_796
    assert round(total["revenue_e4"] / 1e4, 2) == 80_450_596.98
    assert round(total["cost_e4"] / 1e4, 2) == 79_980_114.38
    assert round(total["freight_e4"] / 1e4, 2) == 2_011_265.92
    assert round(total["discount_e4"] / 1e4, 2) == 527_507.93
    assert resellers.counts["customers"]["below_zero_lifetime"] == 399
    assert str(resellers.customers["first_day"].min()) == "2010-12-29"
    assert resellers.as_of == datetime.date(2013, 11, 29)
    assert all(check["ok"] for check in resellers.checks)


def test_adventureworks_top_fifth_holds_two_thirds_of_sales(resellers):
    revenue = np.sort(resellers.customers["lifetime_revenue_e4"])[::-1]
    assert round(revenue[:127].sum() / revenue.sum(), 3) == 0.667


def test_adventureworks_consumers_agree_to_the_cent(shared_data):
    result = worth.appraise(
        worth.Tables(orders=str(shared_data / "adventureworks-dw" / "FactInternetSales.parquet"))
    )
    total = result.totals["lifetime"]
    assert result.counts["customers"]["buyers"] == 18_484
    assert result.customers["n_orders"].sum() == 27_659
    assert round(total["revenue_e4"] / 1e4, 2) == 29_358_677.22
    assert round(total["cost_e4"] / 1e4, 2) == 17_277_793.58
    assert round(total["freight_e4"] / 1e4, 2) == 733_969.61
    assert result.counts["customers"]["below_zero_lifetime"] == 0


def test_cdnow_from_raw_transactions_equals_the_published_fit(shared_data):
    rows = [
        line.split() for line in (shared_data / "cdnow" / "CDNOW_sample.txt").read_text().splitlines() if line
    ]
    book = {
        "customer_id": np.array([int(row[1]) for row in rows]),
        "day": np.array([int(row[2]) for row in rows]),
        "amount": np.array([float(row[4]) for row in rows]),
    }
    result = worth.appraise(
        worth.Tables(orders=book), worth.Policy(model="bg"), as_of=datetime.date(1997, 9, 30)
    )
    bought = result.model["purchases"]
    assert result.counts["orders"]["in"] == 6_919
    known = ~np.isnan(result.customers["x"])
    x, t_x, age = (result.customers[name][known] for name in ("x", "t_x", "age"))
    assert (len(x), x.sum(), (x == 0).sum()) == (2_357, 2_457, 1_411)
    weeks = fit(History.of(x, t_x / 7, age / 7), "bg")
    assert round(weeks.log_likelihood, 4) == -9582.4292
    assert [round(bought["r"], 3), round(bought["alpha"] / 7, 3)] == [0.243, 4.414]
    assert [round(bought["a"], 3), round(bought["b"], 3)] == [0.793, 2.426]
    assert bought["evidence"] == "data"


def test_cdnow_master_counts(shared_data):
    result = worth.appraise(worth.Tables(orders=str(shared_data / "cdnow" / "CDNOW_master.txt")))
    assert result.counts["orders"]["used"] == 69_659
    assert result.counts["customers"]["buyers"] == 23_570
    assert result.totals["lifetime"]["revenue_e4"] == 25_003_156_300
