from __future__ import annotations

import pytest
from django.db import connection

from tests.rooms.value.company import company

ALL_VISIBLE = "SELECT relallvisible = relpages, relpages > 0 FROM pg_class WHERE relname = %s"


@pytest.mark.django_db(transaction=True)
def test_after_a_run_sums_need_not_look_at_the_rows() -> None:
    """An index tells all only of pages whose rows everybody sees; else each row is looked up."""
    company()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs"
        )  # nobody is to hear of runs that are gone with the test
        for table in ("value_standing", "value_score", "parties_customer"):
            cursor.execute(ALL_VISIBLE, [table])
            assert cursor.fetchone() == (True, True), table
