"""Predictions against 30-digit arithmetic, up to 3,000 purchases and ten years by the day."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from clientier.worth.models.pareto import ParetoModel
from clientier.worth.models.purchases import PurchaseModel
from clientier.worth.models.regular import RegularModel

REFERENCE = Path(__file__).parent.parent / "data" / "reference_predictions.csv"
ROWS = list(csv.DictReader(REFERENCE.open()))
CERTAIN = 1e-14  # below it the reference's own quadrature has seven digits


def close(value: float, wanted: str) -> bool:
    return value == pytest.approx(float(wanted), rel=1e-11 if float(wanted) > CERTAIN else 2e-6, abs=1e-300)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['model']}-{row['x']}-{row['t_x']}-{row['age']}")
def test_predictions_equal_high_precision_arithmetic(row):
    parameters = [float(row[name]) for name in ("first", "second", "third", "fourth")]
    named = row["model"] != "pareto"
    model = PurchaseModel(row["model"], *parameters) if named else ParetoModel(*parameters)
    parts = [np.array([float(row[name])]) for name in ("x", "t_x", "age")]
    horizon = float(row["horizon"])
    assert close(model.p_alive(*parts)[0], row["p_alive"])
    assert close(model.expected(*parts, horizon)[0], row["expected"])
    if row["p_active"]:
        active = model.p_active(*parts, horizon)[0]
        assert active == pytest.approx(
            float(row["p_active"]), rel=1e-9 if float(row["p_active"]) > CERTAIN else 2e-6
        )
    if named:
        regular = RegularModel(f"{row['model']}_k", *parameters, 1)
        assert close(regular.p_alive(*parts)[0], row["p_alive"])
        assert regular.expected(*parts, horizon)[0] == pytest.approx(float(row["expected"]), rel=1e-10)
