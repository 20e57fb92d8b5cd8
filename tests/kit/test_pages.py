from __future__ import annotations

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return make.administrator(name="Ada Boss")


@pytest.fixture
def browser(boss: User) -> Client:
    return make.signed_in(boss)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def told(response: object) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def test_a_list_shows_rows_under_their_headings(browser: Client) -> None:
    make.some_product(name="Nut & Bolt <b>", cost=2)
    page = browser.get("/products/")
    assert page.status_code == 200
    assert "Nut &amp; Bolt &lt;b&gt;" in text(page)
    assert "¥2.00" in text(page)


def test_htmx_gets_only_the_body(browser: Client) -> None:
    make.some_product(name="Nut")
    whole, part = browser.get("/products/"), browser.get("/products/", headers={"HX-Request": "true"})
    assert "<html" in text(whole)
    assert "<html" not in text(part)
    assert "Nut" in text(part)


def test_a_list_is_walked_page_by_page(browser: Client) -> None:
    for number in range(60):
        make.some_product(name=f"P{number:03}")
    first = browser.get("/products/").context["listing"]
    assert [row["label"] for row in first["rows"]] == [f"P{n:03}" for n in range(50)]
    second = browser.get(f"/products/{first['next_url']}").context["listing"]
    assert [row["label"] for row in second["rows"]] == [f"P{n:03}" for n in range(50, 60)]
    assert second["next_url"] == ""
    back = browser.get(f"/products/{second['prev_url']}").context["listing"]
    assert [row["label"] for row in back["rows"]] == [row["label"] for row in first["rows"]]


def test_filters_order_columns_and_search_are_in_the_url(browser: Client) -> None:
    for name, cost in (("Nut", 1), ("Nutmeg", 3), ("Nutcracker", 2), ("Bolt", 9)):
        make.some_product(name=name, cost=cost)
    url = "/products/?q=nut&f=cost:gte:2&order=-cost&cols=cost,name,no_such"
    listing = browser.get(url).context["listing"]
    assert [row["label"] for row in listing["rows"]] == ["Nutmeg", "Nutcracker"]
    assert [column["path"] for column in listing["columns"]] == ["cost", "name"]
    assert [(f["label"], f["text"]) for f in listing["filters"]] == [("Cost", "2")]
    assert listing["columns"][0]["sorted"] == "desc"


def test_the_width_of_a_column_stands_in_the_address_and_goes_with_every_way_on(browser: Client) -> None:
    for number in range(51):
        make.some_product(name=f"P{number:03}")
    listing = browser.get("/products/?widths=name:320,cost:61,unit:9999,no_such:100").context["listing"]
    widths = {column["path"]: column["width"] for column in listing["columns"]}
    assert widths["name"] == 320
    assert set(widths.values()) == {320, None}
    assert "widths=name%3A320" in listing["columns"][0]["sort_url"]
    assert "widths=name%3A320" in listing["next_url"]
    assert 'data-width="320"' in text(browser.get("/products/?widths=name:320"))


def test_rows_without_a_value_come_last_in_both_directions(browser: Client) -> None:
    for name, cost in (("none", None), ("one", 1), ("two", 2)):
        make.some_product(name=name, cost=cost)
    orders = {}
    for order in ("cost", "-cost"):
        orders[order] = [
            r["label"] for r in browser.get(f"/products/?order={order}").context["listing"]["rows"]
        ]
    assert orders == {"cost": ["one", "two", "none"], "-cost": ["two", "one", "none"]}


@pytest.mark.parametrize(
    "query",
    [
        "f=name",
        "f=no_such:is:1",
        "f=cost:gte:x",
        "f=search:is:x",
        "f=name__x:is:1",
        "after=xxx",
        "before=%00",
        "f=name:contains:%00",
    ],
)
def test_a_question_that_cannot_be_read_is_answered_in_words(browser: Client, query: str) -> None:
    page = browser.get(f"/products/?{query}")
    assert page.status_code == 400
    assert "<html" in text(page)


@pytest.mark.parametrize(
    "query",
    [
        "order=no_such",
        "cols=no_such",
        "q=%00",
        "q='\\",
        "order=-",
        "after=",
        "widths=:",
        "widths=name:" + "9" * 5000,
    ],
)
def test_wishes_that_cannot_be_met_are_passed_over(browser: Client, query: str) -> None:
    make.some_product()
    assert browser.get(f"/products/?{query}").status_code == 200


def test_the_count_is_said_in_words(browser: Client) -> None:
    for _ in range(3):
        make.some_product()
    assert text(browser.get("/products/count/")) == "3 records"
    assert text(browser.get("/products/count/?f=cost:filled:")) == "0 records"


