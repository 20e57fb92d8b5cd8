"""Chance that can be repeated: one stream per subject, so that changing one leaves the others alone."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np


def stream(seed: int, subject: str) -> np.random.Generator:
    """The random stream of a subject, the same for the same seed."""
    return np.random.default_rng([seed, crc32(subject.encode())])


def texts(values: Sequence[object]) -> np.ndarray:
    """An array that holds Python objects as they are (strings of any length, None)."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def choose(random: np.random.Generator, values: Sequence[object], count: int) -> np.ndarray:
    """Draws `count` of the values, each equally likely."""
    return texts(values)[random.integers(0, len(values), count)]


def choose_weighted(
    random: np.random.Generator, weights: Sequence[float] | np.ndarray, count: int
) -> np.ndarray:
    """Draws positions, each as likely as its weight."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(edges / edges[-1], random.random(count), side="right")


def spread_ranks(random: np.random.Generator, count: int) -> np.ndarray:
    """Shuffled ranks strictly between 0 and 1 that fill the range evenly: no draw has a freak shape."""
    return (random.permutation(count) + 0.5) / max(count, 1)


def deal(random: np.random.Generator, candidates: np.ndarray, count: int) -> np.ndarray:
    """Takes `count` of the candidates (all, if they are fewer), each at most once."""
    return random.permutation(candidates)[:count]
