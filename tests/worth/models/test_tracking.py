"""CDNOW week by week against the models, as published and measured."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.models import registry
from clientier.worth.models.purchases import PurchaseModel
from clientier.worth.models.tracking import expected_by

BOUGHT_BY_WEEK_78 = 4339


@pytest.mark.parametrize(("name", "error"), [("bg", -0.041), ("mbg", -0.067), ("pareto", -0.016)])
def test_cumulative_repeat_purchases_of_cdnow(cdnow, name, error):
    model = registry.fit(cdnow, name).model
    path = expected_by(model, 39.0 - cdnow.age, cdnow.weight, np.arange(1.0, 79.0))
    assert path[77] / BOUGHT_BY_WEEK_78 - 1 == pytest.approx(error, abs=6e-4)
    assert np.all(np.diff(path) > 0)


def test_expectation_of_a_new_customer_as_published():
    model = PurchaseModel("bg", 0.242595, 4.41360, 0.792922, 2.42591)
    times = np.array([0.1429, 1, 3, 31.8571, 32, 78])
    path = expected_by(model, np.zeros(1), np.ones(1), times)
    assert np.allclose(path, [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8580], atol=6e-5)


def test_nobody_buys_again_before_the_first_purchase():
    model = PurchaseModel("mbg", 0.5, 6.0, 0.9, 1.6)
    path = expected_by(model, np.array([5.0, 10.0]), np.array([3.0, 1.0]), np.array([4.0, 5.0, 7.0, 12.0]))
    assert path[0] == path[1] == 0.0
    later = [expected_by(model, np.zeros(1), np.ones(1), np.array([t]))[0] for t in (2.0, 7.0)]
    assert path[2] == pytest.approx(3 * later[0]) and path[3] == pytest.approx(3 * later[1] + later[0])
