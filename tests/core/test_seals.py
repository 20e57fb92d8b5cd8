from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from clientier.core import audit, jobs, seals
from clientier.core.actor import system
from clientier.core.models import AuditEntry, AuditSeal
from tests import factories as make

pytestmark = pytest.mark.django_db


def written(number: int) -> list[int]:
    """So many entries; their ids."""
    for each in range(number):
        audit.note("test.happened", "catalog.product", make.acting(), each=each)
    return list(AuditEntry.objects.order_by("id").values_list("id", flat=True))


@contextmanager
def tampering(table: str = "core_auditentry") -> Iterator[Any]:
    """As somebody does who owns the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_audit_has_no_faults() -> None:
    ids = written(3)
    assert seals.seal() == 3
    assert seals.seal() == 0
    ids = written(2)
    assert seals.seal() == 2
    verdict = seals.verify()
    assert (verdict.sealed, verdict.waiting, verdict.last_sealed, verdict.faults) == (5, 0, ids[-1], [])
    assert list(AuditSeal.objects.order_by("number").values_list("number", "entry_id")) == [
        (number, key) for number, key in enumerate(ids, start=1)
    ]


def test_every_value_of_an_entry_is_hashed() -> None:
    (key,) = written(1)
    seals.seal()
    others = {
        "at": "at + interval '1 microsecond'", "actor_id": "7", "actor_name": "'x'", "door": "'x'",
        "request_id": "gen_random_uuid()", "verb": "'x'", "record": "'x'", "record_id": "'x'", "label": "'x'",
        "changes": "'{\"each\": 9}'", "removed": "'[1]'", "undoes": "gen_random_uuid()",
    }  # fmt: skip
    assert {f.attname for f in AuditEntry._meta.concrete_fields} == {*others, "id"}
    for column, value in others.items():
        with transaction.atomic():
            with tampering() as cursor:
                cursor.execute(f"UPDATE core_auditentry SET {column} = {value}")
            assert seals.verify().faults == [f"entry {key} was changed after it was sealed"], column
            transaction.set_rollback(True)
    assert seals.verify().faults == []


def test_a_removed_entry_is_named() -> None:
    _first, second, _third = written(3)
    seals.seal()
    with tampering() as cursor:
        cursor.execute("DELETE FROM core_auditentry WHERE id = %s", [second])
    assert seals.verify().faults == [f"entry {second} was removed after it was sealed"]


def test_an_entry_inserted_where_a_number_was_left_out_is_named() -> None:
    written(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('core_auditentry_id_seq')")
        gap = cursor.fetchone()[0]
        written(1)
        seals.seal()
        cursor.execute(
            "INSERT INTO core_auditentry SELECT %s, at, actor_id, actor_name, door, request_id, 'x', record, "
            "record_id, label, changes, removed, undoes FROM core_auditentry LIMIT 1",
            [gap],
        )
    written(1)
    assert seals.seal() == 1
    assert seals.verify().faults == [f"entry {gap} was inserted among entries that were sealed before it"]


def test_who_changes_an_entry_and_its_seal_breaks_the_chain_there() -> None:
    _first, second, _third = written(3)
    seals.seal()
    with tampering() as cursor:
        cursor.execute("UPDATE core_auditentry SET label = 'x' WHERE id = %s", [second])
    with tampering("core_auditseal") as cursor:
        cursor.execute(
            "UPDATE core_auditseal s SET digest = core_audit_digest(e) FROM core_auditentry e WHERE e.id = s.entry_id"
        )
    (fault,) = seals.verify().faults
    assert fault.startswith("link 2 of the chain does not follow from the one before")


def test_who_removes_an_entry_with_its_seal_breaks_the_chain_after_it() -> None:
    _first, second, _third = written(3)
    seals.seal()
    for table, column in (("core_auditentry", "id"), ("core_auditseal", "entry_id")):
        with tampering(table) as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [second])
    (fault,) = seals.verify().faults
    assert fault.startswith("link 3 of the chain does not follow from the one before")


def test_who_writes_the_whole_chain_anew_is_found_by_a_link_noted_before() -> None:
    written(2)
    seals.seal()
    head = seals.verify().head
    written(1)
    seals.seal()
    assert seals.verify(expected=head).faults == []
    with tampering() as cursor:
        cursor.execute("UPDATE core_auditentry SET label = 'x'")
    with tampering("core_auditseal") as cursor:
        cursor.execute("DELETE FROM core_auditseal")
    assert seals.seal() == 3
    assert seals.verify().faults == []
    assert seals.verify(expected=head).faults == [
        f"the chain no longer holds the link {head}: it was written anew"
    ]


def test_a_removed_tail_of_seals_is_noticed_after_a_day() -> None:
    (key,) = written(1)
    assert (seals.verify().waiting, seals.verify().faults) == (1, [])
    with tampering() as cursor:
        cursor.execute("UPDATE core_auditentry SET at = now() - interval '25 hours'")
    (fault,) = seals.verify().faults
    assert fault.startswith(f"entry {key} is older than a day and not sealed")


def test_many_faults_are_counted_and_the_first_are_told() -> None:
    ids = written(25)
    seals.seal()
    with tampering() as cursor:
        cursor.execute("UPDATE core_auditentry SET label = 'x'")
    faults = seals.verify().faults
    assert (len(faults), faults[0], faults[-1]) == (
        21, f"entry {ids[0]} was changed after it was sealed", "… and 5 more like this",
    )  # fmt: skip


@pytest.mark.parametrize("table", ["core_auditentry", "core_auditseal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses_to_change_audit_and_seals(table: str, statement: str) -> None:
    written(2)
    seals.seal()
    column = {"core_auditentry": "id", "core_auditseal": "number"}[table]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))
    assert (AuditEntry.objects.count(), AuditSeal.objects.count()) == (2, 2)


def test_the_command_says_how_it_is_and_fails_when_it_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    (key,) = written(1)
    call_command("audit", "seal")
    call_command("audit", "verify")
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["1 entries sealed.", "The audit is as it was written: 1 entries sealed, 0 not yet."]
    assert seals.verify().head in said[2]
    with tampering() as cursor:
        cursor.execute("UPDATE core_auditentry SET label = 'x'")
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify")
    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        f"Entry {key} was changed after it was sealed.", "The audit is not as it was written.",
    ]  # fmt: skip


def test_the_nightly_look_tells_the_log(caplog: pytest.LogCaptureFixture) -> None:
    (key,) = written(1)
    jobs.seal_audit(timestamp=0)
    with tampering() as cursor:
        cursor.execute("UPDATE core_auditentry SET label = 'x'")
    with caplog.at_level(logging.ERROR):
        jobs.verify_audit(timestamp=0)
    assert caplog.messages == [f"The audit was tampered with: entry {key} was changed after it was sealed"]


class Writer(threading.Thread):
    """Writes an entry in a transaction of its own and ends it when told."""

    def __init__(self, *, commit: bool = True) -> None:
        super().__init__(daemon=True)
        self.wrote, self.may_end, self.commit = threading.Event(), threading.Event(), commit

    def run(self) -> None:
        try:
            with transaction.atomic():
                audit.note("test.slow", "catalog.product", system())
                self.wrote.set()
                self.may_end.wait(20)
                transaction.set_rollback(not self.commit)
        finally:
            connections["default"].close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commit", [True, False])
def test_an_entry_that_appears_after_a_higher_number_is_sealed_in_its_place(commit: bool) -> None:
    slow = Writer(commit=commit)
    slow.start()
    slow.wrote.wait(20)
    written(1)
    assert seals.seal(patience_seconds=0.2) == 0
    slow.may_end.set()
    slow.join()
    assert seals.seal() == 1 + commit
    ids = list(AuditEntry.objects.order_by("id").values_list("id", flat=True))
    assert list(AuditSeal.objects.order_by("number").values_list("entry_id", flat=True)) == ids
    assert seals.verify().faults == []


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_sealing_and_the_sealing_waits_only_for_those_before_it() -> None:
    slow = Writer()
    slow.start()
    slow.wrote.wait(20)
    made = list[int]()

    def sealing() -> None:
        made.append(seals.seal(patience_seconds=20))
        connections["default"].close()

    sealer = threading.Thread(target=sealing)
    sealer.start()
    time.sleep(0.2)
    began = time.monotonic()
    written(5)
    assert time.monotonic() - began < 5
    later = Writer()
    later.start()
    later.wrote.wait(20)
    slow.may_end.set()
    sealer.join(10)
    assert made == [1]
    later.may_end.set()
    later.join()
    assert seals.seal() == 6
    assert seals.verify().faults == []


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain() -> None:
    written(400)
    made = list[int]()

    def sealing() -> None:
        made.append(seals.seal())
        connections["default"].close()

    sealers = [threading.Thread(target=sealing) for _ in range(3)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    assert (len(made), sum(made)) == (3, 400)
    assert seals.verify().faults == []
