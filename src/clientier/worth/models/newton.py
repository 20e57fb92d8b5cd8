"""Damped Newton ascent for log-likelihoods of three or four parameters whose gradient and Hessian
are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Evaluation = tuple[float, Floats, Floats]

LONGEST_STEP = 2.0
SMALLEST_GAIN = 1e-11
PROMISE_TOO_SMALL = 1e-11
LOG_PARAMETER_LIMIT = 12.0


@dataclass(frozen=True)
class Optimum:
    """Where the ascent ended: log parameters, value, Hessian there, passes used, and whether it settled
    inside.
    """

    point: Floats
    value: float
    hessian: Floats
    passes: int
    converged: bool
    at_boundary: bool


def maximise(evaluate: Callable[[Floats], Evaluation], start: Floats, passes_limit: int = 80) -> Optimum:
    """Climb from `start` to a local maximum; every pass computes value, gradient and Hessian once.

    Where the Hessian is not negative definite its eigenvalues are mirrored, so each step goes uphill.
    """
    point = start.astype(np.float64)
    value, gradient, hessian = evaluate(point)
    passes, converged = 1, False
    while passes < passes_limit and not converged:
        step = _uphill_step(gradient, hessian)
        promise = 0.5 * float(gradient @ step)
        if promise <= PROMISE_TOO_SMALL * (abs(value) + 1.0):
            # so near the top the last step is right without being tried, and rounding hides what it gains
            return Optimum(point + step, value + promise, hessian, passes, True, _touches_limit(point))
        scale = 1.0
        while passes < passes_limit:
            candidate = np.clip(point + scale * step, -LOG_PARAMETER_LIMIT, LOG_PARAMETER_LIMIT)
            trial = evaluate(candidate)
            passes += 1
            if np.isfinite(trial[0]) and trial[0] >= value:
                break
            scale /= 4.0
            if scale < 1e-6:
                return Optimum(point, value, hessian, passes, True, _touches_limit(point))
        gain = trial[0] - value
        converged = gain <= SMALLEST_GAIN * (abs(value) + 1.0)
        point, (value, gradient, hessian) = candidate, trial
        if _touches_limit(point):
            break  # the top lies at infinity: more passes would only creep on
    return Optimum(point, value, hessian, passes, converged, _touches_limit(point))


def _uphill_step(gradient: Floats, hessian: Floats) -> Floats:
    eigenvalues, vectors = np.linalg.eigh(hessian)
    curvature = np.maximum(np.abs(eigenvalues), 1e-8 * max(1.0, float(np.abs(eigenvalues).max())))
    step = vectors @ ((vectors.T @ gradient) / curvature)
    length = float(np.linalg.norm(step))
    return step if length <= LONGEST_STEP else step * (LONGEST_STEP / length)


def _touches_limit(point: Floats) -> bool:
    return bool(np.any(np.abs(point) > LOG_PARAMETER_LIMIT - 1.5))
