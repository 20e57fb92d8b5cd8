"""What holds for every model of the registry, whichever it is."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.models import registry
from clientier.worth.models.history import History
from tests.worth.models.populations import leaving_at_purchases

NAMES = sorted(registry.KINDS)
HORIZON = 24.0


def monthly(history: History) -> History:
    """A history by the month in whole numbers, which BG/BB reads as opportunities and the others as time."""
    months, last = np.floor(history.age / 30), np.ceil(history.t_x / 30)
    x = np.minimum(history.x, np.minimum(last, months))
    return History.of(
        x, np.minimum(last, months), months, log_gaps=history.log_gaps - np.log(30) * history.x.sum()
    )


@pytest.fixture(scope="module")
def customers():
    people = leaving_at_purchases(np.random.default_rng(3), 4_000, (0.9, 90.0, 0.8, 3.0), k=2)
    return monthly(people.history)


@pytest.fixture(scope="module", params=NAMES)
def model(request, customers):
    return registry.fit(customers, request.param).model


def test_probabilities_and_counts_belong_together(model, customers):
    parts = customers.x[:300], customers.t_x[:300], customers.age[:300]
    shares = np.stack([model.p_purchases(*parts, count, HORIZON) for count in range(120)])
    assert np.all(shares >= -1e-12) and np.allclose(shares.sum(axis=0), 1.0, atol=1e-6)
    assert np.allclose(1.0 - shares[0], model.p_active(*parts, HORIZON), atol=1e-8)
    assert np.allclose(np.arange(120) @ shares, model.expected(*parts, HORIZON), rtol=1e-4, atol=1e-6)
    alive, active = model.p_alive(*parts), model.p_active(*parts, HORIZON)
    assert np.all((alive >= 0) & (alive <= 1) & (active >= 0) & (active <= alive + 1e-12))


def test_discounting_at_zero_is_plain_expectation(model, customers):
    parts = customers.x, customers.t_x, customers.age
    plain = model.expected(*parts, HORIZON)
    assert np.allclose(model.discounted(*parts, HORIZON, 0.0), plain, rtol=1e-6)
    dear = model.discounted(*parts, HORIZON, 0.01)
    assert np.all(dear <= plain) and np.all(dear >= plain * np.exp(-0.01 * HORIZON) - 1e-12)


def test_draws_have_the_mean_that_is_expected(model, customers):
    parts, random = (customers.x, customers.t_x, customers.age), np.random.default_rng(9)
    drawn = sum(model.draw(*parts, HORIZON, random).sum() for _ in range(40)) / 40
    assert drawn == pytest.approx(model.expected(*parts, HORIZON).sum(), rel=0.03)


def test_the_usual_gap_grows_with_the_share_and_shrinks_with_purchases(model):
    x, t_x = np.array([1.0, 4.0, 9.0]), np.full(3, 10.0)
    half, most = (model.gap_quantile(x, t_x, share) for share in (0.5, 0.9))
    assert np.all((half > 0) & (half <= most)) and np.all(np.diff(most) <= 0)


def test_more_time_never_means_fewer_purchases(model, customers):
    parts = customers.x, customers.t_x, customers.age
    short, long = (model.expected(*parts, horizon) for horizon in (6.0, 24.0))
    assert np.all(short <= long + 1e-12)
    assert np.all(model.p_active(*parts, 6.0) <= model.p_active(*parts, 24.0) + 1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("customers_seen", [1, 5, 20, 100])
def test_small_companies_get_sane_answers(name, customers_seen):
    people = leaving_at_purchases(
        np.random.default_rng(customers_seen), customers_seen, (0.8, 60.0, 0.9, 3.0)
    )
    history = monthly(people.history)
    fitted, evidence = registry.fit_any(history, name)
    assert evidence in ({"data"} if name == "naive" else {"prior_and_data", "prior"})
    assert fitted.converged and not fitted.at_boundary
    values = [getattr(fitted.model, parameter) for parameter in fitted.model.PARAMETERS]
    assert np.all(np.isfinite(values)) and np.all(np.abs(np.log(values)) < 8)
    assert np.all(np.isfinite(fitted.standard_errors))
    parts = history.x, history.t_x, history.age
    expected = fitted.model.expected(*parts, 12.0)
    assert np.all(np.isfinite(expected)) and np.all(
        (expected >= 0) & (expected <= 12 * (1 + history.x.max()))
    )


@pytest.mark.parametrize("name", NAMES)
def test_who_never_came_back_still_gets_an_answer(name):
    history = History.of(np.zeros(8), np.zeros(8), np.arange(3.0, 11.0), log_gaps=0.0)
    fitted, evidence = registry.fit_any(history, name)
    active = fitted.model.p_active(history.x, history.t_x, history.age, 3.0)
    assert evidence == ("data" if name == "naive" else "prior")
    assert np.all((active >= 0) & (active < 0.5))


@pytest.mark.parametrize("name", ["mbg", "pareto", "nbd", "mbg_k"])
def test_all_alike_is_answered_not_refused(name):
    history = History.of(
        np.full(30, 4.0), np.full(30, 360.0), np.full(30, 400.0), log_gaps=30 * 4 * np.log(90.0)
    )
    fitted, evidence = registry.fit_any(history, name, fewest_repeat_customers=10)
    assert np.all(np.isfinite(fitted.standard_errors)) and evidence in ("data", "prior_and_data")
    assert 0.2 < fitted.model.expected(np.array([4.0]), np.array([360.0]), np.array([400.0]), 90.0)[0] < 1.6


def test_nbd_equals_the_published_baseline(cdnow):
    """Fader, Hardie 2004, "Illustrating the Performance of the NBD as a Benchmark Model"."""
    fitted = registry.fit(cdnow, "nbd")
    assert [round(fitted.model.r, 3), round(fitted.model.alpha, 3)] == [0.385, 12.072]
    assert round(fitted.log_likelihood, 1) == -9763.7


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError):
        registry.fit(History.of([1.0], [1.0], [2.0]), "astrology")
