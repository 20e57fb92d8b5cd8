from __future__ import annotations

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from clientier.core.models import AuditEntry
from clientier.rooms.people.models import Role
from tests import factories as make
from tests.site.accounts.people import code_now, is_in, set_up_app, sign_in, some_person, told

pytestmark = pytest.mark.django_db
STEP = "/sign-in/second-factor/"


def enter(browser: Client, code: str) -> Client:
    browser.post(STEP, {"code": code})
    browser.post("/sign-in/trust/", {"action": "no"})
    return browser


@pytest.fixture
def clock() -> object:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def later(clock: object) -> None:
    clock.shift(31)  # type: ignore[attr-defined]


def test_with_an_app_the_password_alone_opens_nothing(clock: object) -> None:
    user = some_person()
    secret, _codes = set_up_app(sign_in(user))
    later(clock)
    browser = sign_in(user)
    assert not is_in(browser)
    assert browser.get("/customers/").status_code == 302
    assert browser.get("/api/v1/customers/").status_code == 401
    assert not is_in(enter(browser, "000000"))
    assert is_in(enter(browser, code_now(secret)))


def test_a_code_counts_once(clock: object) -> None:
    user = some_person()
    secret, _codes = set_up_app(sign_in(user))
    later(clock)
    code = code_now(secret)
    assert is_in(enter(sign_in(user), code))
    assert not is_in(enter(sign_in(user), code))


def test_a_code_of_the_past_is_refused(clock: object) -> None:
    user = some_person()
    secret, _codes = set_up_app(sign_in(user))
    old = code_now(secret)
    clock.shift(60)  # type: ignore[attr-defined]
    assert not is_in(enter(sign_in(user), old))


def test_each_of_ten_recovery_codes_counts_once_and_is_shown_once() -> None:
    user = some_person()
    browser = sign_in(user)
    _secret, codes = set_up_app(browser)
    assert len(set(codes)) == 10
    again = browser.get("/account/second-factor/codes/").content.decode()
    assert not any(code in again for code in codes)
    assert is_in(enter(sign_in(user), codes[0]))
    assert not is_in(enter(sign_in(user), codes[0]))
    assert is_in(enter(sign_in(user), codes[9]))


def test_new_recovery_codes_end_the_old_ones() -> None:
    user = some_person()
    browser = sign_in(user)
    _secret, old = set_up_app(browser)
    browser.post("/account/second-factor/codes/new/")
    page = browser.get("/account/second-factor/codes/").content.decode()
    new = re.findall(r"<li><code>(\d{8})</code>", page)
    assert not is_in(enter(sign_in(user), old[0]))
    assert is_in(enter(sign_in(user), new[0]))


def test_a_trusted_browser_is_not_asked_for_two_weeks_and_others_are(clock: object) -> None:
    user = some_person()
    secret, _codes = set_up_app(sign_in(user))
    later(clock)
    browser = sign_in(user)
    browser.post(STEP, {"code": code_now(secret)})
    browser.post("/sign-in/trust/", {"action": "trust"})
    browser.post("/sign-out/")
    assert is_in(sign_in(user, browser=browser))
    assert not is_in(sign_in(user))
    browser.post("/sign-out/")
    clock.shift(15 * 86400)  # type: ignore[attr-defined]
    assert not is_in(sign_in(user, browser=browser))


def test_five_wrong_codes_close_the_second_step_even_for_the_right_one(clock: object) -> None:
    user = some_person()
    secret, _codes = set_up_app(sign_in(user))
    later(clock)
    browser = sign_in(user)
    for _try in range(5):
        enter(browser, "000000")
    answer = browser.post(STEP, {"code": code_now(secret)})
    assert "Too many attempts. Try again in 5 minutes." in answer.content.decode()
    assert not is_in(browser)
    clock.shift(301)  # type: ignore[attr-defined]
    assert is_in(enter(sign_in(user), code_now(secret)))


