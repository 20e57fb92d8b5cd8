"""How much each agreement says, learned from the data at hand, and believed as far as there was enough of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from clientier.core.likeness import blocks
from clientier.core.likeness.blocks import Names
from clientier.core.likeness.comparisons import TAUGHT_BY, Comparison

log = logging.getLogger(__name__)
MOST_SAMPLED, SEED, LEAST_TAUGHT = 500_000, 20_260_302, 50
HALF_BELIEVED_AT = 50
RAREST_SAME, RAREST_OTHER = 1e-4, 0.5 / MOST_SAMPLED
LEAST_AGREEING = 0.2
Weights = Mapping[str, list[tuple[float, float]]]
"""By comparison, for each of its steps and for none of them: how often it is met among the same, and among others."""


def first_weights(comparisons: tuple[Comparison, ...]) -> Weights:
    """What is believed before anything is learned."""
    return {each.name: _whole([(step.same, step.other) for step in each.steps]) for each in comparisons}


def _whole(steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    rest = [max(0.005, 1 - sum(part)) for part in zip(*steps, strict=True)]
    return [*steps, (rest[0], rest[1])]


def learn_of_others(linker: Any) -> None:
    """Count how often two records at random agree in each fact."""
    linker.training.estimate_u_using_random_sampling(max_pairs=MOST_SAMPLED, seed=SEED)


def learn_of_the_same(
    linker: Any,
    kind: str,
    comparisons: tuple[Comparison, ...],
    ways: Mapping[Names, int],
    filled: list[str],
) -> None:
    """Find out how often the same agree, from blocks in which many are the same (expectation and maximisation)."""
    taught: set[str] = set()
    for names in blocks.fitting(TAUGHT_BY[kind], filled):
        learning = {each.name for each in comparisons} - set(names)
        if names not in ways or len(learning) < 2 or learning <= taught:
            continue
        if ways[names] < LEAST_TAUGHT:
            continue
        equal = " AND ".join(f"l.{name} = r.{name}" for name in names)
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                f"{equal} AND {blocks.rule(names)}", estimate_without_term_frequencies=True
            )
        except ValueError as nothing_there:  # it went astray: hardly any of these pairs are of the same
            log.info("Nothing was learned from those who agree in %s: %s", names, nothing_there)
            continue
        taught |= learning


def believed(model: Mapping[str, Any], comparisons: tuple[Comparison, ...], *, sure: int) -> Weights:
    """What was learned, mixed with what was believed before by how many sure pairs stand behind it.

    Where agreement turned out to be rare among the same, something else than the same was learned, and nothing
    of it is believed.
    """
    share = sure / (sure + HALF_BELIEVED_AT)
    first = first_weights(comparisons)
    learned = {each["output_column_name"]: each["comparison_levels"][1:] for each in model["comparisons"]}
    return {each.name: _mixed(first[each.name], learned[each.name], share) for each in comparisons}


def _mixed(
    first: list[tuple[float, float]], levels: list[dict[str, Any]], share: float
) -> list[tuple[float, float]]:
    same = [level.get("m_probability") for level in levels]
    other = [level.get("u_probability") for level in levels]
    kept = [
        max(RAREST_OTHER, before if seen is None else seen)
        for (_same, before), seen in zip(first, other, strict=True)
    ]
    agreeing = sum(seen for seen in same[:-1] if seen is not None)
    trusted = share if agreeing >= LEAST_AGREEING and (same[0] or 0) > kept[0] else 0.0
    mixed = [
        max(RAREST_SAME, before if seen is None else trusted * seen + (1 - trusted) * before)
        for (before, _other), seen in zip(first, same, strict=True)
    ]
    return [(a / sum(mixed), b / sum(kept)) for a, b in zip(mixed, kept, strict=True)]
