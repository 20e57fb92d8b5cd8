"""Which of many records are of one and the same, each pair with a probability and why: Splink on DuckDB.

Splink is of the extra ``dedupe``; without it, ``LinkageMissing`` says how to get it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clientier.core.likeness import blocks
from clientier.core.likeness.blocks import LAID, Names
from clientier.core.likeness.closing import following
from clientier.core.likeness.comparisons import BLOCKS, MUST_FIT, SURE, Comparison, usable
from clientier.core.likeness.gathered import KEY, SIDE, Gathered, LinkageMissing
from clientier.core.likeness.learning import (
    Weights,
    believed,
    first_weights,
    learn_of_others,
    learn_of_the_same,
)
from clientier.core.likeness.records import COLUMNS

LEAST_SHARE, LEAST_TO_LEARN, LEAST_SURE = 0.01, 500, 30
LEAST_PROBABILITY = 0.5
SURE_FINDS = 0.5
PAIRS_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records by their keys, the smaller first; ``evidence``: how each fact fits, and its weight (log2)."""

    first: int
    second: int
    probability: float
    evidence: dict[str, tuple[str, float]]


@dataclass(frozen=True)
class Task:
    """What is compared, in which blocks (with their pairs), and how many pairs are surely of one and the same."""

    records: Gathered
    number: int
    filled: list[str]
    comparisons: tuple[Comparison, ...]
    ways: Mapping[Names, int]
    sure: int

    @property
    def possible(self) -> float:
        """How many pairs there could be."""
        if len(self.records.sides) < 2:
            return self.number * (self.number - 1) / 2
        first = int(
            self.records.one(f"SELECT count(*) FROM record WHERE {SIDE} = '{self.records.sides[0]}'")[0]
        )
        return float(first * (self.number - first))


def find_pairs(records: Gathered, *, least: float = LEAST_PROBABILITY) -> list[Pair]:
    """The pairs at least so probable, most probable first; of two sides, only pairs across them.

    Raises LinkageMissing where Splink is not installed.
    """
    if records.sides not in (("",), ()) and len(records.sides) < 2:
        return []  # the other side is empty
    task = _task(records)
    if not task.comparisons or not task.ways:
        return []
    weights = first_weights(task.comparisons)
    if task.number >= LEAST_TO_LEARN:
        linker = _linker(task, weights)
        learn_of_others(linker)
        if task.sure >= LEAST_SURE:
            learn_of_the_same(linker, records.kind, task.comparisons, task.ways, task.filled)
        weights = believed(linker.misc.save_model_to_json(), task.comparisons, sure=task.sure)
        linker.table_management.delete_tables_created_by_splink_from_db()
    predicted = _linker(task, weights).inference.predict(threshold_match_probability=least)
    found = [pair for pair in _read(records, predicted, task.comparisons) if _fits(records.kind, pair)]
    if len(records.sides) < 2:
        found += [
            Pair(first, second, probability, {"third": ("near", 0.0)})
            for first, second, probability in following(
                [(pair.first, pair.second, pair.probability) for pair in found], least=least
            )
        ]
    return sorted(found, key=lambda pair: (-pair.probability, pair.first, pair.second))


def _task(records: Gathered) -> Task:
    kind, filled = records.kind, _filled(records)
    sure = blocks.number_of_pairs(records, blocks.fitting(SURE[kind], filled))
    ways = blocks.lay(records, blocks.fitting(BLOCKS[kind], filled))
    return Task(records, len(records), filled, usable(kind, filled), ways, sure)


def _filled(records: Gathered) -> list[str]:
    """The columns in which enough records hold something, and not all the same."""
    names = COLUMNS[records.kind]
    asked = ", ".join(f"count({name}), min({name}) IS DISTINCT FROM max({name})" for name in names)
    total, *told = records.one(f"SELECT count(*), {asked} FROM record")
    least = max(2.0, total * LEAST_SHARE)
    return [
        name
        for name, held, differs in zip(names, told[::2], told[1::2], strict=True)
        if held >= least and differs
    ]


