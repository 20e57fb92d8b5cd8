"""One company for all tests of a module: judging it takes longer than what most of them ask about it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction

from tests.rooms.value.company import Company, company


@pytest.fixture(scope="module")
def kept_firm(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    """The company in a transaction around those of the tests, which ends with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = company()
        connection.check_constraints()  # once, and not after each test anew
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def firm(kept_firm: Company, db: None) -> Company:
    """The company as if it were made for this test alone."""
    return deepcopy(kept_firm)
