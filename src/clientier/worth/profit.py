"""Where the profit is: the whale curve, concentration, the pyramid's table, ABC and RFM."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
Floats = NDArray[np.float64]
MOST_POINTS = 1000


def whale_curve(profit: Ints) -> dict[str, Any]:
    """Cumulative profit over customers ranked by profit, best first, in at most 1000 points and the peak.

    The profit above the total at the peak is what the customers behind it lose again.
    """
    ranked = np.sort(profit)[::-1]
    cumulative = np.cumsum(ranked)
    total = int(cumulative[-1]) if len(ranked) else 0
    peak = int(np.argmax(cumulative)) if len(ranked) else -1
    chosen = np.unique(
        np.r_[np.linspace(0, max(len(ranked) - 1, 0), MOST_POINTS - 1).astype(int), max(peak, 0)]
    )
    chosen = chosen if len(ranked) else chosen[:0]
    losses = ranked[ranked < 0]
    return {
        "customers": [0, *(int(place) + 1 for place in chosen)],
        "cumulative_profit_e4": [0, *(int(cumulative[place]) for place in chosen)],
        "n_customers": len(ranked),
        "total_e4": total,
        "peak_customers": peak + 1 if peak >= 0 and cumulative[peak] > 0 else 0,
        "peak_e4": max(int(cumulative[peak]), 0) if peak >= 0 else 0,
        "n_profitable": int((ranked > 0).sum()),
        "n_zero": int((ranked == 0).sum()),
        "n_below_zero": len(losses),
        "loss_e4": int(losses.sum()),
    }


def concentration(amounts: Ints) -> dict[str, float]:
    """Gini coefficient, Herfindahl-Hirschman index and the shares of the best 1, 5, 10 and 20 % of customers.

    Both measures count amounts below zero as none. The index is the sum of squared shares: 1 over the number of
    customers when all are alike, 1 when one holds everything.
    """
    ranked = np.sort(amounts.astype(np.float64))[::-1]
    total, n = float(ranked.sum()), len(ranked)
    shares: dict[str, float] = {}
    for percent in (1, 5, 10, 20):
        held = ranked[: max(1, round(n * percent / 100))].sum() if n else 0.0
        shares[f"top_{percent}_share"] = float(held / total) if total > 0 else 0.0
    positive = np.sort(np.maximum(ranked, 0.0))
    mass = positive.sum()
    places = np.arange(1, n + 1)
    gini = float((2 * places - n - 1) @ positive / (n * mass)) if mass > 0 else 0.0
    hhi = float(((positive / mass) ** 2).sum()) if mass > 0 else 0.0
    return {"gini": gini, "hhi": hhi, **shares}


def tier_table(tier: Ints, columns: dict[str, Ints], boundaries: tuple[float, ...]) -> list[dict[str, Any]]:
    """Customers, revenue, profit and cost to serve of each tier beside the share that the
    boundaries ask for.
    """
    inside = max(int((tier > 0).sum()), 1)
    total = int(columns["net_profit_e4"][tier > 0].sum())
    rows = []
    for level, benchmark in enumerate(boundaries, start=1):
        here = tier == level
        profit = int(columns["net_profit_e4"][here].sum())
        rows.append(
            {
                "tier": level,
                "n_customers": int(here.sum()),
                "share_of_customers": float(here.sum() / inside),
                "benchmark_share": benchmark,
                "revenue_e4": int(columns["revenue_e4"][here].sum()),
                "cost_to_serve_e4": int(columns["cost_to_serve_e4"][here].sum()),
                "net_profit_e4": profit,
                "share_of_profit": profit / total if total > 0 else 0.0,
                "n_below_zero": int((columns["net_profit_e4"][here] < 0).sum()),
                "minutes": float(columns["minutes"][here].sum()),
            }
        )
    return rows


def abc_classes(revenue: Ints, boundaries: tuple[float, ...]) -> NDArray[np.str_]:
    """A, B or C by cumulative share of revenue, the customer who crosses a boundary in the better class; ''
    if none.
    """
    classes = np.full(len(revenue), "", dtype="U1")
    buyers = np.flatnonzero(revenue > 0)
    classes[revenue < 0] = "C"
    if len(buyers):
        order = buyers[np.argsort(-revenue[buyers], kind="stable")]
        before = np.cumsum(revenue[order]) - revenue[order]
        share = before / float(revenue[order].sum())
        classes[order] = np.array(["A", "B", "C"])[np.searchsorted(boundaries, share, side="right")]
    return classes


def quintile_scores(values: Floats, member: NDArray[np.bool_]) -> tuple[Ints, list[float]]:
    """Scores 1 to 5 (5 for the highest values; 0 outside) by global cut points, so that equal values score
    equally.
    """
    scores = np.zeros(len(values), dtype=np.int8)
    if not member.any():
        return scores, []
    cuts = np.quantile(values[member], (0.2, 0.4, 0.6, 0.8))
    scores[member] = 1 + np.searchsorted(cuts, values[member], side="left")
    return scores, [float(cut) for cut in cuts]
