"""Gauss rules: integrals over a departure probability or over time, as short sums of smooth terms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BETA_NODES = 16


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
