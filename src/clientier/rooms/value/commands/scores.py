"""Writing what a run found: a score for every customer, the moves since the run before, the current standings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from clientier import worth
from clientier.rooms.parties.models import Customer
from clientier.rooms.value.choices import TIERS, Driver, MoveKind
from clientier.rooms.value.models import Appraisal, Move, Score, Standing, ValueRun

COST_PARTS = {driver: f"serve_{driver}_e4" for driver in Driver.values} | {"order_freight": "freight_e4"}
HEALTH_PARTS = {part: f"health_{part}" for part in ("activity", "trend", "value", "margin")}
TIER_NAMES = np.array(["", *(str(tier) for tier in TIERS)], dtype=object)
MONEY_SQL = "{}::DECIMAL(18, 0) * 0.0001"  # a product of decimals is exact
BLOCK_BYTES = 1_000_000

# Field of the appraisal: (column of the engine, how it is stored)
MONEY = {
    "revenue": "revenue_e4", "discount": "discount_e4", "cost_of_goods": "cost_e4",
    "gross_margin": "gross_margin_e4", "cost_to_serve": "cost_to_serve_e4", "net_profit": "net_profit_e4",
    "prior_revenue": "prior_revenue_e4", "prior_net_profit": "prior_net_profit_e4",
    "lifetime_revenue": "lifetime_revenue_e4", "lifetime_net_profit": "lifetime_net_profit_e4",
    "value_at_risk": "value_at_risk_e4", "gap_to_next": "gap_to_next_tier_e4",
    "first_year_margin": "first_year_e4", "last_year_margin": "last_year_e4",
}  # fmt: skip
FORECAST_MONEY = {
    "expected_profit": "expected_profit_365_e4", "clv": "clv_e4", "clv_low": "clv_low_e4",
    "clv_high": "clv_high_e4",
}  # fmt: skip
FLOATS = {
    "mean_gap_days": "mean_gap_days", "gap_limit_days": "gap_limit_days", "p_alive": "p_alive",
    "p_active_30": "p_active_30", "p_active_90": "p_active_90", "p_active_365": "p_active_365",
    "expected_orders": "expected_purchases_365",
}  # fmt: skip
WHOLE = {
    "orders": "n_orders", "purchase_days": "n_purchase_days", "minutes": "minutes",
    "tier_confirmations": "tier_confirmations", "lost_signals": "lost_signals",
    "warning_strength": "alert_strength", "half_years": "half_years",
}  # fmt: skip
BUYERS_WHOLE = {
    "r_score": "r_score", "f_score": "f_score", "m_score": "m_score", "rank": "rank", "health": "health",
}  # fmt: skip
DAYS = {"first_day": "first_day", "last_day": "last_day", "next_expected": "expected_next_day",
        "tier_since": "tier_since", "lifecycle_since": "lifecycle_since"}  # fmt: skip
TEXTS = {
    "abc": "abc",
    "lifecycle": "lifecycle",
    "stage": "stage",
    "value_type": "value_type",
    "warning": "alert",
}
TIER_COLUMNS = {"tier": "tier", "tier_exact": "tier_exact", "tier_candidate": "tier_candidate"}
FLAGS = {"won_back": "won_back", "growth_candidate": "growth_candidate", "low_evidence": "low_evidence"}


def write(
    run: ValueRun, result: worth.Result, months: np.ndarray, lifespans: Mapping[str, np.ndarray]
) -> None:
    """Copy one score a customer into the database: DuckDB makes the text, PostgreSQL reads it."""
    customers = {**result.customers, **lifespans}
    columns, made = _columns(customers, months)
    names = ", ".join(f'"{name}"' for name in ("run_id", *made))
    texts = ", ".join((str(int(run.pk)), *made.values()))
    with TemporaryDirectory(prefix="clientier-") as folder, duckdb.connect(":memory:") as engine:
        path = Path(folder) / "scores.csv"
        engine.register("found", columns)
        engine.execute(
            f"COPY (SELECT {texts} FROM found) TO '{path}' (FORMAT csv, HEADER false, NULLSTR '\\N')"
        )
        statement = f"COPY {Score._meta.db_table} ({names}) FROM STDIN (FORMAT csv, NULL '\\N')"
        with connection.cursor() as cursor, path.open("rb") as source, cursor.copy(statement) as copy:
            while block := source.read(BLOCK_BYTES):
                copy.write(block)
        # A run that the statistics do not know is taken for one row, and joined to the last one row by row.
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Score._meta.db_table} (run_id, customer_id, tier, lifecycle)")


def _columns(c: Mapping[str, np.ndarray], months: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The columns to work on, and for each field of the appraisal the SQL that makes it from them."""
    money = {**MONEY, **FORECAST_MONEY}
    columns = {name: np.nan_to_num(c[name]).astype(np.int64) for name in money.values()}
    columns |= {name: c[name].astype(float) for name in FLOATS.values()}
    columns |= {name: np.rint(np.nan_to_num(c[name])).astype(np.int64) for name in WHOLE.values()}
    columns |= {name: np.rint(np.nan_to_num(c[name])).astype(np.int64) for name in BUYERS_WHOLE.values()}
    columns |= {name: c[name].astype("datetime64[us]") for name in DAYS.values()}
    columns |= {name: c[name].astype(object) for name in TEXTS.values()}
    columns |= {name: TIER_NAMES[c[name]] for name in TIER_COLUMNS.values()}
    columns |= {name: c[name].astype(bool) for name in FLAGS.values()}
    columns |= {name: c[name].astype(np.int64) for name in COST_PARTS.values()}
    columns |= {n: np.rint(np.nan_to_num(c[n])).astype(np.int64) for n in HEALTH_PARTS.values()}
    columns |= {f"month_{place}": np.ascontiguousarray(column) for place, column in enumerate(months.T)}
    columns |= {
        "customer_id": c["customer_id"],
        "buyer": ~np.isnat(c["first_day"]),
        "in_pyramid": c["tier"] > 0,
    }
    return columns, _expressions(len(months.T))


