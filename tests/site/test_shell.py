from __future__ import annotations

import pytest

from clientier.core.actor import Reach
from clientier.site.menu import menu
from tests import factories as make

pytestmark = pytest.mark.django_db


def places(user: object) -> set[str]:
    from clientier.rooms.people.queries import actor_of

    return {item["url"] for group in menu(actor_of(user), "/") for item in group["items"]}  # type: ignore[arg-type]


def test_the_navigation_offers_what_one_may_see() -> None:
    rep = make.some_user()
    assert "/customers/" not in places(rep)
    make.grant(rep.role, "parties.customer", Reach.OWN, ["view"])
    assert "/customers/" in places(rep)
    assert "/orders/" not in places(rep)
    assert "/settings/" not in places(rep)
    assert "/settings/" in places(make.administrator())


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_place_in_the_navigation_opens(language: str) -> None:
    boss = make.administrator(language=language)
    browser = make.signed_in(boss)
    for url in places(boss):
        assert browser.get(url).status_code == 200, url


def test_the_shell_names_the_user_and_what_can_be_made() -> None:
    rep = make.some_user(name="Ada Lovelace")
    make.grant(rep.role, "parties.customer", Reach.OWN, ["view", "add"])
    shell = make.signed_in(rep).get("/customers/").context["shell"]
    assert (shell["user"]["name"], shell["user"]["initials"]) == ("Ada Lovelace", "AL")
    assert [made["url"] for made in shell["create"]] == ["/customers/new/"]
