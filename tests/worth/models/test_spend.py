"""Gamma-Gamma against the published figures, and the fallback where it does not hold."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth import spend

RULES = {"fewest": 30, "shrinkage": 2.0, "highest_correlation": 0.3}


def test_gamma_gamma_equals_fader_hardie_2013(cdnow_spend):
    fitted = spend.fit(*cdnow_spend, **RULES)
    model = fitted.model
    assert [round(value, 2) for value in (model.p, model.gamma)] == [6.25, 15.45]
    assert model.p == pytest.approx(6.25, abs=5e-3)
    assert model.q == pytest.approx(3.74, abs=5e-3)
    assert model.gamma == pytest.approx(15.44, abs=1e-2)
    assert fitted.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert fitted.customers == 946 and fitted.fallback is None


def test_expected_spend_of_the_first_published_customers(cdnow_spend):
    model = spend.fit(*cdnow_spend, **RULES).model
    x, mean = (
        np.array([2.0, 1, 0, 0, 0, 7, 1, 0, 2, 0]),
        np.array([22.35, 11.77, 0, 0, 0, 73.74, 11.77, 0, 25.55, 0]),
    )
    published = [24.66, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert np.allclose(model.expected(x, mean), published, atol=6e-3)


def test_unit_of_money_does_not_matter(cdnow_spend):
    x, mean = cdnow_spend
    cents, units = spend.fit(x, mean * 100, **RULES).model, spend.fit(x, mean, **RULES).model
    assert cents.p == pytest.approx(units.p, rel=1e-6) and cents.q == pytest.approx(units.q, rel=1e-6)
    assert cents.gamma == pytest.approx(units.gamma * 100, rel=1e-6)


def test_few_spenders_fall_back_to_the_shrunken_mean_and_say_so():
    fitted = spend.fit(np.array([1.0, 3.0]), np.array([100.0, 40.0]), **RULES)
    assert fitted.fallback == "few_repeat_customers" and fitted.model.name == "shrunken_mean"
    assert fitted.model.expected(np.array([0.0]), np.array([0.0]))[0] == 70.0
    assert fitted.model.expected(np.array([2.0]), np.array([100.0]))[0] == 85.0


def test_spend_that_grows_with_frequency_falls_back():
    x = np.repeat(np.arange(1.0, 11.0), 20)
    mean = x * 10 + np.tile(np.linspace(-3, 3, 20), 10)
    assert spend.fit(x, mean, **RULES).fallback == "spend_depends_on_frequency"


def test_all_alike_is_degenerate_not_an_error():
    fitted = spend.fit(np.full(50, 2.0), np.full(50, 30.0), **RULES)
    assert fitted.fallback == "degenerate_fit"
    assert fitted.model.expected(np.array([5.0]), np.array([30.0]))[0] == pytest.approx(30.0)


def test_expected_spend_is_always_positive_and_finite():
    rng = np.random.default_rng(3)
    mean = np.exp(rng.normal(3, 3, 400))
    model = spend.fit(np.ones(400), mean, **RULES).model
    expected = model.expected(np.r_[0.0, 1.0, 50.0], np.r_[0.0, mean.max(), mean.min()])
    assert np.all(np.isfinite(expected)) and np.all(expected > 0)


def test_standard_errors_cover_known_parameters():
    random, customers = np.random.default_rng(8), 20_000
    truth = np.array([6.0, 4.0, 15.0])
    level = random.gamma(truth[1], 1 / truth[2], customers)
    x = random.integers(1, 9, customers).astype(float)
    mean = random.gamma(truth[0] * x, 1 / (level * x))
    fitted = spend.fit_gamma_gamma(x, mean)
    got = np.array([fitted.model.p, fitted.model.q, fitted.model.gamma])
    assert np.all(np.abs(got - truth) < 3 * np.array(fitted.standard_errors))
    assert np.all(np.array(fitted.standard_errors) < 0.1 * truth)


@pytest.mark.parametrize("spenders", [1, 5, 20])
def test_a_handful_of_spenders_gets_a_sane_answer_with_the_prior(spenders):
    random = np.random.default_rng(spenders)
    x, mean = random.integers(1, 5, spenders).astype(float), random.gamma(4.0, 25.0, spenders)
    fitted = spend.fit_gamma_gamma(x, mean, spend.weak_prior())
    assert fitted.fallback is None and np.all(np.isfinite(fitted.standard_errors))
    assert 0.3 * mean.min() < fitted.model.population_mean < 4 * mean.max()
