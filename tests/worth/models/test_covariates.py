"""Attributes of customers: known effects are recovered, and chance effects are told to be chance."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.models import covariates, purchase_fit
from clientier.worth.models.history import History
from tests.worth.models.populations import leaving_at_purchases

RATE, LEAVE_A, LEAVE_B = np.array([0.5, -0.2]), np.array([0.3, 0.0]), np.array([0.0, 0.6])
BASE = (0.9, 60.0, 0.8, 3.0)


@pytest.fixture(scope="module", params=["mbg", "bg"])
def groups(request):
    random, parts, attributes = np.random.default_rng(3), [], []
    for z in np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=float):
        r, alpha, a, b = BASE
        own = r, alpha * np.exp(-RATE @ z), a * np.exp(LEAVE_A @ z), b * np.exp(LEAVE_B @ z)
        people = leaving_at_purchases(random, 5_000, own, first_may_be_last=request.param == "mbg")
        parts.append(people.parts)
        attributes.append(np.tile(z, (5_000, 1)))
    history = History.of(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    return request.param, history, np.concatenate(attributes)


def test_known_effects_are_recovered(groups):
    name, history, attributes = groups
    fitted = covariates.fit(history, attributes, name)
    effects = np.stack([fitted.model.rate_effects, fitted.model.a_effects, fitted.model.b_effects])
    assert np.all(np.abs(effects - np.stack([RATE, LEAVE_A, LEAVE_B])) < 3 * fitted.effect_errors)
    base = fitted.model.base
    assert np.allclose([base.r, base.alpha], BASE[:2], rtol=0.08)
    assert fitted.converged and fitted.freedom == 6
    assert fitted.likelihood_ratio > 300 and fitted.p_value < 1e-50


def test_attributes_without_effect_are_told_so(groups):
    name, history, _ = groups
    noise = np.random.default_rng(1).normal(size=(len(history.x), 1))
    fitted = covariates.fit(history, noise, name)
    assert fitted.p_value > 0.01 and abs(fitted.model.rate_effects[0]) < 0.05


def test_predictions_of_a_group_are_those_of_its_own_model(groups):
    name, history, attributes = groups
    model = covariates.fit(history, attributes, name).model
    parts = history.x, history.t_x, history.age
    together = model.ask("expected", attributes, parts, 90.0)
    second = slice(5_000, 10_000)
    often = model.of(np.array([1.0, 0.0]))
    assert often.alpha == pytest.approx(model.base.alpha * np.exp(-model.rate_effects[0]))
    assert often.a == pytest.approx(model.base.a * np.exp(model.a_effects[0]))
    assert often.alpha < model.base.alpha and often.a > model.base.a
    alone = model.of(np.array([1.0, 0.0])).expected(*(part[second] for part in parts), 90.0)
    assert np.allclose(together[second], alone, rtol=1e-12)
    assert model.ask("p_alive", attributes, parts).shape == (20_000,)


def test_gradient_and_hessian_agree_with_differences(groups):
    name, history, attributes = groups
    few = History(
        *(part[::100] for part in (history.x, history.t_x / 400, history.age / 400, history.weight))
    )
    likelihood = covariates.AttributeLikelihood(few, attributes[::100], 1 if name == "mbg" else 0)
    point, step = np.array([*np.log([0.8, 0.2, 0.9, 3.0]), 0.1, 0.2, 0.3, -0.1, 0.2, 0.4]), 1e-5
    _, gradient, hessian = likelihood(point)
    for axis in range(10):
        shift = np.eye(10)[axis] * step
        up, down = likelihood(point + shift), likelihood(point - shift)
        assert gradient[axis] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5, abs=1e-6)
        assert np.allclose(hessian[axis], (up[1] - down[1]) / (2 * step), rtol=1e-5, atol=1e-5)


def test_twenty_customers_get_effects_near_nothing():
    people = leaving_at_purchases(np.random.default_rng(4), 20, BASE)
    attributes = np.arange(20.0)[:, None] % 2
    fitted = covariates.fit(people.history, attributes, "mbg", purchase_fit.weak_prior(people.history))
    assert fitted.converged and np.all(np.isfinite(fitted.effect_errors))
    assert np.all(np.abs(fitted.model.rate_effects) < 2)


def test_useless_attributes_are_refused():
    history = History.of([1.0, 0.0], [3.0, 0.0], [5.0, 5.0])
    with pytest.raises(ValueError, match="the same for all"):
        covariates.fit(history, np.ones((2, 1)))
    with pytest.raises(ValueError, match="one row"):
        covariates.fit(history, np.ones((3, 1)))
