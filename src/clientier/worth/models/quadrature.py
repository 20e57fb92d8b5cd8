"""Gauss rules: integrals over a departure probability or over time, as short sums of smooth terms."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BETA_NODES = 16
TIME_NODES = 24


def beta_rule(first: float, second: Floats, size: int = BETA_NODES) -> tuple[Floats, Floats]:
    """Nodes and weights (rows: one rule each) that integrate polynomials against Beta(first, second) exactly.

    Golub and Welsch 1969 on the Jacobi recurrence shifted to (0, 1).
    """
    alpha, beta = (second - 1.0)[:, None], first - 1.0
    k = np.arange(size, dtype=np.float64)[None, :]
    total = 2.0 * k + alpha + beta
    with np.errstate(invalid="ignore", divide="ignore"):
        diagonal = (beta**2 - alpha**2) / (total * (total + 2.0))
    diagonal[:, 0] = ((beta - alpha) / (alpha + beta + 2.0))[:, 0]
    j = k[:, 1:]
    total = 2.0 * j + alpha + beta
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = 4.0 * j * (j + alpha) * (j + beta) * (j + alpha + beta) / (total**2 * (total**2 - 1.0))
    squares[:, 0] = (4.0 * (1.0 + alpha) * (1.0 + beta) / ((2.0 + alpha + beta) ** 2 * (3.0 + alpha + beta)))[
        :, 0
    ]
    matrices = np.zeros((len(second), size, size))
    index = np.arange(size)
    matrices[:, index, index] = diagonal
    off = np.sqrt(squares)
    matrices[:, index[:-1], index[1:]] = off
    matrices[:, index[1:], index[:-1]] = off
    values, vectors = np.linalg.eigh(matrices)
    return np.clip((values + 1.0) / 2.0, 1e-300, 1.0), vectors[:, 0, :] ** 2


@lru_cache(maxsize=16)
def legendre_rule(size: int) -> tuple[Floats, Floats]:
    """Nodes and weights of the Gauss-Legendre rule on (0, 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(size)
    return 0.5 * (nodes + 1.0), 0.5 * weights


def over_log_time(
    function: Callable[[Floats], Floats], horizon: float, scale: Floats, size: int = TIME_NODES
) -> Floats:
    """Integral of function(time) over (0, horizon), row by row, in the logarithm of scale + time.

    `scale` is the time within which the function changes by about its own size: the rule spends its nodes there.
    """
    length = np.log1p(horizon / scale)
    total = np.zeros(len(scale))
    for node, weight in zip(*legendre_rule(size), strict=True):
        time = scale * np.expm1(length * node)
        total += weight * function(time) * (scale + time)
    return total * length
