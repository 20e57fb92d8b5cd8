"""Whether to believe the engine: `python -m bench.validation` asks it on every real book at hand; nothing passes
or fails by it.

Printed are the measures of the charter: error and bias against the best naive rule, ranking against past
profit, ranges, warnings, and how steady the tiers are from month to month.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import datetime
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from clientier import worth

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CLIENTIER_SHARED_DATA") or ROOT.parent / "shared" / "data")
NORTHWIND_COST_SHARE = 0.75  # the book has no costs; every line at three quarters


def books() -> Iterator[tuple[str, worth.Tables]]:
    """The order books that are there, and what they are called."""
    files = {
        "CDNOW": "cdnow/CDNOW_master.txt",
        "AdventureWorks resellers": "adventureworks-dw/FactResellerSales.parquet",
        "AdventureWorks consumers": "adventureworks-dw/FactInternetSales.parquet",
    }
    for name, file in files.items():
        if (SHARED / file).exists():
            yield name, worth.Tables(orders=str(SHARED / file))
        else:
            print(f"left out, not found: {SHARED / file}")
    if (SHARED / "northwind").is_dir():
        yield "Northwind", worth.Tables(orders=northwind(SHARED / "northwind"))
    deals = SHARED / "crm-sample" / "Opportunities.csv"
    if deals.exists():
        yield "CRM sample, deals won", worth.Tables(orders=won(deals))
    example = SHARED / "cdnow" / "example_transactions.csv"
    if example.exists():
        yield "lifetimes' example", worth.Tables(orders=example_of_lifetimes(example))


def won(file: Path) -> dict[str, Any]:
    """Deals won, an account and a closing date each."""
    return _columns(f"""SELECT AccountSeq AS customer_id, CloseDate AS day, Value * 10000 AS amount_e4
        FROM '{file}' WHERE Status = 'Won'""")


def example_of_lifetimes(file: Path) -> dict[str, Any]:
    """Days of purchase without amounts: each counts one."""
    return _columns(f"SELECT id AS customer_id, date::DATE AS day, 10000 AS amount_e4 FROM '{file}'")


def northwind(folder: Path) -> dict[str, Any]:
    """Order lines of Northwind, whose heads and lines lie in two files."""
    return _columns(f"""
        SELECT CustomerID AS customer_id, OrderDate::DATE AS day, OrderID AS order_id,
            round(UnitPrice * Quantity * (1 - Discount) * 10000)::BIGINT AS amount_e4,
            round(UnitPrice * Quantity * {NORTHWIND_COST_SHARE} * 10000)::BIGINT AS cost_e4
        FROM '{folder}/Orders.csv' JOIN '{folder}/Order_Details.csv' USING (OrderID)""")


def _columns(query: str) -> dict[str, Any]:
    with duckdb.connect(":memory:") as engine:
        found = engine.execute(query).fetchnumpy()
    return {name: np.ma.getdata(column) for name, column in found.items()}


def say(name: str, horizon: int, tables: worth.Tables) -> None:
    """Validate and print the promises with their figures."""
    started = time.process_time()
    found = worth.validate(tables, worth.Policy(model="auto"), horizon_days=horizon)
    spent = time.process_time() - started
    days = ", ".join(entry["origin"] for entry in found.origins)
    print(f"\n{name}: {found.horizon_days} days after {days} ({spent:.1f} s of processor time)")
    for one in found.findings:
        if "ours" in one:
            kept = "kept  " if one["ok"] else "BROKEN"
            print(
                f"  {kept} {one['code']:<28} {one['ours']:8.3f} against {one['theirs']:8.3f} ({one['rival']})"
            )
    for entry in found.origins:
        for verdict in entry["fallback"]:
            print(f"  {entry['origin']}: {verdict['use']} by {verdict['rule']} ({verdict['code']})")
    for kind, judged in found.pooled["warnings"]["kinds"].items():
        one = judged["fallen"]
        if one["n_warned"]:
            print(
                f"  warning {kind:<18} {one['n_warned']:6,} precision {one['precision']:.2f} "
                f"recall {one['recall'] or 0:.2f} base rate {one['base_rate']:.2f}"
            )


def steadiness(tables: worth.Tables) -> None:
    """Monthly runs over the last year of CDNOW, each given the one before."""
    previous, runs = None, []
    for month in range(7, 19):
        first = datetime.date(1997 + month // 12, month % 12 + 1, 1)
        result = worth.appraise(tables, as_of=first - datetime.timedelta(days=1), previous=previous)
        previous = worth.Previous.from_result(result)
        runs.append(result)
    found = worth.tier_stability(runs)
    print(
        f"\nCDNOW, {found['runs']} monthly runs: {found['flaps']} flaps (exact tiers {found['exact_flaps']:,}), "
        f"moves {found['moves_ratio']:.2f} of those of exact tiers, agreement {found['agreement']:.1%}"
    )


def main() -> None:
    """Print all measures."""
    for name, tables in books():
        for horizon in (365, 180):
            say(name, horizon, tables)
        if name == "CDNOW":
            steadiness(tables)


if __name__ == "__main__":
    main()
