from __future__ import annotations

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client

from clientier.core.actor import Reach
from clientier.rooms.people.models import Organisation, User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return make.administrator(name="Ada Boss")


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url", ["/", "/customers/", "/customers/1/", "/search/?q=x", "/settings/", "/no-such-page/", "/imports/"]
)
def test_a_stranger_is_led_to_sign_in_and_back(url: str) -> None:
    response = Client().get(url)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=")


def test_a_stranger_reads_the_sign_in_page_and_the_health() -> None:
    assert Client().get("/sign-in/").status_code == 200
    assert Client().get("/health/").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "url",
    ["/undo/6a1e7b8e-0000-4000-8000-000000000000/", "/customers/bulk/", "/appearance/", "/products/new/"],
)
def test_a_stranger_changes_nothing(url: str) -> None:
    response = Client().post(url, {"theme": "dark"})
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_signing_in_and_out() -> None:
    user = make.some_user(username="ada")
    user.set_password("correct horse battery")
    user.save()
    browser = Client()
    wrong = browser.post("/sign-in/", {"username": "ada", "password": "wrong"})
    assert wrong.status_code == 200
    assert browser.get("/customers/").status_code == 302
    right = browser.post(
        "/sign-in/?next=/customers/", {"username": "ADA", "password": "correct horse battery"}
    )
    assert right["Location"] == "/customers/"
    browser.post("/sign-out/")
    assert browser.get("/customers/").status_code == 302


def test_after_signing_in_nobody_is_sent_to_another_site() -> None:
    user = make.some_user(username="ada")
    user.set_password("correct horse battery")
    user.save()
    posted = {"username": "ada", "password": "correct horse battery"}
    response = Client().post("/sign-in/?next=https://evil.example/", posted)
    assert response["Location"] == "/"


def test_somebody_who_has_left_is_signed_out_at_once(boss: User) -> None:
    browser = make.signed_in(boss)
    assert browser.get("/customers/").status_code == 200
    User.objects.filter(pk=boss.pk).update(is_active=False)
    assert browser.get("/customers/").status_code == 302
    assert browser.get("/api/v1/customers/").status_code == 401


def test_a_token_opens_no_pages(boss: User) -> None:
    assert make.speaking(boss).get("/customers/").status_code == 302


def test_a_change_of_rights_counts_from_the_next_request() -> None:
    rep = make.some_user()
    browser = make.signed_in(rep)
    customer = make.some_customer()
    assert browser.get(f"/customers/{customer.pk}/").status_code == 404
    make.grant(rep.role, "parties.customer", Reach.ALL)
    assert browser.get(f"/customers/{customer.pk}/").status_code == 200


def test_a_refusal_is_a_page_in_words(boss: User) -> None:
    response = make.signed_in(boss).get("/customers/999999/")
    assert response.status_code == 404
    assert "among those you can see" in body(response)


def test_a_fault_is_a_page_that_tells_nothing_of_the_inside(
    boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("inside story")

    monkeypatch.setattr("clientier.kit.listing.count_words", burst)
    browser = make.signed_in(boss)
    browser.raise_request_exception = False
    response = browser.get("/customers/count/")
    assert response.status_code == 500
    assert "inside story" not in body(response)
    response = browser.get("/api/v1/customers/")
    assert response.status_code == 200


def test_pages_carry_a_strict_content_security_policy(boss: User) -> None:
    policy = make.signed_in(boss).get("/customers/")["Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


@pytest.mark.parametrize("url", ["/", "/customers/", "/settings/", "/sign-in/", "/customers/new/"])
def test_pages_hold_nothing_that_the_policy_forbids(boss: User, url: str) -> None:
    page = body(make.signed_in(boss).get(url))
    assert "<style" not in page
    assert "style=" not in page.replace("data-style=", "")
    assert " onclick=" not in page
    assert "javascript:" not in page


def test_pages_are_not_kept_by_caches_nor_framed(boss: User) -> None:
    response = make.signed_in(boss).get("/customers/")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("language", "code"), [("en", "en"), ("zh-hans", "zh-hans"), ("zh-hant", "zh-hant")])
def test_a_user_reads_in_the_language_of_the_account(language: str, code: str) -> None:
    response = make.signed_in(make.administrator(language=language)).get(
        "/customers/", headers={"Accept-Language": "de"}
    )
    assert response["Content-Language"] == code
    assert f'lang="{code}"' in body(response).lower() or f'lang="{code.replace("hans", "Hans")}"' in body(
        response
    )


@pytest.mark.parametrize(
    ("header", "code"), [("zh-TW,zh;q=0.9", "zh-hant"), ("zh-CN", "zh-hans"), ("de", "en"), ("", "en")]
)
def test_a_visitor_reads_in_the_language_of_the_browser(header: str, code: str) -> None:
    assert Client().get("/sign-in/", headers={"Accept-Language": header})["Content-Language"] == code


def test_a_chosen_language_is_kept(boss: User) -> None:
    browser = make.signed_in(boss)
    response = browser.post("/language/", {"language": "zh-hans", "next": "/customers/?q=a"})
    assert response["Location"] == "/customers/?q=a"
    boss.refresh_from_db()
    assert boss.language == "zh-hans"
    visitor = Client()
    visitor.post("/language/", {"language": "zh-hant"})
    assert visitor.get("/sign-in/")["Content-Language"] == "zh-hant"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:evil", "\\\\evil.example"],
)
def test_nobody_is_sent_to_another_site(boss: User, target: str) -> None:
    browser = make.signed_in(boss)
    assert browser.post("/language/", {"language": "en", "next": target})["Location"] == "/"
    referred = browser.post("/language/", {"language": "en"}, headers={"Referer": target})
    assert referred["Location"] == "/"


