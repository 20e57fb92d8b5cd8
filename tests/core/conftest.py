from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def queue(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """An empty queue that workers in other processes see; gives the file for their marks."""
    _empty()
    yield tmp_path / "marks"
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in ("procrastinate_jobs", "procrastinate_workers", "procrastinate_periodic_defers"):
            cursor.execute(f"DELETE FROM {table}")
