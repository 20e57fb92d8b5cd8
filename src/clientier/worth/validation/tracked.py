"""Week by week after a day asked: purchases expected of the customers known then, beside those that came."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.purchase_choice import choose_model
from clientier.worth.policy import Policy
from clientier.worth.validation.trial import log_gaps, look_back

Ints = NDArray[np.int64]
WEEK_DAYS = 7


def tracked(customer: Ints, day: Ints, origin: int, horizon_days: int, policy: Policy) -> dict[str, Any]:
    """Cumulative purchases of the model of the policy and of the calendar at the end of each whole week.

    `error` is the mean size of the difference in parts of what had come by then, `error_weekly` the same of single
    weeks; both None where weeks passed without any purchase. The model speaks as it comes, not set right.
    """
    trial, known = look_back(
        customer, day, origin=origin, horizon_days=horizon_days, window_days=policy.window_days
    )
    model = choose_model(trial.x, trial.t_x, trial.age, policy, log_gaps(customer, day, origin))[0]
    weeks = np.arange(1, horizon_days // WEEK_DAYS + 1)
    rows, number = np.unique(np.stack([trial.x, trial.t_x, trial.age]), axis=1, return_counts=True)
    expected = np.array([float(model.expected(*rows, float(week * WEEK_DAYS)) @ number) for week in weeks])
    came = day[(day > origin) & np.isin(customer, known)]
    actual = np.array([float((came <= origin + week * WEEK_DAYS).sum()) for week in weeks])
    return {
        "expected": expected.tolist(),
        "actual": actual.tolist(),
        "error": _error(expected, actual),
        "error_weekly": _error(np.diff(expected, prepend=0.0), np.diff(actual, prepend=0.0)),
    }


def _error(expected: NDArray[np.float64], actual: NDArray[np.float64]) -> float | None:
    return float(np.mean(np.abs(expected / actual - 1.0))) if len(actual) and (actual > 0).all() else None
