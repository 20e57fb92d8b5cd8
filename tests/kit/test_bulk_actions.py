from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.kit import bulk
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


def told(response: object) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def test_chosen_records_are_deleted_and_all_taken_back_at_once(browser: Client) -> None:
    keys = [make.some_product(name=name).pk for name in ("a", "b", "c")]
    page = browser.post("/products/bulk/", {"action": "delete", "ids": keys[:2], "query": "q=x"})
    assert page["Location"] == "/products/?q=x"
    assert list(Product.objects.values_list("pk", flat=True)) == keys[2:]
    (request,) = set(AuditEntry.objects.values_list("request_id", flat=True))
    assert AuditEntry.objects.count() == 2
    browser.post(f"/undo/{request}/")
    assert sorted(Product.objects.values_list("pk", flat=True)) == keys


def test_all_that_the_question_finds_are_changed_and_no_other(browser: Client) -> None:
    for name in ("nut", "nutmeg", "bolt"):
        make.some_product(name=name)
    browser.post("/products/bulk/", {"action": "delete", "all": "1", "query": "q=nut", "ids": ["999"]})
    assert list(Product.objects.values_list("name", flat=True)) == ["bolt"]


def test_customers_are_handed_over(browser: Client) -> None:
    ben = make.some_user()
    customers = [make.some_customer() for _ in range(3)]
    browser.post(
        "/customers/bulk/", {"action": "hand_over", "ids": [c.pk for c in customers[:2]], "owner": ben.pk}
    )
    assert set(Customer.objects.filter(owner=ben)) == set(customers[:2])


def test_a_record_that_is_refused_stays_and_is_named(browser: Client) -> None:
    kept, gone = make.some_customer(name="Kept"), make.some_customer(name="Gone")
    make.some_order(kept)
    page = browser.post("/customers/bulk/", {"action": "delete", "ids": [kept.pk, gone.pk]})
    assert list(Customer.objects.all()) == [kept]
    assert told(page) == [
        "1 record deleted",
        "Kept: Kept was not deleted: orders still refer to it. Nothing was changed.",
    ]
    assert AuditEntry.objects.count() == 1


def test_what_is_no_number_is_no_record(browser: Client) -> None:
    product = make.some_product()
    answer = browser.post("/products/bulk/", {"action": "delete", "ids": ["²", "abc", "9" * 5000]})
    assert (answer.status_code, Product.objects.get()) == (302, product)


def test_records_out_of_reach_are_left_alone() -> None:
    rep, ben = make.some_user(), make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL, ["view"])
    make.grant(rep.role, "parties.customer", Reach.OWN, ["delete", "hand_over"])
    make.grant(rep.role, "people.user", Reach.ALL, ["view"])
    mine, theirs = make.some_customer(name="Mine", owner=rep), make.some_customer(name="Theirs", owner=ben)
    browser = make.signed_in(rep)
    page = browser.post("/customers/bulk/", {"action": "delete", "all": "1", "query": ""})
    assert list(Customer.objects.all()) == [theirs]
    assert any("Theirs" in words for words in told(page))
    assert AuditEntry.objects.get().record_id == str(mine.pk)


@pytest.mark.parametrize(
    "posted",
    [
        {"action": "no_such"}, {}, {"action": "hand_over"}, {"action": "hand_over", "owner": "999999"},
        {"action": "hand_over", "owner": "x"}, {"action": "delete", "all": "1", "query": "f=broken"},
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_words(browser: Client, posted: dict[str, str]) -> None:
    customer = make.some_customer()
    page = browser.post("/customers/bulk/", {"ids": [customer.pk], **posted})
    assert page.status_code == 400
    assert Customer.objects.exists()
    assert not AuditEntry.objects.exists()


def test_without_the_right_nothing_is_done() -> None:
    viewer = make.some_user()
    make.grant(viewer.role, "catalog.product", Reach.ALL, ["view"])
    product = make.some_product()
    page = make.signed_in(viewer).post("/products/bulk/", {"action": "delete", "ids": [product.pk]})
    assert page.status_code == 403
    assert Product.objects.exists()


def test_too_many_at_once_are_refused_before_anything_happens(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    for _ in range(3):
        make.some_product()
    page = browser.post("/products/bulk/", {"action": "delete", "all": "1", "query": ""})
    assert page.status_code == 400
    assert Product.objects.count() == 3
