"""Makes what takes long to make once for all tests of a module, and hands each a copy as if it were its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

Made = TypeVar("Made")


def for_the_module(make: Callable[[], Made]) -> Any:
    """A fixture that makes it in a transaction around those of the tests, which ends with the module.

    Who asks for it asks for ``db`` after it, and changes nothing but a copy.
    """

    @pytest.fixture(scope="module")
    def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Made]:
        with django_db_blocker.unblock(), transaction.atomic():
            made = make()
            connection.check_constraints()  # once, and not after each test anew
            yield made
            transaction.set_rollback(True)

    return kept
