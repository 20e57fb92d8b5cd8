from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.core.undo import undo
from clientier.kit import history
from clientier.kit.imports.executing import ImportRefused, execute
from clientier.kit.imports.taking_back import take_back
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.people.queries import actor_of
from tests import factories as make
from tests.kit.imports.conftest import write_file as write_file
from tests.kit.imports.running import imported, prepared

pytestmark = pytest.mark.django_db
Changed = tuple[str, str, str]


@pytest.fixture
def boss() -> User:
    return make.administrator(name="Ada")


def told(user: User, record: Any, **asked: Any) -> list[tuple[str, str, list[Changed]]]:
    """Who, what and how it changed, the newest first."""
    page = history.page(actor_of(user), record, **asked)
    return [
        (e["who"], e["what"], [(c["field"], c["before"], c["after"]) for c in e["changes"]])
        for e in page["entries"]
    ]


def test_values_are_said_as_people_say_them(boss: User) -> None:
    ben = make.some_user(name="Ben")
    customer = make.some_customer(name="Acme", first_seen=dt.date(2024, 1, 1))
    changes = {"first_seen": dt.date(2024, 2, 1), "owner": ben, "kind": "person", "employees": 7}
    commands.update(customer, actor=make.acting(boss), changes=changes)
    assert told(boss, customer) == [
        ("Ada", "", [
            ("Kind", "Company", "Person"), ("Employees", "–", "7"), ("Account manager", "–", "Ben"),
            ("Known since", "1 Jan 2024", "1 Feb 2024"),
        ])
    ]  # fmt: skip


def test_money_is_said_without_idle_zeros(boss: User) -> None:
    product = make.some_product(cost=Decimal("2.5"))
    commands.update(product, actor=make.acting(boss), changes={"cost": Decimal("1234.0000")})
    assert told(boss, product)[0][2] == [("Cost", "2.5", "1,234")]


def test_one_field_has_a_history_of_its_own(boss: User) -> None:
    customer = commands.create(Customer, actor=make.acting(boss), changes={"name": "Acme", "phone": "1"})
    for phone, city in (("2", "Bonn"), ("2", "Kiel"), ("3", "Kiel")):
        actor = make.acting(make.some_user(name=f"by {phone} {city}"))
        commands.update(customer, actor=actor, changes={"phone": phone, "city": city})
    assert told(boss, customer, field="phone") == [
        ("by 3 Kiel", "", [("Phone", "2", "3")]),
        ("by 2 Bonn", "", [("Phone", "1", "2")]),
        ("Ada", "created", [("Phone", "–", "1")]),
    ]
    assert history.page(actor_of(boss), customer, field="phone")["since"]["who"] == "by 3 Kiel"


def test_pages_go_on_where_the_last_ended(boss: User) -> None:
    customer = make.some_customer(phone="0")
    for number in range(1, 61):
        commands.update(customer, actor=make.acting(boss), changes={"phone": str(number)})
    browser = make.signed_in(boss)
    first = browser.get(f"/customers/{customer.pk}/history/?field=phone")
    second = browser.get(first.context["page"]["older_url"])
    shown = [e["changes"][0]["after"] for page in (first, second) for e in page.context["page"]["entries"]]
    assert shown == [str(number) for number in range(60, 0, -1)]
    assert (second.context["page"]["older_url"], second.context["page"]["since"]) == ("", None)


def test_what_imports_did_is_told_with_the_values_before_and_after(
    boss: User, write_file: Callable[..., Path]
) -> None:
    actor = actor_of(boss)
    imported(write_file("id,name,phone\n1,Acme,100\n", "one.csv"), "customers", actor=actor)
    customer = Customer.objects.get()
    commands.update(customer, actor=make.acting(boss), changes={"phone": "200"})
    imported(write_file("id,name,phone\n1,Acme,300\n", "two.csv"), "customers", actor=actor)
    commands.update(customer, actor=make.acting(boss), changes={"phone": "400"})
    expected = [
        ("Ada", "", [("Phone", "300", "400")]),
        ("Ada", "", [("Phone", "200", "300")]),
        ("Ada", "", [("Phone", "100", "200")]),
        ("Ada", "created", [("Phone", "–", "100")]),
    ]
    customer.refresh_from_db()
    assert told(boss, customer, field="phone") == expected
    newest = AuditEntry.objects.latest("pk").pk
    assert told(boss, customer, field="phone", before=newest) == expected[1:]
    assert {c[0]: c[2] for c in told(boss, customer)[-1][2]}["Name"] == "Acme"


