"""What a model of purchases sees of a population: counts of customers alike, never the customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LARGEST_KEY = 2.0**62


@dataclass(frozen=True)
class History:
    """Counts of customers alike: x repeat purchases, the last at t_x, observed until T (all of equal length).

    `log_gaps` is the sum, over all customers and all their gaps between purchases, of the logarithm of the gap
    in the unit of time of t_x; only models that weigh regularity read it, and NaN says that it is not known.
    """

    x: Floats
    t_x: Floats
    age: Floats
    weight: Floats
    log_gaps: float = float("nan")

    @classmethod
    def of(
        cls, x: object, t_x: object, age: object, weight: object = None, log_gaps: float = float("nan")
    ) -> History:
        """Make a history from anything array-like; without weights each row is one customer."""
        first = np.asarray(x, dtype=np.float64)
        counts = np.broadcast_to(1.0, first.shape) if weight is None else np.asarray(weight, np.float64)
        last, until = np.asarray(t_x, dtype=np.float64), np.asarray(age, dtype=np.float64)
        return cls(first, last, until, counts, log_gaps)

    @property
    def customers(self) -> float:
        """How many customers the rows stand for."""
        return float(self.weight.sum())

    @property
    def mean_age(self) -> float:
        """Mean age of a customer, 1 where there is none: the unit in which the fits count time."""
        return float(self.weight @ self.age) / max(self.customers, 1.0) or 1.0

    def in_units_of(self, unit: float) -> History:
        """The same history with time counted in `unit` of the present unit."""
        log_gaps = self.log_gaps - float(self.weight @ self.x) * float(np.log(unit))
        return History(self.x, self.t_x / unit, self.age / unit, self.weight, log_gaps)

    def every(self, step: int) -> History:
        """Every so many rows: enough to start an ascent on all rows close to its end."""
        return History(self.x[::step], self.t_x[::step], self.age[::step], self.weight[::step], self.log_gaps)

    def compressed(self) -> History:
        """The same history with equal rows counted together: the likelihood is unchanged, the work shrinks."""
        if not len(self.x):
            return self
        packed = self._packed()
        if packed is not None:
            return packed
        order = np.lexsort((self.age, self.t_x, self.x))
        x, t_x, age = self.x[order], self.t_x[order], self.age[order]
        starts = np.flatnonzero(np.r_[True, (np.diff(x) != 0) | (np.diff(t_x) != 0) | (np.diff(age) != 0)])
        weight = np.add.reduceat(self.weight[order], starts)
        return History(x[starts], t_x[starts], age[starts], weight, self.log_gaps)

    def _packed(self) -> History | None:
        """The same through one whole-number key a row, which sorts ten times as fast; None if it does not fit."""
        spans = [float(part.max()) + 1.0 for part in (self.x, self.t_x, self.age)]
        if (
            min(float(part.min()) for part in (self.x, self.t_x, self.age)) < 0
            or np.prod(spans) > LARGEST_KEY
        ):
            return None
        width_t, width_age = int(spans[1]), int(spans[2])
        key = np.zeros(len(self.x), dtype=np.int64)
        for part, width in ((self.x, 1), (self.t_x, width_t), (self.age, width_age)):
            whole = part.astype(np.int64)
            if (whole != part).any():
                return None
            key *= width
            key += whole
        del whole
        if (self.weight == 1.0).all():
            key.sort()
            starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
            weight = np.diff(np.r_[starts, len(key)]).astype(np.float64)
        else:
            order = np.argsort(key)
            key = key[order]
            starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
            weight = np.add.reduceat(self.weight[order], starts)
        rest, age = np.divmod(key[starts], width_age)
        x, t_x = np.divmod(rest, width_t)
        return History(
            x.astype(np.float64), t_x.astype(np.float64), age.astype(np.float64), weight, self.log_gaps
        )