def test_who_signed_in_a_while_ago_shows_the_password_again_before_changing_factors(clock: object) -> None:
    user = some_person()
    browser = sign_in(user)
    clock.shift(301)  # type: ignore[attr-defined]
    answer = browser.get("/account/second-factor/app/")
    assert answer["Location"] == "/account/confirm/?next=%2Faccount%2Fsecond-factor%2Fapp%2F"
    assert browser.post(answer["Location"], {"password": "guess"}).status_code == 200
    assert browser.get("/account/second-factor/app/").status_code == 302
    back = browser.post(answer["Location"], {"password": "correct horse battery"})
    assert back["Location"] == "/account/second-factor/app/"
    assert browser.get(back["Location"]).status_code == 200


def test_the_secret_lies_encrypted_in_the_database_and_in_no_audit_entry() -> None:
    user = some_person()
    secret, codes = set_up_app(sign_in(user))
    kept = str(list(Authenticator.objects.values())) + str(list(AuditEntry.objects.values()))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_a_secret_that_cannot_be_read_any_more_matches_no_code(clock: object) -> None:
    user = some_person()
    secret, _codes = set_up_app(sign_in(user))
    later(clock)
    with override_settings(SECRET_KEY="another one"):
        assert not is_in(enter(sign_in(user), code_now(secret)))
    with override_settings(SECRET_KEY="another one", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert is_in(enter(sign_in(user), code_now(secret)))


def test_changes_of_factors_are_told(clock: object, django_capture_on_commit_callbacks: object) -> None:
    user = some_person()
    browser = sign_in(user)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        set_up_app(browser)
    assert [entry["type"] for entry in told("second_factor.add")] == ["totp", "recovery_codes"]
    later(clock)
    enter(sign_in(user), "000000")
    assert [entry["type"] for entry in told("second_factor.fail")] == ["totp"]
    browser.post("/account/second-factor/app/remove/")
    assert [entry["type"] for entry in told("second_factor.remove")] == ["totp", "recovery_codes"]
    assert is_in(sign_in(user))


def test_who_must_have_a_second_factor_sets_it_up_and_does_nothing_else() -> None:
    role = make.some_role(second_factor_required=True)
    user = some_person(role=role)
    browser = sign_in(user)
    for url in ("/", "/customers/", "/account/", "/search/?q=x", "/account/sessions/"):
        assert browser.get(url)["Location"] == "/account/second-factor/", url
    assert browser.post("/customers/new/", {"name": "X"})["Location"] == "/account/second-factor/"
    assert browser.get("/api/v1/customers/").status_code == 403
    page = browser.get("/account/second-factor/")
    assert "Your role asks for a second factor" in page.content.decode()
    set_up_app(browser)
    assert browser.get("/").status_code == 200


def test_a_role_that_comes_to_ask_for_it_counts_from_the_next_page_on() -> None:
    user = some_person()
    browser = sign_in(user)
    assert is_in(browser)
    boss = make.signed_in(make.administrator())
    facts = {"name": "R", "code": "r", "second_factor_required": "on"}
    assert boss.post(f"/roles/{user.role_id}/edit/", facts).status_code == 302
    assert Role.objects.get(pk=user.role_id).second_factor_required
    assert browser.get("/account/")["Location"] == "/account/second-factor/"


def test_a_token_of_a_program_needs_no_second_factor() -> None:
    user = some_person(role=make.some_role(administrator=True, second_factor_required=True))
    assert make.speaking(user).get("/api/v1/customers/").status_code == 200


def test_the_pages_of_signing_in_obey_the_content_policy() -> None:
    user = some_person()
    browser = sign_in(user)
    urls = ("/account/", "/account/second-factor/", "/account/second-factor/app/", "/account/password/",
            "/account/second-factor/passkeys/add/", "/account/sessions/", "/account/confirm/")  # fmt: skip
    pages = [browser.get(url) for url in urls]
    set_up_app(browser)
    waiting = sign_in(user)
    for answer in (*pages, waiting.get(STEP), Client().get("/sign-in/")):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "style=" not in page
        assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


def test_who_waits_for_the_second_step_may_turn_back_and_be_somebody_else() -> None:
    user, other = some_person(), some_person()
    set_up_app(sign_in(user))
    browser = sign_in(user)
    assert browser.get("/sign-in/")["Location"] == STEP
    assert browser.post("/sign-out/", {"next": "/sign-in/"})["Location"] == "/sign-in/"
    assert browser.get("/sign-in/").status_code == 200
    assert is_in(sign_in(other, browser=browser))
