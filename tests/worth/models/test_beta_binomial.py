"""BG/BB on the published donations, and against sums over its own scenarios."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clientier.worth.models import beta_binomial
from clientier.worth.models.beta_binomial import OpportunityModel
from clientier.worth.models.history import History

DATA = Path(__file__).parent.parent / "data" / "donations.csv"


@pytest.fixture(scope="module")
def donations():
    taken, last, opportunities, donors = np.loadtxt(DATA, delimiter=",", skiprows=1).T
    return History.of(taken, last, opportunities, donors)


@pytest.fixture(scope="module")
def fitted(donations):
    return beta_binomial.fit(donations)


def test_bg_bb_equals_fader_hardie_shang_2010(fitted):
    model = fitted.model
    parameters = [round(value, 2) for value in (model.alpha, model.beta, model.gamma, model.delta)]
    assert parameters == [1.20, 0.75, 0.66, 2.78]
    assert round(fitted.log_likelihood, 1) == -33225.6
    assert fitted.customers == 11_104 and fitted.converged


def test_expected_donations_as_published(fitted):
    """Table 5 of the paper: expected donations of 2002 to 2006 by donations made and the year of the last."""
    every_year, never, long_ago = np.array([6.0, 0.0, 4.0]), np.array([6.0, 0.0, 4.0]), np.full(3, 6.0)
    assert np.allclose(fitted.model.expected(every_year, never, long_ago, 5), [3.75, 0.07, 0.58], atol=6e-3)


def test_gradient_and_hessian_agree_with_differences(donations):
    likelihood, point, step = (
        beta_binomial.OpportunityLikelihood(donations),
        np.log([0.6, 1.0, 0.7, 3.0]),
        1e-5,
    )
    _, gradient, hessian = likelihood(point)
    for axis in range(4):
        shift = np.eye(4)[axis] * step
        up, down = likelihood(point + shift), likelihood(point - shift)
        assert gradient[axis] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-6)
        assert np.allclose(hessian[axis], (up[1] - down[1]) / (2 * step), rtol=1e-6, atol=1e-3)


def test_dert_is_the_limit_of_long_horizons(fitted, donations):
    parts, rate = (donations.x, donations.t_x, donations.age), float(np.log(1.1))
    endless = fitted.model.discounted(*parts, np.inf, rate)
    assert np.allclose(endless, fitted.model.discounted(*parts, 300, rate), rtol=1e-9)
    assert endless[-1] == pytest.approx(5.9099, abs=1e-3)


def test_known_parameters_are_recovered():
    random, truth, customers, appeals = np.random.default_rng(4), (1.2, 0.8, 0.7, 3.0), 30_000, 12
    buys, leaves = random.beta(*truth[:2], customers), random.beta(*truth[2:], customers)
    lived = np.minimum(random.geometric(leaves) - 1, appeals)[:, None]
    taken = (random.random((customers, appeals)) < buys[:, None]) & (np.arange(appeals) < lived)
    last = np.where(taken.any(axis=1), appeals - taken[:, ::-1].argmax(axis=1), 0)
    history = History.of(taken.sum(axis=1), last, np.full(customers, appeals))
    fitted = beta_binomial.fit(history)
    got = [getattr(fitted.model, name) for name in OpportunityModel.PARAMETERS]
    assert np.all(np.abs(np.subtract(got, truth)) < 3 * np.array(fitted.standard_errors))
    chance = fitted.model.p_alive(history.x, history.t_x, history.age)
    assert chance.mean() == pytest.approx((lived == appeals).mean(), abs=0.01)


def test_times_that_are_not_opportunities_are_refused():
    for row in ([1.5, 2.0, 6.0], [3.0, 2.0, 6.0], [1.0, 7.0, 6.0]):
        with pytest.raises(ValueError, match="opportunities"):
            beta_binomial.fit(History.of(*([value] for value in row)))
