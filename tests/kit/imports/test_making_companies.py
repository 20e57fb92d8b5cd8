"""A file of contacts may bring the companies that are not there, if whoever imports it says so; undone with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict
from clientier.kit.imports.executing import rehearse
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.taking_back import take_back
from clientier.kit.models import ImportRun
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
