"""The choice of tests for another server: it takes exactly those that could ask it."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.conftest import asks_a_database


@pytest.mark.django_db
def test_a_marked_test_asks(request: pytest.FixtureRequest) -> None:
    connection.ensure_connection()
    assert asks_a_database(request.node)


@pytest.fixture
def records(db: None) -> None:
    """As many fixtures do: the database comes along with something else."""


def test_a_test_asks_by_what_its_fixtures_need(records: None, request: pytest.FixtureRequest) -> None:
    connection.ensure_connection()
    assert asks_a_database(request.node)


def test_any_other_could_not_ask_even_if_it_would(request: pytest.FixtureRequest) -> None:
    assert not asks_a_database(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()
