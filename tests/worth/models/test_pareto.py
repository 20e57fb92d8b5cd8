"""Pareto/NBD against published figures, differences of itself, and where the textbook form overflows."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.models import pareto_fit
from clientier.worth.models.pareto import ParetoModel
from tests.worth.models.populations import leaving_unseen


def test_pareto_nbd_equals_the_published_fit(cdnow):
    fitted = pareto_fit.fit(cdnow)
    model = fitted.model
    assert [round(value, 2) for value in (model.r, model.alpha, model.s, model.beta)] == [
        0.55,
        10.58,
        0.61,
        11.67,
    ]
    assert [round(model.r, 3), round(model.alpha, 3), round(model.s, 3)] == [0.553, 10.578, 0.606]
    assert model.beta == pytest.approx(11.669, abs=2e-3)  # days rounded to hundredths of a week
    assert round(fitted.log_likelihood, 1) == -9595.0
    assert fitted.converged and not fitted.at_boundary


def test_standard_errors_equal_the_published_ones(cdnow):
    assert np.allclose(pareto_fit.fit(cdnow).standard_errors, [0.0476, 0.843, 0.187, 6.211], rtol=2e-3)


def test_predictions_for_published_customers(cdnow):
    model = pareto_fit.fit(cdnow).model
    busy = np.array([26.0]), np.array([30.857]), np.array([31.0])
    assert model.p_alive(*busy)[0] == pytest.approx(0.997874, abs=5e-6)
    assert model.expected(*busy, 52.0)[0] == pytest.approx(25.456, abs=2e-3)
    paradox = model.expected(np.array([10.0, 15, 20, 25]), np.full(4, 20.0), np.full(4, 39.0), 52.0)
    assert np.allclose(paradox, [0.7062, 0.1442, 0.02251, 0.003093], rtol=2e-3)
    new = np.zeros(1)
    assert model.expected(new, new, new, 52.0)[0] == pytest.approx(1.473434, abs=2e-5)


def test_holdout_expectations_by_frequency(cdnow):
    model = pareto_fit.fit(cdnow).model
    expected = model.expected(cdnow.x, cdnow.t_x, cdnow.age, 39.0)
    group = np.minimum(cdnow.x, 7).astype(int)
    means = np.bincount(group, cdnow.weight * expected) / np.bincount(group, cdnow.weight)
    assert np.allclose(means, [0.138, 0.599, 1.196, 1.714, 2.398, 2.907, 3.819, 6.403], atol=1.1e-3)
    assert cdnow.weight @ expected == pytest.approx(1665.5, abs=0.1)


@pytest.mark.parametrize("point", [[0.6, 9.0, 0.7, 13.0], [0.6, 13.0, 0.7, 2.0], [4.0, 60.0, 0.1, 30.0]])
def test_gradient_and_hessian_agree_with_differences(cdnow, point):
    likelihood, point, step = pareto_fit.ParetoLikelihood(cdnow), np.log(point), 1e-5
    _, gradient, hessian = likelihood(point)
    for axis in range(4):
        shift = np.eye(4)[axis] * step
        up, down = likelihood(point + shift), likelihood(point - shift)
        assert gradient[axis] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5, abs=1e-4)
        assert np.allclose(hessian[axis], (up[1] - down[1]) / (2 * step), rtol=1e-5, atol=1e-3)


def test_probabilities_of_counts_equal_high_precision_arithmetic():
    """Computed once with 25 digits (mpmath): 1, 5, 40 and 120 purchases of a busy customer and of a new one."""
    model, new = ParetoModel(0.553, 10.578, 0.606, 11.669), np.zeros(1)
    busy = np.array([26.0]), np.array([30.857]), np.array([31.0])
    got = [model.p_purchases(*busy, count, 52.0)[0] for count in (1, 5, 40, 120)]
    wanted = [0.02051666779686479, 0.0166179089843879, 0.01959474273937829, 1.328564472917602e-12]
    assert np.allclose(got, wanted, rtol=1e-11, atol=0)
    got = [model.p_purchases(new, new, new, count, 520.0)[0] for count in (1, 5, 40, 120)]
    wanted = [0.1369595165477576, 0.02264176898591633, 0.001090169478564811, 9.303045047725166e-5]
    assert np.allclose(got, wanted, rtol=1e-11, atol=0)


def test_a_leaving_rate_of_shape_one_is_no_singularity():
    row = np.array([3.0]), np.array([100.0]), np.array([150.0])
    near = [ParetoModel(0.6, 70.0, s, 80.0).expected(*row, 90.0)[0] for s in (1 - 1e-6, 1.0, 1 + 1e-6)]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-9)


def test_endless_discounting_is_the_limit_of_long_horizons():
    model = ParetoModel(0.553, 10.578, 0.606, 11.669)
    row = np.array([2.0]), np.array([30.43]), np.array([38.86])
    for_ever = model.discounted(*row, np.inf, 0.0027)[0]
    assert for_ever == pytest.approx(model.discounted(*row, 12_000.0, 0.0027)[0], rel=1e-9)
    assert model.discounted(*row, 1_000.0, 0.0027)[0] < for_ever
    with pytest.raises(ValueError, match="discount rate"):
        model.discounted(*row, np.inf, 0.0)


def test_known_parameters_are_recovered_and_p_alive_is_calibrated():
    truth = (0.9, 60.0, 0.8, 300.0)
    people = leaving_unseen(np.random.default_rng(11), 40_000, truth)
    fitted = pareto_fit.fit(people.history)
    model = fitted.model
    got = np.array([model.r, model.alpha, model.s, model.beta])
    assert np.all(np.abs(got - truth) < 3 * np.array(fitted.standard_errors))
    chance = model.p_alive(*people.parts)
    for tenth in np.array_split(np.argsort(chance), 10):
        assert people.alive[tenth].mean() == pytest.approx(chance[tenth].mean(), abs=0.03)
    assert model.expected(*people.parts, 180.0).sum() == pytest.approx(people.bought.sum(), rel=0.03)
    active = model.p_active(*people.parts, 180.0)
    assert active.mean() == pytest.approx((people.bought > 0).mean(), abs=0.01)
