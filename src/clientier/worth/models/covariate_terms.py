"""The log-likelihood of each single (M)BG/NBD customer with parameters of his own, and its derivatives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models.history import History

Floats = NDArray[np.float64]
PARAMETER_SIGNS = (1.0, -1.0, 1.0, 1.0)  # a higher rate is a smaller alpha


def per_customer(history: History, parameters: Floats, extra: int) -> tuple[Floats, Floats, Floats]:
    """Values, gradients (4 x rows) and Hessians (4 x 4 x rows) by the logarithms of each row's r, alpha, a, b."""
    r, alpha, a, b = parameters
    values, slopes, bends = _by_count(history.x, parameters, extra)
    x, end, last = history.x, alpha + history.age, alpha + history.t_x
    shape, over_end, over_last, log_end = r + x, 1.0 / end, 1.0 / last, np.log(end)
    may_leave = x + extra > 0
    spare = np.where(may_leave, b + x + extra - 1.0, 1.0)
    growth = log_end - np.log(last)
    with np.errstate(divide="ignore"):
        difference = np.where(may_leave, np.log(a / spare), -np.inf) + shape * growth
    gone = special.expit(difference)
    values += np.logaddexp(0.0, difference) - shape * log_end
    steps = np.stack(
        [growth, shape * (over_end - over_last), 1.0 / a, np.where(may_leave, -1.0 / spare, 0.0)]
    )
    slopes += gone * steps
    slopes[0] -= log_end
    slopes[1] -= shape * over_end
    bends += gone * (1.0 - gone) * steps[:, None] * steps[None, :]
    cross = (1.0 - gone) * over_end + gone * over_last
    bends[0, 1] -= cross
    bends[1, 0] -= cross
    bends[1, 1] += shape * ((1.0 - gone) * over_end**2 + gone * over_last**2)
    bends[2, 2] -= gone / a**2
    bends[3, 3] += gone * steps[3] ** 2
    slopes *= parameters
    bends *= parameters[:, None] * parameters[None, :]
    for place in range(4):
        bends[place, place] += slopes[place]
    return values, slopes, bends


def _by_count(x: Floats, parameters: Floats, extra: int) -> tuple[Floats, Floats, Floats]:
    """The part without times, by the parameters themselves."""
    r, alpha, a, b = parameters
    shape, y = r + x, b + x + extra
    log_gamma, psi = special.gammaln, special.digamma
    values = log_gamma(shape) - log_gamma(r) + r * np.log(alpha)
    values += log_gamma(y) - log_gamma(a + y) + log_gamma(a + b) - log_gamma(b)
    together = psi(a + b) - psi(a + y)
    slopes = np.stack([psi(shape) - psi(r) + np.log(alpha), r / alpha, together, together + psi(y) - psi(b)])

    def curve(argument: Floats) -> Floats:
        return special.zeta(2.0, argument)

    bends = np.zeros((4, 4, len(x)))
    bends[0, 0] = curve(shape) - curve(r)
    bends[0, 1] = bends[1, 0] = 1.0 / alpha
    bends[1, 1] = -r / alpha**2
    bends[2, 2] = bends[2, 3] = bends[3, 2] = curve(a + b) - curve(a + y)
    bends[3, 3] = bends[2, 2] + curve(y) - curve(b)
    return values, slopes, bends
