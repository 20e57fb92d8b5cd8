from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def api() -> Client:
    return make.speaking(make.administrator())


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"]
    return problem


def test_a_record_is_created_read_changed_and_deleted(api: Client) -> None:
    made = api.post("/api/v1/products/", {"name": "Nut", "cost": "1.25"}, JSON)
    assert made.status_code == 201, made.content
    product = Product.objects.get()
    facts = made.json()
    assert (facts["id"], facts["name"], facts["cost"], facts["active"]) == (product.pk, "Nut", "1.2500", True)
    url = f"/api/v1/products/{product.pk}"
    assert api.get(url).json() == facts
    changed = api.patch(url, {"cost": 2, "unit": "kg"}, JSON)
    assert changed.json() == {**facts, "cost": "2.0000", "unit": "kg"}
    assert [e.verb for e in AuditEntry.objects.order_by("pk")] == ["record.create", "record.update"]
    assert set(AuditEntry.objects.values_list("door", flat=True)) == {"api"}
    assert api.delete(url).status_code == 204
    assert not Product.objects.exists()
    refused(api.get(url), 404, "not_found")


def test_relations_are_given_by_key(api: Client) -> None:
    owner = make.some_user()
    made = api.post(
        "/api/v1/customers/", {"name": "Acme", "owner": owner.pk, "first_seen": "2026-03-02"}, JSON
    )
    customer = Customer.objects.get()
    assert (customer.owner, customer.first_seen) == (owner, dt.date(2026, 3, 2))
    assert made.json()["owner"] == owner.pk
    api.patch(f"/api/v1/customers/{customer.pk}", {"owner": None, "city": None}, JSON)
    customer.refresh_from_db()
    assert (customer.owner, customer.city) == (None, "")
    refused(api.patch(f"/api/v1/customers/{customer.pk}", {"owner": 999999}, JSON), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"), ({"name": ""}, "name"), ({"name": "x", "cost": -1}, "cost"),
        ({"name": "x", "currency": "XXX"}, "currency"),
        ({"name": "x", "cost": "many"}, "cost"), ({"name": "x", "cost": "1.23456"}, "cost"),
        ({"name": "x" * 300}, "name"),
        ({"name": "x", "no_such": 1}, "no_such"), ({"name": "x", "id": 7}, "id"),
        ({"name": "x", "sort_key": "a"}, "sort_key"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_named(api: Client, body: dict[str, Any], field: str) -> None:
    problem = refused(api.post("/api/v1/products/", body, JSON), 422, "invalid")
    assert any(name.split(".")[-1] == field for name in problem["errors"]), problem
    assert not Product.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("text", ["x\0", "x\ud800"])
def test_a_text_that_cannot_be_stored_is_named(api: Client, text: str) -> None:
    customer, other = make.some_customer(), make.some_customer()
    url = f"/api/v1/customers/{customer.pk}"
    for field, answer in {
        "name": api.patch(url, {"name": text}, JSON),
        "custom": api.patch(url, {"custom": {text: 1}}, JSON),
        "reason": api.post(f"{url}/merge", {"others": [other.pk], "reason": text}, JSON),
    }.items():
        problem = refused(answer, 422, "invalid")
        assert problem["errors"] == {field: ["The text holds a character that cannot be stored."]}


def test_a_key_that_is_taken_is_named(api: Client) -> None:
    make.some_product(external_id="P1")
    problem = refused(api.post("/api/v1/products/", {"name": "x", "external_id": "P1"}, JSON), 422, "invalid")
    assert "external_id" in problem["errors"]


def test_what_is_not_json_is_refused(api: Client) -> None:
    response = api.post("/api/v1/products/", "{", JSON)
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"


def test_lists_are_walked_by_cursor(api: Client) -> None:
    for number in range(5):
        make.some_product(name=f"P{number}", cost=number % 2)
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = api.get("/api/v1/products/", {"limit": 2, "order": "-cost", "after": after}).json()
        seen += [item["name"] for item in page["items"]]
        after, pages = page["next"], pages + 1
    assert (seen, pages) == (["P3", "P1", "P4", "P2", "P0"], 3)


def test_lists_answer_the_same_questions_as_pages(api: Client) -> None:
    for name, cost in (("Nut", 1), ("Nutmeg", 3), ("Bolt", 9)):
        make.some_product(name=name, cost=cost)
    items = api.get("/api/v1/products/?q=nut&f=cost:gte:2").json()["items"]
    assert [item["name"] for item in items] == ["Nutmeg"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("f=broken", 400, "bad_question"), ("f=no_such:is:1", 400, "bad_question"),
        ("after=xxx", 400, "bad_question"),
        ("limit=0", 422, "invalid"), ("limit=9999", 422, "invalid"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_a_problem(api: Client, query: str, status: int, code: str) -> None:
    refused(api.get(f"/api/v1/products/?{query}"), status, code)


def test_what_others_build_on_is_a_conflict(api: Client) -> None:
    customer = make.some_customer()
    make.some_order(customer)
    refused(api.delete(f"/api/v1/customers/{customer.pk}"), 409, "conflict")


def test_hidden_fields_are_neither_told_nor_taken() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL)
    make.field_rule(rep.role, "parties.customer", "phone", "hidden")
    customer = make.some_customer(phone="138")
    api = make.speaking(rep)
    assert "phone" not in api.get(f"/api/v1/customers/{customer.pk}").json()
    assert "phone" not in api.get("/api/v1/customers/").json()["items"][0]
    refused(api.get("/api/v1/customers/?f=phone:is:138"), 400, "bad_question")
    refused(api.patch(f"/api/v1/customers/{customer.pk}", {"phone": "1"}, JSON), 403, "not_allowed")
    customer.refresh_from_db()
    assert customer.phone == "138"


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ", "bearer wrong", "Basic YTpi", "Bearer"])
def test_a_wrong_token_is_refused_even_beside_a_session(header: str) -> None:
    for client in (Client(), make.signed_in(make.administrator())):
        response = client.get("/api/v1/products/", headers={"Authorization": header})
        refused(response, 401, "unauthenticated")


def test_without_a_token_or_session_nothing_is_told() -> None:
    refused(Client().get("/api/v1/products/"), 401, "unauthenticated")
    assert Client(headers={"Authorization": ""}).get("/api/v1/openapi.json").status_code == 200


def test_the_token_of_somebody_who_has_left_is_worth_nothing() -> None:
    user = make.administrator()
    api = make.speaking(user)
    assert api.get("/api/v1/products/").status_code == 200
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    refused(api.get("/api/v1/products/"), 401, "unauthenticated")


def test_a_session_reads_and_writes_with_its_csrf_token_only() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make.administrator())
    assert browser.get("/api/v1/products/").status_code == 200
    assert browser.post("/api/v1/products/", {"name": "Nut"}, JSON).status_code == 403
    assert not Product.objects.exists()
    browser.get("/products/new/")
    token = browser.cookies["csrftoken"].value
    made = browser.post("/api/v1/products/", {"name": "Nut"}, JSON, headers={"X-CSRFToken": token})
    assert made.status_code == 201


def test_a_token_needs_no_csrf_token() -> None:
    api = Client(
        enforce_csrf_checks=True, headers={"Authorization": f"Bearer {make.token_of(make.administrator())}"}
    )
    assert api.post("/api/v1/products/", {"name": "Nut"}, JSON).status_code == 201


def test_what_has_no_form_cannot_be_written(api: Client) -> None:
    order = make.some_order()
    assert api.post("/api/v1/orders/", {"number": "x"}, JSON).status_code == 405
    assert api.patch(f"/api/v1/orders/{order.pk}", {"number": "x"}, JSON).status_code == 405


def test_an_unknown_place_is_a_problem_too(api: Client) -> None:
    response = api.get("/api/v1/no-such/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
