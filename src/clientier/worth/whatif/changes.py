"""What may be asked: other boundaries, weights, prices, cost rates and service levels."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clientier.worth.book.drivers import DRIVERS
from clientier.worth.refusals import WorthError


class ChangeRefused(WorthError):
    """A change that does not exist, or has a value that cannot be meant."""


@dataclass(frozen=True)
class Service:
    """What each customer of a tier is given: contacts a year, and minutes for each."""

    contacts: float
    minutes: float


@dataclass(frozen=True)
class Changes:
    """What would be otherwise; what is left at its default stays as it is.

    `price` is the change of all prices (0.02: two per cent up), `tier_prices` of single tiers instead;
    `elasticity` how much quantity changes for each change of price (-0.5: one per cent up, half a per cent less
    sold). `drivers` multiplies costs to serve by driver, "freight" also that of orders. `service` replaces the
    time spent on customers of a tier. `future_weight` is the share of expected profit in the value that ranks.
    """

    boundaries: tuple[float, ...] | None = None
    future_weight: float | None = None
    price: float = 0.0
    tier_prices: Mapping[int, float] = field(default_factory=dict)
    elasticity: float = 0.0
    minute_cost_e4: int | None = None
    drivers: Mapping[str, float] = field(default_factory=dict)
    service: Mapping[int, Service] = field(default_factory=dict)

    def __post_init__(self) -> None:
        prices = (self.price, *self.tier_prices.values())
        allowed = {
            "future_weight": self.future_weight is None or 0 <= self.future_weight <= 1,
            "price": all(-1 < price <= 10 for price in prices),
            "elasticity": -10 <= self.elasticity <= 0
            and all(1 + self.elasticity * price >= 0 for price in prices),
            "minute_cost_e4": self.minute_cost_e4 is None or self.minute_cost_e4 >= 0,
            "drivers": all(name in DRIVERS and factor >= 0 for name, factor in self.drivers.items()),
            "service": all(one.contacts >= 0 and one.minutes >= 0 for one in self.service.values()),
        }
        for name, fine in allowed.items():
            if not fine:
                raise ChangeRefused("change_out_of_range", change=name, value=_plain(getattr(self, name)))

    def as_dict(self) -> dict[str, Any]:
        """The changes as plain values, those that change nothing left out."""
        unchanged = Changes.__dataclass_fields__
        return {
            name: _plain(getattr(self, name))
            for name in unchanged
            if getattr(self, name) is not None
            and (name == "future_weight" or getattr(self, name) not in (0.0, {}))
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Changes:
        """Make changes from plain values such as JSON or TOML holds; unknown ones are refused."""
        known = {one.name for one in dataclasses.fields(cls)}
        for name in values:
            if name not in known:
                raise ChangeRefused("unknown_change", change=name, value=values[name])
        try:
            read = {name: _READINGS[name](value) for name, value in values.items()}
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ChangeRefused("change_of_wrong_type", change=", ".join(values), value=str(error)) from error
        return cls(**read)


_READINGS: Mapping[str, Any] = {
    "boundaries": lambda value: tuple(float(share) for share in value),
    "future_weight": float,
    "price": float,
    "tier_prices": lambda value: {int(tier): float(price) for tier, price in value.items()},
    "elasticity": float,
    "minute_cost_e4": int,
    "drivers": lambda value: {str(name): float(factor) for name, factor in value.items()},
    "service": lambda value: {
        int(tier): one if isinstance(one, Service) else Service(float(one["contacts"]), float(one["minutes"]))
        for tier, one in value.items()
    },
}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return dataclasses.asdict(value) if isinstance(value, Service) else value
