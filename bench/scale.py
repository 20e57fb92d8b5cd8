"""How the customer state scales: `python -m bench.scale` prints ratios beside what is aimed at; nothing fails by them.

Fifty million order lines of two million customers (`--lines` for fewer) are drawn into a temporary folder, in
the order of their days, and deleted at the end. Ratios are of processor time, which neighbours disturb least;
wall time stands beside it.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.worth import simulated
from clientier.worth import purchase_fit, tiers
from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.policy import Policy
from clientier.worth.state import definition, dense
from clientier.worth.state.scoring import history, score
from clientier.worth.state.store import StateStore

FIRST_DAY, DAYS = 19_000, 1_095
AS_OF = FIRST_DAY + DAYS + 10
SCAN = """SELECT sum(customer_key), sum(day), count(*) FILTER (kind = 'sale'), sum(amount_e4), sum(cost_e4),
    sum(freight_e4) FROM lines"""
FACTS = """SELECT customer_key, count(*) AS n_lines, min(day) AS first_day, max(day) AS last_day,
    count(*) FILTER (kind = 'sale') AS n_sales, sum(amount_e4)::BIGINT AS net_e4,
    sum(cost_e4)::BIGINT AS cost_e4, sum(freight_e4)::BIGINT AS freight_e4 FROM {} GROUP BY customer_key"""


class Stopwatch:
    """Times pieces of work against one of them."""

    def __init__(self) -> None:
        self.floor = 0.0

    def time(
        self,
        what: str,
        work: Callable[[], Any],
        *,
        aim: str = "",
        against: float | None = None,
        runs: int = 3,
    ) -> float:
        """Print the median processor and wall seconds, and the ratio to `against`, else to the scan."""
        spent = []
        for _ in range(runs):
            processor, wall = time.process_time(), time.perf_counter()
            work()
            spent.append((time.process_time() - processor, time.perf_counter() - wall))
        processor = statistics.median(one for one, _ in spent)
        wall = statistics.median(other for _, other in spent)
        floor = self.floor if against is None else against
        ratio = f"{processor / floor:9.3f} x" if floor else " " * 11
        print(f"{what:<58} {processor:7.2f} s cpu {wall:7.2f} s wall {ratio}   {aim}", flush=True)
        return processor


def draw_lines(folder: Path, lines: int, customers: int) -> Path:
    """Order lines in Parquet in the order of their days: skewed customers, 4 % returns."""
    path = folder / "lines.parquet"
    EmbeddedEngine().connection.execute(f"""COPY (
        SELECT least({customers} - 1, floor({customers} * pow((hash(i) % 1000000007) / 1000000007.0, 2)))::BIGINT
                AS customer_key,
            ({FIRST_DAY} + i * {DAYS} // {lines})::INTEGER AS day,
            CASE WHEN hash(i + 11) % 25 = 0 THEN 'return' ELSE 'sale' END AS kind,
            (CASE WHEN hash(i + 11) % 25 = 0 THEN -1 ELSE 1 END * (100 + hash(i + 22) % 100000) * 100)::BIGINT
                AS amount_e4,
            (hash(i + 33) % 60000 * 100)::BIGINT AS cost_e4,
            (hash(i + 44) % 500 * 100)::BIGINT AS freight_e4
        FROM range({lines}) AS drawn(i)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)""")
    return path


def nightly(engine: EmbeddedEngine, state: StateStore, batch: str) -> None:
    """Fold the day, count, fit, score, and rank by the profit of a year, summed anew, into tiers."""
    state.fold(batch, "new_day")
    state.open("states")
    counts, _ = history(engine, "states", AS_OF)
    score(engine, "scores", purchase_fit.fit(counts).model)
    profit = engine.fetch(f"""SELECT coalesce(profit_e4, 0)::BIGINT AS profit_e4 FROM states LEFT JOIN (
        SELECT customer_key, sum(amount_e4 - cost_e4 - freight_e4) AS profit_e4 FROM lines
        WHERE day > {FIRST_DAY + DAYS - 365} GROUP BY customer_key) USING (customer_key)""")["profit_e4"]
    tiers.stand(profit, np.ones(len(profit), dtype=bool), Policy(), None)


def measure_lines(folder: Path, lines: int, customers: int) -> None:
    """Everything that starts from order lines."""
    engine, watch = EmbeddedEngine(), Stopwatch()
    engine.connection.execute("SET threads = 2")
    engine.connection.execute(f"SET temp_directory = '{folder}/spill'")
    engine.read_parquet("lines", [draw_lines(folder, lines, customers)])
    watch.floor = watch.time(f"bare scan of {lines:,} lines, six columns", lambda: engine.fetch(SCAN), runs=5)
    watch.time(
        "facts a customer, days not merged", lambda: engine.keep("facts", FACTS.format("lines")), aim="<= 5"
    )
    watch.time("exact state a customer, same days merged", lambda: dense.rebuilt_columns(engine, "lines"),
               aim="<= 8", runs=1)  # fmt: skip
    state = StateStore(folder / "state", engine)
    rebuild = watch.time("full rebuild of the state on disk", lambda: state.rebuild("all", "lines"), runs=1)
    engine.keep("new_day", f"SELECT * REPLACE (day + 1 AS day) FROM lines WHERE day = {FIRST_DAY + DAYS - 1}")
    batches = iter(range(100))
    watch.time("folding one day", lambda: state.fold(f"day {next(batches)}", "new_day"),
               against=rebuild, aim="<= 0.05 of the rebuild")  # fmt: skip
    watch.time("whole nightly run: fold, count, fit, score, tiers",
               lambda: nightly(engine, state, f"night {next(batches)}"), aim="<= 6")  # fmt: skip
    engine.keep("clustered", "SELECT * FROM lines ORDER BY customer_key, day")
    watch.time("facts a customer from the clustered layout",
               lambda: engine.keep("facts", FACTS.format("clustered")), aim="<= 1.2")  # fmt: skip


def by_statements(folder: Path) -> None:
    """The portable statements on the same lines: what an engine without the one-pass rebuild does."""
    engine, watch = EmbeddedEngine(), Stopwatch()
    engine.connection.execute(f"SET threads = 2; SET temp_directory = '{folder}/spill'")
    engine.read_parquet("lines", [folder / "lines.parquet"])
    watch.floor = watch.time("bare scan", lambda: engine.fetch(SCAN))
    engine.define("days", definition.customer_days("lines"))
    watch.time("the same state by the portable statements",
               lambda: engine.keep("states", definition.customer_state("days")), runs=1)  # fmt: skip


def draw_states(path: Path, customers: int) -> None:
    """States of customers who bought as the BG/NBD says, in Parquet."""
    drawn, engine = simulated(customers), EmbeddedEngine()
    first_day = (AS_OF - drawn.age).astype(np.int32)
    columns = {
        "customer_key": np.arange(customers),
        "n_purchase_days": drawn.x.astype(np.int32) + 1,
        "first_day": first_day,
        "last_day": first_day + drawn.t_x.astype(np.int32),
    }
    engine.read_columns("states", columns)
    engine.write_parquet(path, "SELECT * FROM states")


def measure_customers(path: Path) -> None:
    """From the state on disk to scores, in a process of its own so that its memory can be told."""
    engine, watch = EmbeddedEngine(), Stopwatch()
    engine.connection.execute("SET threads = 2")
    engine.read_parquet("states", [path])
    customers = int(engine.fetch("SELECT count(*) AS found FROM states")["found"][0])

    def fit_and_score() -> None:
        counts, _ = history(engine, "states", AS_OF)
        score(engine, "scores", purchase_fit.fit(counts, "mbg").model, horizon_days=(365,))

    watch.time(
        f"fit, P(alive), P(active), E[X] of {customers:,} from state",
        fit_and_score,
        aim="<= 3 s cpu at 10 million",
    )
    status = Path("/proc/self/status").read_text()  # getrusage would count the parent's memory as ours
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(f"{'peak memory of that process':<58} {peak:7.0f} MiB   <= 1024 at 2 million")


def main() -> None:
    """Draw, measure, delete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=50_000_000)
    parser.add_argument("--states", type=Path, help="only score the customers of this file")
    parser.add_argument(
        "--folder", type=Path, help="where the lines are drawn to (default: a temporary folder)"
    )
    parser.add_argument("--statements", action="store_true", help="also time the portable statements")
    chosen = parser.parse_args()
    if chosen.states:
        measure_customers(chosen.states)
        return
    folder = Path(tempfile.mkdtemp(dir=chosen.folder))
    try:
        measure_lines(folder, chosen.lines, max(1, chosen.lines // 25))
        if chosen.statements:
            by_statements(folder)
        for customers in (chosen.lines // 25, chosen.lines // 5):
            path = folder / f"{customers}.parquet"
            draw_states(path, customers)
            subprocess.run([sys.executable, "-m", "bench.scale", "--states", str(path)], check=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