def test_an_unknown_language_or_theme_changes_nothing(boss: User) -> None:
    browser = make.signed_in(boss)
    assert browser.post("/language/", {"language": "xx"}).status_code == 404
    assert browser.post("/appearance/", {"theme": "pink"}).status_code == 404
    assert browser.get("/language/").status_code == 405
    boss.refresh_from_db()
    assert (boss.language, boss.theme) == ("en", "auto")


def test_a_chosen_theme_is_kept_and_shown(boss: User) -> None:
    browser = make.signed_in(boss)
    assert browser.post("/appearance/", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204
    boss.refresh_from_db()
    assert boss.theme == "dark"
    assert 'data-theme="dark"' in body(browser.get("/customers/"))


def test_the_day_is_the_companys_day(boss: User) -> None:
    Organisation.objects.create(time_zone="Asia/Shanghai", base_currency="EUR")
    make.some_customer(name="New", first_seen="2026-03-02")
    make.some_product(price=2)
    browser = make.signed_in(boss)
    with time_machine.travel("2026-03-01T16:30:00Z", tick=False):
        assert browser.get("/customers/count/?f=first_seen:within:0").content == b"1 record"
    with time_machine.travel("2026-03-01T15:30:00Z", tick=False):
        assert browser.get("/customers/count/?f=first_seen:within:0").content == b"0 records"


def test_undo_answers_in_words(boss: User) -> None:
    browser = make.signed_in(boss)
    missing = browser.post("/undo/6a1e7b8e-0000-4000-8000-000000000000/")
    assert missing.status_code == 404
    product = make.some_product(name="Nut")
    facts = {"name": "Bolt", "kind": "goods", "currency": "CNY", "active": "on", "stocked": "on"}
    browser.post(f"/products/{product.pk}/edit/", facts)
    from clientier.core.models import AuditEntry

    request = AuditEntry.objects.get().request_id
    make_other = make.signed_in(make.administrator())
    assert make_other.post(f"/undo/{request}/").status_code == 404
    done = browser.post(f"/undo/{request}/", {"next": "/products/"})
    assert done["Location"] == "/products/"
    assert [str(m) for m in get_messages(done.wsgi_request)][-1] == "Undone: 1 change"
    assert browser.post(f"/undo/{request}/").status_code == 404
    assert browser.get(f"/undo/{request}/").status_code == 405


def test_posting_without_the_csrf_token_changes_nothing(boss: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(boss)
    response = browser.post("/appearance/", {"theme": "dark"})
    assert response.status_code == 403
    boss.refresh_from_db()
    assert boss.theme == "auto"


def test_long_work_is_watched_by_its_starter_and_administrators(boss: User) -> None:
    from clientier.core.models import JobRun

    rep, other = make.some_user(), make.some_user()
    run = JobRun.objects.create(kind="import", label="customers.csv", started_by=rep.pk, done=3, total=9)
    statuses = [make.signed_in(user).get(f"/jobs/{run.pk}/").status_code for user in (rep, boss, other)]
    assert statuses == [200, 200, 404]
