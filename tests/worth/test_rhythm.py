"""How regular customers are, and how unlikely a silence: against simulation and special cases."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth import rhythm


def gaps_of(shape, customers=800, number=12, seed=4):
    rng = np.random.default_rng(seed)
    mean = rng.gamma(3.0, 20.0, customers)[:, None]
    return rng.gamma(shape, 1.0, (customers, number)) * mean / shape


@pytest.mark.parametrize("shape", [1.0, 4.0, 12.0])
def test_the_shared_shape_of_gaps_is_recovered(shape):
    gaps = gaps_of(shape)
    found = rhythm.regularity(
        np.full(len(gaps), gaps.shape[1]), np.maximum(np.sort(gaps, axis=1), 0.5).ravel()
    )
    assert found == pytest.approx(shape, rel=0.08)


def test_without_gaps_to_compare_purchases_are_taken_for_random():
    assert rhythm.regularity(np.array([1, 0, 1]), np.array([5.0, 9.0])) == 1.0


def test_clockwork_is_as_regular_as_it_gets():
    assert rhythm.regularity(np.full(5, 8), np.full(40, 30.0)) == pytest.approx(20.0)


def test_random_purchases_keep_silent_as_the_lomax_says():
    # With shape 1 the predictive gap is Lomax: (S / (S + s)) ** n, one average gap counting as evidence.
    x, t_x, silence = np.array([4.0]), np.array([80.0]), np.array([50.0])
    found = rhythm.p_silence(x, t_x, silence, 1.0, 20.0)
    assert found[0] == pytest.approx((100 / 150) ** 5)


def test_a_silence_of_the_quantile_is_exceeded_with_the_probability_left():
    x, t_x = np.array([2.0, 5.0, 30.0]), np.array([40.0, 300.0, 900.0])
    limit = rhythm.silence_quantile(x, t_x, 0.9, 6.0, 25.0)
    assert rhythm.p_silence(x, t_x, limit, 6.0, 25.0) == pytest.approx([0.1, 0.1, 0.1])
    assert limit[0] > 1.2 * 20 and limit[2] < 1.7 * 30


def test_p_silence_is_uniform_where_gaps_are_as_assumed():
    gaps = gaps_of(5.0, customers=40_000, number=5)
    # The fourth gap stands in for the average gap that counts as evidence.
    p = rhythm.p_silence(np.full(len(gaps), 3.0), gaps[:, :3].sum(axis=1), gaps[:, 4], 5.0, gaps[:, 3])
    for share in (0.05, 0.2, 0.5, 0.9):
        assert np.mean(p < share) == pytest.approx(share, abs=0.01)
