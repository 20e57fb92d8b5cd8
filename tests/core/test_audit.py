from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from clientier.core import audit, commands
from clientier.core.models import AuditEntry
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditentry SET label = 'x'", "DELETE FROM core_auditentry"]
)
def test_the_database_refuses_to_change_the_audit(statement: str) -> None:
    commands.create(Customer, actor=make.acting(), changes={"name": "Acme"})
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.get().label == "Acme"


def test_a_long_name_is_cut_to_fit() -> None:
    commands.create(Customer, actor=make.acting(), changes={"name": "é" * 200})
    assert AuditEntry.objects.get().label == "é" * 200


def test_a_note_keeps_facts_of_work_on_many_records() -> None:
    actor = make.acting(make.some_user(name="Ada"))
    audit.note("customers.import", Customer, actor, created=3, updated=1)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.record, entry.changes) == (
        "customers.import", "parties.customer", {"created": 3, "updated": 1},
    )  # fmt: skip
    assert (entry.actor_name, entry.request_id) == ("Ada", actor.request_id)


def test_secrets_stay_out_of_the_audit() -> None:
    user = make.some_user()
    user.set_password("correct horse battery")
    user.save()
    commands.update(user, actor=make.acting(), changes={"name": "Other"})
    commands.delete(user, actor=make.acting())
    for entry in AuditEntry.objects.all():
        assert "password" not in entry.changes
