"""One judged company for all tests of a module: making it takes longer than asking most doors about it."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests import kept
from tests.contracts.world import World, company

kept_world = kept.for_the_module(company)


@pytest.fixture
def judged_world(kept_world: World, db: None) -> World:
    """The company as if it were made for this test alone."""
    return deepcopy(kept_world)
