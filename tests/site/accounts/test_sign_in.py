"""Guessing, redirects and traces at the front door."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientier.core.models import AuditEntry
from tests import factories as make
from tests.site.accounts.people import PASSWORD, is_in, sign_in, some_person, told

pytestmark = pytest.mark.django_db
ARGON = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def guess(username: str, *, address: str = "10.0.0.1", password: str = "wrong") -> Any:
    return Client(REMOTE_ADDR=address).post("/sign-in/", {"username": username, "password": password})


def words_of(answer: Any) -> str:
    page = answer.content.decode()
    start = page.find('role="alert"')
    return page[start : page.find("</form>", start)] if start > 0 else ""


def test_five_wrong_passwords_close_an_account_for_five_minutes_from_anywhere(clock: Any) -> None:
    user = some_person(username="ada")
    for number in range(5):
        assert "Please enter a correct" in words_of(guess("ada", address=f"10.0.0.{number}"))
    clock.shift(60)
    refused = guess("ADA", address="10.0.0.9", password=PASSWORD)
    assert "Too many attempts. Try again in 4 minutes." in words_of(refused)
    clock.shift(241)
    assert is_in(sign_in(user))


def test_a_name_that_nobody_has_is_closed_just_the_same() -> None:
    for _guess in range(5):
        guess("nobody")
    assert "Try again in 5 minutes." in words_of(guess("nobody", address="10.0.0.9"))


def test_many_names_from_one_address_are_stopped_too_and_other_addresses_are_not() -> None:
    for number in range(20):
        guess(f"name{number}")
    assert "Too many attempts. Try again in 1 minute." in words_of(guess("name21"))
    assert "Please enter a correct" in words_of(guess("name22", address="10.0.0.2"))


def test_a_flood_of_forms_gets_a_page_in_words() -> None:
    user = some_person()
    browser = Client()
    for _form in range(60):
        sign_in(user, browser=browser)
        browser.post("/sign-out/")
    answer = browser.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Too many attempts. Try again in 1 minute." in answer.content.decode()


def test_who_signs_in_rightly_is_never_counted(clock: Any) -> None:
    user = some_person()
    for _time in range(25):
        assert is_in(sign_in(user))


def test_counting_is_shared_by_all_processes() -> None:
    guess("ada")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM site_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone() == (2,)


def test_an_address_said_by_the_visitor_is_not_believed_without_a_proxy_of_ours() -> None:
    for number in range(20):
        Client().post(
            "/sign-in/",
            {"username": f"n{number}", "password": "x"},
            headers={"X-Forwarded-For": f"1.1.1.{number}"},
        )
    answer = Client().post(
        "/sign-in/", {"username": "n21", "password": "x"}, headers={"X-Forwarded-For": "1.1.1.99"}
    )
    assert "Too many attempts" in words_of(answer)


def test_behind_a_proxy_of_ours_each_visitor_counts_apart() -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        user = some_person()
        sign_in(user, **{"X-Forwarded-For": "6.6.6.6, 1.2.3.4"})
    assert told("sign_in.succeed")[0]["address"] == "1.2.3.4"


def test_unknown_closed_and_wrong_look_alike() -> None:
    some_person(username="ada")
    some_person(username="gone", is_active=False)
    tries = (("ada", "x"), ("nobody", "x"), ("gone", "x"), ("gone", PASSWORD))
    answers = [guess(name, password=password) for name, password in tries]
    assert {answer.status_code for answer in answers} == {200}
    assert len({words_of(answer).partition("csrf")[0].replace(name, "N") for answer, (name, _p) in zip(
        answers, tries, strict=True)}) == 1  # fmt: skip


def test_an_unknown_name_takes_as_long_as_a_known_one() -> None:
    with override_settings(PASSWORD_HASHERS=ARGON):
        some_person(username="ada")
        guess("warm-up")
        took: dict[str, list[float]] = {"ada": [], "nobody": []}
        for _round in range(4):
            for name, times in took.items():
                begun = time.process_time()
                guess(name)
                times.append(time.process_time() - begun)
    known, unknown = (sorted(times)[1] for times in took.values())
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http://localhost/",
     "https:///evil.example", "http://127.0.0.1:9/"],
)  # fmt: skip
def test_after_signing_in_nobody_is_sent_elsewhere(target: str) -> None:
    user = some_person()
    answer = Client().post(
        f"/sign-in/?next={target}", {"username": user.username, "password": PASSWORD, "next": target}
    )
    assert answer["Location"] == "/"
    assert sign_in(user).get(f"/sign-in/?next={target}")["Location"] == "/"
    out = sign_in(user).post("/sign-out/", {"next": target})
    assert out["Location"] == "/sign-in/"


def test_signing_out_needs_a_form_with_its_token() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(some_person())
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").status_code == 403
    assert is_in(browser)


def test_every_way_in_and_out_is_told_with_whence_and_how() -> None:
    user = some_person(username="ada")
    browser = sign_in(user)
    browser.post("/sign-out/")
    guess("ada", password="hunter2-secret")
    facts = {"user": user.pk, "address": "127.0.0.1"}
    assert told("sign_in.succeed") == [{**facts, "by": ["password"]}]
    assert told("sign_in.end") == [facts]
    assert told("sign_in.fail") == [{"user": user.pk, "username": "ada", "address": "10.0.0.1"}]
    succeeded = AuditEntry.objects.get(verb="sign_in.succeed")
    assert (succeeded.actor_id, succeeded.actor_name) == (user.pk, user.name)


def test_neither_passwords_nor_what_was_typed_for_a_name_get_into_the_audit() -> None:
    some_person(username="ada")
    guess("my-password-in-the-wrong-field", password="another-secret")
    guess("ada", password="third-secret")
    kept = str(list(AuditEntry.objects.values()))
    assert not any(secret in kept for secret in ("wrong-field", "another-secret", "third-secret"))
    assert [entry["username"] for entry in told("sign_in.fail")] == ["", "ada"]


def test_a_page_costs_no_more_statements_for_keeping_sessions() -> None:
    browser = make.signed_in(make.administrator())
    browser.get("/account/")
    with CaptureQueriesContext(connection) as counted:
        browser.get("/account/password/")
    assert not [each for each in counted if "usersession" in each["sql"].lower()]


def test_a_session_ends_after_two_weeks(clock: Any) -> None:
    browser = sign_in(some_person())
    clock.shift(dt.timedelta(days=13))
    assert is_in(browser)
    clock.shift(dt.timedelta(days=15))
    assert not is_in(browser)
