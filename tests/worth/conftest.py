"""Data that the tests of the value engine run on."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from clientier.worth.models.history import History

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository, or a skip that says so."""
    folder = Path(os.environ.get("CLIENTIER_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"real data not found at {folder}; set CLIENTIER_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def cdnow() -> History:
    """CDNOW calibration counts, in weeks."""
    x, t_x, age, customers = np.loadtxt(HERE / "data" / "cdnow_counts.csv", delimiter=",", skiprows=1).T
    return History(x, t_x, age, customers)


@pytest.fixture(scope="session")
def cdnow_spend() -> tuple[np.ndarray, np.ndarray]:
    """Repeat purchases and mean spend of the 946 CDNOW customers who bought again."""
    x, mean_spend = np.loadtxt(HERE / "data" / "cdnow_spend.csv", delimiter=",", skiprows=1).T
    return x, mean_spend
