from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.core.models import AuditEntry, TrashedRecord
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.jobs import purge_trash
from clientier.rooms.people.models import Organisation, User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return make.administrator(name="Ada")


@pytest.fixture
def browser(boss: User) -> Client:
    return make.signed_in(boss)


def told(page: object) -> list[str]:
    return [str(message) for message in page.wsgi_request._messages]  # type: ignore[attr-defined]


def labels(browser: Client, query: str = "") -> list[str]:
    return [entry["kept"].label for entry in browser.get(f"/trash/{query}").context["entries"]]


def deleted(record: object, user: User) -> TrashedRecord:
    commands.delete(record, actor=make.acting(user))
    return TrashedRecord.objects.latest("pk")


def test_the_toast_leads_to_the_trash_where_one_click_restores(browser: Client) -> None:
    customer = make.some_customer(name="Acme")
    make.some_contact(customer)
    page = browser.post(f"/customers/{customer.pk}/delete/", follow=True)
    assert '<a href="/trash/">Trash</a>' in page.content.decode()
    body = browser.get("/trash/").content.decode()
    assert "Acme" in body
    assert "with 1 record that belongs to it" in body
    assert "Deleted by Ada" in body
    back = browser.post(f"/trash/{TrashedRecord.objects.get().pk}/restore/")
    assert (back["Location"], told(back)) == (
        f"/customers/{customer.pk}/", ["Acme is back, with all that went along"],
    )  # fmt: skip
    assert Customer.objects.get().contacts.count() == 1


def test_the_days_it_is_kept_are_the_company_s(browser: Client, boss: User) -> None:
    Organisation.objects.create(trash_days=7, time_zone="UTC")
    kept = deleted(make.some_product(), boss)
    TrashedRecord.objects.filter(pk=kept.pk).update(at=dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
    page = browser.get("/trash/")
    assert page.context["entries"][0]["until"] == "9 Mar 2026"
    assert "restored for 7 days" in page.content.decode()


def test_the_nightly_job_erases_what_is_older_than_the_company_keeps(boss: User) -> None:
    Organisation.objects.create(trash_days=7)
    old, new = deleted(make.some_product(name="Old"), boss), deleted(make.some_product(name="New"), boss)
    now = timezone.now()
    for kept, days in ((old, 8), (new, 6)):
        TrashedRecord.objects.filter(pk=kept.pk).update(at=now - dt.timedelta(days=days))
    purge_trash(timestamp=int(now.timestamp()))
    assert [kept.label for kept in TrashedRecord.objects.all()] == ["New"]


def test_what_stands_in_the_way_is_said_on_the_page(browser: Client, boss: User) -> None:
    kept = deleted(make.some_product(name="Nut", external_id="P1"), boss)
    make.some_product(name="Other", external_id="P1")
    page = browser.post(f"/trash/{kept.pk}/restore/")
    assert page["Location"] == "/trash/"
    assert told(page)[0].startswith("Nut cannot come back: Product with this")
    assert TrashedRecord.objects.get() == kept


def test_what_was_deleted_in_one_go_comes_back_in_one_go(browser: Client) -> None:
    group = make.some_customer(name="Group")
    daughter = make.some_customer(name="Daughter", parent=group)
    posted = {"action": "delete", "ids": [daughter.pk]}
    browser.post("/customers/bulk/", posted)
    browser.post("/customers/bulk/", {"action": "delete", "ids": [group.pk, make.some_customer().pk]})
    request_id = TrashedRecord.objects.latest("pk").request_id
    page = browser.get("/trash/")
    assert [entry["together"] for entry in page.context["entries"]] == [2, 0, 1]
    back = browser.post(f"/trash/together/{request_id}/restore/")
    assert told(back) == ["2 records are back"]
    assert Customer.objects.count() == 2
    assert labels(browser) == ["Daughter"]


def test_one_that_cannot_come_back_keeps_all_of_its_go_in_the_trash(browser: Client) -> None:
    records = [make.some_product(name=name, external_id=name) for name in ("P1", "P2")]
    browser.post("/products/bulk/", {"action": "delete", "ids": [record.pk for record in records]})
    make.some_product(external_id="P1")
    before = AuditEntry.objects.count()
    browser.post(f"/trash/together/{TrashedRecord.objects.first().request_id}/restore/")  # type: ignore[union-attr]
    assert sorted(labels(browser)) == ["P1", "P2"]
    assert (Product.objects.count(), AuditEntry.objects.count()) == (1, before)


def test_pages_follow_one_another_and_kinds_are_told_apart(browser: Client, boss: User) -> None:
    for number in range(52):
        deleted(make.some_product(name=f"P{number}"), boss)
    deleted(make.some_customer(name="Acme"), boss)
    first = browser.get("/trash/?kind=catalog.product")
    older = browser.get(first.context["older_url"])
    shown = [entry["kept"].label for page in (first, older) for entry in page.context["entries"]]
    assert shown == [f"P{number}" for number in reversed(range(52))]
    assert older.context["older_url"] == ""
    assert labels(browser, "?kind=parties.customer") == ["Acme"]
    assert [tab["label"] for tab in first.context["tabs"]] == ["All", "Products", "Customers"]


def test_a_page_of_the_trash_costs_the_same_for_one_and_for_many(browser: Client, boss: User) -> None:
    deleted(make.some_product(), boss)
    browser.get("/trash/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/trash/")
    for _ in range(5):
        deleted(make.some_product(), boss)
    with CaptureQueriesContext(connection) as six:
        browser.get("/trash/")
    assert len(six) == len(one)


def test_what_it_belonged_to_is_named_to_those_who_may_see_it(browser: Client, boss: User) -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.contact", Reach.ALL)
    customer = make.some_customer(name="Acme")
    deleted(make.some_contact(customer, name="Li"), boss)
    assert browser.get("/trash/").context["entries"][0]["whose"] == "Acme"
    assert make.signed_in(rep).get("/trash/").context["entries"][0]["whose"] == ""
    deleted(customer, boss)
    assert [entry["whose"] for entry in browser.get("/trash/").context["entries"]] == ["", "Acme"]


@pytest.mark.parametrize("door", ["page", "api"])
def test_out_of_reach_is_neither_seen_nor_restored(door: str, boss: User) -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    kept = deleted(make.some_customer(name="Theirs"), boss)
    mine = deleted(make.some_customer(name="Mine", owner=rep), boss)
    if door == "page":
        client = make.signed_in(rep)
        assert labels(client) == ["Mine"]
        assert client.post(f"/trash/{kept.pk}/restore/").status_code == 404
        assert client.post(f"/trash/together/{kept.request_id}/restore/").status_code == 404
        assert client.post(f"/trash/{mine.pk}/restore/").status_code == 302
    else:
        client = make.speaking(rep)
        assert [item["label"] for item in client.get("/api/v1/trash/").json()["items"]] == ["Mine"]
        assert client.post(f"/api/v1/trash/{kept.pk}/restore").status_code == 404
        assert client.post(f"/api/v1/trash/{mine.pk}/restore").status_code == 200
    assert [customer.name for customer in Customer.objects.all()] == ["Mine"]


@pytest.mark.parametrize("door", ["page", "api"])
def test_who_may_only_look_restores_nothing(door: str, boss: User) -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL, ["view"])
    kept = deleted(make.some_customer(name="Acme"), boss)
    if door == "page":
        client = make.signed_in(rep)
        assert client.get("/trash/").context["entries"][0]["may_restore"] is False
        assert client.post(f"/trash/{kept.pk}/restore/").status_code == 403
    else:
        assert make.speaking(rep).post(f"/api/v1/trash/{kept.pk}/restore").status_code == 403
    assert not Customer.objects.exists()
    assert AuditEntry.objects.count() == 1


