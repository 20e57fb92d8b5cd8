"""sBG on the published retention tables, BdW beside it, and their discounted lifetimes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from clientier.worth.models import contracts
from clientier.worth.models.contracts import ContractHistory, ContractModel

# Fader, Hardie 2007, table 1 (from Berry and Linoff): customers left of 1,000 after each year
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


@pytest.mark.parametrize(
    ("table", "alpha", "beta", "likelihood", "error"),
    [(REGULAR, 0.704, 1.182, -1680.27, 0.015), (HIGH_END, 0.668, 3.806, -1611.16, 0.028)],
)
def test_sbg_equals_fader_hardie_2007(table, alpha, beta, likelihood, error):
    fitted = contracts.fit(ContractHistory.of_survivors(table[:8]))
    assert [round(fitted.model.alpha, 3), round(fitted.model.beta, 3)] == [alpha, beta]
    assert round(fitted.log_likelihood, 2) == likelihood
    projected = 1000 * fitted.model.survival(np.arange(8.0, 13.0))
    assert np.mean(np.abs(projected / table[8:] - 1)) == pytest.approx(error, abs=6e-4)
    assert fitted.converged and fitted.customers == 1000


def test_retention_rises_as_the_paper_shows():
    model = ContractModel(0.668, 3.806)
    assert np.allclose(model.retention(np.array([1.0, 2.0, 7.0])), [0.851, 0.878, 0.936], atol=6e-4)
    assert np.allclose(np.cumprod(model.retention(np.arange(1.0, 8.0))), model.survival(np.arange(1.0, 8.0)))


def test_duration_dependence_lowers_the_error_of_the_high_end():
    history = ContractHistory.of_survivors(HIGH_END[:8])
    plain, longer = contracts.fit(history), contracts.fit(history, duration_matters=True)
    assert longer.log_likelihood > plain.log_likelihood + 5 and longer.model.c > 1.2
    errors = [
        np.mean(np.abs(1000 * f.model.survival(np.arange(8.0, 13.0)) / HIGH_END[8:] - 1))
        for f in (plain, longer)
    ]
    assert errors[1] < errors[0] / 2


def test_residual_lifetime_agrees_with_the_hypergeometric_form():
    model, factor = ContractModel(0.668, 3.806), 1 / 1.1
    made = np.arange(6.0)
    total = model.alpha + model.beta + made
    textbook = (model.beta + made) / total * special.hyp2f1(1, model.beta + made + 1, total + 1, factor)
    assert np.allclose(model.discounted_residual_lifetime(made, 0.1), textbook, rtol=1e-10)
    whole = special.hyp2f1(1, model.beta, model.alpha + model.beta, factor)
    assert model.discounted_lifetime(0.1) == pytest.approx(whole, rel=1e-10)


def test_gradient_and_hessian_agree_with_differences():
    likelihood = contracts.ContractLikelihood(ContractHistory.of_survivors(HIGH_END[:8]), True)
    point, step = np.log([0.7, 3.0, 1.2]), 1e-5
    _, gradient, hessian = likelihood(point)
    for axis in range(3):
        shift = np.eye(3)[axis] * step
        up, down = likelihood(point + shift), likelihood(point - shift)
        assert gradient[axis] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-6)
        assert np.allclose(hessian[axis], (up[1] - down[1]) / (2 * step), rtol=1e-6, atol=1e-5)


def test_known_parameters_are_recovered():
    random, customers = np.random.default_rng(2), 20_000
    lived = random.geometric(random.beta(0.9, 3.0, customers)) - 1
    watched = random.integers(1, 13, customers)
    history = ContractHistory(np.minimum(lived, watched).astype(float), lived < watched, np.ones(customers))
    fitted = contracts.fit(history)
    got = np.array([fitted.model.alpha, fitted.model.beta])
    assert np.all(np.abs(got - [0.9, 3.0]) < 3 * np.array(fitted.standard_errors))


@pytest.mark.parametrize("survivors", [[5, 5, 4], [20, 20, 20], [3, 0]])
def test_a_handful_of_contracts_gets_a_sane_answer(survivors):
    fitted = contracts.fit(ContractHistory.of_survivors(survivors), prior=contracts.weak_prior())
    assert fitted.converged and not fitted.at_boundary
    assert 0.3 < fitted.model.retention(np.array([1.0]))[0] < 0.999


def test_wrong_tables_and_endless_sums_are_refused():
    for wrong in ([10], [10, 11], [10, -1]):
        with pytest.raises(ValueError, match="survivors"):
            ContractHistory.of_survivors(wrong)
    with pytest.raises(ValueError, match="discount"):
        ContractModel(0.7, 1.2).discounted_renewals(np.zeros(1), 0.0)
    assert ContractModel(0.7, 1.2).expected_renewals(np.zeros(1), 3)[0] == pytest.approx(
        ContractModel(0.7, 1.2).survival(np.arange(1.0, 4.0)).sum()
    )
