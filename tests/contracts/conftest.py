"""One judged company for all tests of a module: making it takes longer than asking most doors about it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction

from tests.contracts.world import World, company


@pytest.fixture(scope="module")
def kept_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The company in a transaction around those of the tests, which ends with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = company()
        connection.check_constraints()  # once, and not after each test anew
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def judged_world(kept_world: World, db: None) -> World:
    """The company as if it were made for this test alone."""
    return deepcopy(kept_world)
