"""How long imports take: `python -m bench.imports` prints times; nothing passes or fails by them.

It works in a database of its own, made on the server of CLIENTIER_DATABASE_URL and dropped in the end.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientier.site.settings")

import argparse
import resource
import time
from operator import sub
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import numpy as np

from bench.customer_files import write_customers

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CLIENTIER_SHARED_DATA") or ROOT.parent / "shared" / "data")
MAPPINGS = ROOT / "docs" / "mappings" / "adventureworks"
ADVENTUREWORKS = (
    ("products", "DimProduct"),
    ("resellers", "DimReseller"),
    ("consumers", "DimCustomer"),
    ("reseller-sales", "FactResellerSales"),
    ("internet-sales", "FactInternetSales"),
)
LINES, LINES_AN_ORDER, CUSTOMERS, PRODUCTS = 1_000_000, 4, 20_000, 2_000


def main() -> None:
    """Measure what is there to be measured, or customers alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES, help="lines of the generated file of orders")
    parser.add_argument("--rows", type=int, help="only a file of so many customers: imported, and undone")
    chosen = parser.parse_args()
    django.setup()
    from django.db import connection  # Django is set up only now

    connection.settings_dict["TEST"]["NAME"] = f"bench_imports_{os.getpid()}"
    previous = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        if chosen.rows:
            customers(chosen.rows)
        else:
            adventureworks()
            generated(chosen.lines)
    finally:
        connection.creation.destroy_test_db(previous, verbosity=0)


def adventureworks() -> None:
    """Products, customers and all order lines of AdventureWorks."""
    from clientier.rooms.people.models import Organisation

    folder = SHARED / "adventureworks-dw"
    if not folder.is_dir():
        print(f"AdventureWorks is not at {folder}; left out")
        return
    Organisation.objects.create(base_currency="USD", time_zone="UTC")
    whole = 0.0
    for mapping, name in ADVENTUREWORKS:
        whole += imported(folder / f"{name}.parquet", MAPPINGS / f"{mapping}.json")
    print(f"{'AdventureWorks, all five files':<44}{whole:9.1f} s   (to stay under 30)")


def generated(lines: int) -> None:
    """A file of orders as an ERP would export it, with customers and products before it."""
    with TemporaryDirectory(prefix="clientier-") as folder:
        customers, products, orders = (Path(folder) / f"{n}.csv" for n in ("customers", "products", "orders"))
        customers.write_text(
            "customer no,name,city\n" + "".join(f"K{n},Customer {n} Ltd,Leeds\n" for n in range(CUSTOMERS))
        )
        products.write_text(
            "product no,name,cost,price\n"
            + "".join(f"P{n},Product {n},{n % 90 + 1}.5,{n % 90 + 9}\n" for n in range(PRODUCTS))
        )
        write_orders(orders, lines)
        imported(customers, target="customers")
        imported(products, target="products")
        seconds = imported(orders, target="orders")
        print(f"{'generated order lines':<44}{seconds:9.1f} s   (a million to stay under 180)")


def customers(rows: int) -> None:
    """One file of customers, streamed in, with how often progress was told; then all of it taken back."""
    from clientier.core.actor import Door, system
    from clientier.kit.imports.taking_back import take_back
    from clientier.kit.models import ImportRun

    with TemporaryDirectory(prefix="clientier-") as folder:
        path = Path(folder) / "customers.csv"
        write_customers(path, rows)
        print(f"{rows:,} customers in a file of {path.stat().st_size / 2**20:.0f} MiB")
        imported(path, target="customers")
        began = time.perf_counter()
        number = take_back(ImportRun.objects.get(), actor=system(Door.COMMAND))
        print(
            f"  {'taken back':<28}{number:>9} records {time.perf_counter() - began:20.1f} s   peak {_peak():5.0f} MiB"
        )


def write_orders(path: Path, lines: int) -> None:
    """Lines of orders with skewed customers."""
    rng = np.random.default_rng(7)
    orders = lines // LINES_AN_ORDER + 1
    customer = (CUSTOMERS * rng.random(orders) ** 2.5).astype(int)
    days = np.datetime_as_string(np.datetime64("2023-01-01") + rng.integers(0, 1000, orders))
    product = rng.integers(0, PRODUCTS, lines)
    quantity, price = rng.integers(1, 40, lines), rng.integers(100, 99_999, lines)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "order no,line,order date,customer no,product no,quantity,unit price,amount,cost,freight\n"
        )
        for line in range(lines):
            order = line // LINES_AN_ORDER
            amount = quantity[line] * price[line]
            file.write(
                f"SO{order},{line % LINES_AN_ORDER + 1},{days[order]},K{customer[order]},P{product[line]},"
                f"{quantity[line]},{price[line] / 100:.2f},{amount / 100:.2f},{amount // 160}.25,1.5\n"
            )


def imported(path: Path, mapping: Path | None = None, *, target: str = "") -> float:
    """Import one file, print and return the seconds."""
    import json

    from clientier.core.actor import Door, system
    from clientier.kit.imports import executing, runs
    from clientier.kit.imports.mapping import mapping_to_dict
    from clientier.kit.imports.reading import open_source
    from clientier.kit.imports.registry import TARGETS
    from clientier.kit.imports.survey import survey
    from clientier.kit.models import ImportRun

    actor, began, processor = system(Door.COMMAND), time.perf_counter(), time.process_time()
    if mapping:
        plain = json.loads(mapping.read_text(encoding="utf-8"))
    else:
        plain = mapping_to_dict(runs.proposal(TARGETS[target], survey(open_source(path)), actor))
    run = ImportRun.objects.create(target=plain["target"], file_name=path.name, path=str(path), mapping=plain)
    told = [began]
    done = executing.execute(run, actor=actor, said=lambda rows, expected: told.append(time.perf_counter()))
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    print(
        f"  {path.name:<28}{done.rows_done:>9} rows, {done.errors} in error {seconds:8.1f} s "
        f"({processor:.1f} of ours on the processor){done.rows_done / seconds:9.0f} rows/s   peak {_peak():5.0f} MiB"
        f"   told {len(told) - 1} times, at most {max(map(sub, told[1:], told), default=0):.0f} s apart"
    )
    return seconds


def _peak() -> float:
    """The most memory that this process has taken so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