def test_a_record_has_a_page(browser: Client) -> None:
    product = make.some_product(name="Nut", cost=2)
    page = browser.get(f"/products/{product.pk}/")
    assert page.status_code == 200
    assert "¥2.00" in text(page)
    assert page.context["page"]["title"] == "Nut"


def test_a_records_page_leads_to_its_neighbours_in_the_list(browser: Client) -> None:
    a, b, c = (make.some_product(name=name, active=name != "b") for name in "abc")
    neighbours = browser.get(f"/products/{b.pk}/").context["page"]["neighbours"]
    assert neighbours["prev_url"].startswith(f"/products/{a.pk}/")
    assert neighbours["next_url"].startswith(f"/products/{c.pk}/")
    neighbours = browser.get(f"/products/{a.pk}/?from=f%3Dactive%253Ais%253Ayes").context["page"][
        "neighbours"
    ]
    assert neighbours["next_url"].startswith(f"/products/{c.pk}/")
    assert browser.get(f"/products/{a.pk}/?from=f%3Dbroken").status_code == 200


@pytest.mark.parametrize(
    "url", ["/products/0/", "/products/99999999999999999999/", "/products/x/", "/no-such/", "/postings/new/"]
)
def test_what_is_not_there_is_said_in_words(browser: Client, url: str) -> None:
    page = browser.get(url)
    assert page.status_code == 404
    assert "<html" in text(page)


@pytest.mark.parametrize(
    ("method", "url"), [("post", "/products/"), ("get", "/products/bulk/"), ("put", "/products/export/")]
)
def test_a_wrong_method_is_refused(browser: Client, method: str, url: str) -> None:
    assert getattr(browser, method)(url).status_code == 405


NUT = {"name": "Nut", "kind": "goods", "stocked": "on", "active": "on"}


def test_a_record_is_entered_with_a_form_and_can_be_taken_back(browser: Client) -> None:
    assert browser.get("/products/new/").status_code == 200
    page = browser.post("/products/new/", {**NUT, "cost": "1.25", "currency": "USD"})
    product = Product.objects.get()
    assert page.status_code == 302
    assert page["Location"] == f"/products/{product.pk}/"
    assert (product.name, str(product.cost), product.currency) == ("Nut", "1.2500", "USD")
    entry = AuditEntry.objects.get()
    assert browser.post(f"/undo/{entry.request_id}/").status_code == 302
    assert not Product.objects.exists()


def test_a_form_begins_with_what_the_link_says(browser: Client) -> None:
    customer = make.some_customer(name="Acme")
    page = browser.get(f"/contacts/new/?customer={customer.pk}")
    assert "Acme" in text(page)


@pytest.mark.parametrize(
    "url",
    ["/contacts/new/", "/tasks/new/", "/customers/%d/relate/", "/customers/%d/share/", "/imports/folders/"],
)
def test_a_choice_not_made_is_blank_as_every_other_empty_field(browser: Client, url: str) -> None:
    customer = make.some_customer()
    page = browser.get(url % customer.pk if "%d" in url else url)
    assert re.search(r'<option value=""[^>]*></option>', text(page))
    assert "---" not in text(page)


def test_what_does_not_fit_comes_back_with_reasons(browser: Client) -> None:
    page = browser.post("/products/new/", {**NUT, "name": "", "cost": "-1", "currency": "XXX"})
    assert page.status_code == 422
    assert set(page.context["form_page"]["form"].errors) == {"name", "cost", "currency"}
    assert not Product.objects.exists()
    assert not AuditEntry.objects.exists()


def test_changing_a_record_writes_what_changed_and_nothing_else(browser: Client) -> None:
    product = make.some_product(name="Nut", cost=2, unit="kg", external_id="P1")
    form = browser.get(f"/products/{product.pk}/edit/").context["form_page"]["form"]
    posted = {name: form[name].value() or "" for name in form.fields}
    browser.post(f"/products/{product.pk}/edit/", {**posted, "active": "on", "name": "Bolt"})
    assert AuditEntry.objects.get().changes == {"name": ["Nut", "Bolt"]}


def test_saving_a_form_as_it_is_changes_nothing(browser: Client) -> None:
    customer = make.some_customer(
        owner=make.some_user(), parent=make.some_customer(), first_seen=make.DAY, employees=3
    )
    interaction = make.some_interaction(customer, minutes=5)
    for url in (f"/customers/{customer.pk}/edit/", f"/interactions/{interaction.pk}/edit/"):
        form = browser.get(url).context["form_page"]["form"]
        with timezone.override("Asia/Shanghai"):
            posted = {name: v for name in form.fields if (v := form[name].value()) is not None}
        posted = {n: v.strftime("%Y-%m-%dT%H:%M") if hasattr(v, "hour") else v for n, v in posted.items()}
        assert browser.post(url, posted).status_code == 302
    assert not AuditEntry.objects.exists()


