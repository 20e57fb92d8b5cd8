from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from clientier.rooms.people.models import User
from tests.site.accounts.people import PASSWORD, is_in, sign_in, some_person, told

pytestmark = pytest.mark.django_db
NEW = "a wholly different one"


def change(browser: Client, *, old: str = PASSWORD, new: str = NEW, again: str = "") -> int:
    posted = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return browser.post("/account/password/", posted).status_code


def test_a_changed_password_counts_and_the_old_one_does_not() -> None:
    user = some_person()
    browser = sign_in(user)
    assert change(browser) == 302
    assert is_in(browser)
    assert not is_in(sign_in(user))
    assert is_in(sign_in(user, password=NEW))


def test_changing_the_password_ends_all_other_sessions_and_is_told() -> None:
    user = some_person()
    here, there = sign_in(user), sign_in(user)
    assert is_in(there)
    assert change(here) == 302
    assert is_in(here)
    assert not is_in(there)
    assert told("user.change_password") == [{"user": user.pk, "sessions_ended": 1}]


@pytest.mark.parametrize("weak", ["short one", "password1234", "1234567890123", "ada.lovelace"])
def test_a_weak_password_is_refused_and_nothing_changes(weak: str) -> None:
    user = some_person(username="ada.lovelace")
    browser = sign_in(user)
    assert change(browser, new=weak) == 422
    assert is_in(sign_in(user))


def test_without_the_old_password_or_with_two_new_ones_nothing_changes() -> None:
    user = some_person()
    browser = sign_in(user)
    assert change(browser, old="guess") == 422
    assert change(browser, again="a mistyped different one") == 422
    assert User.objects.get().check_password(PASSWORD)


def test_a_stranger_sees_no_account() -> None:
    assert Client().get("/account/password/")["Location"] == "/sign-in/?next=/account/password/"


def test_the_command_line_makes_no_account_with_a_weak_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTIER_PASSWORD", "anna-anna-1")
    with pytest.raises(CommandError, match="too similar to the sign-in name"):
        call_command("createuser", "anna-anna")
    assert not User.objects.exists()