def _linker(task: Task, weights: Weights) -> Any:
    try:
        import splink  # of an extra, and a second to load
    except ImportError as missing:
        raise LinkageMissing from missing
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = splink.DuckDBAPI(connection=task.records.connection)
    settings = {
        "link_type": "dedupe_only" if len(task.records.sides) < 2 else "link_only",
        "probability_two_random_records_match": min(
            0.5, max(1.0, task.sure / SURE_FINDS) / max(task.possible, 2.0)
        ),
        "comparisons": [_described(each, weights[each.name]) for each in task.comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": blocks.rule(names), "sql_dialect": "duckdb"} for names in task.ways
        ],
        "retain_intermediate_calculation_columns": True,
    }
    frames = [database.register(name, table_name=name) for name in _tables(task)]
    return splink.Linker(frames, settings, log_level=logging.ERROR)


def _tables(task: Task) -> list[str]:
    """All records, or those of each side, without what Splink need not carry along."""
    sides = task.records.sides if len(task.records.sides) > 1 else ("",)
    names = []
    for number, side in enumerate(sides):
        names.append(f"records_{number}")
        only = f" WHERE {SIDE} = '{side}'" if side else ""
        task.records.connection.execute(
            f"CREATE OR REPLACE VIEW {names[-1]} AS SELECT * EXCLUDE ({SIDE}) FROM {LAID}{only}"
        )
    return names


def _read(records: Gathered, predicted: Any, comparisons: tuple[Comparison, ...]) -> Iterator[Pair]:
    """The pairs with no more of each than is told, some thousands at a time."""
    there = {each.unquote().name for each in predicted.columns}
    names = [f"{KEY}_l", f"{KEY}_r", "match_probability"]
    names += [
        f"{mark}{each.name}"
        for each in comparisons
        for mark in ("gamma_", "mw_", "mw_tf_adj_")
        if f"{mark}{each.name}" in there
    ]
    answer = records.connection.execute(f"SELECT {', '.join(names)} FROM {predicted.physical_name}")
    while part := answer.fetchmany(PAIRS_AT_A_TIME):
        for row in part:
            yield _pair(dict(zip(names, row, strict=True)), comparisons)


def _fits(kind: str, pair: Pair) -> bool:
    steps = [pair.evidence[name][0] for name in MUST_FIT.get(kind, ()) if name in pair.evidence]
    return not steps or set(steps) != {"different"}


def _described(comparison: Comparison, weights: list[tuple[float, float]]) -> dict[str, Any]:
    """The comparison as Splink takes it."""
    left, right = f"{comparison.name}_l", f"{comparison.name}_r"
    nothing = f"{left} IS NULL OR {right} IS NULL"
    levels: list[dict[str, Any]] = [
        {"sql_condition": nothing, "is_null_level": True, "label_for_charts": "nothing"}
    ]
    conditions = [(step.condition.format(l=left, r=right), step.words) for step in comparison.steps]
    for (condition, words), (same, other) in zip([*conditions, ("ELSE", "different")], weights, strict=True):
        level = {
            "sql_condition": condition,
            "m_probability": same,
            "u_probability": other,
            "label_for_charts": words,
        }
        if comparison.common and condition == f"{left} = {right}":
            level |= {"tf_adjustment_column": comparison.name, "tf_adjustment_weight": 1.0}
        levels.append(level)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _pair(row: Mapping[str, Any], comparisons: tuple[Comparison, ...]) -> Pair:
    first, second = sorted((int(row[f"{KEY}_l"]), int(row[f"{KEY}_r"])))
    evidence = {}
    for each in comparisons:
        met = int(row[f"gamma_{each.name}"])
        if met < 0:
            continue
        step = each.steps[len(each.steps) - met].words if met else "different"
        weight = sum(float(row.get(f"{mark}{each.name}") or 0) for mark in ("mw_", "mw_tf_adj_"))
        evidence[each.name] = (step, round(weight, 2))
    return Pair(first, second, float(row["match_probability"]), evidence)
