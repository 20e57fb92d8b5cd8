"""Whose silence is longer than usual for him: the gaps of those for whom it matters, the sums of all others'.

The engine sums logarithms of gaps, a customer each and then together, for the regularity that all share; only
the gaps of customers long silent who have bought often come here one by one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clientier.worth import rhythm
from clientier.worth.engines.engine import Engine, double
from clientier.worth.facts import Columns, own_gap_quantile
from clientier.worth.models.purchases import PurchaseModel
from clientier.worth.policy import Policy

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def shared_regularity(engine: Engine, gaps: str) -> tuple[float, float]:
    """The shape that all customers' gaps share, and their mean."""
    size = f"LN(GREATEST(CAST(gap_days AS DOUBLE), {double(rhythm.SHORTEST_GAP_DAYS)}))"
    several = "CASE WHEN n > 1 THEN"
    sums = {
        "n": "CAST(COALESCE(SUM(n), 0) AS BIGINT)",
        "days": "CAST(COALESCE(SUM(days), 0) AS BIGINT)",
        "compared": f"CAST(COALESCE(SUM({several} n - 1 ELSE 0 END), 0) AS BIGINT)",
        "around": f"COALESCE(SUM({several} squares - total * total / CAST(n AS DOUBLE) END), {double(0.0)})",
    }
    found = engine.fetch(f"""SELECT {", ".join(f"{sql} AS {name}" for name, sql in sums.items())}
        FROM (SELECT customer_key, COUNT(*) AS n, SUM(gap_days) AS days, SUM(size) AS total,
                SUM(size * size) AS squares
            FROM (SELECT customer_key, gap_days, {size} AS size FROM {gaps}) AS sized
            GROUP BY customer_key) AS each_customer""")
    count = int(found["n"][0])
    shape = rhythm.shape_of(float(found["around"][0]), int(found["compared"][0]))
    return shape, int(found["days"][0]) / count if count else 1.0


def silence_limits(
    engine: Engine, gaps: str, columns: Columns, model: PurchaseModel, policy: Policy, silent: Bools
) -> Floats:
    """The silence beyond which something is wrong, for the customers in `silent`; 0 for all others.

    His own where he has bought often, from his gaps and everybody's regularity where he has bought a few times,
    else the model's: as in an ordinary run.
    """
    x, t_x = columns["x"], columns["t_x"]
    limit = np.zeros(len(x))
    own = silent & (x >= policy.own_gap_purchases)
    few = silent & (x >= policy.silence_purchases) & ~own
    others = silent & ~own & ~few
    limit[others] = model.gap_quantile(x[others], t_x[others], policy.gap_share)
    if few.any():
        shape, mean_gap = shared_regularity(engine, gaps)
        limit[few] = rhythm.silence_quantile(x[few], t_x[few], policy.gap_share, shape, mean_gap)
    if own.any():
        limit[own] = _own_quantile(engine, gaps, columns["customer_key"][own], policy.gap_share)
    return limit


def _own_quantile(engine: Engine, gaps: str, keys: NDArray[np.int64], share: float) -> Floats:
    """The quantile of each customer's own gaps, in the order of the keys given."""
    engine.read_columns("worth_silent", {"customer_key": keys})
    found = engine.fetch(f"""SELECT gaps.customer_key, gaps.gap_days FROM {gaps} AS gaps
        INNER JOIN worth_silent AS silent ON silent.customer_key = gaps.customer_key
        ORDER BY customer_key, gap_days""")
    ranked = np.sort(keys)
    place = np.searchsorted(ranked, found["customer_key"])
    quantile = own_gap_quantile(
        np.bincount(place, minlength=len(keys)), found["gap_days"].astype(np.float64), share
    )
    return quantile[np.searchsorted(ranked, keys)]
