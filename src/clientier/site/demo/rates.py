"""Exchange rates to the yuan: one a month, drifting mildly around what they are."""

from __future__ import annotations

from datetime import date

import numpy as np

from .amounts import ONE_E6
from .chance import stream, texts
from .world import Table

BASE_CURRENCY = "CNY"
CURRENCIES = ("CNY", "USD", "EUR", "HKD")
_TYPICAL = {"USD": 7.15, "EUR": 7.80, "HKD": 0.917}


def make_rates(seed: int, first_day: date, today: date) -> Table:
    """Monthly rates from the month before `first_day` to the month of `today`; the base currency's is one."""
    first_month = np.datetime64(first_day, "M") - 1
    months = np.arange(first_month, np.datetime64(today, "M") + 1)
    rates = {BASE_CURRENCY: np.full(len(months), ONE_E6, dtype=np.int64)}
    steps = stream(seed, "rates").normal(0, 0.008, (len(_TYPICAL), len(months)))
    steps[2] = steps[0] * 0.98  # the Hong Kong dollar is pegged to that of the United States
    for (currency, typical), step in zip(_TYPICAL.items(), steps, strict=True):
        drift = np.cumsum(step)
        rates[currency] = np.rint(typical * np.exp(drift - drift.mean()) * 10_000).astype(np.int64) * 100
    return Table(
        {
            "currency": texts([currency for currency in CURRENCIES for _ in months]),
            "day": np.tile(months.astype("datetime64[D]"), len(CURRENCIES)),
            "rate_e6": np.concatenate([rates[currency] for currency in CURRENCIES]),
        }
    )


def rates_on(rates: Table, currency: np.ndarray, days: np.ndarray) -> np.ndarray:
    """The rate in force on each day for each currency, in millionths."""
    months = np.unique(rates["day"])
    by_currency = {one: rates["rate_e6"][rates["currency"] == one] for one in CURRENCIES}
    position = np.searchsorted(months, days, side="right") - 1
    found = np.zeros(len(days), dtype=np.int64)
    for one, series in by_currency.items():
        chosen = currency == one
        found[chosen] = series[position[chosen]]
    return found
