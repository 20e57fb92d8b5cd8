"""Every number that the engine decides by, as one value that is stored beside each run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clientier.worth.refusals import PolicyRefused

MODELS = ("auto", "mbg", "bg", "mbg_k", "bg_k", "pareto", "nbd")
RETURNS_ON = ("own_day", "sale_day")
OVERHEAD_KEYS = ("revenue", "margin", "lines", "minutes", "customers")


@dataclass(frozen=True)
class Policy:
    """The rules of a value run. Shares are of one, money in ten-thousandths (`_e4`), times in days."""

    # whose money, whose day
    base_currency: str = ""
    rate_days: int = 31
    time_zone: str = ""
    fiscal_year_start: int = 1
    returns_on: str = "own_day"
    # profit and the pyramid
    window_days: int = 365
    boundaries: tuple[float, ...] = (0.01, 0.19, 0.30, 0.50)
    abc_boundaries: tuple[float, ...] = (0.80, 0.95)
    minute_cost_e4: int = 0
    receivable_rate: float = 0.0
    overhead_key: str = "revenue"
    future_weight: float = 0.0
    band: float = 0.10
    confirmations: int = 2
    tiny_population: int = 100
    newcomer_days: int = 90
    # when customers buy
    model: str = "auto"
    horizon_days: tuple[int, ...] = (30, 90, 365)
    fewest_repeat_customers: int = 500
    fit_age_days: int = 7
    # what they spend and are worth
    discount_rate: float = 0.10
    clv_months: int = 36
    fewest_spenders: int = 30
    spend_shrinkage: float = 2.0
    spend_correlation: float = 0.30
    range_share: float = 0.80
    # lifecycle
    loyal_purchases: int = 3
    loyal_p_active: float = 0.5
    loyal_horizon_days: int = 90
    loyal_share_of_wallet: float = 0.5
    lost_p_active: float = 0.10
    lost_horizon_days: int = 365
    lost_confirmations: int = 2
    lost_gap_multiple: float = 3.0
    lost_least_days: int = 90
    lost_silence_days: int = 365
    fewest_for_loss: int = 10
    stage_change: float = 0.25
    # early warning
    gap_share: float = 0.90
    own_gap_purchases: int = 6
    silence_p: float = 0.05
    silence_purchases: int = 2
    warning_fraction: float = 0.5
    warning_horizon_days: int = 90
    falling_fraction: float = 0.5
    falling_purchases: int = 4
    warning_precision: float = 0.5
    # health and growth
    health_weights: tuple[float, ...] = (0.40, 0.20, 0.20, 0.20)
    growth_reach: float = 0.5

    def __post_init__(self) -> None:
        for name, allowed in self._limits().items():
            if not allowed:
                raise PolicyRefused("setting_out_of_range", setting=name, value=getattr(self, name))

    def _limits(self) -> dict[str, bool]:
        shares = (
            "band", "loyal_p_active", "lost_p_active", "gap_share", "range_share", "warning_fraction",
            "silence_p", "loyal_share_of_wallet", "warning_precision",
        )  # fmt: skip
        whole = (
            "window_days",
            "rate_days",
            "clv_months",
            "confirmations",
            "lost_confirmations",
            "own_gap_purchases",
        )
        return {
            "boundaries": len(self.boundaries) >= 2
            and abs(sum(self.boundaries) - 1.0) < 1e-9
            and min(self.boundaries) > 0,
            "abc_boundaries": 0 < self.abc_boundaries[0] < self.abc_boundaries[1] <= 1,
            "model": self.model in MODELS,
            "returns_on": self.returns_on in RETURNS_ON,
            "overhead_key": self.overhead_key in OVERHEAD_KEYS,
            "fiscal_year_start": 1 <= self.fiscal_year_start <= 12,
            "receivable_rate": self.receivable_rate >= 0,
            "future_weight": 0 <= self.future_weight <= 1,
            "horizon_days": len(self.horizon_days) > 0 and min(self.horizon_days) > 0,
            "lost_gap_multiple": self.lost_gap_multiple >= 1,
            "discount_rate": self.discount_rate >= 0,
            "health_weights": len(self.health_weights) == 4 and sum(self.health_weights) > 0,
            **{name: 0 < getattr(self, name) < 1 for name in shares},
            **{name: getattr(self, name) >= 1 for name in whole},
        }

    def as_dict(self) -> dict[str, Any]:
        """The policy as plain values that JSON and TOML can hold."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Policy:
        """Make a policy from plain values; settings left out keep their defaults, unknown ones are
        refused.
        """
        known = {field.name: field for field in dataclasses.fields(cls)}
        for name in settings:
            if name not in known:
                raise PolicyRefused("unknown_setting", setting=name, value=settings[name])
        values: dict[str, Any] = {}
        for name, value in settings.items():
            values[name] = _like(name, known[name].default, value)
        return cls(**values)


def _like(name: str, example: object, value: object) -> object:
    """The value in the type of the default beside it, or a refusal that names the setting."""
    try:
        if isinstance(example, tuple):
            return tuple(type(example[0])(item) for item in value)  # type: ignore[attr-defined]
        if isinstance(example, str) != isinstance(value, str):
            raise TypeError
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise TypeError
        if isinstance(example, int) and float(value) != int(float(value)):
            raise ValueError
        return (
            float(value) if isinstance(example, float) else int(value) if isinstance(example, int) else value
        )
    except (TypeError, ValueError) as error:
        raise PolicyRefused("setting_of_wrong_type", setting=name, value=value) from error
