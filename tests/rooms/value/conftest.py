"""One company for all tests of a module: judging it takes longer than what most of them ask about it."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests import kept
from tests.rooms.value.company import Company, company

kept_firm = kept.for_the_module(company)


@pytest.fixture
def firm(kept_firm: Company, db: None) -> Company:
    """The company as if it were made for this test alone."""
    return deepcopy(kept_firm)
