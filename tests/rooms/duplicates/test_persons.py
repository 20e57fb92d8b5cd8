"""A contact and a customer who are one person are found, tied together or kept apart, and never merged."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from clientier.core.actor import Reach, system
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.core.undo import undo
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.commands import searching
from clientier.rooms.duplicates.commands.merging import merge_contacts
from clientier.rooms.duplicates.models import ContactMerge, DuplicatePair, PersonPair
from clientier.rooms.parties.models import Contact, Customer, Relation
from clientier.rooms.people.queries import actor_of
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
KINDS = ("parties.customer", "parties.contact", "parties.relation", "duplicates.personpair")


def anybody() -> Any:
    return make.acting(make.administrator())


def searched() -> searching.Found:
    pytest.importorskip("splink", reason="Splink is of the extra dedupe")
    return searching.search_duplicates(actor=system(), at=NOW)


def ada(**facts: Any) -> tuple[Contact, Customer]:
    """The same person as a contact and as a customer."""
    contact = make.some_contact(
        make.some_customer(name="Acme"), name="Ada Lovelace", email="ada@lovelace.example"
    )
    return contact, make.some_person(name="Lovelace, Ada", email="ada@lovelace.example", **facts)


def some_others() -> None:
    """People who are nobody else, as contacts and as customers: among few, every name is frequent."""
    for n in range(30):
        given, family = (
            f"{'bdfgklmn'[n % 8]}a{'rstvwxz'[n % 7]}el",
            f"{'BDFGKLMN'[n // 8]}o{'rstvwxz'[n % 7]}mann",
        )
        make.some_contact(
            make.some_customer(name=f"{family} {n} Ltd"),
            name=f"{given} {family}",
            email=f"{given}{n}@a.example",
        )
        make.some_person(name=f"{given[::-1]} {family}son", email=f"p{n}@{family}.example")


def said(pair: PersonPair, **facts: Any) -> Any:
    return searching.say_same_person(pair, actor=facts.pop("actor", None) or anybody(), at=NOW, **facts)


def test_a_contact_who_is_a_customer_is_proposed_and_once_tied_never_again() -> None:
    some_others()
    contact, customer = ada()
    assert searched() == searching.Found(open=1, new=1, compared=93)
    pair = PersonPair.objects.get()
    assert (pair.first, pair.second, pair.state) == (contact, customer, PairState.OPEN)
    assert pair.probability > 0.9
    assert pair.evidence["email"][0] == "equal"
    browser = make.signed_in(make.administrator())
    page = browser.get(f"/person-duplicates/{pair.pk}/").content.decode()
    assert "Same person" in page
    assert "ada@lovelace.example" in page
    assert "Merge …" not in page
    assert browser.post(f"/person-duplicates/{pair.pk}/same-person/").status_code == 302
    relation = Relation.objects.get()
    assert (relation.from_contact, relation.kind, relation.to_customer) == (contact, "same_person", customer)
    pair.refresh_from_db()
    assert pair.state == PairState.TIED
    PersonPair.objects.all().delete()
    assert searched().open == 0


def test_who_was_said_not_to_be_the_same_comes_back_when_compared_facts_change() -> None:
    some_others()
    contact, _customer = ada()
    searched()
    pair = PersonPair.objects.get()
    searching.keep_apart(pair, actor=anybody(), at=NOW)
    assert searched().open == 0
    Contact.objects.filter(pk=contact.pk).update(phone="+44 113 496 0000")
    assert searched().open == 1


def test_a_company_of_the_same_name_and_mail_is_no_person() -> None:
    some_others()
    _contact, customer = ada()
    Customer.objects.filter(pk=customer.pk).update(kind="company")
    searched()
    assert not PersonPair.objects.exists()


def test_whoever_is_tied_to_one_post_of_a_person_is_not_proposed_for_the_others() -> None:
    some_others()
    contact, customer = ada()
    make.some_contact(name="Ada Lovelace", email="ada@lovelace.example", same_person_as=contact)
    make.some_relation(contact.customer, customer, from_contact=contact, kind="same_person")
    assert searched().open == 0


def test_a_tie_that_is_there_already_is_not_made_twice() -> None:
    contact, customer = ada()
    other = make.some_contact(same_person_as=contact)
    make.some_relation(customer, contact.customer, to_contact=contact, kind="same_person")
    said(make.some_person_pair(other, customer))
    assert Relation.objects.count() == 1


def test_tying_is_undone_with_its_relation() -> None:
    pair, actor = make.some_person_pair(), anybody()
    said(pair, actor=actor)
    undo(actor.request_id, actor=actor)
    pair.refresh_from_db()
    assert (pair.state, Relation.objects.count()) == (PairState.OPEN, 0)


def test_a_decided_pair_is_not_decided_again() -> None:
    pair = make.some_person_pair()
    said(pair)
    with pytest.raises(Conflict):
        searching.keep_apart(pair, actor=anybody(), at=NOW)


def test_tying_asks_for_the_right_to_add_a_relation() -> None:
    user = make.some_user()
    for kind in KINDS:
        make.grant(user.role, kind, Reach.ALL, ["view", "change"])
    pair = make.some_person_pair()
    page = make.signed_in(user).get(f"/person-duplicates/{pair.pk}/").content.decode()
    assert "Same person" not in page
    with pytest.raises(NotAllowed):
        said(pair, actor=actor_of(user))
    pair.refresh_from_db()
    assert (pair.state, Relation.objects.count()) == (PairState.OPEN, 0)


@pytest.mark.parametrize("whose", ["contact", "customer"])
def test_a_pair_is_seen_by_those_alone_who_reach_both(whose: str) -> None:
    user, other = make.some_user(), make.some_user()
    for kind in KINDS:
        make.grant(user.role, kind, Reach.OWN)
    owners = (user, other) if whose == "contact" else (other, user)
    pair = make.some_person_pair(
        make.some_contact(make.some_customer(owner=owners[0])), make.some_person(owner=owners[1])
    )
    browser = make.signed_in(user)
    assert browser.get(f"/person-duplicates/{pair.pk}/").status_code == 404
    assert str(pair.second) not in browser.get("/person-duplicates/").content.decode()
    with pytest.raises(NotFound):
        said(pair, actor=actor_of(user))


def test_what_one_may_not_read_is_not_told_beside_the_other() -> None:
    role = make.some_role()
    for kind in KINDS:
        make.grant(role, kind, Reach.ALL)
    make.field_rule(role, "parties.contact", "email", "hidden")
    contact, customer = ada()
    pair = make.some_person_pair(contact, customer, evidence={"email": ["equal", 9.0]})
    page = make.signed_in(make.some_user(role=role)).get(f"/person-duplicates/{pair.pk}/").context["page"]
    panels = {each["slug"]: each["context"] for each in (*page["main"], *page["side"])}
    assert [head["label"] for head in panels["both"]["columns"]] == ["Field", "Contact", "Customer"]
    rows = {row[0]: [cell.text for cell in row[1:]] for row in panels["both"]["rows"]}
    assert rows["E-mail"] == ["", "ada@lovelace.example"]
    assert "why" not in panels or not panels["why"]


def test_both_cards_lead_to_the_pair() -> None:
    pair = make.some_person_pair()
    browser = make.signed_in(make.administrator())
    for url in (f"/contacts/{pair.first_id}/", f"/customers/{pair.second_id}/"):
        page = browser.get(url).content.decode()
        assert f"/person-duplicates/{pair.pk}/" in page
        assert "Perhaps the same person" in page


def test_the_api_ties_and_keeps_apart() -> None:
    browser = make.signed_in(make.administrator())
    tied, apart = make.some_person_pair(), make.some_person_pair()

    def post(pair: PersonPair, what: str) -> Any:
        url, body = f"/api/v1/person-duplicates/{pair.pk}/{what}", json.dumps({"reason": "I know her"})
        return browser.post(url, body, content_type="application/json").json()

    assert post(tied, "same-person")["state"] == PairState.TIED
    assert post(apart, "keep-apart") == {
        "id": apart.pk, "first": apart.first_id, "second": apart.second_id, "state": "distinct", "reason": "I know her",
    }  # fmt: skip
    assert Relation.objects.get().to_customer == tied.second


def test_customers_are_not_said_to_be_the_same_person() -> None:
    with pytest.raises(NotFound):
        searching.say_same_person(make.some_pair(), actor=anybody(), at=NOW)
    assert DuplicatePair.objects.get().state == PairState.OPEN


def test_a_pair_goes_along_when_its_contact_becomes_part_of_another() -> None:
    contact, customer = ada()
    kept = make.some_contact(contact.customer)
    pair = make.some_person_pair(contact, customer)
    merge_contacts(ContactMerge, actor=anybody(), survivor=kept, others=[contact], at=NOW)
    pair.refresh_from_db()
    assert (pair.first, pair.second) == (kept, customer)


def test_a_contact_on_its_way_in_is_told_to_be_a_customer_and_the_other_way_round() -> None:
    contact, customer = ada()
    make.some_customer(name="Ada Lovelace Ltd", email="ada@lovelace.example")
    browser, typed = (
        make.signed_in(make.administrator()),
        {"name": "ada lovelace", "email": "ada@lovelace.example"},
    )
    told = browser.get("/contacts/alike/", typed)
    assert [each["record"] for each in told.context["known"]] == [customer]
    assert "Known as a customer?" in told.content.decode()
    told = browser.get("/customers/alike/", {**typed, "kind": "person"})
    assert [each["record"] for each in told.context["known"]] == [contact]
    assert browser.get("/customers/alike/", {**typed, "kind": "company"}).context["known"] == []


@pytest.mark.parametrize("ends", ["two customers", "a company", "two contacts"])
def test_only_a_contact_and_a_person_can_be_the_same(ends: str) -> None:
    contact, person = ada()
    facts: dict[str, Any] = {
        "two customers": {"from_customer": contact.customer, "to_customer": person},
        "a company": {
            "from_customer": contact.customer, "from_contact": contact, "to_customer": make.some_customer(),
        },
        "two contacts": {
            "from_customer": contact.customer, "from_contact": contact, "to_customer": person,
            "to_contact": make.some_contact(person),
        },
    }[ends]  # fmt: skip
    with pytest.raises(ValidationError, match="Only a contact and a customer who is a person"):
        Relation(kind="same_person", **facts).full_clean()


def test_a_person_and_a_contact_of_hers_can_be_the_same() -> None:
    person = make.some_person()
    Relation(
        kind="same_person", from_customer=person, to_customer=person, to_contact=make.some_contact(person)
    ).full_clean()
