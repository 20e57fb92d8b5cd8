"""From the state to scored customers: figures and probabilities by the engine, the pyramid here, one file out.

The engine hands over one Parquet file, a row a customer. The pyramid, which must see all customers at once, is
that of an ordinary run on a few of its columns; both are written together.

What both compute is equal to an ordinary run of the same model on the same lines.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from clientier.worth.appraisal import Previous, aligned, pyramid
from clientier.worth.facts import Columns
from clientier.worth.files import format_of, money_written
from clientier.worth.lifecycle import lifecycle_classes
from clientier.worth.models.purchase_choice import choose_from_counts
from clientier.worth.models.purchases import PurchaseModel
from clientier.worth.policy import Policy
from clientier.worth.profit import tier_table
from clientier.worth.reconciliation import moves
from clientier.worth.refusals import TableRefused
from clientier.worth.state import kept, names, scoring
from clientier.worth.state.files import StateRefused
from clientier.worth.state.rhythms import silence_limits
from clientier.worth.state.store import StateStore

MONEY = {"revenue": "net_e4", "cost": "cost_e4", "freight": "freight_e4"}
FOR_PYRAMID = ("customer_key", "n_lines", "revenue_e4", "cost_e4", "freight_e4", "lifetime_n_purchase_days",
               "first_day", "last_day")  # fmt: skip
STANDING = ("rank", "place", "tier", "tier_exact", "tier_candidate", "tier_confirmations", "tier_previous",
            "tier_since", "lifecycle", "lost_signals")  # fmt: skip


@dataclass(frozen=True)
class StateScores:
    """What a run from a state says beside its file: the day, the model and its evidence, tiers and moves."""

    as_of_day: int
    customers: int
    model: Mapping[str, Any]
    counts_are_exact: bool
    tiers: list[dict[str, Any]]
    moves: Mapping[str, list[dict[str, Any]]]


def score_state(
    state: StateStore,
    policy: Policy,
    *,
    as_of_day: int | None = None,
    previous: Previous | None = None,
    history: str | None = None,
    out: Path | None = None,
) -> StateScores:
    """Fit, predict and rank the customers of a state, and write them; `policy.model` is "mbg" or "bg".

    The window comes from the days that the state keeps, else from `history` (a table of all lines).
    """
    engine = state.engine
    state.open("worth_states")
    day = _as_of(state, as_of_day)
    by_name = names.open_keys(state)
    window = {"after_day": day - policy.window_days, "until_day": day}
    kept.open_window(state, "worth_window", **window, history=history)
    kept.open_gaps(state, "worth_gaps", history)
    counts, exact = scoring.history(engine, "worth_states", day)
    model, report = choose_from_counts(counts, policy)
    horizons = sorted({*policy.horizon_days, policy.loyal_horizon_days, policy.lost_horizon_days})
    scoring.score(engine, "worth_scores", model, horizon_days=horizons)
    handed_over = state.folder / f"scored-{os.getpid()}.parquet"
    _remove(handed_over)
    try:
        engine.write_parquet(handed_over, _scored_customers(horizons, policy.horizon_days, by_name=by_name))
        with duckdb.connect(":memory:") as connection:
            source = str(handed_over / "*.parquet" if handed_over.is_dir() else handed_over)
            connection.read_parquet(source).create_view("scored")
            columns, found_moves = _stand(state, connection, model, policy, previous, report, day)
            if out is not None:
                _write(connection, columns, out)
    finally:
        _remove(handed_over)
    tiers = tier_table(columns["tier"], columns, policy.boundaries)
    return StateScores(day, len(columns["tier"]), report, exact, tiers, found_moves)


def _as_of(state: StateStore, asked: int | None) -> int:
    reached = state.manifest.watermark_day
    if reached is None:
        raise TableRefused("no_orders", table="orders", hint="give_lines")
    if asked is not None and asked < reached:
        raise StateRefused("as_of_before_state", reached=str(np.datetime64(reached, "D")))
    return reached if asked is None else asked


def _scored_customers(horizons: list[int], expected: tuple[int, ...], *, by_name: bool) -> str:
    """One row a customer of the state: who, when, money of the window and of all time, probabilities."""
    customer = "CAST(names.customer_id AS VARCHAR)" if by_name else "states.customer_key"
    figures = [f"{customer} AS customer_id", "states.customer_key"]
    figures += [f"states.{name}" for name in ("first_day", "last_day")]
    figures += ["states.n_purchase_days AS lifetime_n_purchase_days"]
    figures += [
        f"CAST(COALESCE(recent.{name}, 0) AS INTEGER) AS {name}" for name in ("n_purchase_days", "n_lines")
    ]
    figures += [f"COALESCE(recent.{source}, 0) AS {name}_e4" for name, source in MONEY.items()]
    figures += [f"states.{source} AS lifetime_{name}_e4" for name, source in MONEY.items()]
    figures += ["scores.p_alive", *(f"scores.p_active_{days}" for days in horizons)]
    figures += [f"scores.expected_purchases_{days}" for days in expected]
    names = "LEFT JOIN worth_keys AS names ON names.customer_key = states.customer_key" if by_name else ""
    return f"""SELECT {", ".join(figures)} FROM worth_states AS states
        LEFT JOIN worth_window AS recent ON recent.customer_key = states.customer_key
        LEFT JOIN worth_scores AS scores ON scores.customer_key = states.customer_key {names}"""


def _stand(
    state: StateStore,
    connection: duckdb.DuckDBPyConnection,
    model: PurchaseModel,
    policy: Policy,
    previous: Previous | None,
    report: Mapping[str, Any],
    day: int,
) -> tuple[Columns, Mapping[str, list[dict[str, Any]]]]:
    """The columns of the pyramid by the rules of an ordinary run, and the moves since the one before."""
    columns = _fetched(connection, policy, with_ids=previous is not None)
    buyer = columns["lifetime_n_purchase_days"] > 0
    trusted = report["n_repeat_customers"] >= policy.fewest_for_loss
    columns |= _silence(columns, buyer, day)
    silent = buyer & (columns["recency_days"] > policy.lost_silence_days)
    if trusted:  # whom the model has given up is lost, whatever his rhythm
        silent &= columns[f"p_active_{policy.lost_horizon_days}"] >= policy.lost_p_active
    columns["gap_limit_days"] = silence_limits(state.engine, "worth_gaps", columns, model, policy, silent)
    columns["gap_is_own"] = columns["x"] >= policy.own_gap_purchases
    ids = columns["customer_id"] if previous else columns["customer_key"]
    old = aligned(ids, previous)
    known = old["lifecycle"] if previous else None
    columns |= lifecycle_classes(columns, buyer, policy, known, old["lost_signals"], trusted=trusted)
    columns["cost_to_serve_e4"] = columns["freight_e4"]
    profit = columns["revenue_e4"] - columns["cost_e4"] - columns["freight_e4"]
    columns["net_profit_e4"] = columns["value_e4"] = profit
    columns["minutes"] = np.zeros(len(profit))
    member = (columns["n_lines"] > 0) | (buyer & (columns["lifecycle"] != "lost"))
    pyramid(columns, member, policy, previous, old, day)
    return columns, moves(columns, old) if previous else {"tier": [], "lifecycle": []}


def _fetched(connection: duckdb.DuckDBPyConnection, policy: Policy, *, with_ids: bool) -> Columns:
    chosen = [*FOR_PYRAMID, *(["customer_id"] if with_ids else [])]
    chosen += sorted({f"p_active_{days}" for days in (policy.loyal_horizon_days, policy.lost_horizon_days)})
    fetched = connection.execute(f"SELECT {', '.join(chosen)} FROM scored").fetchnumpy()
    return {
        name: np.ma.filled(values, np.nan) if values.dtype.kind == "f" else np.ma.getdata(values)
        for name, values in fetched.items()
    }


def _silence(columns: Columns, buyer: NDArray[np.bool_], day: int) -> Columns:
    """x, t_x and the silence of buyers in days, NaN for others."""
    first, last = (columns[name].astype(np.float64) for name in ("first_day", "last_day"))
    return {
        "x": np.where(buyer, columns["lifetime_n_purchase_days"] - 1.0, np.nan),
        "t_x": np.where(buyer, last - first, np.nan),
        "recency_days": np.where(buyer, day - last, np.nan),
        "prospect": np.full(len(buyer), "potential"),
    }


def _write(connection: duckdb.DuckDBPyConnection, columns: Columns, out: Path) -> None:
    """Write the customers by their ids, columns named and typed as those of an ordinary run."""
    form = format_of(out)
    standing = {name: columns[name] for name in ("customer_key", *STANDING)}
    standing["tier_since"] = standing["tier_since"].astype("datetime64[s]")
    standing["lifecycle"] = standing["lifecycle"].astype(object)
    select = ["customer_id"]
    for name in ("first_day", "last_day"):
        day = f"DATE '1970-01-01' + {name}"
        select.append(f"CASE WHEN lifetime_n_purchase_days > 0 THEN {day} END AS {name}")
    select += ["n_purchase_days", "lifetime_n_purchase_days", "n_lines"]
    for prefix in ("", "lifetime_"):
        select += [money_written(f"{prefix}{name}_e4") for name in (*MONEY, "net_profit")]
    found = [row[0] for row in connection.execute("DESCRIBE scored").fetchall()]
    select += [name for name in found if name.startswith(("p_alive", "p_active_", "expected_purchases_"))]
    select += ["rank", "CASE WHEN NOT isnan(place) THEN place END AS place", *STANDING[2:7]]
    select += ["tier_since::DATE AS tier_since", "lifecycle", "lost_signals"]
    profits = ", ".join(
        f"{one}revenue_e4 - {one}cost_e4 - {one}freight_e4 AS {one}net_profit_e4" for one in ("", "lifetime_")
    )
    place = str(out).replace("'", "''")
    connection.execute(
        f"""COPY (SELECT {", ".join(select)} FROM (SELECT *, {profits} FROM scored) AS scored
        INNER JOIN standing USING (customer_key) ORDER BY customer_id) TO '{place}' ({form})"""
    )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
