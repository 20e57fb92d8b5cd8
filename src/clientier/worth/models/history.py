"""What a model of purchases sees of a population: counts of customers alike, never the customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """Counts of customers alike: x repeat purchases, the last at t_x, observed until T (x, t_x, T of equal
    length).
    """

    x: Floats
    t_x: Floats
    age: Floats
    weight: Floats

    @classmethod
    def of(cls, x: object, t_x: object, age: object, weight: object = None) -> History:
        """Make a history from anything array-like; without weights each row is one customer."""
        first = np.asarray(x, dtype=np.float64)
        counts = np.ones_like(first) if weight is None else np.asarray(weight, dtype=np.float64)
        return cls(first, np.asarray(t_x, dtype=np.float64), np.asarray(age, dtype=np.float64), counts)

    def compressed(self) -> History:
        """The same history with equal rows counted together: the likelihood is unchanged, the work
        shrinks.
        """
        if not len(self.x):
            return self
        order = np.lexsort((self.age, self.t_x, self.x))
        x, t_x, age = self.x[order], self.t_x[order], self.age[order]
        starts = np.flatnonzero(np.r_[True, (np.diff(x) != 0) | (np.diff(t_x) != 0) | (np.diff(age) != 0)])
        return History(x[starts], t_x[starts], age[starts], np.add.reduceat(self.weight[order], starts))
