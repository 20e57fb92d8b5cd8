from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from clientier.core.models import AuditEntry
from clientier.rooms.people.models import User
from clientier.site.accounts.environment import single_sign_on_settings
from tests import factories as make
from tests.site.accounts.company_sign_in import CLIENT, SECRET, Company
from tests.site.accounts.people import is_in, set_up_app, sign_in, some_person, told

pytestmark = pytest.mark.django_db
DOOR = "/sign-in/with/company/"


def environment(company: Company, **more: str) -> dict[str, str]:
    return {
        "CLIENTIER_OIDC_ISSUER": company.address,
        "CLIENTIER_OIDC_CLIENT_ID": CLIENT,
        "CLIENTIER_OIDC_CLIENT_SECRET": SECRET,
        "CLIENTIER_OIDC_NAME": "Example Ltd",
        **more,
    }


@pytest.fixture
def company(settings: Any) -> Iterator[Company]:
    with Company() as company:
        for name, value in single_sign_on_settings(environment(company)).items():
            setattr(settings, name, value)
        yield company


def go(company: Company, browser: Client | None = None, *, door: str = DOOR) -> tuple[Client, Any]:
    """Over to the company and back; the browser and the last answer."""
    browser = browser or Client()
    asked = browser.get(door)
    return browser, browser.get(company.approve(asked["Location"]))


def test_a_user_comes_in_by_the_company_and_goes_where_she_wanted(company: Company) -> None:
    rita = some_person(email="Rita@Example.com")
    page = Client().get("/sign-in/?next=/customers/").content.decode()
    assert f'href="{DOOR}?next=/customers/">' in page.replace("%2F", "/")
    assert "Sign in with Example Ltd" in page
    browser, answer = go(company, door=f"{DOOR}?next=/customers/")
    assert answer["Location"] == "/customers/"
    assert is_in(browser)
    assert [entry["by"] for entry in told("sign_in.succeed")] == [["socialaccount"]]
    assert [(entry["user"], entry["email"]) for entry in told("single_sign_on.connect")] == [
        (rita.pk, "rita@example.com")
    ]


def test_the_second_time_the_account_counts_not_the_address(company: Company) -> None:
    rita = some_person(email="rita@example.com")
    go(company)
    company.account["email"] = "rita.married@example.com"
    browser, _answer = go(company)
    assert is_in(browser)
    assert SocialAccount.objects.get().user_id == rita.pk


@pytest.mark.parametrize("claim", [False, None, "false", "true", 1])
def test_an_address_that_the_company_does_not_vouch_for_opens_nothing(
    company: Company, claim: object
) -> None:
    some_person(email="rita@example.com")
    company.account["email_verified"] = claim
    browser, answer = go(company)
    assert answer.status_code == 403
    assert "no verified e-mail address" in answer.content.decode()
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()


def test_a_stranger_of_the_company_stays_outside_and_no_user_is_made(company: Company) -> None:
    make.some_user(email="someone.else@example.com")
    browser, answer = go(company)
    assert answer.status_code == 403
    assert "Ask an administrator to add you" in answer.content.decode()
    assert not is_in(browser)
    assert User.objects.count() == 1


def test_an_address_that_two_users_share_opens_neither(company: Company) -> None:
    some_person(email="rita@example.com")
    some_person(email="RITA@example.com")
    browser, answer = go(company)
    assert (answer.status_code, is_in(browser)) == (403, False)


def test_who_has_left_comes_in_neither_the_first_nor_the_second_time(company: Company, settings: Any) -> None:
    settings.SINGLE_SIGN_ON_ROLE = make.some_role(code="sales_rep").code
    rita = some_person(email="rita@example.com")
    go(company)
    User.objects.filter(pk=rita.pk).update(is_active=False)
    assert not is_in(go(company)[0])
    SocialAccount.objects.all().delete()
    assert not is_in(go(company)[0])
    assert User.objects.count() == 1


def test_where_newcomers_are_welcome_they_get_the_role_that_was_named(
    company: Company, settings: Any
) -> None:
    role = make.some_role(code="sales_rep")
    settings.SINGLE_SIGN_ON_ROLE = "sales_rep"
    make.some_user(username="rita")
    company.account.update(name="Rita Newcomer", preferred_username="Rita")
    browser, _answer = go(company)
    assert is_in(browser)
    made = User.objects.get(name="Rita Newcomer")
    assert (made.username, made.email, made.role) == ("rita@example.com", "rita@example.com", role)
    assert not made.has_usable_password()
    assert AuditEntry.objects.get(verb="user.create").actor_name == "OpenID Connect"


def test_nobody_becomes_an_administrator_like_that(company: Company, settings: Any) -> None:
    make.some_role(code="boss", administrator=True)
    settings.SINGLE_SIGN_ON_ROLE = "boss"
    assert not is_in(go(company)[0])
    assert not User.objects.exists()


@pytest.mark.parametrize("bend", [{"issuer": "https://evil.example"}, {"audience": "another-client"}])
def test_a_token_of_another_issuer_or_for_another_client_is_refused(company: Company, bend: Any) -> None:
    some_person(email="rita@example.com")
    vars(company).update(bend)
    browser, answer = go(company)
    assert "did not go through" in answer.content.decode()
    assert not is_in(browser)


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(company: Company) -> None:
    some_person(email="rita@example.com")
    planted = company.approve(Client().get(DOOR)["Location"])
    victim = Client()
    assert victim.get(planted).status_code == 403
    assert not is_in(victim)


def test_an_answer_counts_once(company: Company) -> None:
    some_person(email="rita@example.com")
    browser = Client()
    back = company.approve(browser.get(DOOR)["Location"])
    browser.get(back)
    browser.post("/sign-out/")
    assert browser.get(back).status_code == 403
    assert not is_in(browser)


def test_the_second_factor_is_asked_here_too(company: Company) -> None:
    rita = some_person(email="rita@example.com")
    set_up_app(sign_in(rita))
    browser, answer = go(company)
    assert answer["Location"] == "/sign-in/second-factor/"
    assert not is_in(browser)


def test_nobody_is_sent_elsewhere_by_the_company(company: Company) -> None:
    some_person(email="rita@example.com")
    _browser, answer = go(company, door=f"{DOOR}?next=https://evil.example/")
    assert answer["Location"] == "/"


def test_a_company_that_does_not_answer_is_said_in_words(company: Company, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )
    answer = Client().get(DOOR)
    assert answer.status_code == 403
    assert "does not answer" in answer.content.decode()


def test_without_an_issuer_there_is_no_such_door() -> None:
    assert "/sign-in/with/" not in Client().get("/sign-in/").content.decode()
    assert Client().get(DOOR).status_code == 404


@pytest.mark.parametrize(
    "issuer", ["http://id.example.com", "id.example.com", "http://localhost.evil.example"]
)
def test_an_issuer_without_encryption_is_refused_at_the_start(issuer: str) -> None:
    with pytest.raises(ValueError, match="must begin with https"):
        single_sign_on_settings({"CLIENTIER_OIDC_ISSUER": issuer, "CLIENTIER_OIDC_CLIENT_ID": "x"})
