"""What customers and people are to each other: worded from both ends, seen by who reaches both, kept when ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.rooms.parties.commands.relations import write_relations
from clientier.rooms.parties.models import Relation
from clientier.rooms.people.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
KINDS = ("parties.customer", "parties.contact", "parties.relation")


def panel(client: Client, record: Any, kind: str = "customers") -> Any:
    page = client.get(f"/{kind}/{record.pk}/").context["page"]
    return next((p["context"] for p in page["side"] if p["slug"] == "relations"), None)


def told(shown: Any, part: str = "held") -> list[tuple[str, Any]]:
    return [(str(each["kind"]), each["contact"] or each["customer"]) for each in shown[part]]


def granted(role: Role, reach: Reach) -> None:
    for kind in KINDS:
        make.grant(role, kind, reach)


def test_both_cards_tell_a_relation_each_in_its_own_words() -> None:
    dealer, maker = make.some_customer(), make.some_customer()
    make.some_relation(dealer, maker, kind="dealer_of")
    browser = make.signed_in(make.administrator())
    assert told(panel(browser, dealer)) == [("Dealer of", maker)]
    assert told(panel(browser, maker)) == [("Sells through", dealer)]


def test_a_relation_of_a_contact_stands_on_its_card_and_on_the_card_of_its_customer() -> None:
    customer, other = make.some_customer(), make.some_customer()
    contact, colleague = make.some_contact(customer), make.some_contact(customer)
    make.some_relation(customer, other, from_contact=contact, kind="introduced_by")
    browser = make.signed_in(make.administrator())
    assert told(panel(browser, contact, "contacts")) == [("Introduced by", other)]
    assert told(panel(browser, colleague, "contacts")) == []
    assert panel(browser, customer)["held"][0]["by_way_of"] == contact
    assert told(panel(browser, other)) == [("Introduced", contact)]


@pytest.mark.parametrize("reach", [Reach.OWN, Reach.TEAM, Reach.TERRITORY])
def test_a_relation_is_seen_and_changed_by_those_alone_who_reach_both_ends(reach: Reach) -> None:
    team, territory = make.some_team(), make.some_territory()
    user = make.some_user(team=team, territory=territory)
    granted(user.role, reach)
    reached = {
        Reach.OWN: {"owner": user},
        Reach.TEAM: {"owner": make.some_user(team=team)},
        Reach.TERRITORY: {"territory": territory},
    }[reach]
    mine, theirs = make.some_customer(owner=user), make.some_customer(owner=make.some_user())
    both = make.some_relation(mine, make.some_customer(**reached))
    one_sided = [make.some_relation(mine, theirs), make.some_relation(theirs, mine)]
    browser, api = make.signed_in(user), make.speaking(user)
    assert [row["pk"] for row in browser.get("/relations/").context["listing"]["rows"]] == [both.pk]
    assert [item["id"] for item in api.get("/api/v1/relations/").json()["items"]] == [both.pk]
    assert len(panel(browser, mine)["held"]) == 1
    for relation in one_sided:
        assert browser.get(f"/relations/{relation.pk}/").status_code == 404
        assert browser.post(f"/relations/{relation.pk}/end/", {"on": "2026-01-01"}).status_code == 404
        assert browser.post(f"/relations/{relation.pk}/delete/").status_code == 404
    assert Relation.objects.filter(until=None).count() == 3


def test_nobody_ties_a_customer_to_one_out_of_reach() -> None:
    user = make.some_user()
    granted(user.role, Reach.OWN)
    mine, theirs = make.some_customer(owner=user), make.some_customer()
    facts = {"way": "dealer_of:from", "other": theirs.pk}
    assert make.signed_in(user).post(f"/customers/{mine.pk}/relate/", facts).status_code == 422
    body = {"from_customer": mine.pk, "to_customer": theirs.pk, "kind": "dealer_of"}
    api = make.speaking(user)
    assert api.post("/api/v1/relations/", body, "application/json").status_code == 404
    row = {
        "external_id": "R1", "from_customer_id": mine.pk, "to_customer_id": theirs.pk, "kind": "dealer_of",
        "note": "",
    }  # fmt: skip
    actor = make.acting(user, reach=Reach.OWN, kinds=KINDS)
    assert write_relations([row], actor=actor).out_of_reach == [0]
    assert not Relation.objects.exists()


def test_a_relation_shown_to_all_does_not_name_customers_that_one_may_not_see() -> None:
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.OWN)
    make.grant(user.role, "parties.relation", Reach.ALL)
    make.grant(user.role, "parties.contact", Reach.ALL)
    mine = make.some_customer(owner=user)
    make.some_relation(mine, make.some_customer())
    assert panel(make.signed_in(user), mine)["held"] == []


@pytest.mark.parametrize(("way", "forward"), [("dealer_of:from", True), ("dealer_of:to", False)])
def test_a_relation_is_added_from_a_card_in_either_direction(way: str, forward: bool) -> None:
    here, there = make.some_customer(), make.some_customer()
    contact = make.some_contact(there)
    facts = {"way": way, "other_contact": contact.pk, "since": "2024-02-29", "note": "North"}
    page = make.signed_in(make.administrator()).post(f"/customers/{here.pk}/relate/", facts)
    assert page.url == f"/customers/{here.pk}/"
    made = Relation.objects.get()
    first = (made.from_customer, made.from_contact)
    second = (made.to_customer, made.to_contact)
    assert (first, second) == (
        ((here, None), (there, contact)) if forward else ((there, contact), (here, None))
    )
    assert (made.since, made.note) == (dt.date(2024, 2, 29), "North")
    assert AuditEntry.objects.get().verb == "record.create"


def test_the_other_end_must_be_named() -> None:
    here = make.some_customer()
    page = make.signed_in(make.administrator()).post(
        f"/customers/{here.pk}/relate/", {"way": "dealer_of:from"}
    )
    assert page.status_code == 422
    assert "Choose the other end" in page.content.decode()


def test_an_ended_relation_stands_apart() -> None:
    here, there = make.some_customer(), make.some_customer()
    relation = make.some_relation(here, there, since=dt.date(2020, 1, 1))
    browser = make.signed_in(make.administrator())
    early = browser.post(f"/relations/{relation.pk}/end/", {"on": "2019-12-31"})
    assert early.status_code == 422
    assert "cannot end before it began" in early.content.decode()
    browser.post(f"/relations/{relation.pk}/end/", {"on": "2021-06-30"})
    assert Relation.objects.get().until == dt.date(2021, 6, 30)
    shown = panel(browser, there)
    assert (told(shown), told(shown, "ended")) == ([], [("Advised by", here)])


def test_a_relation_has_two_ends() -> None:
    customer = make.some_customer()
    contact = make.some_contact(customer)
    make.some_relation(customer, customer, to_contact=contact)
    for same in (None, contact):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.some_relation(customer, customer, from_contact=same, to_contact=same)


def test_a_contact_stands_at_the_end_of_its_own_customer() -> None:
    facts = {
        "from_customer": make.some_customer(), "to_customer": make.some_customer(), "kind": "adviser_of",
        "from_contact": make.some_contact(name="Ada"),
    }  # fmt: skip
    with pytest.raises(ValidationError, match="Ada works for another customer"):
        commands.create(Relation, actor=make.acting(), changes=facts)


def test_an_imported_relation_is_found_again_by_its_number() -> None:
    here, there = make.some_customer(), make.some_customer()
    row = {"external_id": "R1", "from_customer_id": here.pk, "to_customer_id": there.pk, "kind": "dealer_of"}
    for note in ("first", "second"):
        write_relations([{**row, "note": note}], actor=make.acting())
    assert Relation.objects.get().note == "second"
