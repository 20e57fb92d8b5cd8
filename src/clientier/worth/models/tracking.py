"""What a cohort should have bought by each week: the model against the calendar, not against itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.protocol import BuyingModel

Floats = NDArray[np.float64]
NOBODY_YET = np.zeros(1)


def expected_by(model: BuyingModel, first: Floats, weight: Floats, times: Floats) -> Floats:
    """Expected repeat purchases of all customers up to each of `times`.

    `first` is the time of each first purchase and `weight` the customers who made theirs then, in the unit of the
    model and counted from the same start as `times`. Differences of the answer are the purchases by week (Fader,
    Hardie, Lee 2005, fig. 2 and 3).
    """
    since = np.maximum(times[:, None] - first[None, :], 0.0).round(9)
    lengths, which = np.unique(since, return_inverse=True)
    bought = np.array(
        [float(model.expected(NOBODY_YET, NOBODY_YET, NOBODY_YET, length)[0]) for length in lengths]
    )
    return bought[which.reshape(since.shape)] @ weight
