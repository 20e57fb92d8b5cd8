"""The same weeks of former years: renewals fall where they fell, and totals follow the rates."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.models import seasonal


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def test_a_march_renewal_is_expected_in_march():
    renewals = [day(f"{year}-03-{on}") for year in (2022, 2023, 2024, 2025) for on in (12,)]
    others = [day(f"{year}-10-05") for year in (2022, 2023, 2024, 2025)]
    customer = np.repeat(np.arange(40), 4)
    first = np.tile([renewals[0], others[0]], 20)
    model = seasonal.fit(customer, np.array((renewals + others) * 20), first, day("2026-01-31"))
    assert model.cohort_strength == 0.5  # every one of them came back in his own weeks
    spring, summer = model.expected(90.0), model.expected(240.0) - model.expected(90.0)
    assert spring[0] > 0.6 > 0.3 > spring[1]
    assert summer[0] < 0.35
    assert np.allclose(model.expected(365.0), 1.0, atol=0.06)
    assert np.all((model.p_active(90.0) > 0) & (model.p_active(90.0) < 1))


def test_totals_follow_the_rates_and_weeks_of_a_season():
    random = np.random.default_rng(1)
    start, until = day("2020-01-01"), day("2024-01-01")
    rates = random.gamma(2.0, 2.0, 3_000)
    season = 1.0 + 0.9 * np.cos(2 * np.pi * (np.arange(365) - 350) / 365)
    rows = [
        (who, start + 365 * year + on)
        for who in range(3_000)
        for year in range(5)
        for on in random.choice(365, random.poisson(rates[who]), p=season / season.sum())
    ]
    customer, days = np.array(rows).T
    first = np.full(3_000, start)
    seen = days <= until
    model = seasonal.fit(customer[seen], days[seen], first, until)
    for horizon, tolerance in ((30.0, 0.08), (90.0, 0.06), (360.0, 0.06)):
        came = ((days > until) & (days <= until + horizon)).sum()
        assert model.expected(horizon).sum() == pytest.approx(came, rel=tolerance)
    actual = np.bincount(customer[(days > until) & (days <= until + 90)], minlength=3_000)
    flat = np.bincount(customer[seen], minlength=3_000) / 4 * 90 / 365
    error = [np.sqrt(np.mean((guess - actual) ** 2)) for guess in (model.expected(90.0), flat)]
    assert (
        error[0] < error[1] and model.cohort_strength > 100
    )  # all share one season, none has weeks of his own


def test_newcomers_get_the_rate_and_the_weeks_of_their_cohort():
    customer = np.repeat(np.arange(50), 3)
    days = np.tile([day("2023-12-10"), day("2024-12-10"), day("2025-12-10")], 50)
    first = np.append(np.full(50, day("2022-12-10")), day("2026-01-15"))
    model = seasonal.fit(customer, days, first, day("2026-01-31"), np.zeros(51, dtype=np.int64))
    year = model.expected(365.0)
    assert year[-1] == pytest.approx(year[0], rel=0.15) and year[-1] > 0.7
    assert model.expected(200.0)[-1] < 0.35 * year[-1]


def test_weeks_cover_the_year_once():
    assert seasonal.week_shares(day("2025-12-31"), 365.0).sum() == pytest.approx(52.0, abs=0.2)
    assert seasonal.week_shares(day("2025-12-31"), 7.0)[0] == 1.0
    assert seasonal.week_shares(day("2025-12-31"), 0.0).sum() == 0.0
    assert list(seasonal.week_of(np.array([day("2024-01-01"), day("2024-12-31")]))) == [0, 51]


def test_a_purchase_of_tomorrow_is_refused():
    with pytest.raises(ValueError, match="after the day"):
        seasonal.fit(np.array([0]), np.array([100]), np.array([10]), 99)
