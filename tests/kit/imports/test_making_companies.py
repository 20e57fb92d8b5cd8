"""A file of contacts may bring the companies that are not there, if whoever imports it says so; undone with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError
from django.utils import timezone

from clientier.core import bulk
from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict
from clientier.kit.imports.executing import rehearse
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.taking_back import take_back
from clientier.kit.models import ImportRun
from clientier.rooms.duplicates.commands.merging import merge_customers
from clientier.rooms.duplicates.models import Merge
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.people.models import Grant, User
from clientier.rooms.people.queries import actor_of
from tests import factories as make
from tests.kit.imports.running import ACTOR, counts, errors, imported, prepared

pytestmark = pytest.mark.django_db
FILE = """Name,Company
Ada,Acme
Grace,Zeppelin GmbH
Alan,zeppelin gmbh
Mary,Zeppelin GmbH
Nobody,
"""
FIELDS: dict[str, Any] = {"name": "Name", "customer": {"column": "Company", "unknown": "make"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make.some_customer(name="Acme", external_id="C1")
    path = tmp_path / "contacts.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def rep() -> Actor:
    user = make.some_user()
    for kind in ("parties.customer", "parties.contact"):
        make.grant(user.role, kind, Reach.OWN, ["view", "add", "change", "import", "delete"])
    return actor_of(user)


def test_companies_that_are_not_there_are_made_once_each(file: Path) -> None:
    run = imported(file, "contacts", FIELDS)
    assert counts(run) == (5, 4, 0, 0, 1)
    assert run.beside == {"customers_made": 1}
    made = Customer.objects.get(name="Zeppelin GmbH")
    assert (made.kind, made.owner) == ("company", None)
    assert set(Contact.objects.values_list("name", "customer__name")) == {
        ("Ada", "Acme"), ("Grace", "Zeppelin GmbH"), ("Alan", "Zeppelin GmbH"), ("Mary", "Zeppelin GmbH"),
    }  # fmt: skip
    again = imported(file, "contacts", FIELDS)
    assert (counts(again)[1:4], again.beside) == ((0, 0, 4), {})
    assert Customer.objects.count() == 2


def test_without_saying_so_the_rows_are_refused(file: Path) -> None:
    run = imported(file, "contacts", {"name": "Name", "customer": "Company"})
    assert sorted(errors(run)) == [3, 4, 5, 6]
    assert Customer.objects.count() == 1


def test_a_rehearsal_counts_them_and_makes_none(file: Path) -> None:
    run = prepared(file, "contacts", FIELDS)
    run.save()
    found = rehearse(run, actor=ACTOR)
    assert (found.counts.created, found.counts.beside["customers_made"]) == (4, 1)
    assert (Customer.objects.count(), Contact.objects.count()) == (1, 0)


def test_they_go_when_the_import_is_undone_and_stay_where_something_was_built_on_them(file: Path) -> None:
    run = imported(file, "contacts", FIELDS)
    made = Customer.objects.get(name="Zeppelin GmbH")
    task = make.some_task(made)
    with pytest.raises(Conflict):
        take_back(run, actor=ACTOR)
    assert Contact.objects.count() == 4
    task.delete()
    take_back(run, actor=ACTOR)
    assert (list(Customer.objects.values_list("name", flat=True)), Contact.objects.count()) == (["Acme"], 0)


def test_who_reaches_only_their_own_answers_for_what_they_bring(file: Path) -> None:
    actor = rep()
    run = imported(file, "contacts", FIELDS, actor=actor)
    assert counts(run)[1] == 4  # Acme is out of reach, so theirs is another
    assert set(Customer.objects.filter(owner=actor.user_id).values_list("name", flat=True)) == {
        "Acme", "Zeppelin GmbH",
    }  # fmt: skip


def test_who_may_not_import_customers_makes_none(file: Path) -> None:
    actor = rep()
    Grant.objects.filter(record="parties.customer", action="import").delete()
    actor = actor_of(User.objects.get(pk=actor.user))
    field = TARGETS["contacts"].for_actor(actor).by_name["customer"]
    assert field.makes_unknown is False
    imported(file, "contacts", FIELDS, actor=actor)
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("locked", ["owner", "kind", "external_id"])
def test_what_follows_from_the_name_needs_no_right_of_its_own(file: Path, locked: str) -> None:
    actor = rep()
    make.field_rule(User.objects.get(pk=actor.user).role, "parties.customer", locked, "locked")
    run = imported(file, "contacts", FIELDS, actor=actor_of(User.objects.get(pk=actor.user)))
    assert run.beside == {"customers_made": 2}


def test_who_may_not_write_names_makes_none(file: Path) -> None:
    actor = rep()
    make.field_rule(User.objects.get(pk=actor.user).role, "parties.customer", "name", "locked")
    run = imported(file, "contacts", FIELDS, actor=actor_of(User.objects.get(pk=actor.user)))
    assert (run.errors, run.beside, Customer.objects.count()) == (5, {}, 1)


def test_one_that_was_merged_since_leads_to_what_it_is_part_of(file: Path) -> None:
    imported(file, "contacts", FIELDS)
    acme, other = Customer.objects.get(name="Acme"), Customer.objects.get(name="Zeppelin GmbH")
    merge_customers(
        Merge, actor=make.acting(make.administrator()), survivor=acme, others=[other], at=timezone.now()
    )
    again = imported(file, "contacts", FIELDS)
    assert (again.beside, list(Customer.objects.all())) == ({}, [acme])
    assert set(Contact.objects.values_list("customer", flat=True)) == {acme.pk}


def test_one_that_is_called_otherwise_since_is_found_and_not_counted(file: Path) -> None:
    imported(file, "contacts", FIELDS)
    Customer.objects.filter(name="Zeppelin GmbH").update(name="Zeppelin AG")
    again = imported(file, "contacts", FIELDS)
    assert (counts(again)[3], again.beside, Customer.objects.count()) == (4, {}, 2)


def test_one_that_another_import_makes_at_the_same_moment_is_taken(file: Path) -> None:
    real = bulk.upsert

    def overtaken(model: Any, rows: Any, **named: Any) -> Any:
        if model is Customer and not Customer.objects.filter(name="Zeppelin GmbH").exists():
            make.some_customer(name="Zeppelin GmbH", external_id=rows[0]["external_id"])
            raise IntegrityError
        return real(model, rows, **named)

    with mock.patch("clientier.rooms.parties.commands.customers.bulk.upsert", overtaken):
        run = imported(file, "contacts", FIELDS)
    assert (counts(run)[1], run.beside, Customer.objects.count()) == (4, {}, 2)


def test_names_are_told_apart_in_one_file_as_in_two(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("Name,Company\nAda,Straße AG\nBob,STRASSE AG\nCyd,straße ag\n", encoding="utf-8")
    assert imported(path, "contacts", FIELDS).beside == {"customers_made": 2}
    again = imported(path, "contacts", FIELDS, rows_at_a_time=1)
    assert (counts(again)[3], again.beside) == (3, {})


def test_none_is_made_for_a_row_that_waits_in_vain(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        f"No,Name,Company,Boss\n1,Grace,Acme,2\n2,Ada,Acme,\n3,Bob,Other,9\n4,Cyd,{'x' * 300},9\n",
        encoding="utf-8",
    )
    named = {**FIELDS, "external_id": "No"}
    run = imported(path, "contacts", {**named, "reports_to": "Boss"})
    assert (counts(run)[1], sorted(errors(run)), run.beside) == (2, [4, 5], {"customers_made": 1})
    assert list(Customer.objects.values_list("name", flat=True)) == ["Acme"]
    run = imported(path, "contacts", {**named, "reports_to": {"column": "Boss", "unknown": "empty"}})
    assert (counts(run)[1], sorted(errors(run)), run.beside) == (1, [5], {"customers_made": 1})
    assert Contact.objects.get(name="Bob").customer.name == "Other"


def test_the_mapping_page_offers_it(file: Path) -> None:
    browser = make.signed_in(make.administrator())
    with file.open("rb") as content:
        answer = browser.post("/imports/new/contacts/", {"file": content}, follow=True)
    page = answer.content.decode()
    assert "not found: make it" in page
    assert "3 rows name companies that are not there" in page
    run = ImportRun.objects.get()
    mapped = {"column-0": "name", "column-1": "customer", "unknown-1": "refuse", "make": "customer"}
    page = browser.post(f"/imports/{run.pk}/columns/", mapped, follow=True).content.decode()
    run.refresh_from_db()
    assert run.mapping["fields"]["customer"] == {"column": "Company", "unknown": "make"}
    assert "companies made" in page
    assert "Make them" not in page
