"""The logarithm of a sum over what may have become of a customer, with its gradient and Hessian.

Each likelihood here is a sum over scenarios that the data cannot tell apart: still a customer, or gone at one of
several moments. The gradient is then the mean of the scenarios' gradients under their posterior odds, and the
Hessian the mean of their Hessians plus the covariance of their gradients.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.newton import Evaluation

Floats = NDArray[np.float64]
Curvature = Mapping[tuple[int, int], Floats]


def log_sum(terms: Floats, slopes: Floats, curvature: Curvature, weight: Floats) -> Evaluation:
    """Weighted sum over rows of log(sum over scenarios of exp(terms)), its gradient and Hessian.

    `terms` is scenarios x rows; `slopes` parameters x scenarios x rows holds their derivatives; `curvature` the
    second derivatives that are not zero, by pair of parameters; `weight` counts the customers of each row.
    """
    top = terms.max(axis=0)
    odds = np.exp(terms - top)
    total = odds.sum(axis=0)
    value = float(weight @ (top + np.log(total)))
    odds *= weight / total
    size = len(slopes)
    weighted = slopes * odds
    sums = weighted.sum(axis=1)
    hessian = weighted.reshape(size, -1) @ slopes.reshape(size, -1).T
    hessian -= (sums / np.maximum(weight, 1e-300)) @ sums.T
    for (first, second), values in curvature.items():
        entry = float((values * odds).sum())
        hessian[first, second] += entry
        if first != second:
            hessian[second, first] += entry
    return value, sums.sum(axis=1), hessian
