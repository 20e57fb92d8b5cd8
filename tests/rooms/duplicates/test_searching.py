"""The search over all customers: what it keeps, what stays decided, what comes back."""

from __future__ import annotations

import datetime as dt
import io
import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from clientier.core.actor import system
from clientier.core.commands import REGISTRY
from clientier.core.errors import Conflict, DomainError, NotAllowed, NotFound
from clientier.core.models import AuditEntry, JobRun, JobState
from clientier.kit.imports.references import References
from clientier.kit.imports.registry import TARGETS, Batch, Beginning
from clientier.rooms.duplicates import jobs
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.commands import searching
from clientier.rooms.duplicates.commands.merging import merge_customers
from clientier.rooms.duplicates.models import DuplicatePair, Merge
from clientier.rooms.parties.commands.customer_files import CustomerWriting
from clientier.rooms.parties.commands.customers import write_customers
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytest.importorskip("splink", reason="Splink is of the extra dedupe")
pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)


def searched() -> searching.Found:
    return searching.search_duplicates(actor=system(), at=NOW)


def twice() -> tuple[Customer, Customer]:
    one = make.some_customer(name="Acme Ltd", phone="+44 113 496 0000", city="Leeds")
    other = make.some_customer(name="ACME Inc.", phone="0113 496 0000", city="Leeds")
    make.some_customer(name="Zeppelin", phone="+44 113 496 7777", city="York")
    return one, other


def test_a_pair_is_kept_with_probability_and_evidence() -> None:
    one, other = twice()
    assert searched() == searching.Found(open=1, new=1, compared=3)
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.state) == (one, other, PairState.OPEN)
    assert pair.probability > 0.9
    assert pair.evidence["phone"][0] == "equal"
    assert AuditEntry.objects.get().changes == {"compared": 3, "new": 1, "open": 1}


def test_searching_again_keeps_one_pair_and_drops_what_is_no_more_alike() -> None:
    one, _other = twice()
    searched()
    assert searched().new == 0
    one.name, one.phone, one.city = "Quite another", "+44 20 7946 0000", "London"
    one.save()
    assert searched().open == 0
    assert not DuplicatePair.objects.exists()


def test_what_was_decided_stays_decided_until_something_compared_changes() -> None:
    one, other = twice()
    searched()
    REGISTRY["duplicates.keep_apart"](DuplicatePair.objects.get(), actor=system(), at=NOW)
    one.note = "Not compared"
    one.save()
    assert searched().open == 0
    other.email = "info@acme.example"
    other.save()
    assert searched().open == 1
    assert DuplicatePair.objects.get().state == PairState.OPEN


def test_only_the_product_itself_and_administrators_search() -> None:
    with pytest.raises(NotAllowed):
        searching.search_duplicates(actor=make.acting(make.some_user(), kinds=[Customer]), at=NOW)


def test_without_splink_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "splink", None)
    twice()
    with pytest.raises(searching.SearchMissing, match="dedupe"):
        searched()


def test_the_job_tells_whoever_asked_and_night_is_where_the_company_is() -> None:
    twice()
    run = JobRun.objects.create(kind="duplicates.search", label="Search")
    jobs.search(run_id=str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.result) == (JobState.DONE, {"open": 1, "new": 1, "compared": 3})
    DuplicatePair.objects.all().delete()
    zone = dt.timezone(dt.timedelta(hours=8))
    for hour, found in ((12, 0), (4, 1)):
        jobs.search_nightly(timestamp=int(dt.datetime(2026, 3, 2, hour, 30, tzinfo=zone).timestamp()))
        assert DuplicatePair.objects.count() == found


def test_an_import_with_the_old_number_finds_the_one_that_remains() -> None:
    one, other = make.some_customer(external_id="C1"), make.some_customer(external_id="C2", name="Old")
    actor = make.acting(make.administrator())
    merge = merge_customers(Merge, actor=actor, survivor=one, others=[other], at=NOW)
    batch = Batch([{"external_id": "C2", "city": "Wuhan"}], [1])
    writing = CustomerWriting(Beginning(actor, frozenset({"external_id", "city"})))
    writing.prepare(batch)
    writing.write(batch)
    one.refresh_from_db()
    assert (one.city, Customer.objects.count()) == ("Wuhan", 1)
    REGISTRY["customers.unmerge"](merge, actor=actor, at=NOW)
    batch = Batch([{"external_id": "C2", "city": "Xian"}], [1])
    writing.prepare(batch)
    writing.write(batch)
    assert Customer.objects.get(pk=other.pk).city == "Xian"


def test_rows_that_refer_to_the_old_number_reach_the_one_that_remains() -> None:
    one, other = make.some_customer(external_id="C1"), make.some_customer(external_id="C2")
    actor = make.acting(make.administrator())
    merge_customers(Merge, actor=actor, survivor=one, others=[other], at=NOW)
    batch = Batch([{"customer": "C2"}, {"customer": "C1"}, {"customer": "C3"}], [1, 2, 3])
    problems, _waiting = References(TARGETS["contacts"].target, ["customer"], actor).resolve(batch)
    assert [row["customer_id"] for row in batch.rows[:2]] == [one.pk, one.pk]
    assert list(problems) == [2]


def test_customers_from_a_file_have_keys_too() -> None:
    actor = make.acting(make.administrator())
    write_customers(
        [{"external_id": "C1", "name": "华为技术有限公司", "phone": "+86 755 2878 0808"}], actor=actor
    )
    assert Customer.objects.filter(likeness__shares=["c:华为"]).exists()
    assert Customer.objects.filter(likeness__shares=["p:528780808"]).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_merge_the_same_at_once_one_is_told() -> None:
    one, other = make.some_customer(), make.some_customer()
    make.some_order(other)
    actor = make.acting(make.administrator())
    told: list[Any] = []

    def second() -> None:
        try:
            merge_customers(Merge, actor=actor, survivor=other, others=[one], at=NOW)
        except DomainError as refusal:
            told.append(refusal)
        finally:
            connection.close()

    with transaction.atomic():
        merge_customers(Merge, actor=actor, survivor=one, others=[other], at=NOW)
        racing = threading.Thread(target=second)
        racing.start()
        racing.join(timeout=0.5)
        assert racing.is_alive()  # it waits for the first
    racing.join(timeout=10)
    assert [type(each) for each in told] in ([Conflict], [NotFound])
    assert (Customer.objects.count(), Merge.objects.count()) == (1, 1)


def test_the_command_tells_how_many_and_shows_the_first() -> None:
    one, other = twice()
    told = io.StringIO()
    call_command("search_duplicates", "--show", "5", stdout=told)
    first, second = told.getvalue().splitlines()
    assert first == "3 customers and contacts compared: 1 pairs to decide, 1 of them new."
    assert second.endswith(f"  Acme Ltd · ACME Inc.  ({one.pk} {other.pk})")