def test_an_import_that_was_taken_back_is_told_with_its_undoing(
    boss: User, write_file: Callable[..., Path]
) -> None:
    customer = make.some_customer(name="Acme", external_id="1", phone="100")
    run = imported(write_file("id,name,phone\n1,Acme,300\n"), "customers", actor=actor_of(boss))
    take_back(run, actor=actor_of(boss))
    customer.refresh_from_db()
    assert customer.phone == "100"
    assert told(boss, customer) == [
        ("Ada", "import taken back", [("Phone", "300", "100")]),
        ("Ada", "", [("Phone", "100", "300")]),
    ]


def test_an_import_that_broke_off_leaves_its_trace(
    boss: User, write_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make.some_customer(name="Acme", external_id="1", phone="100")
    run = prepared(write_file("id,name,phone\n1,Acme,300\n2,Other,1\n"), "customers")
    run.user_id = boss.pk
    run.save()

    def breaks(*_facts: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("clientier.kit.imports.executing._finish", breaks)
    with pytest.raises(ZeroDivisionError):
        execute(run, actor=actor_of(boss))
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.door, entry.changes["updated"]) == ("import.stop", "import", 1)
    customer.refresh_from_db()
    assert told(boss, customer) == [("Ada", "", [("Phone", "100", "300")])]


def test_an_import_that_wrote_nothing_leaves_none(boss: User, write_file: Callable[..., Path]) -> None:
    run = prepared(write_file("id,name\n1,Acme\n"), "customers")
    run.path = "/nowhere/at-all.csv"
    run.save()
    with pytest.raises((ImportRefused, OSError)):
        execute(run, actor=actor_of(boss))
    assert not AuditEntry.objects.exists()


def test_deletion_and_return_are_part_of_the_history(boss: User) -> None:
    customer = make.some_customer(name="Acme", phone="1")
    actor = make.acting(boss)
    commands.delete(customer, actor=actor)
    undo(actor.request_id, actor=actor.through(actor.door))
    back, gone = told(boss, Customer.objects.get())
    assert ("Phone", "–", "1") in back[2]
    assert gone == ("Ada", "deleted", [])


def test_hidden_fields_and_names_out_of_reach_stay_unsaid(boss: User) -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    make.field_rule(rep.role, "parties.customer", "phone", "hidden")
    group = make.some_customer(name="Secret Holding")
    mine = make.some_customer(owner=rep, phone="1")
    changes = {"phone": "77177", "parent": group, "city": "Bonn"}
    commands.update(mine, actor=make.acting(boss), changes=changes)
    browser = make.signed_in(rep)
    for url in ("", "?field=phone", "?field=parent"):
        body = browser.get(f"/customers/{mine.pk}/history/{url}").content.decode()
        assert "77177" not in body
        assert "Secret Holding" not in body
        assert 'value="phone"' not in body
    assert ("Parent company", "–", "a record out of your reach") in told(rep, mine)[0][2]
    assert browser.get(f"/customers/{group.pk}/history/").status_code == 404


def test_the_mark_beside_a_field_tells_since_when_and_by_whom(boss: User) -> None:
    customer = make.some_customer(phone="1")
    commands.update(customer, actor=make.acting(boss), changes={"phone": "2"})
    browser = make.signed_in(boss)
    assert (
        f"/customers/{customer.pk}/history/?field=phone"
        in browser.get(f"/customers/{customer.pk}/").content.decode()
    )
    answer = browser.get(f"/customers/{customer.pk}/history/?field=phone", headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert "<html" not in body
    assert "Since " in body
    assert "Ada" in body
    assert "before: 1" in body
    unknown = browser.get(f"/customers/{customer.pk}/history/?field=city", headers={"HX-Request": "true"})
    assert "No change of this field is on record." in unknown.content.decode()


def test_a_long_history_costs_as_many_queries_as_a_short_one(boss: User) -> None:
    customer = make.some_customer()
    browser: Client = make.signed_in(boss)
    costs = []
    for number in range(6):
        changes = {"owner": make.some_user(), "phone": str(number)}
        commands.update(customer, actor=make.acting(boss), changes=changes)
        if number in (1, 5):
            browser.get(f"/customers/{customer.pk}/history/")
            with CaptureQueriesContext(connection) as queries:
                browser.get(f"/customers/{customer.pk}/history/")
            costs.append(len(queries))
    assert costs[0] == costs[1]
