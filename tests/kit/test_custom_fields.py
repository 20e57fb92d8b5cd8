"""Custom fields take part in lists, forms, exports, the API and history like built-in ones, and leak no more."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.kit.export import UTF8_MARK
from clientier.kit.models import Layout
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import Organisation, User
from tests import factories as make
from tests.core.custom.defining import COLOURS, field

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


def names_in(browser: Client, query: str) -> list[str]:
    lines = b"".join(browser.get(f"/customers/export/?cols=name&{query}").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(lines.decode().removeprefix(UTF8_MARK))))
    return [row[0] for row in rows[1:]]


@pytest.fixture
def shops() -> None:
    field("area", "number")
    field("until", "date")
    field("brands", "choices", choices=COLOURS)
    field("colour", "choice", choices=COLOURS)
    field("hint", "text", searchable=True)
    field("dealer", "customer")
    field("ok", "yes_no")
    field("half", "formula", formula="area / 2")
    dealer = make.some_customer(name="Dealer")
    make.some_customer(
        name="Nine",
        custom={"area": "9", "until": "2026-05-01", "brands": ["red"], "colour": "red", "ok": True},
    )
    ten = {"area": "10", "brands": ["red", "blue"], "hint": "Xylophone", "dealer": dealer.pk, "ok": False}
    make.some_customer(name="Ten", custom=ten)
    make.some_customer(name="None")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("f=custom__area:gte:9.5", {"Ten"}),
        ("f=custom__area:between:9,10", {"Nine", "Ten"}),
        ("f=custom__area:empty:", {"Dealer", "None"}),
        ("f=custom__until:lte:2026-05-01", {"Nine"}),
        ("f=custom__brands:in:blue,grey", {"Ten"}),
        ("f=custom__brands:not_in:blue", {"Nine", "Dealer", "None"}),
        ("f=custom__colour:not_in:red", {"Ten", "Dealer", "None"}),
        ("f=custom__hint:contains:YLO", {"Ten"}),
        ("f=custom__ok:is:no", {"Ten"}),
        ("f=custom__half:gte:5", {"Ten"}),
        ("f=custom__area:gte:9.5&f=~custom__colour:in:red&f=custom__ok:is:yes", {"Nine"}),
        ("q=xylo", {"Ten"}),
    ],
)
def test_lists_are_filtered_and_searched_by_them(
    browser: Client, shops: None, query: str, found: set[str]
) -> None:
    assert set(names_in(browser, query)) == found


def test_the_dealer_is_filtered_by(browser: Client, shops: None) -> None:
    dealer = Customer.objects.get(name="Dealer").pk
    assert names_in(browser, f"f=custom__dealer:in:{dealer}") == ["Ten"]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("custom__area", ["Nine", "Ten", "Dealer", "None"]),
        ("-custom__half", ["Ten", "Nine", "None", "Dealer"]),
        ("custom__until", ["Nine", "Dealer", "Ten", "None"]),
    ],
)
def test_numbers_stand_in_the_order_of_numbers_page_after_page(
    browser: Client, shops: None, order: str, names: list[str]
) -> None:
    assert names_in(browser, f"order={order}") == names
    token = make.token_of(User.objects.get())
    after, seen = "", []
    while True:
        answer = Client().get(
            f"/api/v1/customers/?order={order}&limit=1&after={after}",
            headers={"Authorization": f"Bearer {token}"},
        )
        page = answer.json()
        seen += [item["name"] for item in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == names


def test_a_list_of_many_costs_what_a_list_of_one_costs(
    browser: Client, shops: None, django_assert_num_queries: Any
) -> None:
    Organisation.objects.create()
    url = "/customers/?cols=name,custom__dealer,custom__half,custom__brands&f=custom__area:gte:10"
    browser.get(url)
    with django_assert_num_queries(9):
        browser.get(url)
    dealer = Customer.objects.get(name="Dealer").pk
    for number in range(5):
        make.some_customer(custom={"area": str(20 + number), "dealer": dealer})
    with django_assert_num_queries(9):
        page = browser.get(url).content.decode()
    assert page.count("Dealer") >= 6


def test_a_form_shows_writes_and_clears_them_and_history_tells(browser: Client, shops: None) -> None:
    ten = Customer.objects.get(name="Ten")
    page = browser.get(f"/customers/{ten.pk}/edit/").content.decode()
    assert 'name="custom__area" value="10"' in page and page.count(" checked>") == 2
    assert "Grey" not in page
    entered = {
        "name": "Ten", "kind": "company", "custom__area": "11", "custom__brands": ["blue"], "custom__hint": "",
        "custom__ok": "yes", "custom__colour": "blue", "custom__until": "2026-06-30", "custom__dealer": "",
    }  # fmt: skip
    assert browser.post(f"/customers/{ten.pk}/edit/", entered).status_code == 302
    ten.refresh_from_db()
    assert ten.custom == {
        "area": "11", "brands": ["blue"], "ok": True, "colour": "blue", "until": "2026-06-30",
    }  # fmt: skip
    told = browser.get(f"/customers/{ten.pk}/history/?field=custom__brands").content.decode()
    assert "Red" in told and "Blue" in told
    assert "Xylophone" in browser.get(f"/customers/{ten.pk}/history/").content.decode()
    card = browser.get(f"/customers/{ten.pk}/").content.decode()
    assert "30 Jun 2026" in card and "5.50" in card


def test_a_wrong_value_stays_on_the_form_with_the_reason(browser: Client, shops: None) -> None:
    ten = Customer.objects.get(name="Ten")
    refused = browser.post(
        f"/customers/{ten.pk}/edit/", {"name": "Ten", "kind": "company", "custom__area": "wide"}
    )
    assert refused.status_code == 422 and 'value="wide"' in refused.content.decode()


def test_what_is_hidden_for_the_kind_of_a_new_record_is_not_sent_with_it(browser: Client) -> None:
    """The default for persons stands in the form of a company too, in a section that is hidden."""
    field("car", "text", applies={"kind": ["person"]}, default="Fiat")
    facts = {"name": "Acme", "kind": "company", "custom__car": "Fiat"}
    assert browser.post("/customers/new/", facts).status_code == 302
    assert browser.post("/customers/new/", {**facts, "name": "Li", "kind": "person"}).status_code == 302
    assert dict(Customer.objects.values_list("name", "custom")) == {"Acme": {}, "Li": {"car": "Fiat"}}
    company = Customer.objects.get(name="Acme")
    sent = {"name": "Acme & Co", "kind": "company", "custom__car": "Lada"}
    assert browser.post(f"/customers/{company.pk}/edit/", sent).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.custom) == ("Acme & Co", {})


def test_what_a_new_field_refers_to_may_be_anything_in_the_address(browser: Client) -> None:
    for kind in ("user", "customer"):
        field(f"a_{kind}", kind)
    for key in ("abc", "²", "9" * 5000):
        for name in ("custom__a_user", "custom__a_customer", "owner", "parent"):
            assert browser.get(f"/customers/new/?{name}={key}").status_code == 200, (name, key[:5])


@pytest.mark.parametrize("kind", ["user", "customer"])
@pytest.mark.parametrize("value", ["abc", "²", [1], {"a": 1}, True, 1.5])
def test_what_a_field_refers_to_is_sent_as_a_number(kind: str, value: Any) -> None:
    """And true, or one and a half, is not the first record."""
    field("ref", kind)
    customer, api = make.some_customer(), make.speaking(make.administrator())
    answer = api.patch(f"/api/v1/customers/{customer.pk}", {"custom": {"ref": value}}, JSON)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["custom__ref"])
    unknown = api.patch(f"/api/v1/customers/{customer.pk}", {"custom": {"ref": 10**30}}, JSON)
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "kind", ["text", "long_text", "number", "money", "date", "choice", "choices", "yes_no"]
)
def test_odd_values_are_refused_in_words(kind: str) -> None:
    field("odd", kind, **({"choices": COLOURS} if kind.startswith("choice") else {}))
    customer, api = make.some_customer(), make.speaking(make.administrator())
    for value in ("\ud800", "\0", [1], {"a": 1}, [{"a": 1}], "1E+999999999", "1E-999999999"):
        fits = kind in ("text", "long_text") and str(value).startswith("1E")
        answer = api.patch(f"/api/v1/customers/{customer.pk}", {"custom": {"odd": value}}, JSON)
        assert answer.status_code == (200 if fits else 422), value


def test_one_is_changed_where_it_stands_in_a_list(browser: Client, shops: None) -> None:
    ten = Customer.objects.get(name="Ten")
    url = f"/customers/{ten.pk}/cell/custom__brands/"
    assert 'type="checkbox"' in browser.get(url).content.decode()
    sent = {"custom__brands": ["blue"], "initial-custom__brands": ["red", "blue"]}
    assert browser.post(url, sent).status_code == 200
    ten.refresh_from_db()
    assert ten.custom["brands"] == ["blue"]
    assert browser.post(url, sent).status_code == 422  # somebody changed it meanwhile
    assert browser.get(f"/customers/{ten.pk}/cell/custom__half/").status_code == 404


def test_the_api_reads_and_writes_them_with_their_types(shops: None) -> None:
    user = make.administrator()
    asking: dict[str, Any] = {
        "headers": {"Authorization": f"Bearer {make.token_of(user)}"}, "content_type": "application/json",
    }  # fmt: skip
    dealer = Customer.objects.get(name="Dealer").pk
    body = {"name": "New", "custom": {"area": "3.5", "brands": ["red"], "dealer": dealer, "ok": True}}
    made = Client().post("/api/v1/customers/", json.dumps(body), **asking)
    assert made.status_code == 201
    custom = made.json()["custom"]
    assert (custom["area"], custom["half"], custom["brands"], custom["dealer"], custom["ok"]) == (
        "3.5", "1.750000", ["red"], dealer, True,
    )  # fmt: skip
    url = f"/api/v1/customers/{made.json()['id']}"
    for wrong in ({"area": "wide"}, {"nothing": 1}, {"colour": "green"}):
        answer = Client().patch(url, json.dumps({"custom": wrong}), **asking)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert Client().patch(url, json.dumps({"custom": {"half": 1}}), **asking).status_code == 403
    assert (
        Client().patch(url, json.dumps({"custom": {"area": None}}), **asking).json()["custom"]["area"] is None
    )
    listed = Client().get("/api/v1/custom-fields/", **asking).json()
    assert [each["code"] for each in listed if each["record"] == "customers"][:2] == ["area", "brands"]


@pytest.fixture
def limited() -> User:
    """Somebody who sees all customers and neither the area nor the hint."""
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.ALL)
    for hidden in ("custom__area", "custom__hint"):
        make.field_rule(user.role, "parties.customer", hidden, "hidden")
    make.field_rule(user.role, "parties.customer", "custom__ok", "locked")
    return user


def test_a_hidden_field_leaks_through_no_door(shops: None, limited: User) -> None:
    browser = make.signed_in(limited)
    ten = Customer.objects.get(name="Ten")
    for query in ("f=custom__area:gte:1", "f=custom__half:gte:1", "f=custom__hint:contains:X"):
        assert browser.get(f"/customers/?{query}").status_code == 400
    assert names_in(browser, "order=-custom__area") == names_in(browser, "")
    assert names_in(browser, "order=custom__half") == names_in(browser, "")
    assert names_in(browser, "q=xylo") == []
    assert browser.get("/customers/pick/?q=xylophone").json() == []
    pages = [
        browser.get(url).content.decode()
        for url in (
            f"/customers/{ten.pk}/", f"/customers/{ten.pk}/edit/", f"/customers/{ten.pk}/history/", "/customers/",
        )
    ]  # fmt: skip
    assert not any("Xylophone" in page or "custom__area" in page or "Half" in page for page in pages)
    export = b"".join(browser.get("/customers/export/?cols=name,custom__area,custom__half").streaming_content)  # type: ignore[attr-defined]
    assert export.decode().splitlines()[0] == f"{UTF8_MARK}Name"
    asking: dict[str, Any] = {"headers": {"Authorization": f"Bearer {make.token_of(limited)}"}}
    read = Client().get(f"/api/v1/customers/{ten.pk}", **asking).json()["custom"]
    assert not read.keys() & {"area", "half", "hint"} and read["brands"] == ["red", "blue"]
    assert not {f["code"] for f in Client().get("/api/v1/custom-fields/", **asking).json()} & {
        "area",
        "half",
        "hint",
    }
    for custom in ({"area": "1"}, {"ok": True}):
        sent = Client().patch(
            f"/api/v1/customers/{ten.pk}",
            json.dumps({"custom": custom}),
            content_type="application/json",
            **asking,
        )
        assert sent.status_code == 403
    assert not AuditEntry.objects.filter(record="parties.customer").exists()


def test_a_layout_chooses_fields_and_order_for_role_and_kind_and_rights_win(
    shops: None, limited: User
) -> None:
    ten = Customer.objects.get(name="Ten")
    Layout.objects.create(
        record="parties.customer",
        sections=[{"names": {"en": "All"}, "fields": ["custom__colour", "phone"]}],
    )
    Layout.objects.create(
        record="parties.customer", role=limited.role, subkind="company",
        sections=[{"names": {"en": "Mine"}, "fields": ["custom__brands", "custom__area", "city"], "folded": True}],
    )  # fmt: skip
    page = make.signed_in(limited).get(f"/customers/{ten.pk}/edit/").content.decode()
    assert "Mine" in page and "custom__brands" in page and 'name="city"' in page
    assert 'name="name"' in page and "custom__area" not in page and 'name="phone"' not in page
    assert page.index("custom__brands") < page.index('name="city"')
    other = make.signed_in(make.administrator())
    page = other.get(f"/customers/{ten.pk}/edit/").content.decode()
    assert page.index("custom__colour") < page.index('name="phone"') < page.index('name="name"')
    saved = other.post(f"/customers/{ten.pk}/edit/", {"name": "Ten", "phone": "", "custom__colour": "red"})
    assert saved.status_code == 302
    ten.refresh_from_db()
    assert (ten.custom["colour"], ten.custom["area"]) == ("red", "10")


def test_a_field_names_no_customer_that_is_out_of_reach() -> None:
    field("partner", "customer", listed=True)
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    unseen, seen = make.some_customer(name="Zqhidden"), make.some_customer(name="Seen", owner=rep)
    first = make.some_customer(owner=rep, custom={"partner": unseen.pk})
    second = make.some_customer(owner=rep, custom={"partner": seen.pk})
    browser, program = make.signed_in(rep), make.speaking(rep)
    for url in (
        "/customers/",
        "/customers/export/",
        f"/customers/{first.pk}/",
        f"/customers/{first.pk}/edit/",
    ):
        answer = browser.get(url)
        page = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert answer.status_code == 200
        assert "Zqhidden" not in page, url
    assert "Seen" in browser.get(f"/customers/{second.pk}/").content.decode()
    told = {
        each["id"]: each["custom"]["partner"] for each in program.get("/api/v1/customers/").json()["items"]
    }
    assert (told[first.pk], told[second.pk]) == (None, seen.pk)
    assert program.get(f"/api/v1/customers/{first.pk}").json()["custom"]["partner"] is None
    found = {
        key: browser.get(f"/customers/?f=custom__partner:in:{key}").context["listing"]["rows"] for key in told
    }
    assert [row["pk"] for row in found[seen.pk]] == [second.pk]
    assert browser.get(f"/customers/?f=custom__partner:in:{unseen.pk}").context["listing"]["rows"] == []
