"""(M)BG/CNBD-k: k = 1 is (M)BG/NBD, k is found, and silence of regular buyers is heard sooner."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from scipy import integrate, special, stats

from clientier.worth.models import purchase_fit, registry, regular_fit
from clientier.worth.models.history import History
from clientier.worth.models.regular import RegularModel
from tests.worth.models.populations import leaving_at_purchases

TRUTH = (1.5, 30.0, 0.8, 3.0)


@pytest.fixture(scope="module")
def regulars():
    return leaving_at_purchases(np.random.default_rng(5), 20_000, TRUTH, k=4)


@pytest.fixture(scope="module")
def fitted(regulars):
    return regular_fit.fit(regulars.history, "mbg_k")


@pytest.mark.parametrize("name", ["bg", "mbg"])
def test_one_stage_is_the_irregular_model(cdnow, name):
    one, plain = regular_fit.fit(cdnow, f"{name}_k", stages=1), purchase_fit.fit(cdnow, name)
    assert one.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)
    assert np.allclose(one.standard_errors, plain.standard_errors, rtol=1e-4)
    parts = cdnow.x, cdnow.t_x, cdnow.age
    for question in ("p_alive",):
        assert np.allclose(
            getattr(one.model, question)(*parts), getattr(plain.model, question)(*parts), rtol=1e-6
        )
    for question in ("p_active", "expected"):
        ours, theirs = (getattr(model, question)(*parts, 39.0) for model in (one.model, plain.model))
        assert np.allclose(ours, theirs, rtol=1e-6)


def test_likelihood_is_the_integral_over_rates_and_departures():
    """One customer with gaps of 20, 35 and 30 days and a silence of 40, k = 3, by brute integration."""
    (r, alpha, a, b), gaps, silence = TRUTH, np.array([20.0, 35.0, 30.0]), 40.0

    def density(rate):
        seen = stats.gamma.pdf(gaps[:, None], 3, scale=1 / rate).prod(axis=0)
        stay = special.beta(a, b + 4) / special.beta(a, b) * stats.gamma.sf(silence, 3, scale=1 / rate)
        leave = special.beta(a + 1, b + 3) / special.beta(a, b)
        return seen * (stay + leave) * stats.gamma.pdf(rate, r, scale=1 / alpha)

    whole = integrate.quad_vec(lambda rate: density(np.array([rate])), 0, 2, epsabs=1e-16)[0][0]
    history = History.of([3.0], [85.0], [125.0], log_gaps=float(np.log(gaps).sum()))
    likelihood = regular_fit.RegularLikelihood(history, 1, 3)
    assert likelihood(np.log(TRUTH))[0] == pytest.approx(np.log(whole), abs=1e-7)
    model = RegularModel("mbg_k", *TRUTH, 3)
    row = np.array([3.0]), np.array([85.0]), np.array([125.0])
    leave = special.beta(a + 1, b + 3) / special.beta(a, b)
    gone = integrate.quad_vec(
        lambda rate: (
            leave
            * stats.gamma.pdf(gaps, 3, scale=1 / rate).prod()
            * stats.gamma.pdf(rate, r, scale=1 / alpha)
        ),
        0,
        2,
        epsabs=1e-16,
    )[0]
    assert model.p_alive(*row)[0] == pytest.approx(1 - gone / whole, abs=1e-7)


def test_gradient_and_hessian_agree_with_differences(cdnow):
    likelihood, point, step = regular_fit.RegularLikelihood(cdnow, 1, 3), np.log([0.6, 2.0, 0.7, 3.0]), 1e-5
    _, gradient, hessian = likelihood(point)
    for axis in range(4):
        shift = np.eye(4)[axis] * step
        up, down = likelihood(point + shift), likelihood(point - shift)
        assert gradient[axis] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5)
        assert np.allclose(hessian[axis], (up[1] - down[1]) / (2 * step), rtol=1e-5, atol=1e-3)


def test_regularity_and_parameters_are_recovered(fitted):
    model = fitted.model
    assert model.k == 4
    got = np.array([model.r, model.alpha, model.a, model.b])
    assert np.all(np.abs(got - TRUTH) < 3 * np.array(fitted.standard_errors))


def test_chance_buyers_get_one_stage():
    people = leaving_at_purchases(np.random.default_rng(6), 5_000, (0.8, 60.0, 0.9, 3.0))
    assert regular_fit.fit(people.history, "mbg_k").model.k == 1


def test_probabilities_are_calibrated_by_tenths(regulars, fitted):
    model, parts = fitted.model, regulars.parts
    alive, active = model.p_alive(*parts), model.p_active(*parts, 180.0)
    for tenth in np.array_split(np.argsort(alive), 10):
        assert regulars.alive[tenth].mean() == pytest.approx(alive[tenth].mean(), abs=0.035)
    for tenth in np.array_split(np.argsort(active), 10):
        assert (regulars.bought[tenth] > 0).mean() == pytest.approx(active[tenth].mean(), abs=0.035)
    assert model.expected(*parts, 180.0).sum() == pytest.approx(regulars.bought.sum(), rel=0.02)


def test_regular_buyers_are_told_better_than_by_the_irregular_model(regulars, fitted):
    happened, parts = regulars.bought > 0, regulars.parts
    plain = purchase_fit.fit(regulars.history, "mbg").model
    sharp, blunt = (np.mean((m.p_active(*parts, 180.0) - happened) ** 2) for m in (fitted.model, plain))
    assert sharp < 0.92 * blunt
    errors = [m.expected(*parts, 180.0).sum() / regulars.bought.sum() - 1 for m in (fitted.model, plain)]
    assert abs(errors[0]) < 0.02 < errors[1]


def test_a_quarterly_buyer_who_misses_a_quarter_is_noticed():
    people = leaving_at_purchases(np.random.default_rng(8), 3_000, (40.0, 40 * 91 / 16.0, 0.9, 8.0), k=16)
    sharp = regular_fit.fit(people.history, "mbg_k").model
    blunt = purchase_fit.fit(people.history, "mbg", purchase_fit.weak_prior(people.history)).model
    quarterly = np.array([8.0]), np.array([728.0]), np.array([728.0 + 150.0])
    assert sharp.p_alive(*quarterly)[0] < 0.3 < 0.6 < blunt.p_alive(*quarterly)[0]
    on_time = np.array([8.0]), np.array([728.0]), np.array([728.0 + 60.0])
    assert sharp.p_active(*on_time, 60.0)[0] > 0.75 > blunt.p_active(*on_time, 60.0)[0]
    assert 95 < sharp.gap_quantile(*quarterly[:2], 0.9)[0] < 150


def test_expectation_is_the_mean_of_the_counts():
    model = RegularModel("mbg_k", *TRUTH, 4)
    row = np.array([0.0, 2.0, 9.0]), np.array([0.0, 80.0, 400.0]), np.array([5.0, 130.0, 420.0])
    counts = sum(count * model.p_purchases(*row, count, 180.0) for count in range(1, 400))
    assert np.allclose(counts, model.expected(*row, 180.0), rtol=1e-9)
    with pytest.raises(ValueError, match="horizon that ends"):
        model.discounted(*row, np.inf, 0.001)


def test_without_gaps_the_stages_cannot_be_chosen():
    with pytest.raises(ValueError, match="log_gaps"):
        regular_fit.fit(History.of([1.0, 0.0], [30.0, 0.0], [60.0, 50.0]))


def test_hundreds_of_purchases_stay_finite():
    model = RegularModel("mbg_k", 1.5, 30.0, 0.8, 3.0, 12)
    parts = np.array([0.0, 500.0, 3000.0]), np.array([0.0, 3600.0, 3640.0]), np.full(3, 3650.0)
    for values in (model.p_alive(*parts), model.p_active(*parts, 90.0)):
        assert np.all((values >= 0) & (values <= 1))
    assert np.all(np.isfinite(model.expected(*parts, 365.0)))
    bought = model.expected(np.array([3000.0]), np.array([3649.0]), np.array([3650.0]), 365.0)[0]
    assert 200 < bought < 300


def test_resellers_who_order_every_quarter_are_foretold_twice_as_well(shared_data):
    """AdventureWorks: fitted on all but the last 120 days, P(active) against who then ordered."""
    path = shared_data / "adventureworks-dw" / "FactResellerSales.parquet"
    counted = duckdb.sql(
        "SELECT DISTINCT ResellerKey AS customer, date_diff('day', DATE '1970-01-01', OrderDate::DATE) AS day "
        f"FROM '{path}' ORDER BY ALL"
    ).fetchnumpy()
    customer, day = counted["customer"].astype(np.int64), counted["day"].astype(np.int64)
    origin = day.max() - 120
    seen = day <= origin
    known, first, which = np.unique(customer[seen], return_index=True, return_inverse=True)
    last = np.append(first[1:], seen.sum()) - 1
    start, end, gaps = day[seen][first], day[seen][last], np.diff(day[seen])[np.diff(which) == 0]
    parts = np.bincount(which) - 1.0, (end - start).astype(float), (origin - start).astype(float)
    came = np.isin(known, customer[~seen])
    history = History.of(*parts, log_gaps=float(np.log(gaps).sum()))
    errors = {}
    for name in ("mbg", "mbg_k"):
        model = registry.fit_any(history, name)[0].model
        errors[name] = np.mean((model.p_active(*parts, 120.0) - came) ** 2)
    assert model.k > 10
    assert errors["mbg"] == pytest.approx(0.156, abs=0.002)
    assert errors["mbg_k"] == pytest.approx(0.065, abs=0.002)
