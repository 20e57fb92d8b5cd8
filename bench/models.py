"""How fast the models are beside lifetimes, on the same customers in one run: `python -m bench.models`.

Set CLIENTIER_LIFETIMES_PYTHON to a Python that has lifetimes 0.11.3; without it that side is left out. Prints
processor time, peak memory and ratios; nothing passes or fails by them.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from clientier.worth.models import registry
from clientier.worth.models.history import History

HERE = Path(__file__).parent
RUNS = 3
HORIZON = 365.0


def ours(name: str, path: str) -> None:
    """Fit, P(alive), P(active in 90 days) and expected purchases in a year; prints a line of JSON."""
    data = np.load(path)
    history = History.of(data["x"], data["t_x"], data["age"])
    parts = history.x, history.t_x, history.age
    start = time.process_time()
    fitted = registry.fit(history, name)
    middle = time.process_time()
    fitted.model.p_alive(*parts)
    fitted.model.p_active(*parts, 90.0)
    fitted.model.expected(*parts, HORIZON)
    end = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parameters = [getattr(fitted.model, key) for key in fitted.model.PARAMETERS]
    print(json.dumps({"fit": middle - start, "all": end - start, "memory": memory, "parameters": parameters}))


def measured(command: list[str], runs: int) -> dict[str, Any]:
    """The median run of a command that prints a line of JSON, each in a process of its own."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    answers = []
    for _ in range(runs):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        answers.append(json.loads(done.stdout.splitlines()[-1]))
    return {key: median(answer[key] for answer in answers) for key in ("fit", "all", "memory")} | {
        "parameters": answers[0]["parameters"]
    }


def compare(name: str, customers: int, path: str) -> None:
    """Print our figures, those of lifetimes and their ratios."""
    mine = measured([sys.executable, "-m", "bench.models", name, path], RUNS)
    print(f"{name:<7} {customers:>10,} customers  ours      {line(mine)}")
    python = os.environ.get("CLIENTIER_LIFETIMES_PYTHON")
    if not python:
        print(f"{'':<29} lifetimes left out: CLIENTIER_LIFETIMES_PYTHON is not set")
        return
    other = measured([python, str(HERE / "rival.py"), name, path], 1)
    print(f"{'':<29} lifetimes {line(other)}")
    print(
        f"{'':<29} ratio     fit {other['fit'] / mine['fit']:.0f}x, all {other['all'] / mine['all']:.0f}x, "
        f"memory {mine['memory'] / other['memory']:.2f}"
    )


def line(figures: dict[str, Any]) -> str:
    """Seconds, MiB and parameters in one line."""
    parameters = " ".join(f"{value:.4f}" for value in figures["parameters"])
    return f"fit {figures['fit']:8.3f} s  all {figures['all']:8.3f} s  {figures['memory']:5.0f} MiB  {parameters}"


def from_state(history: History, name: str) -> None:
    """Ten million customers: counted together by DuckDB, then fitted and scored on the counts."""
    import duckdb  # only this measure needs it

    columns = {"x": history.x.astype(np.int32), "t_x": history.t_x.astype(np.int32)}
    columns["age"] = history.age.astype(np.int32)
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("customers", columns)
    connection.execute("CREATE TABLE customer_state AS SELECT * FROM customers")
    query = "SELECT x, t_x, age, count(*) AS n FROM customer_state GROUP BY ALL ORDER BY ALL"
    start = time.process_time()
    counted = connection.execute(query).fetchnumpy()
    middle = time.process_time()
    rows = History.of(counted["x"], counted["t_x"], counted["age"], counted["n"])
    model = registry.fit(rows, name).model
    fitted = time.process_time()
    model.p_active(rows.x, rows.t_x, rows.age, 90.0)
    model.expected(rows.x, rows.t_x, rows.age, HORIZON)
    end = time.process_time()
    print(
        f"{name:<7} {round(rows.customers):>10,} customers from state: {len(rows.x):,} rows, counting "
        f"{middle - start:.2f} s, fit {fitted - middle:.2f} s, P(active) and E[X] {end - fitted:.2f} s"
    )


def main() -> None:
    """Print the measures of the models."""
    from bench.worth import simulated  # here, because the measured processes need not load the whole engine

    with tempfile.TemporaryDirectory() as folder:
        for customers, names in ((100_000, ("pareto",)), (1_000_000, ("bg", "mbg"))):
            history = simulated(customers)
            path = str(Path(folder) / f"{customers}.npz")
            np.savez(path, x=history.x, t_x=history.t_x, age=history.age)
            for name in names:
                compare(name, customers, path)
    history = simulated(10_000_000)
    for name in ("bg", "mbg"):
        from_state(history, name)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        ours(*sys.argv[1:])
    else:
        main()
