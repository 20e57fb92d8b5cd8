"""Which of many records are of one and the same, each pair with a probability and why: Splink on DuckDB.

Splink is of the extra ``dedupe``; without it, ``LinkageMissing`` says how to get it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clientier.core.likeness import blocks
from clientier.core.likeness.blocks import Names, Record
from clientier.core.likeness.closing import following
from clientier.core.likeness.comparisons import BLOCKS, MUST_FIT, SURE, Comparison, usable
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
Sources = Mapping[int, str] | None


class LinkageMissing(ImportError):
    """Splink is not installed here."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records by their keys, the smaller first; ``evidence``: how each fact fits, and its weight (log2)."""

    first: int
    second: int
    probability: float
    evidence: dict[str, tuple[str, float]]


@dataclass(frozen=True)
class Task:
    """What is compared, in which blocks, and how many records are surely of one and the same."""

    kind: str
    records: Mapping[int, Record]
    sources: Sources
    filled: list[str]
    comparisons: tuple[Comparison, ...]
    ways: Mapping[Names, Mapping[int, str]]
    sure: int

    @property
    def possible(self) -> float:
        """How many pairs there could be."""
        if self.sources is None:
            return len(self.records) * (len(self.records) - 1) / 2
        first, *others = Counter(self.sources.values()).values()
        return float(first * sum(others))


def find_pairs(
    kind: str, records: Mapping[int, Record], *, least: float = LEAST_PROBABILITY, sources: Sources = None
) -> list[Pair]:
    """The pairs at least so probable, most probable first. With ``sources``, only pairs across two of them.

    Raises LinkageMissing where Splink is not installed.
    """
    if sources is not None and len(set(sources.values())) < 2:
        return []
    task = _task(kind, records, sources)
    if not task.comparisons or not task.ways:
        return []
    weights = first_weights(task.comparisons)
    if len(records) >= LEAST_TO_LEARN:
        linker = _linker(task, weights)
        learn_of_others(linker)
        if task.sure >= LEAST_SURE:
            learn_of_the_same(linker, kind, task.comparisons, task.ways, task.filled)
        weights = believed(linker.misc.save_model_to_json(), task.comparisons, sure=task.sure)
    predicted = _linker(task, weights).inference.predict(threshold_match_probability=least)
    found = [_pair(row, task.comparisons) for row in predicted.as_record_list()]
    found = [pair for pair in found if _fits(kind, pair)]
    found += [
        Pair(first, second, probability, {"third": ("near", 0.0)})
        for first, second, probability in following(
            [(pair.first, pair.second, pair.probability) for pair in found], least=least
        )
        if sources is None
    ]
    return sorted(found, key=lambda pair: (-pair.probability, pair.first, pair.second))


def _task(kind: str, records: Mapping[int, Record], sources: Sources) -> Task:
    filled = _filled(kind, records.values())
    ways = {names: blocks.keys(records, names) for names in blocks.fitting(BLOCKS[kind], filled)}
    sure = blocks.pairs(records, blocks.fitting(SURE[kind], filled), sources)
    most = blocks.MOST_PAIRS_A_RECORD * len(records)
    ways = {names: made for names, made in ways.items() if made and blocks.number_of_pairs(made) <= most}
    return Task(kind, records, sources, filled, usable(kind, filled), ways, len(sure))


def _filled(kind: str, records: Iterable[Record]) -> list[str]:
    """The columns in which enough records hold something, and not all the same."""
    held: Counter[str] = Counter()
    values: dict[str, set[str]] = {name: set() for name in COLUMNS[kind]}
    total = 0
    for record in records:
        total += 1
        for name, value in record.items():
            if value is not None:
                held[name] += 1
                if len(values[name]) < 2:
                    values[name].add(value)
    least = max(2.0, total * LEAST_SHARE)
    return [name for name in COLUMNS[kind] if held[name] >= least and len(values[name]) > 1]


def _linker(task: Task, weights: Weights) -> Any:
    try:
        import splink  # of an extra, and a second to load
    except ImportError as missing:
        raise LinkageMissing("pip install 'clientier[dedupe]'") from missing
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = splink.DuckDBAPI()
    frames = [database.register(_table(task, keys), table_name=name) for name, keys in _parts(task).items()]
    settings = {
        "link_type": "dedupe_only" if task.sources is None else "link_only",
        "probability_two_random_records_match": min(
            0.5, max(1.0, task.sure / SURE_FINDS) / max(task.possible, 2.0)
        ),
        "comparisons": [_described(each, weights[each.name]) for each in task.comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": blocks.rule(names), "sql_dialect": "duckdb"} for names in task.ways
        ],
        "retain_intermediate_calculation_columns": True,
    }
    return splink.Linker(frames, settings, log_level=logging.ERROR)


def _parts(task: Task) -> dict[str, list[int]]:
    """The keys of the records by the source that they came from."""
    if task.sources is None:
        return {"records": list(task.records)}
    names = sorted(set(task.sources.values()))
    return {name: [key for key in task.records if task.sources[key] == name] for name in names}


def _table(task: Task, keys: list[int]) -> dict[str, list[Any]]:
    """The records in columns, with the keys of their blocks."""
    table: dict[str, list[Any]] = {"unique_id": keys}
    for name in COLUMNS[task.kind]:
        table[name] = [task.records[key][name] for key in keys]
    for names, made in task.ways.items():
        table[blocks.column(names)] = [made.get(key) for key in keys]
    return table


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
    first, second = sorted((int(row["unique_id_l"]), int(row["unique_id_r"])))
    evidence = {}
    for each in comparisons:
        met = int(row[f"gamma_{each.name}"])
        if met < 0:
            continue
        step = each.steps[len(each.steps) - met].words if met else "different"
        weight = sum(float(row.get(f"{mark}{each.name}") or 0) for mark in ("mw_", "mw_tf_adj_"))
        evidence[each.name] = (step, round(weight, 2))
    return Pair(first, second, float(row["match_probability"]), evidence)
