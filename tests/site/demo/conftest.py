from __future__ import annotations

from datetime import date

import pytest

from clientier.site.demo.generator import generate
from clientier.site.demo.world import World
from tests.site.demo.measures import Measures, measure

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session", params=[20261121, 4])
def world(request: pytest.FixtureRequest) -> World:
    return generate(request.param, TODAY)


@pytest.fixture(scope="session")
def whole(world: World) -> Measures:
    return measure(world)


@pytest.fixture(scope="session")
def last_year(world: World) -> Measures:
    return measure(world, since="2025-11-21")
