"""The chains of hashes that make it visible when the audit, or the ledger, was tampered with.

Entries are sealed a little after they are written, in the order of their numbers, so that no command ever
waits for another to be hashed (``docs/decisions/0008-sealed-afterwards.md``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction

ENTRIES_AT_A_TIME = 20_000
FAULTS_TOLD = 20
SECONDS_BETWEEN_LOOKS = 0.05

WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = %s::regclass AND mode = 'RowExclusiveLock' AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND pid IS DISTINCT FROM pg_backend_pid()
"""
# Each gives the numbers of entries (or links) at fault, the lowest first.
CHANGED = """
SELECT e.id FROM {seals} s JOIN {entries} e ON e.id = s.entry_id
WHERE s.digest <> {digest}(e) ORDER BY e.id
"""
MISSING = """
SELECT s.entry_id FROM {seals} s LEFT JOIN {entries} e ON e.id = s.entry_id
WHERE e.id IS NULL ORDER BY s.entry_id
"""
INSERTED = """
SELECT e.id FROM {entries} e LEFT JOIN {seals} s ON s.entry_id = e.id
WHERE s.entry_id IS NULL AND e.id <= (SELECT max(entry_id) FROM {seals}) ORDER BY e.id
"""
BROKEN = """
SELECT number FROM (
    SELECT number, entry_id, digest, link, lag(link) OVER chain AS before,
        lag(number, 1, 0::bigint) OVER chain + 1 AS follows, lag(entry_id) OVER chain AS entry_before
    FROM {seals} WINDOW chain AS (ORDER BY number)) s
WHERE number <> follows OR entry_id <= entry_before OR link <> core_audit_link(before, number, entry_id, digest)
ORDER BY number
"""
OVERDUE = """
SELECT id FROM {entries} WHERE id > coalesce((SELECT max(entry_id) FROM {seals}), 0)
AND {written_at} < now() - interval '1 day' ORDER BY id
"""
TOLD = (
    (CHANGED, "entry {} was changed after it was sealed"),
    (MISSING, "entry {} was removed after it was sealed"),
    (INSERTED, "entry {} was inserted among entries that were sealed before it"),
    (
        BROKEN,
        "link {} of the chain does not follow from the one before: it was changed, or links are missing",
    ),
    (OVERDUE, "entry {} is older than a day and not sealed: sealing does not run, or its seal was removed"),
)


@dataclass(frozen=True)
class Chain:
    """A table of entries and that of their seals; SQL functions compute digests and seal the next entries."""

    entries: str
    seals: str
    digest: str
    sealing: str
    written_at: str


AUDIT = Chain("core_auditentry", "core_auditseal", "core_audit_digest", "core_seal_audit", "at")


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain found; without faults, the audit is as it was written.

    ``head`` is the last link, in hex: whoever notes it down can later prove that the chain still holds it.
    """

    sealed: int
    waiting: int
    last_sealed: int
    head: str
    faults: list[str] = field(default_factory=list)


def seal(chain: Chain = AUDIT, *, patience_seconds: float = 30) -> int:
    """Seal every entry that can no longer be joined by one with a lower number; returns how many.

    Numbers are given before transactions end, so an entry may appear after one with a higher number. We note
    the highest number given, and wait until everybody who was writing then has finished; nobody waits for us.
    Whoever takes longer than our patience is waited for the next time.
    """
    bound = _highest_number(chain)
    if not _writers_finish(chain, patience_seconds):
        return 0
    made = 0
    while sealed := _seal_some(chain, bound):
        made += sealed
    return made


def verify(chain: Chain = AUDIT, *, expected: str = "") -> Verdict:
    """Compute every hash of the chain again and compare; ``expected`` is the head of an earlier look."""
    faults = [fault for query, words in TOLD for fault in _faults(chain, query, words)]
    with connection.cursor() as cursor:
        if expected:
            cursor.execute(
                f"SELECT EXISTS (SELECT 1 FROM {chain.seals} WHERE encode(link, 'hex') = %s)", [expected]
            )
            if not cursor.fetchone()[0]:
                faults.append(f"the chain no longer holds the link {expected}: it was written anew")
        cursor.execute(f"SELECT count(*) FROM {chain.seals}")
        sealed = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT entry_id, encode(link, 'hex') FROM {chain.seals} ORDER BY number DESC LIMIT 1"
        )
        last, head = cursor.fetchone() or (0, "")
        cursor.execute(f"SELECT count(*) FROM {chain.entries} WHERE id > %s", [last])
        return Verdict(sealed, int(cursor.fetchone()[0]), last, head, faults)


def _faults(chain: Chain, query: str, words: str) -> Iterator[str]:
    query = query.format(**asdict(chain))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT found.*, count(*) OVER () FROM ({query}) found LIMIT {FAULTS_TOLD}")
        rows: list[tuple[Any, Any]] = cursor.fetchall()
    yield from (words.format(number) for number, _all in rows)
    if rows and rows[0][1] > len(rows):
        yield f"… and {rows[0][1] - len(rows)} more like this"


def _highest_number(chain: Chain) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT last_value FROM {chain.entries}_id_seq")
        return int(cursor.fetchone()[0])


def _writers_finish(chain: Chain, patience_seconds: float) -> bool:
    """Whether all who hold the lock of a writer now have let go of it in time.

    The lock is taken before a number is, and let go when the entry can be seen.
    """
    deadline = time.monotonic() + patience_seconds
    writing = _writers(chain)
    while writing:
        if time.monotonic() > deadline:
            return False
        time.sleep(SECONDS_BETWEEN_LOOKS)
        writing &= _writers(chain)
    return True


def _writers(chain: Chain) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [chain.entries])
        return {transaction_id for (transaction_id,) in cursor.fetchall()}


@transaction.atomic
def _seal_some(chain: Chain, bound: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {chain.sealing}(%s, %s)", [bound, ENTRIES_AT_A_TIME])
        return int(cursor.fetchone()[0])
