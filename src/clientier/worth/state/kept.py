"""What lies beside the state for scores that need more than sums: the days of late, and gaps between purchases.

Days are sums a customer and day, of which a trailing window is made without reading lines again. Gaps are days
between one purchase and the next, of which rhythms are told. A fold adds a file of each; many files become one.
"""

from __future__ import annotations

from typing import Any

from clientier.worth.state import definition
from clientier.worth.state.definition import PURCHASE
from clientier.worth.state.files import StateFiles, StateRefused
from clientier.worth.state.names import with_keys

MOST_FILES = 32
DAY_TYPES = {
    "customer_key": "BIGINT",
    "day": "INTEGER",
    "n_sales": "BIGINT",
    "net_e4": "BIGINT",
    "cost_e4": "BIGINT",
    "freight_e4": "BIGINT",
    "n_lines": "BIGINT",
}
NOTHING: dict[str, Any] = {"days": (), "gaps": (), "days_after": None}


def late_days(days: str, after_day: int) -> str:
    """The customer-days after a day, typed alike on every engine."""
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in DAY_TYPES.items())
    return f"SELECT {columns} FROM {days} WHERE day > {after_day}"


def window_sums(days: str, after_day: int, until_day: int) -> str:
    """Money and purchase days a customer after one day and up to another; a day may come in several parts."""
    money = ", ".join(
        f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in ("net_e4", "cost_e4", "freight_e4")
    )
    return f"""SELECT customer_key, {money}, CAST(SUM(n_lines) AS BIGINT) AS n_lines,
        CAST(SUM(CASE WHEN n_sales > 0 THEN 1 ELSE 0 END) AS INTEGER) AS n_purchase_days
        FROM (SELECT customer_key, day, SUM(n_sales) AS n_sales, SUM(net_e4) AS net_e4,
                SUM(cost_e4) AS cost_e4, SUM(freight_e4) AS freight_e4, SUM(n_lines) AS n_lines
            FROM {days} WHERE day > {after_day} AND day <= {until_day} GROUP BY customer_key, day) AS merged
        GROUP BY customer_key"""


def purchase_days(lines: str) -> str:
    """The days on which customers bought, as `gaps` takes them."""
    return f"""SELECT customer_key, day, 1 AS n_sales FROM {lines} WHERE {PURCHASE}
        GROUP BY customer_key, day"""


def gaps(days: str) -> str:
    """One row a gap between a customer's purchase days."""
    return f"""SELECT customer_key, CAST(gap AS INTEGER) AS gap_days FROM (SELECT customer_key,
            day - LAG(day) OVER (PARTITION BY customer_key ORDER BY day) AS gap
            FROM {days} WHERE n_sales > 0) AS bought WHERE gap IS NOT NULL"""


def gaps_between(now: str, fresh: str) -> str:
    """The gaps from the last purchases known to the first fresh ones, none of which is late."""
    return f"""SELECT fresh.customer_key, CAST(fresh.first_day - now.last_day AS INTEGER) AS gap_days
        FROM {fresh} AS fresh INNER JOIN {now} AS now ON now.customer_key = fresh.customer_key
        WHERE fresh.n_purchase_days > 0 AND now.n_purchase_days > 0 AND fresh.first_day > now.last_day"""


def kept_anew(state: StateFiles, lines: str, latest: int | None, keep_days: int) -> dict[str, Any]:
    """What the manifest says of days and gaps made from all lines; nothing where none shall be kept."""
    if not keep_days or latest is None:
        return NOTHING
    engine, after = state.engine, latest - keep_days
    engine.define("worth_late_lines", f"SELECT * FROM {lines} WHERE day > {after}")
    engine.define("worth_late_days", definition.customer_days("worth_late_lines"))
    engine.define("worth_purchase_days", purchase_days(lines))
    return {
        "days": (state.write("days", late_days("worth_late_days", after)).name,),
        "gaps": (state.write("gaps", gaps("worth_purchase_days")).name,),
        "days_after": after,
    }


def kept_after_fold(
    state: StateFiles, latest: int | None, keep_days: int, history: str | None, *, again: bool
) -> dict[str, Any]:
    """The same after a fold that left `worth_days`, `worth_fresh` and `worth_now`; with `again` some customers
    were recomputed.
    """
    manifest = state.manifest
    if not keep_days or latest is None:
        return NOTHING
    after = latest - keep_days
    if history and (again or manifest.days_after is None or manifest.days_after > after):
        return kept_anew(state, history, latest, keep_days)
    if manifest.days_after is None:
        return NOTHING
    after = max(after, manifest.days_after)
    new_gaps = f"{gaps('worth_days')} UNION ALL {gaps_between('worth_now', 'worth_fresh')}"
    return {
        "days": _with_more(
            state, "days", late_days("worth_days", after), late_days("worth_days_before", after)
        ),
        "gaps": _with_more(state, "gaps", new_gaps, "SELECT customer_key, gap_days FROM worth_gaps_before"),
        "days_after": after,
    }


def _with_more(state: StateFiles, part: str, added: str, before: str) -> tuple[str, ...]:
    """The files of a part and one more; where they are many, one in place of them all."""
    files: tuple[str, ...] = getattr(state.manifest, part)
    if len(files) < MOST_FILES:
        return (*files, state.write(part, added).name)
    state.engine.read_parquet(f"worth_{part}_before", state.paths(files))
    return (state.write(part, f"{added} UNION ALL {before}").name,)


def open_gaps(state: StateFiles, table: str, history: str | None) -> None:
    """Make all gaps known under this name: those kept, else from all lines."""
    if state.manifest.gaps:
        state.engine.read_parquet(table, state.paths(state.manifest.gaps))
    elif history is None:
        raise StateRefused("gaps_not_kept")
    else:
        state.engine.define("worth_purchase_days", purchase_days(with_keys(state, history)))
        state.engine.define(table, gaps("worth_purchase_days"))


def open_window(
    state: StateFiles, table: str, *, after_day: int, until_day: int, history: str | None
) -> None:
    """Make the sums a customer of a span of days known under this name: from the days kept, else from all
    lines; raises `StateRefused("window_not_kept")` where neither holds them.
    """
    engine, known = state.engine, state.manifest.days_after
    if known is not None and known <= after_day:
        engine.read_parquet("worth_kept", state.paths(state.manifest.days))
        days = "worth_kept"
    elif history is None:
        raise StateRefused("window_not_kept", days=until_day - after_day)
    else:
        lines = with_keys(state, history)
        chosen = f"SELECT * FROM {lines} WHERE day > {after_day} AND day <= {until_day}"
        engine.define("worth_window_lines", chosen)
        engine.define("worth_window_days", definition.customer_days("worth_window_lines"))
        days = "worth_window_days"
    engine.define(table, window_sums(days, after_day, until_day))