def _expressions(months: int) -> dict[str, str]:
    plain = {**WHOLE, **TEXTS, **TIER_COLUMNS, **FLAGS}
    costs = (f"CASE WHEN {name} <> 0 THEN '\"{part}\": ' || {name} END" for part, name in COST_PARTS.items())
    health = (f"'\"{part}\": ' || {name}" for part, name in HEALTH_PARTS.items())
    return {
        "customer_id": "customer_id",
        **{field: MONEY_SQL.format(name) for field, name in MONEY.items()},
        **{f: f"CASE WHEN buyer THEN {MONEY_SQL.format(name)} END" for f, name in FORECAST_MONEY.items()},
        **{field: f"CASE WHEN NOT isnan({name}) THEN {name} END" for field, name in FLOATS.items()},
        **plain,
        **{field: f"CASE WHEN buyer THEN {name} END" for field, name in BUYERS_WHOLE.items()},
        **{field: f"{name}::DATE" for field, name in DAYS.items()},
        "in_pyramid": "in_pyramid",
        "growth": "CASE WHEN prior_revenue_e4 > 0 THEN "
        "(revenue_e4::DOUBLE - prior_revenue_e4::DOUBLE) / prior_revenue_e4::DOUBLE END",
        "costs": f"'{{' || concat_ws(', ', {', '.join(costs)}) || '}}'",
        "health_parts": f"'{{' || concat_ws(', ', {', '.join(health)}) || '}}'",
        "months": f"'{{' || concat_ws(',', {', '.join(f'month_{place}' for place in range(months))}) || '}}'",
    }


def write_moves(run: ValueRun, previous: ValueRun | None) -> None:
    """Keep who changed tier or class between the two runs; a first run moves nobody.

    The moves of an earlier run for the same day are superseded: a day has one judgement.
    """
    Move.objects.filter(day=run.as_of).exclude(run=run).delete()
    if previous is None:
        return
    with connection.cursor() as cursor:
        for kind in MoveKind.values:
            cursor.execute(
                f"INSERT INTO value_move (customer_id, run_id, day, kind, before, after, net_profit) "
                f"SELECT s.customer_id, s.run_id, %s, %s, coalesce(p.{kind}, ''), s.{kind}, s.net_profit "
                "FROM value_score s LEFT JOIN value_score p ON p.customer_id = s.customer_id AND p.run_id = %s "
                f"WHERE s.run_id = %s AND s.{kind} <> '' AND coalesce(p.{kind}, '') <> s.{kind}",
                [run.as_of, kind, previous.pk, run.pk],
            )


def publish(run: ValueRun) -> None:
    """Make the run's scores the standings that lists and cards show."""
    names = ", ".join(
        f'"{f.column}"' for f in (*Appraisal._meta.local_fields, Standing._meta.get_field("customer"))
    )
    with connection.cursor() as cursor:
        # What is committed but not yet on disk could not be tidied up.
        cursor.execute("SET LOCAL synchronous_commit TO on")
        cursor.execute(f"DELETE FROM {Standing._meta.db_table}")
        cursor.execute(
            f"INSERT INTO {Standing._meta.db_table} ({names}) SELECT {names} FROM {Score._meta.db_table} "
            "WHERE run_id = %s",
            [run.pk],
        )
        cursor.execute(f"ANALYZE {Standing._meta.db_table} ({_searched()})")


def tidy_up() -> None:
    """Make sums over some customers as fast as they can be: by indexes alone, without a look at the rows.

    That takes pages of which the database knows that everybody sees all their rows, and such are found by VACUUM.
    Until it has come by on its own, a new run's standings have none. Does nothing inside of a transaction.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        for model in (Standing, Score, Customer):
            # Not giving space back to the system: that would lock out readers, and the next run needs it.
            cursor.execute(f"VACUUM (TRUNCATE false) {model._meta.db_table}")
        # Half of it is now the room that the former run took, and sums read it from end to end.
        cursor.execute("REINDEX INDEX standing_sums")


def _searched() -> str:
    """The columns that lists search and sort by: statistics of documents and arrays are slow and serve nobody."""
    unsearched = (models.JSONField, ArrayField)
    columns = [f.column for f in Standing._meta.local_fields if not isinstance(f, unsearched)]
    return ", ".join(f'"{column}"' for column in columns)


def plain(value: Any) -> Any:
    """NumPy and mappings as JSON holds them; what is not a number becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value.isoformat() if isinstance(value, dt.date) else value
