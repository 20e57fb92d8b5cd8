"""Writing what a run found: a score for every customer, the moves since the run before, the current standings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from django.db import connection

from clientier.core.money import from_e4
from clientier.rooms.value.choices import TIERS, MoveKind
from clientier.rooms.value.models import Appraisal, Move, Score, Standing, ValueRun
from clientier.worth import Result

DRIVERS = (
    "minutes", "freight", "rebate", "fee", "reward", "expense", "late_interest", "bad_debt", "service", "other",
)  # fmt: skip
HEALTH_PARTS = ("activity", "trend", "value", "margin")
TIER_NAMES = np.array(["", *(str(tier) for tier in TIERS)])

# Field of the appraisal: (column of the engine, how it is stored)
MONEY = {
    "revenue": "revenue_e4", "discount": "discount_e4", "cost_of_goods": "cost_e4",
    "gross_margin": "gross_margin_e4", "cost_to_serve": "cost_to_serve_e4", "net_profit": "net_profit_e4",
    "prior_revenue": "prior_revenue_e4", "prior_net_profit": "prior_net_profit_e4",
    "lifetime_revenue": "lifetime_revenue_e4", "lifetime_net_profit": "lifetime_net_profit_e4",
    "value_at_risk": "value_at_risk_e4", "gap_to_next": "gap_to_next_tier_e4",
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
    "warning_strength": "alert_strength",
}  # fmt: skip
BUYERS_WHOLE = {
    "r_score": "r_score", "f_score": "f_score", "m_score": "m_score", "rank": "rank", "health": "health",
}  # fmt: skip
DAYS = {"first_day": "first_day", "last_day": "last_day", "next_expected": "expected_next_day",
        "tier_since": "tier_since"}  # fmt: skip
TEXTS = {
    "abc": "abc",
    "lifecycle": "lifecycle",
    "stage": "stage",
    "value_type": "value_type",
    "warning": "alert",
}
TIER_COLUMNS = {"tier": "tier", "tier_exact": "tier_exact", "tier_candidate": "tier_candidate"}
FLAGS = {"won_back": "won_back", "growth_candidate": "growth_candidate", "low_evidence": "low_evidence"}


def write(run: ValueRun, result: Result, months: np.ndarray) -> None:
    """Copy one score a customer into the database."""
    columns = stored_columns(result, months)
    names = ", ".join(f'"{name}"' for name in ("run_id", *columns))
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {Score._meta.db_table} ({names}) FROM STDIN") as copy:
            for row in zip(*columns.values(), strict=True):
                copy.write_row((run.pk, *row))
        _carry_lifecycle_since(cursor, run)


def stored_columns(result: Result, months: np.ndarray) -> dict[str, list[Any]]:
    """The engine's columns as the appraisal's, value by value in plain Python."""
    c = result.customers
    buyer = ~np.isnat(c["first_day"])
    made: dict[str, list[Any]] = {"customer_id": c["customer_id"].tolist()}
    made |= {field: [from_e4(v) for v in c[name].tolist()] for field, name in MONEY.items()}
    made |= {field: _where(buyer, c[name], from_e4) for field, name in FORECAST_MONEY.items()}
    made |= {field: [None if v != v else v for v in c[name].tolist()] for field, name in FLOATS.items()}
    made |= {field: np.rint(c[name]).astype(np.int64).tolist() for field, name in WHOLE.items()}
    made |= {field: _where(buyer, np.nan_to_num(c[name]), round) for field, name in BUYERS_WHOLE.items()}
    made |= {
        field: [v if isinstance(v, dt.date) else None for v in c[name].tolist()]
        for field, name in DAYS.items()
    }
    made |= {field: c[name].astype(str).tolist() for field, name in TEXTS.items()}
    made |= {field: TIER_NAMES[c[name]].tolist() for field, name in TIER_COLUMNS.items()}
    made |= {field: c[name].astype(bool).tolist() for field, name in FLAGS.items()}
    made["in_pyramid"] = (c["tier"] > 0).tolist()
    made["growth"] = _growth(c)
    made["costs"] = list(_costs(c))
    made["health_parts"] = list(_health_parts(c))
    made["months"] = [list(row) for row in months.tolist()]
    return made


def _where(mask: np.ndarray, column: np.ndarray, convert: Callable[[Any], Any]) -> list[Any]:
    return [convert(v) if known else None for v, known in zip(column.tolist(), mask.tolist(), strict=True)]


def _growth(c: Mapping[str, np.ndarray]) -> list[float | None]:
    now, before = c["revenue_e4"].astype(float), c["prior_revenue_e4"].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (now - before) / before
    return [v if known else None for v, known in zip(change.tolist(), (before > 0).tolist(), strict=True)]


def _costs(c: Mapping[str, np.ndarray]) -> Iterator[str]:
    """The parts of the cost to serve that are not zero, in ten-thousandths, as JSON; order freight apart."""
    parts = {"order_freight": c["freight_e4"].tolist()}
    parts |= {driver: c[f"serve_{driver}_e4"].tolist() for driver in DRIVERS}
    for values in zip(*parts.values(), strict=True):
        known = [f'"{name}": {value}' for name, value in zip(parts, values, strict=True) if value]
        yield "{" + ", ".join(known) + "}"


def _health_parts(c: Mapping[str, np.ndarray]) -> Iterator[str]:
    parts = [np.nan_to_num(c[f"health_{part}"]).round().astype(int).tolist() for part in HEALTH_PARTS]
    for values in zip(*parts, strict=True):
        yield "{" + ", ".join(f'"{n}": {v}' for n, v in zip(HEALTH_PARTS, values, strict=True)) + "}"


def _carry_lifecycle_since(cursor: Any, run: ValueRun) -> None:
    """A class that did not change keeps its date; a new one begins with this run."""
    cursor.execute(
        "UPDATE value_score s SET lifecycle_since = coalesce((SELECT p.lifecycle_since FROM value_score p "
        "WHERE p.run_id = %s AND p.customer_id = s.customer_id AND p.lifecycle = s.lifecycle), %s) "
        "WHERE s.run_id = %s",
        [run.previous_id, run.as_of, run.pk],
    )


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
        cursor.execute(f"DELETE FROM {Standing._meta.db_table}")
        cursor.execute(
            f"INSERT INTO {Standing._meta.db_table} ({names}) SELECT {names} FROM {Score._meta.db_table} "
            "WHERE run_id = %s",
            [run.pk],
        )
        cursor.execute(f"ANALYZE {Standing._meta.db_table}")


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