def test_the_api_lists_page_by_page_and_restores(boss: User) -> None:
    keys = [deleted(make.some_product(name=f"P{number}"), boss) for number in range(3)]
    client = make.speaking(boss)
    first = client.get("/api/v1/trash/", {"limit": 2}).json()
    assert [item["label"] for item in first["items"]] == ["P2", "P1"]
    second = client.get("/api/v1/trash/", {"limit": 2, "after": first["next"]}).json()
    assert ([item["label"] for item in second["items"]], second["next"]) == (["P0"], "")
    restored = client.post(f"/api/v1/trash/{keys[0].pk}/restore")
    assert restored.json() == {"record": "catalog.product", "record_id": keys[0].record_id, "label": "P0"}
    entry = AuditEntry.objects.get(verb="record.restore")
    assert (entry.door, entry.actor_id) == ("api", boss.pk)
    refused = client.post(f"/api/v1/trash/{keys[0].pk}/restore")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("query", ["kind=%00", "kind=no.such", "before=99999999999999999999999", "before=-1"])
def test_a_damaged_address_shows_the_trash(query: str, browser: Client, boss: User) -> None:
    deleted(make.some_product(name="Nut"), boss)
    assert labels(browser, f"?{query}") == ["Nut"]


@pytest.mark.parametrize("query", ["record=%00", "record=no.such"])
def test_the_api_names_a_kind_that_is_none(query: str, boss: User) -> None:
    answer = make.speaking(boss).get(f"/api/v1/trash/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_question")


def test_the_company_sets_how_long_the_trash_keeps(browser: Client) -> None:
    company = Organisation.objects.create(time_zone="UTC")
    form = browser.get("/settings/company/").context["form_page"]["form"]
    facts = {name: form[name].value() for name in form.fields} | {"trash_days": 10}
    assert browser.post("/settings/company/", facts).status_code == 302
    company.refresh_from_db()
    assert company.trash_days == 10
    assert browser.post("/settings/company/", facts | {"trash_days": 0}).status_code == 422


def test_an_empty_list_and_the_menu_lead_to_the_trash(browser: Client) -> None:
    body = browser.get("/products/").content.decode()
    assert "Look in the trash" in body
    assert body.count('href="/trash/"') == 2
