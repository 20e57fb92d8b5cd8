"""The pages of duplicates: a word in time, a queue under the rights, merging from the list, addresses that lead on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.models import DuplicatePair, Merge
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


def seen_by(reach: Reach, *kinds: str) -> User:
    user = make.some_user()
    for kind in kinds or (
        "parties.customer",
        "parties.contact",
        "duplicates.duplicatepair",
        "duplicates.merge",
    ):
        make.grant(user.role, kind, reach)
    return user


def typed(user: User, **facts: Any) -> str:
    return make.signed_in(user).get("/customers/alike/", {"kind": "company", **facts}).content.decode()


def test_the_form_of_a_new_customer_asks_and_that_of_an_old_one_does_not() -> None:
    browser = make.signed_in(make.administrator())
    assert 'hx-get="/customers/alike/"' in browser.get("/customers/new/").content.decode()
    assert 'hx-get="/contacts/alike/"' in browser.get("/contacts/new/").content.decode()
    customer = make.some_customer()
    assert "/customers/alike/" not in browser.get(f"/customers/{customer.pk}/edit/").content.decode()


def test_what_is_alike_is_named_with_why() -> None:
    make.some_customer(name="华为技术有限公司", phone="+86 755 2878 0808")
    page = typed(make.administrator(), name="深圳华为", phone="0755-28780808")
    assert "华为技术有限公司" in page
    assert "name much the same · same phone" in page


def test_nothing_alike_says_nothing() -> None:
    make.some_customer(name="Acme")
    assert typed(make.administrator(), name="Zeppelin").strip() == ""
    assert typed(make.administrator(), name="").strip() == ""


def test_nobody_is_told_of_a_record_that_they_may_not_see() -> None:
    make.some_customer(name="Acme Ltd", owner=make.some_user(), phone="+86 27 5550 2842")
    assert typed(seen_by(Reach.OWN), name="Acme", phone="+86 27 5550 2842").strip() == ""
    assert "Acme Ltd" in typed(seen_by(Reach.ALL), name="Acme")


def test_a_hidden_field_gives_nothing_away() -> None:
    user = seen_by(Reach.ALL)
    make.field_rule(user.role, "parties.customer", "phone", "hidden")
    make.some_customer(name="Zeppelin", phone="+86 27 5550 2842")
    assert typed(user, name="Acme", phone="+86 27 5550 2842").strip() == ""


def test_a_list_of_alike_ones_takes_few_questions(django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        make.some_customer(name=f"Acme {number}")
    browser = make.signed_in(make.administrator())
    browser.get("/customers/alike/", {"name": "Acme"})
    with django_assert_max_num_queries(14):
        browser.get("/customers/alike/", {"name": "Acme", "kind": "company"})


def test_a_pair_is_seen_by_who_reaches_both_and_by_nobody_else() -> None:
    user = seen_by(Reach.OWN)
    mine, mine_too = make.some_customer(owner=user), make.some_customer(owner=user)
    theirs = make.some_customer(owner=make.some_user())
    both, half = make.some_pair(mine, mine_too), make.some_pair(mine, theirs)
    browser = make.signed_in(user)
    assert browser.get(f"/duplicates/{both.pk}/").status_code == 200
    assert browser.get(f"/duplicates/{half.pk}/").status_code == 404
    assert browser.post(f"/duplicates/{half.pk}/keep-apart/").status_code == 404
    assert theirs.name not in browser.get("/duplicates/").content.decode()
    assert browser.get(f"/customers/merge/?ids={mine.pk}&ids={theirs.pk}").status_code == 404
    assert f"/duplicates/{both.pk}/" in browser.get(f"/customers/{mine.pk}/").content.decode()


def test_a_pair_is_kept_apart_with_the_reason() -> None:
    pair, user = make.some_pair(), make.administrator()
    browser = make.signed_in(user)
    assert browser.get(f"/duplicates/{pair.pk}/keep-apart/").status_code == 200
    answer = browser.post(f"/duplicates/{pair.pk}/keep-apart/", {"reason": "Mother and daughter"})
    assert answer.status_code == 302
    pair = DuplicatePair.objects.get()
    assert (pair.state, pair.reason, pair.decided_by) == (PairState.DISTINCT, "Mother and daughter", user)
    assert browser.post(f"/duplicates/{pair.pk}/keep-apart/", {"reason": "Again"}).status_code == 422


def merging(browser: Client, *customers: Customer, **facts: Any) -> Any:
    ids = [customer.pk for customer in customers]
    return browser.post("/customers/merge/", {"ids": ids, "merge": "1", **facts})


def test_the_page_shows_both_with_what_moves_and_merges_as_chosen() -> None:
    one, other = (
        make.some_customer(name="Acme", city="Wuhan"),
        make.some_customer(name="Acme Ltd", city="Xian"),
    )
    make.some_order(one)
    make.some_contact(one)
    browser = make.signed_in(make.administrator())
    page = browser.get(f"/customers/merge/?ids={other.pk}&ids={one.pk}")
    assert [each["label"] for each in page.context["page"]["moves"]] == ["Contacts", "Orders"]
    answer = merging(browser, one, other, survivor=other.pk, **{"field-city": one.pk})
    assert answer.headers["Location"] == f"/customers/{other.pk}/"
    other.refresh_from_db()
    assert (other.name, other.city) == ("Acme Ltd", "Wuhan")


def test_looking_with_another_one_remaining_merges_nothing() -> None:
    one, other = make.some_customer(), make.some_customer()
    browser = make.signed_in(make.administrator())
    page = browser.post("/customers/merge/", {"ids": [one.pk, other.pk], "survivor": other.pk, "look": "1"})
    assert page.context["page"]["survivor"] == other
    assert Customer.objects.count() == 2


def test_what_is_refused_is_said_on_the_page() -> None:
    user = seen_by(Reach.ALL, "parties.customer", "duplicates.merge")
    one, other = make.some_customer(), make.some_customer()
    user.role.grants.filter(record="parties.customer", action="delete").delete()
    answer = merging(make.signed_in(user), one, other)
    assert answer.status_code == 409
    assert "Your role does not allow this" in answer.content.decode()
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("number", [1, 21])
def test_one_alone_or_too_many_are_refused_in_words(number: int) -> None:
    ids = [make.some_customer().pk for _ in range(number)]
    query = "&".join(f"ids={key}" for key in ids)
    answer = make.signed_in(make.administrator()).get(f"/customers/merge/?{query}")
    assert answer.status_code == 400


def test_several_are_merged_from_the_list() -> None:
    customers = [make.some_customer() for _ in range(3)]
    browser = make.signed_in(make.administrator())
    assert "merge" in {each["slug"] for each in browser.get("/customers/").context["listing"]["bulk"]}
    ids = [each.pk for each in customers]
    answer = browser.post("/customers/bulk/", {"action": "merge", "ids": ids})
    assert answer.headers["Location"] == "/customers/merge/?" + "&".join(f"ids={key}" for key in ids)


def test_who_may_not_merge_is_not_offered_it() -> None:
    user = seen_by(Reach.ALL, "parties.customer")
    browser = make.signed_in(user)
    assert "merge" not in {each["slug"] for each in browser.get("/customers/").context["listing"]["bulk"]}
    assert browser.get("/customers/merge/?ids=1&ids=2").status_code == 403


def test_the_address_of_the_one_that_went_leads_to_the_one_that_remains() -> None:
    one, other = make.some_customer(name="Acme"), make.some_customer(name="Acme Ltd")
    user = make.administrator()
    browser = make.signed_in(user)
    merging(browser, one, other)
    answer = browser.get(f"/customers/{other.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/customers/{one.pk}/")
    api = make.speaking(user)
    answer = api.get(f"/api/v1/customers/{other.pk}")
    assert (answer.status_code, answer.headers["Location"]) == (307, f"../customers/{one.pk}")
    followed = api.get(f"/api/v1/customers/{other.pk}", follow=True)
    assert followed.json()["name"] == "Acme"
    assert api.delete(f"/api/v1/customers/{other.pk}").status_code == 404


def test_an_address_does_not_lead_to_what_is_out_of_reach() -> None:
    one, other = make.some_customer(owner=make.some_user()), make.some_customer()
    merging(make.signed_in(make.administrator()), one, other)
    user = seen_by(Reach.OWN)
    assert make.signed_in(user).get(f"/customers/{other.pk}/").status_code == 404
    assert make.speaking(user).get(f"/api/v1/customers/{other.pk}").status_code == 404


def test_the_page_of_a_merge_takes_it_back_once() -> None:
    one, other = make.some_customer(), make.some_customer()
    browser = make.signed_in(make.administrator())
    merging(browser, one, other)
    merge = Merge.objects.get()
    told = browser.get(f"/customers/{one.pk}/timeline/").content.decode()
    assert f"Merged into this: {other.name}" in told
    assert "Undo this merge" in browser.get(f"/merges/{merge.pk}/").content.decode()
    browser.post(f"/merges/{merge.pk}/undo/")
    assert Customer.objects.count() == 2
    assert "Undo this merge" not in browser.get(f"/merges/{merge.pk}/").content.decode()
    assert browser.get(f"/customers/{other.pk}/").status_code == 200
    page = browser.post(f"/merges/{merge.pk}/undo/", follow=True)
    assert "undone already" in page.content.decode()


def test_the_search_is_begun_once() -> None:
    browser = make.signed_in(make.administrator())
    for _ in range(2):
        assert browser.post("/duplicates/search/").status_code == 302
    assert make.signed_in(seen_by(Reach.NONE)).post("/duplicates/search/").status_code == 403


def test_facts_that_are_hidden_do_not_show_as_evidence() -> None:
    user = seen_by(Reach.ALL)
    make.field_rule(user.role, "parties.customer", "phone", "hidden")
    pair = make.some_pair(evidence={"phone": ["equal", 9.0], "core": ["near", 5.0]})
    told = {
        panel["slug"]: panel
        for panel in make.signed_in(user).get(f"/duplicates/{pair.pk}/").context["page"]["side"]
    }
    assert [fact["label"] for fact in told["why"]["context"]["facts"]] == ["Name"]


def test_a_merge_of_long_ago_is_taken_back_by_another_who_may() -> None:
    one, other = make.some_customer(), make.some_customer()
    merging(make.signed_in(make.administrator()), one, other)
    Merge.objects.update(merged_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    make.signed_in(seen_by(Reach.ALL)).post(f"/merges/{Merge.objects.get().pk}/undo/")
    assert Customer.objects.count() == 2
