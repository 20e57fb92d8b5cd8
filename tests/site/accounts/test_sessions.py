from __future__ import annotations

import re

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from clientier.core.models import AuditEntry
from clientier.rooms.people.models import User
from clientier.site.accounts.sessions import device
from tests import factories as make
from tests.site.accounts.people import is_in, sign_in, some_person, told

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("curl/8.0", "curl/8.0"),
        ("", "Unknown device"),
    ],
)
def test_a_device_in_few_words(user_agent: str, words: str) -> None:
    assert device(user_agent) == words


def test_all_sessions_are_shown_with_device_and_address() -> None:
    user = some_person()
    here = sign_in(user, **{"User-Agent": FIREFOX})
    sign_in(user, **{"User-Agent": PHONE})
    sign_in(some_person(), **{"User-Agent": "another's"})
    page = here.get("/account/sessions/").content.decode()
    assert re.findall(r"<li>\s*<span><strong>(.*?)</strong>", page) == [
        "Firefox on Linux",
        "Safari on iPhone",
    ]
    assert page.count("127.0.0.1") == 2
    assert page.count("this browser") == 1


def test_one_session_is_ended_and_no_other() -> None:
    user = some_person()
    here, there, third = sign_in(user), sign_in(user), sign_in(user)
    key = UserSession.objects.get(session_key=there.session.session_key).pk
    assert here.post(f"/account/sessions/{key}/end/").status_code == 302
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    assert [entry["whose"] for entry in told("sessions.end")] == ["127.0.0.1"]


def test_another_persons_session_cannot_be_ended() -> None:
    victim = sign_in(some_person())
    key = UserSession.objects.get().pk
    assert sign_in(some_person()).post(f"/account/sessions/{key}/end/").status_code == 404
    assert is_in(victim)


def test_all_other_sessions_are_ended_at_once() -> None:
    user = some_person()
    here, there, third = sign_in(user), sign_in(user), sign_in(user)
    here.post("/account/sessions/end-others/")
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, False)
    assert [entry["sessions"] for entry in told("sessions.end_others")] == [2]


def test_who_may_no_longer_sign_in_is_out_everywhere_and_stays_out_when_let_in_again() -> None:
    boss = make.signed_in(make.administrator())
    user = some_person(name="Ada")
    there = sign_in(user)
    facts = {
        "name": "Ada",
        "username": user.username,
        "role": user.role_id,
        "language": "en",
        "theme": "auto",
    }
    assert boss.post(f"/users/{user.pk}/edit/", facts).status_code == 302
    assert User.objects.get(pk=user.pk).is_active is False
    assert boss.post(f"/users/{user.pk}/edit/", {**facts, "is_active": "on"}).status_code == 302
    assert User.objects.get(pk=user.pk).is_active is True
    assert not is_in(there)
    assert is_in(sign_in(user))


def test_a_deleted_user_leaves_no_secret_of_signing_in_in_the_audit() -> None:
    user = some_person()
    there = sign_in(user)
    key = there.session.session_key
    make.token_of(user)
    boss = make.signed_in(make.administrator())
    assert boss.post(f"/users/{user.pk}/delete/").status_code == 302
    entry = AuditEntry.objects.get(verb="record.delete")
    assert entry.removed == []
    assert key not in str(entry.changes)
    assert not Session.objects.filter(session_key=key).exists()


def test_a_session_gets_a_new_key_when_somebody_signs_in() -> None:
    user = some_person()
    browser = Client()
    browser.cookies["sessionid"] = planted = "a" * 32
    sign_in(user, browser=browser)
    assert is_in(browser)
    assert browser.cookies["sessionid"].value != planted
    forger = Client()
    forger.cookies["sessionid"] = planted
    assert not is_in(forger)


def test_when_a_session_was_last_seen_is_written_every_five_minutes_only() -> None:
    browser = sign_in(some_person())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        is_in(browser)
        first = UserSession.objects.get().last_seen_at
        clock.shift(200)
        is_in(browser)
        assert UserSession.objects.get().last_seen_at == first
        clock.shift(200)
        is_in(browser)
        assert (UserSession.objects.get().last_seen_at - first).seconds == 400