def test_a_relation_out_of_reach_is_not_lost_by_saving() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    group = make.some_customer(name="Secret Holding")
    mine = make.some_customer(name="Mine", owner=rep, parent=group)
    browser = make.signed_in(rep)
    url = f"/customers/{mine.pk}/edit/"
    page = browser.get(url)
    assert "Secret Holding" not in text(page)
    form = page.context["form_page"]["form"]
    posted = {name: form[name].value() or "" for name in form.fields}
    assert browser.post(url, {**posted, "name": "Mine 2"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.name, mine.parent, mine.owner) == ("Mine 2", group, rep)


def test_deleting_asks_nothing_twice_and_can_be_taken_back(browser: Client) -> None:
    product = make.some_product(name="Nut")
    page = browser.post(f"/products/{product.pk}/delete/")
    assert page.status_code == 302
    assert not Product.objects.exists()
    assert told(page) == ["Nut deleted"]
    browser.post(f"/undo/{AuditEntry.objects.get().request_id}/")
    assert Product.objects.get() == product


def test_what_others_build_on_is_kept_with_the_reason(browser: Client) -> None:
    customer = make.some_customer(name="Acme")
    make.some_order(customer)
    page = browser.post(f"/customers/{customer.pk}/delete/")
    assert page["Location"] == f"/customers/{customer.pk}/"
    assert told(page) == ["Acme was not deleted: orders still refer to it. Nothing was changed."]
    assert Customer.objects.exists()


def test_the_picker_offers_what_is_in_reach() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    mine = make.some_customer(name="上海明珠", city="Shanghai", owner=rep)
    make.some_customer(name="上海银行")
    offers = make.signed_in(rep).get("/customers/pick/?q=shanghai").json()
    assert offers == [{"value": mine.pk, "text": "上海明珠", "hint": "Shanghai"}]


def test_the_picker_offers_at_most_a_screenful(browser: Client) -> None:
    for _ in range(25):
        make.some_customer()
    assert len(browser.get("/customers/pick/").json()) == 20


def test_a_hidden_field_gives_no_hint_and_is_not_searched() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL)
    for field in ("city", "email"):
        make.field_rule(rep.role, "parties.customer", field, "hidden")
    make.some_customer(name="Acme", city="Bonn", email="who@acme.example")
    browser = make.signed_in(rep)
    assert browser.get("/customers/pick/?q=acme").json()[0]["hint"] == ""
    assert browser.get("/customers/pick/?q=who").json() == []
    assert "Acme" not in text(browser.get("/customers/?q=who%40acme.example"))
    assert "Bonn" not in text(browser.get("/search/?q=acme"))


def test_an_empty_list_says_what_to_do_next(browser: Client) -> None:
    empty = browser.get("/products/").context["listing"]["empty"]
    assert empty["action_url"] == "/products/new/"
    narrowed = browser.get("/products/?q=zzz").context["listing"]["empty"]
    assert narrowed["title"] == "Nothing matches"


def test_what_one_may_not_do_is_not_offered() -> None:
    viewer = make.some_user()
    make.grant(viewer.role, "catalog.product", Reach.ALL, ["view"])
    product = make.some_product()
    browser = make.signed_in(viewer)
    listing = browser.get("/products/").context["listing"]
    assert not listing["can_add"]
    assert listing["export"] == []
    assert listing["bulk"] == []
    page = browser.get(f"/products/{product.pk}/").context["page"]
    assert (page["edit_url"], page["actions"]) == ("", [])


def test_fields_that_may_not_be_read_are_not_on_the_page_of_a_record() -> None:
    """The owner of a customer is a user: who may see no users sees no name either."""
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL)
    customer = make.some_customer(owner=make.some_user(name="Zacharias"))
    assert "Zacharias" not in text(make.signed_in(rep).get(f"/customers/{customer.pk}/"))


def test_a_contact_out_of_reach_cannot_be_given_to_a_record() -> None:
    rep = make.some_user()
    for kind in ("parties.customer", "parties.contact"):
        make.grant(rep.role, kind, Reach.OWN)
    theirs = make.some_customer()
    page = make.signed_in(rep).post("/contacts/new/", {"customer": theirs.pk, "name": "Li"})
    assert page.status_code == 422
    assert not Contact.objects.exists()
