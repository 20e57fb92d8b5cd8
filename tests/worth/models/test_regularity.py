"""Rhythm, chance and clumps are told apart, for a population and for each customer."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.models.regularity import clumpiness, critical_clumpiness, own_shapes, population_shape


@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0, 12.0])
def test_the_population_s_shape_is_recovered_from_two_gaps(shape):
    random = np.random.default_rng(1)
    rates = random.gamma(1.5, 1 / 40, 20_000)
    first, second = random.gamma(shape, 1 / rates), random.gamma(shape, 1 / rates)
    assert population_shape(first, second) == pytest.approx(shape, rel=0.05)


def test_wheat_and_morrison_s_variance_by_hand():
    assert population_shape(np.array([1.0, 3.0]), np.array([3.0, 1.0])) == pytest.approx((1 - 0.25) / 0.5)


def test_own_shapes_follow_the_evidence():
    random = np.random.default_rng(2)

    def summary(gaps):
        return np.array([len(gaps)]), np.array([gaps.sum()]), np.array([np.log(gaps).sum()])

    steady = own_shapes(*summary(random.gamma(16, 91 / 16, 40)), 1.5)[0]
    chance = own_shapes(*summary(random.gamma(1, 91, 40)), 1.5)[0]
    few = own_shapes(*summary(random.gamma(16, 91 / 16, 2)), 1.5)[0]
    assert 7 < steady < 25 and 0.6 < chance < 1.8 and 1.0 < few < 5
    assert own_shapes(np.array([0, 1]), np.array([0.0, 30.0]), np.array([0.0, 3.4]), 1.5) == pytest.approx(
        1.5
    )


def test_own_shapes_do_not_depend_on_the_unit_and_stay_within_bounds():
    count, gaps = np.array([5]), np.full(5, 91.0)
    days = own_shapes(count, np.array([gaps.sum()]), np.array([np.log(gaps).sum()]), 2.0)
    weeks = own_shapes(count, np.array([gaps.sum() / 7]), np.array([np.log(gaps / 7).sum()]), 2.0)
    assert days[0] == pytest.approx(weeks[0], rel=1e-6) and 2 < days[0] < 400


def test_clumpiness_of_the_extremes():
    assert clumpiness(np.array([10, 20, 30]), 39) == pytest.approx(0.0, abs=1e-12)
    assert clumpiness(np.array([1, 2, 3, 4]), 400) > 0.9
    assert clumpiness(np.array([], dtype=np.int64), 30) == 0.0


def test_one_in_twenty_exceeds_the_critical_value_by_chance():
    random, limit = np.random.default_rng(3), critical_clumpiness(12, 365)
    drawn = [clumpiness(random.choice(365, 12, replace=False) + 1, 365) for _ in range(2_000)]
    assert np.mean(np.array(drawn) > limit) == pytest.approx(0.05, abs=0.02)
    assert clumpiness(np.array([10, 11, 12, 13, 14, 15, 200, 201, 202, 203, 204, 205]), 365) > limit
    assert clumpiness(np.arange(14, 365, 28)[:12], 365) < limit


def test_one_customer_cannot_tell_the_population():
    with pytest.raises(ValueError, match="two customers"):
        population_shape(np.array([1.0]), np.array([2.0]))
