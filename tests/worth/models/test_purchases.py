"""BG/NBD and MBG/NBD against published figures, a second way of computing, and where formulas overflow."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special, stats

from clientier.worth.models.history import History
from clientier.worth.models.newton import maximise
from clientier.worth.models.purchase_fit import PurchaseLikelihood, fit, weak_prior
from clientier.worth.models.purchases import PurchaseModel
from clientier.worth.models.quadrature import beta_rule
from tests.worth.models.populations import leaving_at_purchases

PUBLISHED_BG = PurchaseModel("bg", 0.243, 4.414, 0.793, 2.426)


def parameters(fitted):
    return [round(value, 3) for value in (fitted.model.r, fitted.model.alpha, fitted.model.a, fitted.model.b)]


def test_bg_nbd_equals_fader_hardie_lee_2005(cdnow):
    fitted = fit(cdnow, "bg")
    assert parameters(fitted) == [0.243, 4.414, 0.793, 2.426]
    assert round(fitted.log_likelihood, 1) == -9582.4
    assert fitted.customers == 2357
    assert fitted.converged and not fitted.at_boundary


def test_mbg_nbd_equals_batislam_et_al_2007(cdnow):
    fitted = fit(cdnow, "mbg")
    assert parameters(fitted) == [0.525, 6.183, 0.891, 1.614]
    assert round(fitted.log_likelihood, 1) == -9582.1


def test_standard_errors_equal_the_measured_ones(cdnow):
    assert np.allclose(fit(cdnow, "bg").standard_errors, [0.0126, 0.378, 0.186, 0.705], rtol=0.005)


def test_the_unit_of_time_does_not_matter(cdnow):
    days = fit(History(cdnow.x, cdnow.t_x * 7, cdnow.age * 7, cdnow.weight), "bg")
    weeks = fit(cdnow, "bg")
    assert days.model.alpha == pytest.approx(weeks.model.alpha * 7, rel=1e-6)
    assert days.model.r == pytest.approx(weeks.model.r, rel=1e-6)
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - cdnow.weight @ cdnow.x * np.log(7))


def test_expected_purchases_of_published_customers():
    x, t_x, age = np.array([2.0]), np.array([30.43]), np.array([38.86])
    assert PUBLISHED_BG.expected(x, t_x, age, 39.0)[0] == pytest.approx(1.226, abs=5e-4)
    x, t_x, age = np.array([26.0]), np.array([30.857]), np.array([31.0])
    assert PUBLISHED_BG.expected(x, t_x, age, 52.0)[0] == pytest.approx(25.757, abs=2e-3)
    assert PUBLISHED_BG.p_alive(x, t_x, age)[0] == pytest.approx(0.96885, abs=1e-4)


def test_increasing_frequency_paradox_as_published():
    x = np.array([10.0, 15.0, 20.0, 25.0])
    expected = fit_free_model().expected(x, np.full(4, 20.0), np.full(4, 39.0), 52.0)
    assert np.allclose(expected, [0.3474606, 0.04283391, 0.004158973, 0.0003583685], rtol=5e-4)


def fit_free_model() -> PurchaseModel:
    return PurchaseModel("bg", 0.242595, 4.41360, 0.792922, 2.42591)


@pytest.mark.parametrize(
    ("name", "by_frequency", "total"),
    [
        ("bg", [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157], 1653.4),
        ("mbg", [0.185, 0.551, 1.049, 1.493, 2.104, 2.564, 3.361, 5.849], 1576.7),
    ],
)
def test_holdout_expectations_by_frequency(cdnow, name, by_frequency, total):
    model = fit(cdnow, name).model
    expected = model.expected(cdnow.x, cdnow.t_x, cdnow.age, 39.0)
    group = np.minimum(cdnow.x, 7).astype(int)
    means = np.bincount(group, cdnow.weight * expected) / np.bincount(group, cdnow.weight)
    assert np.allclose(means, by_frequency, atol=6e-4)
    assert cdnow.weight @ expected == pytest.approx(total, abs=0.06)


def test_one_time_buyers_may_be_gone_only_in_mbg(cdnow):
    once, never, age = np.array([0.0]), np.array([0.0]), np.array([520.0])
    assert fit(cdnow, "bg").model.p_alive(once, never, age)[0] == 1.0
    assert fit(cdnow, "mbg").model.p_alive(once, never, age)[0] < 0.3


@pytest.mark.parametrize(("x", "t_x", "age", "horizon"), [(0, 0, 30, 39), (3, 10, 39, 52), (12, 36, 39, 10)])
def test_bg_expectation_agrees_with_the_hypergeometric_form(x, t_x, age, horizon):
    m = PUBLISHED_BG
    shrink = ((m.alpha + age) / (m.alpha + age + horizon)) ** (m.r + x)
    ratio = horizon / (m.alpha + age + horizon)
    hyper = special.hyp2f1(m.r + x, m.b + x, m.a + m.b + x - 1, ratio)
    gone = m.a / (m.b + x - 1) * ((m.alpha + age) / (m.alpha + t_x)) ** (m.r + x) if x else 0.0
    textbook = (m.a + m.b + x - 1) / (m.a - 1) * (1 - shrink * hyper) / (1 + gone)
    got = m.expected(np.array([float(x)]), np.array([float(t_x)]), np.array([float(age)]), float(horizon))[0]
    assert got == pytest.approx(textbook, rel=1e-9)


def test_p_active_agrees_with_integration_over_rates(cdnow):
    model = fit(cdnow, "mbg").model
    x, t_x, age, horizon = 3.0, 20.0, 39.0, 13.0
    rate = stats.gamma(model.r + x, scale=1.0 / (model.alpha + age))
    buys = integrate.quad(lambda value: rate.pdf(value) * -np.expm1(-value * horizon), 0, np.inf)[0]
    row = np.array([x]), np.array([t_x]), np.array([age])
    assert model.p_active(*row, horizon)[0] == pytest.approx(model.p_alive(*row)[0] * buys, rel=1e-7)


def test_discounting_at_zero_is_plain_expectation(cdnow):
    model = fit(cdnow, "mbg").model
    plain = model.expected_while_active(cdnow.x, cdnow.age, 156.0)
    assert np.allclose(model.discounted_while_active(cdnow.x, cdnow.age, 156.0, 0.0), plain, rtol=1e-6)
    assert np.all(model.discounted_while_active(cdnow.x, cdnow.age, 156.0, 0.002) < plain)


@pytest.mark.parametrize(("horizon", "rate"), [(1095.0, 0.00026), (730.0, 0.003)])
def test_discounting_agrees_with_a_sum_over_days(horizon, rate):
    model = PurchaseModel("bg", 0.243, 30.9, 0.793, 2.426)
    x, age = np.array([0.0, 3.0, 60.0]), np.array([1.0, 40.0, 330.0])
    days = np.arange(0.0, horizon + 1.0)
    bought = np.diff([model.expected_while_active(x, age, day) for day in days], axis=0)
    daily = np.exp(-rate * (days[1:] - 0.5)) @ bought
    assert np.allclose(model.discounted_while_active(x, age, horizon, rate), daily, rtol=3e-6)


def test_endless_discounting_is_the_limit_of_long_horizons():
    model = PurchaseModel("mbg", 0.525, 43.3, 0.891, 1.614)
    row = np.array([0.0, 12.0]), np.array([0.0, 300.0]), np.array([10.0, 330.0])
    endless = model.discounted(*row, np.inf, 0.00026)
    assert np.allclose(endless, model.discounted(*row, 60_000.0, 0.00026), rtol=1e-4)
    with pytest.raises(ValueError, match="discount rate"):
        model.discounted(*row, np.inf, 0.0)


def test_beta_rule_integrates_powers_exactly():
    nodes, weights = beta_rule(0.8, np.array([2.4, 30.0]))
    for row, second in enumerate((2.4, 30.0)):
        for power in range(8):
            assert weights[row] @ nodes[row] ** power == pytest.approx(
                special.beta(0.8 + power, second) / special.beta(0.8, second), rel=1e-9
            )


@pytest.mark.parametrize("name", ["bg", "mbg"])
def test_hundreds_of_purchases_and_ten_years_stay_finite(name):
    model = PurchaseModel(name, 0.243, 30.9, 0.793, 2.426)
    x = np.array([0.0, 1.0, 500.0, 3000.0])
    t_x, age = np.array([0.0, 1.0, 3600.0, 3640.0]), np.full(4, 3650.0)
    for values in (model.p_alive(x, t_x, age), model.p_active(x, t_x, age, 90.0)):
        assert np.all(np.isfinite(values)) and np.all((values >= 0) & (values <= 1))
    expected = model.expected(x, t_x, age, 365.0)
    assert np.all(np.isfinite(expected)) and np.all(expected >= 0)
    assert expected[3] < 365.0


def test_probability_of_buying_grows_with_the_horizon(cdnow):
    model = fit(cdnow, "mbg").model
    month, quarter, year = (model.p_active(cdnow.x, cdnow.t_x, cdnow.age, days) for days in (4.0, 13.0, 52.0))
    assert np.all(month < quarter) and np.all(quarter < year) and np.all(year <= 1.0)


@pytest.mark.parametrize("extra", [0, 1])
def test_gradient_and_hessian_agree_with_differences(cdnow, extra):
    likelihood, point, step = PurchaseLikelihood(cdnow, extra), np.log([0.4, 5.0, 0.9, 2.0]), 1e-5
    _, gradient, hessian = likelihood(point)
    for axis in range(4):
        shift = np.eye(4)[axis] * step
        up, down = likelihood(point + shift), likelihood(point - shift)
        assert gradient[axis] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5)
        assert np.allclose(hessian[axis], (up[1] - down[1]) / (2 * step), rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("name", ["bg", "mbg"])
def test_known_parameters_are_recovered_and_probabilities_calibrated(name):
    truth = (0.8, 60.0, 0.9, 3.0)
    people = leaving_at_purchases(np.random.default_rng(7), 40_000, truth, first_may_be_last=name == "mbg")
    fitted = fit(people.history, name)
    model = fitted.model
    got = np.array([model.r, model.alpha, model.a, model.b])
    assert np.all(np.abs(got - truth) < 3 * np.array(fitted.standard_errors))
    alive, active = model.p_alive(*people.parts), model.p_active(*people.parts, 180.0)
    for tenth in np.array_split(np.argsort(alive), 10):
        assert people.alive[tenth].mean() == pytest.approx(alive[tenth].mean(), abs=0.025)
    for tenth in np.array_split(np.argsort(active), 10):
        assert (people.bought[tenth] > 0).mean() == pytest.approx(active[tenth].mean(), abs=0.025)
    assert model.expected(*people.parts, 180.0).sum() == pytest.approx(people.bought.sum(), rel=0.02)


def test_a_weak_prior_gives_sane_answers_to_a_dozen_customers():
    history = History.of(
        [0, 0, 1, 4, 0, 2, 9], [0, 0, 60, 300, 0, 200, 340], [200, 90, 300, 360, 30, 365, 350]
    )
    fitted = fit(history, "mbg", weak_prior(history))
    assert fitted.converged and not fitted.at_boundary
    chances = fitted.model.p_active(history.x, history.t_x, history.age, 90.0)
    assert chances[6] > 0.7 and chances[0] < chances[6]


def test_ascent_finds_the_top_of_a_known_hill():
    def hill(point):
        distance = point - np.array([1.0, -2.0])
        return -float(distance @ distance), -2 * distance, -2 * np.eye(2)

    best = maximise(hill, np.zeros(2))
    assert np.allclose(best.point, [1.0, -2.0]) and best.converged
