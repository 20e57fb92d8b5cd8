"""Whichever way a change comes in, the audit tells who made it, through which door, from what to what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from clientier.core.models import AuditEntry, BulkChange
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.value.jobs import judge_nightly
from tests import factories as make

pytestmark = pytest.mark.django_db
Entry = tuple[str, str, str]


@pytest.fixture
def ada() -> User:
    return make.administrator(name="Ada", username="ada")


def left() -> list[Entry]:
    """Who, by which door, did what; the oldest first."""
    return list(AuditEntry.objects.order_by("pk").values_list("actor_name", "door", "verb"))


def page(user: User, record: Any) -> None:
    client = make.signed_in(user)
    form = client.get(f"/products/{record.pk}/edit/").context["form_page"]["form"]
    facts = {name: form[name].value() or "" for name in form.fields} | {"name": "Bolt"}
    assert client.post(f"/products/{record.pk}/edit/", facts).status_code == 302


def api(user: User, record: Any) -> None:
    body = json.dumps({"name": "Bolt"})
    answer = make.speaking(user).patch(f"/api/v1/products/{record.pk}", body, "application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize("door", [page, api], ids=lambda door: door.__name__)
def test_a_change_of_one_record(door: Callable[[User, Any], None], ada: User) -> None:
    record = make.some_product(name="Nut")
    door(ada, record)
    assert left() == [("Ada", door.__name__, "record.update")]
    assert AuditEntry.objects.get().changes == {"name": ["Nut", "Bolt"]}


def test_a_change_of_many_leaves_an_entry_for_each_and_so_does_its_undoing(ada: User) -> None:
    ben = make.some_user()
    customers = [make.some_customer(owner=ada) for _ in range(3)]
    browser = make.signed_in(ada)
    keys = [customer.pk for customer in customers]
    browser.post("/customers/bulk/", {"action": "hand_over", "ids": keys, "owner": ben.pk})
    entries = AuditEntry.objects.order_by("pk")
    assert left() == [("Ada", "page", "record.hand_over")] * 3
    browser.post(f"/undo/{entries[0].request_id}/")
    assert left()[3:] == [("Ada", "page", "undo")] * 3
    assert {entry.record_id for entry in entries[3:]} == {str(key) for key in keys}
    assert all(entry.changes == {"owner_id": [ben.pk, ada.pk]} for entry in entries[3:])


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_deletion_and_its_return(door: str, ada: User) -> None:
    product = make.some_product(name="Nut")
    browser, program = make.signed_in(ada), make.speaking(ada)
    if door == "page":
        browser.post(f"/products/{product.pk}/delete/")
        browser.post(f"/undo/{AuditEntry.objects.get().request_id}/")
    else:
        program.delete(f"/api/v1/products/{product.pk}")
        kept = program.get("/api/v1/trash/").json()["items"][0]["id"]
        program.post(f"/api/v1/trash/{kept}/restore")
    verb = {"page": "undo", "api": "record.restore"}[door]
    assert left() == [("Ada", door, "record.delete"), ("Ada", door, verb)]
    assert Product.objects.get() == product


def test_an_import_leaves_one_entry_and_the_former_values_of_each_record(ada: User, tmp_path: Path) -> None:
    customer = make.some_customer(external_id="1", name="Acme", phone="100")
    file = tmp_path / "customers.csv"
    file.write_text("id,name,phone\n1,Acme,200\n2,New,300\n")
    call_command("import_file", str(file), target="customers", username="ada")
    assert left() == [("Ada", "import", "import.run")]
    kept = {change.record_id: change.before for change in BulkChange.objects.all()}
    assert kept[customer.pk]["phone"] == "100"
    assert kept[Customer.objects.get(external_id="2").pk] is None


def test_the_product_s_own_work_at_night(ada: User) -> None:
    make.some_order(make.some_customer())
    two_in_the_morning_in_shanghai = 1_772_388_000
    judge_nightly(timestamp=two_in_the_morning_in_shanghai)
    assert ("Clientier", "job", "value.run") in left()


def test_the_command_line(ada: User) -> None:
    call_command("token", "ada", "sync")
    assert left() == [("Clientier", "command", "token.issue")]
