"""How much is bought on each day: weekends, holidays, Chinese New Year, the last quarter, trade by trade."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

INDUSTRIES = (
    "manufacturing",
    "construction",
    "retail",
    "wholesale",
    "hospitality",
    "healthcare",
    "education",
    "logistics",
    "electronics",
    "food",
)
INDUSTRY_WEIGHTS = (20, 13, 14, 12, 7, 7, 4, 7, 11, 5)
MARKETS = ("china", "europe", "america")

# Month by month beside an even year, January first; what is not named here follows the general year.
_GENERAL_YEAR = (0.90, 0.86, 1.00, 0.96, 0.94, 0.94, 0.86, 0.88, 1.03, 1.22, 1.35, 1.28)
_YEARS = {
    "construction": (0.60, 0.60, 1.00, 1.20, 1.25, 1.15, 1.00, 1.00, 1.20, 1.25, 1.05, 0.75),
    "retail": (0.95, 0.80, 0.85, 0.90, 0.95, 1.00, 0.90, 0.90, 1.05, 1.25, 1.45, 1.25),
    "hospitality": (0.80, 0.75, 0.95, 1.10, 1.20, 1.25, 1.20, 1.10, 1.00, 1.00, 0.95, 1.05),
    "education": (0.70, 0.95, 1.05, 0.90, 0.90, 0.85, 0.80, 1.70, 1.50, 0.95, 0.95, 0.95),
    "food": (1.15, 0.85, 0.90, 0.95, 0.95, 0.95, 0.95, 1.00, 1.10, 1.05, 1.10, 1.20),
}
_CHINESE_NEW_YEARS = """
2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06
2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15
2038-02-04 2039-01-24 2040-02-12
"""
_NEW_YEAR_OF = {int(day[:4]): date.fromisoformat(day) for day in _CHINESE_NEW_YEARS.split()}


def chinese_new_year(year: int) -> date:
    """The first day of the Chinese year; outside the years known here the middle of its range."""
    return _NEW_YEAR_OF.get(year, date(year, 2, 5))


def daily_intensities(first_day: date, day_count: int) -> np.ndarray:
    """Buying by day, averaging one: rows are industry × market for companies, then the markets for persons.

    Row of a company: industry position * 3 + market position; row of a person: 30 + market position.
    """
    days = np.datetime64(first_day) + np.arange(day_count)
    months = days.astype("datetime64[M]").astype(int) % 12
    weekend = (days.astype(int) + 3) % 7 >= 5
    rows = []
    for industry in INDUSTRIES:
        year = np.array(_YEARS.get(industry, _GENERAL_YEAR))[months] * np.where(weekend, 0.04, 1.0)
        rows += [year * _holidays(days, market) for market in MARKETS]
    consumer_year = np.array(_GENERAL_YEAR)[months] * np.where(weekend, 1.4, 1.0)
    rows += [consumer_year * _holidays(days, market) * _sales(days, market) for market in MARKETS]
    table = np.stack(rows)
    return table / table.mean(axis=1, keepdims=True)


def _holidays(days: np.ndarray, market: str) -> np.ndarray:
    factor = np.ones(len(days))
    for year in _years(days):
        if market == "china":
            new_year = chinese_new_year(year)
            _scale(factor, days, new_year - timedelta(35), new_year - timedelta(13), 1.25)
            _scale(factor, days, new_year - timedelta(10), new_year - timedelta(3), 0.45)
            _scale(factor, days, new_year - timedelta(2), new_year + timedelta(8), 0.05)
            _scale(factor, days, new_year + timedelta(9), new_year + timedelta(15), 0.5)
            _scale(factor, days, date(year, 10, 1), date(year, 10, 7), 0.2)
            _scale(factor, days, date(year, 5, 1), date(year, 5, 4), 0.3)
        else:
            _scale(factor, days, date(year, 12, 23), date(year, 12, 31), 0.12)
            _scale(factor, days, date(year, 1, 1), date(year, 1, 3), 0.12)
        if market == "europe":
            _scale(factor, days, date(year, 8, 1), date(year, 8, 24), 0.6)
        if market == "america":
            _scale(factor, days, date(year, 7, 3), date(year, 7, 5), 0.2)
    return factor


def _sales(days: np.ndarray, market: str) -> np.ndarray:
    factor = np.ones(len(days))
    for year in _years(days):
        if market == "china":
            _scale(factor, days, date(year, 11, 9), date(year, 11, 12), 5.0)
            _scale(factor, days, date(year, 6, 16), date(year, 6, 18), 3.0)
        else:
            _scale(factor, days, date(year, 11, 24), date(year, 11, 30), 3.0)
    return factor


def _years(days: np.ndarray) -> range:
    first, last = (int(str(days[position])[:4]) for position in (0, -1))
    return range(first, last + 2)


def _scale(factor: np.ndarray, days: np.ndarray, first: date, last: date, by: float) -> None:
    factor[(days >= np.datetime64(first)) & (days <= np.datetime64(last))] *= by
