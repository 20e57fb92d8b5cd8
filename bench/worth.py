"""How long the value engine takes: `python -m bench.worth` prints times; nothing passes or fails by them."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from clientier import worth
from clientier.worth.models.history import History
from clientier.worth.models.purchase_fit import fit

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CLIENTIER_SHARED_DATA") or ROOT.parent / "shared" / "data")


def timed(what: str, work: Callable[[], Any]) -> Any:
    """Do the work three times, print the best time and the peak memory so far."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        answer = work()
        times.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<64} {min(times):8.3f} s   peak {memory:6.0f} MiB")
    return answer


def simulated(customers: int, seed: int = 1) -> History:
    """Customers by the BG/NBD with the parameters of CDNOW, ages of 28 to 1,095 days, by the day."""
    rng = np.random.default_rng(seed)
    age = rng.integers(28, 1096, customers).astype(float)
    rate, leave = rng.gamma(0.243, 1 / 30.9, customers), rng.beta(0.793, 2.426, customers)
    x, t_x, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    active = np.arange(customers)
    while len(active):
        now[active] += rng.exponential(1 / rate[active])
        active = active[now[active] <= age[active]]
        x[active] += 1
        t_x[active] = np.floor(now[active])
        active = active[rng.random(len(active)) >= leave[active]]
    return History.of(x, t_x, age)


def book(lines: int, seed: int = 1) -> dict[str, np.ndarray]:
    """A random order book with six lines a customer and skewed activity."""
    rng = np.random.default_rng(seed)
    customers = lines // 6
    return {
        "customer_id": (customers * rng.random(lines) ** 2.5).astype(np.int64),
        "day": rng.integers(19_000, 20_000, lines),
        "amount_e4": rng.integers(1, 10_000_000, lines),
        "cost_e4": rng.integers(1, 7_000_000, lines),
        "order_id": np.arange(lines) // 2,
    }


def fit_and_score(history: History, name: str) -> None:
    """What a nightly run asks of the model for every customer."""
    model = fit(history, name).model
    model.p_active(history.x, history.t_x, history.age, 90.0)
    model.expected(history.x, history.t_x, history.age, 365.0)


BOOKS = (
    "adventureworks-dw/FactResellerSales.parquet",
    "adventureworks-dw/FactInternetSales.parquet",
    "cdnow/CDNOW_master.txt",
)


def main() -> None:
    """Print the times of the models on simulated customers and of whole runs on order books."""
    for customers in (100_000, 1_000_000):
        history = simulated(customers)
        for name in ("bg", "mbg"):
            timed(
                f"{name}: {customers:,} customers, fit, P(active), E[X]",
                partial(fit_and_score, history, name),
            )
    for lines in (121_000, 1_000_000):
        tables = worth.Tables(orders=book(lines))
        timed(f"whole run: {lines:,} random order lines in memory", partial(worth.appraise, tables))
    for name in BOOKS:
        path = SHARED / name
        if path.exists():
            timed(f"whole run: {path.name}", partial(worth.appraise, worth.Tables(orders=str(path))))
        else:
            print(f"left out, not found: {path}")


if __name__ == "__main__":
    main()
