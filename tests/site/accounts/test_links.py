"""Invitations and new passwords: by letter where letters are sent, else by a link that is shown once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.rooms.people import jobs
from clientier.rooms.people.commands import users as commands
from clientier.rooms.people.models import SignInLink, User
from clientier.site.accounts.environment import email_settings
from tests import factories as make
from tests.site.accounts.people import PASSWORD, is_in, set_up_app, sign_in, some_person, told

pytestmark = pytest.mark.django_db
NEW = "a wholly different one"
LINK = re.compile(r"http://testserver(/sign-in/link/[\w-]+/)")
TASKS = {"people.send_reset": jobs.send_reset, "people.send_link": jobs.send_link}


@pytest.fixture
def boss() -> Client:
    return make.signed_in(make.administrator(name="Ada Boss"))


@pytest.fixture
def letters(settings: Any) -> None:
    settings.EMAIL_CONFIGURED = True


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def shown_link(boss: Client, user: User) -> str:
    page = boss.post(f"/users/{user.pk}/sign-in/", {"deed": "link"}).content.decode()
    return LINK.search(page)[1]  # type: ignore[index]


def work() -> None:
    """Do the letters that wait, as the worker would."""
    for job in ProcrastinateJob.objects.filter(task_name__in=TASKS).order_by("id"):
        TASKS[job.task_name](**job.args)


def choose(link: str, password: str = NEW, **facts: str) -> Any:
    return Client().post(link, {"new_password1": password, "new_password2": password, **facts})


def ask(address: str, browser: Client | None = None) -> Any:
    return (browser or Client()).post("/sign-in/forgotten/", {"email": address})


def test_the_invited_choose_name_and_password_once_and_come_in(boss: Client) -> None:
    facts = {"name": "new", "username": "new", "role": make.some_role().pk, "language": "en", "theme": "auto",
             "is_active": "on"}  # fmt: skip
    assert boss.post("/users/new/", facts).status_code == 302
    user = User.objects.get(username="new")
    assert "Invite" in boss.get(f"/users/{user.pk}/").content.decode()
    link = shown_link(boss, user)
    assert Client().get(link).status_code == 200
    assert choose(link, name="Nora New")["Location"] == "/sign-in/"
    user.refresh_from_db()
    assert (user.name, is_in(sign_in(user, password=NEW))) == ("Nora New", True)
    again = choose(link, "yet another password", name="Thief")
    assert again.status_code == 404
    assert "does not work any more" in again.content.decode()
    user.refresh_from_db()
    assert (user.name, user.check_password(NEW)) == ("Nora New", True)


def test_a_link_for_a_new_password_ends_all_sessions_and_opens_none_itself(boss: Client) -> None:
    user = some_person(name="Rita")
    there = sign_in(user)
    link = shown_link(boss, user)
    outside = Client()
    outside.post(link, {"new_password1": NEW, "new_password2": NEW, "name": "Someone else"})
    assert (is_in(there), is_in(outside), is_in(sign_in(user))) == (False, False, False)
    assert is_in(sign_in(user, password=NEW))
    assert User.objects.get(pk=user.pk).name == "Rita"


def test_a_link_leaves_the_second_factor_in_place(boss: Client) -> None:
    user = some_person()
    set_up_app(sign_in(user))
    choose(shown_link(boss, user))
    assert not is_in(sign_in(user, password=NEW))


def test_a_newer_link_replaces_the_older(boss: Client) -> None:
    user = some_person()
    old, new = shown_link(boss, user), shown_link(boss, user)
    assert choose(old).status_code == 404
    assert choose(new).status_code == 302


@pytest.mark.parametrize(("invited", "hours"), [(True, 7 * 24), (False, 24)])
def test_a_link_dies_of_age(boss: Client, clock: Any, invited: bool, hours: int) -> None:
    user = make.some_user() if invited else some_person()
    link = shown_link(boss, user)
    clock.shift(dt.timedelta(hours=hours, seconds=-1))
    assert Client().get(link).status_code == 200
    clock.shift(2)
    assert Client().get(link).status_code == 404
    assert choose(link, name="Late").status_code == 404


def test_a_link_is_of_no_use_once_its_user_may_not_sign_in(boss: Client) -> None:
    user = some_person()
    link = shown_link(boss, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert choose(link).status_code == 404
    assert boss.post(f"/users/{user.pk}/sign-in/", {"deed": "link"}).status_code == 409


def test_a_weak_password_does_not_use_the_link_up(boss: Client) -> None:
    link = shown_link(boss, some_person())
    assert choose(link, "12345").status_code == 422
    assert choose(link).status_code == 302


def test_changing_the_password_kills_a_link_that_waits(boss: Client) -> None:
    user = some_person()
    link = shown_link(boss, user)
    posted = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    sign_in(user).post("/account/password/", posted)
    assert choose(link).status_code == 404


def test_a_new_address_kills_a_link_that_may_lie_in_the_old_mailbox(boss: Client) -> None:
    user = some_person(email="old@example.com")
    link = shown_link(boss, user)
    commands.update_user(user, actor=make.acting(), changes={"email": "new@example.com"})
    assert choose(link).status_code == 404


def test_links_are_made_by_administrators_alone() -> None:
    leader = some_person(role=make.some_role())
    for action in ("view", "change"):
        make.grant(leader.role, "people.user", Reach.ALL, [action])
    browser, victim = sign_in(leader), make.administrator()
    for deed in ("link", "letter", "second-factor", "sessions"):
        assert browser.post(f"/users/{victim.pk}/sign-in/", {"deed": deed}).status_code == 403
    assert not SignInLink.objects.exists()


def test_only_a_hash_of_a_link_is_kept_and_the_audit_tells_who_made_and_took_it(boss: Client) -> None:
    user = some_person()
    link = shown_link(boss, user)
    token = link.split("/")[-2]
    choose(link)
    assert token not in str(list(SignInLink.objects.values())) + str(list(AuditEntry.objects.values()))
    made = AuditEntry.objects.get(verb="user.issue_link")
    assert (made.actor_name, made.changes["user"], made.changes["purpose"]) == ("Ada Boss", user.pk, "reset")
    assert told("user.take_link") == [{"user": user.pk, "purpose": "reset"}]


def test_a_forgotten_password_is_replaced_by_letter(letters: None) -> None:
    user = some_person(email="Rita@example.com", language="zh-hans")
    assert "rita@example.com" in ask("rita@example.com").content.decode()
    assert mail.outbox == []
    work()
    assert mail.outbox[0].to == ["Rita@example.com"]
    choose(LINK.search(mail.outbox[0].body)[1])  # type: ignore[index]
    assert is_in(sign_in(user, password=NEW))


def test_an_unknown_address_gets_the_same_answer_from_the_same_steps_and_no_letter(letters: None) -> None:
    some_person(email="rita@example.com")
    some_person(email="gone@example.com", is_active=False)
    ask("warm.up@example.com")
    cache.clear()
    pages, statements = [], []
    for address in ("rita@example.com", "nobody@example.com", "gone@example.com"):
        with CaptureQueriesContext(connection) as counted:
            pages.append(re.sub('value="[^"]+"', "", ask(address).content.decode()).replace(address, "A"))
        statements.append(len(counted))
    assert pages[0] == pages[1] == pages[2]
    assert statements[0] == statements[1] == statements[2]
    work()
    assert [letter.to for letter in mail.outbox] == [["rita@example.com"]]


def test_the_fourth_letter_to_one_address_waits_in_words(letters: None, clock: Any) -> None:
    for _letter in range(3):
        assert "Look into your mail" in ask("rita@example.com").content.decode()
    clock.shift(dt.timedelta(minutes=5))
    assert "Too many attempts. Try again in 10 minutes." in ask("RITA@example.com").content.decode()
    assert ProcrastinateJob.objects.filter(task_name="people.send_reset").count() == 3
    clock.shift(dt.timedelta(minutes=10, seconds=1))
    assert "Look into your mail" in ask("rita@example.com").content.decode()


def test_where_no_letters_are_sent_the_page_says_whom_to_ask() -> None:
    assert "Ask an administrator" in Client().get("/sign-in/forgotten/").content.decode()
    ask("rita@example.com")
    assert not ProcrastinateJob.objects.exists()


def test_an_invitation_goes_by_letter(letters: None, boss: Client) -> None:
    user = make.some_user(name="Nora", email="nora@example.com")
    assert boss.post(f"/users/{user.pk}/sign-in/", {"deed": "letter"}).status_code == 302
    work()
    letter = mail.outbox[0]
    assert (letter.to, "Nora" in letter.body, "168 hours" in letter.body) == (
        ["nora@example.com"],
        True,
        True,
    )
    assert choose(LINK.search(letter.body)[1], name="Nora").status_code == 302  # type: ignore[index]


def test_a_letter_whose_asker_has_lost_the_right_is_not_sent(letters: None) -> None:
    asker, user = make.administrator(), some_person(email="rita@example.com")
    make.signed_in(asker).post(f"/users/{user.pk}/sign-in/", {"deed": "letter"})
    asker.role.is_administrator = False
    asker.role.save()
    work()
    assert mail.outbox == []
    assert not SignInLink.objects.exists()


def test_a_lost_device_is_forgotten_by_an_administrator(boss: Client) -> None:
    user = some_person()
    there = sign_in(user)
    set_up_app(there)
    boss.post(f"/users/{user.pk}/sign-in/", {"deed": "second-factor"})
    assert not is_in(there)
    assert is_in(sign_in(user))
    assert [entry["removed"] for entry in told("user.remove_second_factor")] == [["totp", "recovery_codes"]]


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp+tls://ann:p%40ss@mail.example.com", 587, True, False),
        ("smtps://ann:p%40ss@mail.example.com", 465, False, True),
        ("smtp://ann:p%40ss@mail.example.com:2525", 2525, False, False),
    ],
)
def test_the_mail_server_comes_from_one_address(url: str, port: int, tls: bool, ssl: bool) -> None:
    found = email_settings(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.com", port)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("ann", "p@ss")
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)


def test_a_mistyped_address_of_the_mail_server_is_said_in_words() -> None:
    with pytest.raises(ValueError, match="must read smtp"):
        email_settings("mail.example.com")


def test_what_has_expired_is_cleared_away_at_night(boss: Client, clock: Any) -> None:
    user = some_person()
    sign_in(user)
    shown_link(boss, user)
    clock.shift(dt.timedelta(days=13))
    fresh = sign_in(user)
    clock.shift(dt.timedelta(days=2))
    jobs.clear_expired(int(timezone.now().timestamp()))
    assert list(Session.objects.values_list("pk", flat=True)) == [fresh.session.session_key]
    assert not SignInLink.objects.exists()
    assert is_in(fresh)
