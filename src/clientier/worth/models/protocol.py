"""What every model of purchases can be asked, whichever it is."""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class BuyingModel(Protocol):
    """A fitted model. x, t_x, age are arrays of one length: repeat purchases, the time of the last one and the
    time observed, both since the first purchase, in the unit of the fit; answers have that length.

    For BG/BB times count opportunities to buy, and horizons are whole numbers.
    """

    PARAMETERS: ClassVar[tuple[str, ...]]

    @property
    def name(self) -> str:
        """The name under which `registry.fit` makes this kind of model."""

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability of still being a customer."""

    def p_active(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of at least one purchase within the horizon."""

    def expected(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Expected number of purchases within the horizon."""

    def discounted(self, x: Floats, t_x: Floats, age: Floats, horizon: float, rate: float) -> Floats:
        """Expected purchases within the horizon, each discounted at `rate` per unit of time (continuously)."""

    def p_purchases(self, x: Floats, t_x: Floats, age: Floats, count: int, horizon: float) -> Floats:
        """Probability of exactly `count` purchases within the horizon."""

    def gap_quantile(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The silence, from the last purchase on, in which the next one falls with that probability if he stays."""

    def draw(
        self, x: Floats, t_x: Floats, age: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One possible number of purchases within the horizon for each customer."""
