"""From the state to predictions: counts for the fit, and closed forms joined back, all inside the engine.

The model never sees customers. It is fitted on counts of customers alike; P(alive) and P(active) of BG/NBD and
MBG/NBD follow in closed form. Only P(alive) depends on t_x and runs as a statement over the customers; what a
living customer does next depends on (x, T) alone, and is computed once for each distinct pair and joined.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clientier.worth.engines.engine import Engine, double
from clientier.worth.models.history import History
from clientier.worth.models.purchases import PurchaseModel
from clientier.worth.refusals import WorthError

EXACT_CUSTOMERS = 1_000_000
NEIGHBOUR_DAYS = "CASE WHEN t_x < 28 THEN 1 WHEN t_x < 84 THEN 3 WHEN t_x < 252 THEN 7 ELSE 14 END"


def triples(state: str, as_of_day: int) -> str:
    """x, t_x and T of every customer who ever bought, in days."""
    return f"""SELECT customer_key, n_purchase_days - 1 AS x, last_day - first_day AS t_x,
        {as_of_day} - first_day AS age FROM {state} WHERE n_purchase_days > 0"""


def history(
    engine: Engine, state: str, as_of_day: int, *, exact_customers: int = EXACT_CUSTOMERS
) -> tuple[History, bool]:
    """Counts of customers alike, and whether they are exact to the day: of very many customers, neighbours
    are counted together.

    Neighbours lie within a week of T and within a small part of t_x (the likelihood bends sharply where t_x
    is small), and are represented by their mean t_x and T: at ten million customers the parameters move by
    less than their standard errors.
    """
    engine.define("worth_triples", triples(state, as_of_day))
    found = engine.fetch(
        "SELECT COUNT(*) AS customers, COALESCE(MIN(age - t_x), 0) AS silence FROM worth_triples"
    )
    if found["silence"][0] < 0:
        raise WorthError("purchase_after_as_of", as_of_day=as_of_day)
    exact = int(found["customers"][0]) <= exact_customers
    near = "t_x" if exact else f"t_x - t_x % ({NEIGHBOUR_DAYS})"
    engine.keep(
        "worth_alike",
        f"""SELECT x, {near} AS near, age, SUM(t_x) AS days, COUNT(*) AS customers
            FROM worth_triples GROUP BY x, {near}, age""",
    )
    together = "age" if exact else "age - age % 7"
    found = engine.fetch(f"""SELECT x, CAST(SUM(days) AS BIGINT) AS days,
        CAST(SUM(age * customers) AS BIGINT) AS ages, CAST(SUM(customers) AS BIGINT) AS customers
        FROM worth_alike GROUP BY x, near, {together} ORDER BY x, near, {together}""")
    count = found["customers"].astype(np.float64)
    return History.of(found["x"], found["days"] / count, found["ages"] / count, count), exact


def score(
    engine: Engine, scores: str, model: PurchaseModel, *, horizon_days: Sequence[int] = (90, 365)
) -> None:
    """Leave a table `scores` behind, one row a customer who ever bought, for the state that `history` read.

    Columns: customer_key, p_alive, and p_active_h and expected_purchases_h for each horizon.
    """
    pairs = engine.fetch("SELECT x, age FROM worth_alike GROUP BY x, age")
    engine.read_columns("worth_while_active", _while_active(model, pairs, horizon_days))
    engine.keep(scores, scored("worth_triples", "worth_while_active", model, horizon_days))


def _while_active(
    model: PurchaseModel, pairs: dict[str, NDArray[np.int64]], horizon_days: Sequence[int]
) -> dict[str, NDArray[np.generic]]:
    """What a living customer does next, for each distinct (x, T): buy at all, and how often."""
    x, age = pairs["x"].astype(np.float64), pairs["age"].astype(np.float64)
    columns: dict[str, NDArray[np.generic]] = {"x": pairs["x"], "age": pairs["age"]}
    for days in horizon_days:
        columns[f"buys_{days}"] = model.p_purchase_while_active(x, age, float(days))
        columns[f"purchases_{days}"] = model.expected_while_active(x, age, float(days))
    return columns


def scored(customers: str, while_active: str, model: PurchaseModel, horizon_days: Sequence[int]) -> str:
    """The statement that scores customers by their (x, t_x, T); constants are DOUBLE on every engine."""
    x, t_x, age = (f"CAST(customers.{name} AS DOUBLE)" for name in ("x", "t_x", "age"))
    r, alpha, a, b, one = (double(value) for value in (model.r, model.alpha, model.a, model.b, 1.0))
    growth = f"({r} + {x}) * LN(({alpha} + {age}) / ({alpha} + {t_x}))"
    odds = f"EXP({growth})"  # where it overflows it is infinite, and P(alive) is 0
    if model.first_purchase_may_be_last:
        alive = f"{one} / ({one} + {a} / ({b} + {x}) * {odds})"
    else:
        alive = f"""CASE WHEN customers.x = 0 THEN {one}
            ELSE {one} / ({one} + {a} / ({b} + {x} - {one}) * {odds}) END"""
    figures = ", ".join(
        f"p_alive * buys_{days} AS p_active_{days}, p_alive * purchases_{days} AS expected_purchases_{days}"
        for days in horizon_days
    )
    tables = ", ".join(f"buys_{days}, purchases_{days}" for days in horizon_days)
    return f"""SELECT customer_key, p_alive, {figures} FROM (
        SELECT customers.customer_key, {alive} AS p_alive, {tables} FROM {customers} AS customers
        LEFT JOIN {while_active} AS pairs ON pairs.x = customers.x AND pairs.age = customers.age) AS living"""
