"""Contacts kept twice are found, decided, merged and taken apart as customers are; posts of one person are tied."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from clientier.core import commands
from clientier.core.actor import Reach, system
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.core.models import AuditEntry, PersonKey, TrashedRecord
from clientier.core.undo import undo
from clientier.rooms.activities.models import Interaction
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.commands import searching
from clientier.rooms.duplicates.commands.merging import merge_contacts, merge_customers
from clientier.rooms.duplicates.commands.unmerging import undo_contact_merge
from clientier.rooms.duplicates.models import ContactMerge, ContactPair, Merge
from clientier.rooms.duplicates.queries.kinds import CONTACTS
from clientier.rooms.duplicates.queries.survivors import survivors_by_number
from clientier.rooms.parties.commands.erasure import forget_person
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.parties.queries.contacts import tied_to
from clientier.rooms.people.queries import actor_of
from tests import factories as make
from tests.kit.imports.running import imported

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)


def searched() -> searching.Found:
    pytest.importorskip("splink", reason="Splink is of the extra dedupe")
    return searching.search_duplicates(actor=system(), at=NOW)


def anybody() -> Any:
    return make.acting(make.administrator())


def merged(survivor: Contact, *others: Contact, **facts: Any) -> ContactMerge:
    made: ContactMerge = merge_contacts(
        ContactMerge,
        actor=facts.pop("actor", None) or anybody(),
        survivor=survivor,
        others=others,
        at=NOW,
        **facts,
    )
    return made


def twice(acme: Customer | None = None) -> tuple[Contact, Contact]:
    acme = acme or make.some_customer(name="Acme")
    one = make.some_contact(acme, name="Ada Lovelace", phone="+44 113 496 0000")
    return one, make.some_contact(acme, name="Lovelace, Ada", phone="0113 496 0000", email="ada@acme.example")


def some_others(number: int = 40) -> None:
    """People who are nobody else: among few, every name is frequent and tells little."""
    for n in range(number):
        given, family = (
            f"{'bdfgklmn'[n % 8]}a{'rstvwxz'[n % 7]}el",
            f"{'BDFGKLMN'[n // 8]}o{'rstvwxz'[n % 7]}mann",
        )
        elsewhere = make.some_customer(name=f"{family} {n} Ltd")
        phone, email = f"0161 {200 + n} {3000 + 37 * n}", f"{given}{n}@{family}.example"
        make.some_contact(elsewhere, name=f"{given} {family}", phone=phone, email=email)


def test_every_field_that_is_filled_in_of_a_contact_can_be_chosen() -> None:
    apart = {"id", "customer", "erased_on", "sort_key", "search", "likeness", "custom"}
    assert {field.name for field in Contact._meta.concrete_fields} - apart == set(CONTACTS.fields)


def test_a_contact_kept_twice_is_found_and_a_colleague_with_the_same_phone_is_not() -> None:
    some_others()
    one, other = twice()
    make.some_contact(one.customer, name="Charles Babbage", phone="0113 496 0000")
    assert searched().open == 1
    pair = ContactPair.objects.get()
    assert (pair.first, pair.second, pair.state) == (one, other, PairState.OPEN)
    assert pair.probability > 0.9
    assert pair.evidence["employer"][0] == "equal"


def test_a_person_with_posts_at_two_customers_is_proposed_and_tied_for_good() -> None:
    some_others()
    one = make.some_contact(
        make.some_customer(name="Acme"), name="Ada Lovelace", email="ada@lovelace.example"
    )
    other = make.some_contact(
        make.some_customer(name="Zeppelin"), name="Ada Lovelace", email="ada@lovelace.example"
    )
    searched()
    pair = ContactPair.objects.get()
    browser = make.signed_in(make.administrator())
    page = browser.get(f"/contact-duplicates/{pair.pk}/").content.decode()
    assert "Same person" in page
    assert "Merge …" not in page
    assert browser.post(f"/contact-duplicates/{pair.pk}/same-person/").status_code == 302
    pair.refresh_from_db()
    other.refresh_from_db()
    assert (pair.state, other.same_person_as) == (PairState.TIED, one)
    assert searched() == searching.Found(open=0, new=0, compared=84)
    pair.refresh_from_db()
    assert pair.state == PairState.TIED


def test_a_tie_that_is_there_already_is_not_cut_by_another() -> None:
    one, two, three = (make.some_contact() for _ in range(3))
    Contact.objects.filter(pk=three.pk).update(same_person_as=two)
    three.refresh_from_db()
    searching.say_same_person(make.some_contact_pair(one, three), actor=anybody(), at=NOW)
    ties = dict(Contact.objects.values_list("pk", "same_person_as"))
    assert ties == {one.pk: three.pk, two.pk: None, three.pk: two.pk}


def test_saying_so_asks_for_the_right_to_change_the_contact() -> None:
    user = make.some_user()
    for kind, actions in (("duplicates.contactpair", ["view", "change"]), ("parties.contact", ["view"])):
        make.grant(user.role, kind, Reach.ALL, actions)
    make.grant(user.role, "parties.customer", Reach.ALL, ["view"])
    pair = make.some_contact_pair()
    with pytest.raises(NotAllowed):
        searching.say_same_person(pair, actor=actor_of(user), at=NOW)
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN
    assert not Contact.objects.exclude(same_person_as=None).exists()


def test_merging_fills_up_moves_what_belongs_to_both_and_comes_apart_again() -> None:
    one, other = twice()
    below = make.some_contact(one.customer, name="Byron", reports_to=other)
    talk = make.some_interaction(one.customer, contact=other)
    Contact.objects.filter(pk=other.pk).update(do_not_contact=True, external_id="K7", reports_to=one)
    make.some_contact_pair(one, other)
    merge = merged(one, other)
    one.refresh_from_db()
    assert (one.email, one.do_not_contact, one.external_id, one.reports_to) == (
        "ada@acme.example",
        True,
        "K7",
        None,
    )
    assert (Contact.objects.get(pk=below.pk).reports_to, Interaction.objects.get(pk=talk.pk).contact) == (
        one,
        one,
    )
    assert not ContactPair.objects.exists()
    assert survivors_by_number(["K7"], Contact) == {"K7": one.pk}
    assert make.signed_in(make.administrator()).get(f"/contacts/{other.pk}/").headers["Location"] == (
        f"/contacts/{one.pk}/"
    )
    undone = undo_contact_merge(merge, actor=anybody(), at=NOW)
    assert undone.left_as_is == []
    back = Contact.objects.get(pk=other.pk)
    assert (back.name, back.external_id, back.reports_to_id) == ("Lovelace, Ada", "K7", one.pk)
    assert back.do_not_contact is True
    one.refresh_from_db()
    assert (one.email, one.do_not_contact, one.external_id) == ("", False, None)
    assert (Contact.objects.get(pk=below.pk).reports_to, Interaction.objects.get(pk=talk.pk).contact) == (
        back,
        back,
    )
    assert ContactPair.objects.get().state == PairState.OPEN


def test_a_merge_is_taken_back_by_its_toast() -> None:
    one, other = twice()
    actor = anybody()
    merged(one, other, actor=actor)
    undo(actor.request_id, actor=actor)
    assert Contact.objects.filter(pk__in=[one.pk, other.pk]).count() == 2
    with pytest.raises(NotFound):
        undo(actor.request_id, actor=actor)


def test_it_comes_apart_after_its_customer_was_merged_away_too() -> None:
    one, other = twice()
    merge = merged(one, other)
    zeppelin = make.some_customer(name="Zeppelin")
    merge_customers(Merge, actor=anybody(), survivor=zeppelin, others=[one.customer], at=NOW)
    undo_contact_merge(merge, actor=anybody(), at=NOW)
    assert set(Contact.objects.values_list("name", "customer")) == {
        ("Ada Lovelace", zeppelin.pk), ("Lovelace, Ada", zeppelin.pk),
    }  # fmt: skip


def test_all_posts_that_were_tied_to_one_of_them_are_tied_to_what_remains() -> None:
    one, other = twice()
    zed = make.some_contact(name="Zed")
    posts = [make.some_contact(name="Ada"), make.some_contact(name="Ada", same_person_as=zed)]
    for each, post in zip((one, other), posts, strict=True):
        Contact.objects.filter(pk=each.pk).update(same_person_as=post)
    ties = dict(Contact.objects.values_list("pk", "same_person_as"))
    merge = merged(one, other)
    assert tied_to(Contact.objects.get(pk=one.pk)) == {zed.pk, *(post.pk for post in posts)}
    undone = undo_contact_merge(merge, actor=anybody(), at=NOW)
    assert undone.left_as_is == []
    assert dict(Contact.objects.values_list("pk", "same_person_as")) == ties


def test_posts_at_two_customers_are_not_made_one() -> None:
    one, other = make.some_contact(), make.some_contact()
    with pytest.raises(Conflict):
        merged(one, other)
    assert Contact.objects.count() == 2


def test_whoever_is_there_in_one_of_them_has_not_left() -> None:
    one, other = twice()
    Contact.objects.filter(pk=one.pk).update(left_on=dt.date(2025, 1, 1))
    one.refresh_from_db()
    merged(one, other)
    one.refresh_from_db()
    assert one.left_on is None


def test_two_are_merged_on_the_page_as_chosen() -> None:
    one, other = twice()
    browser = make.signed_in(make.administrator())
    page = browser.get(f"/contacts/merge/?ids={one.pk}&ids={other.pk}").content.decode()
    assert "Merge contacts" in page
    posted = {"ids": [one.pk, other.pk], "survivor": one.pk, "field-name": other.pk, "merge": "1"}
    assert browser.post("/contacts/merge/", posted).headers["Location"] == f"/contacts/{one.pk}/"
    one.refresh_from_db()
    assert one.name == "Lovelace, Ada"
    assert browser.get("/contact-merges/").status_code == 200
    merge = ContactMerge.objects.get()
    assert browser.post(f"/contact-merges/{merge.pk}/undo/").status_code == 302
    assert Contact.objects.count() == 2


def test_the_card_of_a_contact_names_the_pair_to_who_sees_both_alone() -> None:
    user = make.some_user()
    for kind in ("parties.customer", "parties.contact", "duplicates.contactpair"):
        make.grant(user.role, kind, Reach.OWN, ["view"])
    mine = make.some_contact(make.some_customer(owner=user))
    pair = make.some_contact_pair(mine, make.some_contact(make.some_customer(owner=None)))
    browser = make.signed_in(user)
    assert browser.get(f"/contact-duplicates/{pair.pk}/").status_code == 404
    assert "Possible duplicate" not in browser.get(f"/contacts/{mine.pk}/").content.decode()
    Customer.objects.update(owner=user)
    assert browser.get(f"/contact-duplicates/{pair.pk}/").status_code == 200
    assert "Possible duplicate" in browser.get(f"/contacts/{mine.pk}/").content.decode()


def test_who_decides_about_contacts_alone_may_search_and_is_offered_no_tie_they_may_not_write() -> None:
    user = make.some_user()
    for kind in ("parties.customer", "parties.contact", "duplicates.contactpair"):
        make.grant(user.role, kind, Reach.OWN, ["view", "change"])
    browser, mine = make.signed_in(user), make.some_customer(owner=user)
    pair = make.some_contact_pair(make.some_contact(mine), make.some_contact(mine))
    assert "Search now" in browser.get("/contact-duplicates/").content.decode()
    assert browser.post("/duplicates/search/").headers["Location"] == "/contact-duplicates/?f=state:in:open"
    url = f"/contact-duplicates/{pair.pk}/"
    assert f"{url}same-person/" in browser.get(url).content.decode()
    make.field_rule(user.role, "parties.contact", "same_person_as", "locked")
    assert f"{url}same-person/" not in browser.get(url).content.decode()


def test_over_the_api_they_are_found_decided_and_merged() -> None:
    one, other = twice()
    api: Client = make.speaking(make.administrator())

    def posted(path: str, **body: Any) -> Any:
        return api.post(f"/api/v1/{path}", json.dumps(body), "application/json").json()

    assert [each["id"] for each in api.get(f"/api/v1/contacts/{one.pk}/duplicates").json()] == [other.pk]
    pair = make.some_contact_pair(one, other)
    assert posted(f"contact-duplicates/{pair.pk}/keep-apart", reason="Twins")["state"] == "distinct"
    assert posted(f"contact-duplicates/{pair.pk}/same-person")["code"] == "conflict"
    done = posted(f"contacts/{one.pk}/merge", others=[other.pk])
    assert (done["survivor"], done["merged"]) == (one.pk, [other.pk])
    assert posted(f"contact-merges/{done['id']}/undo")["restored"] == [other.pk]
    elsewhere = make.some_contact_pair()
    assert posted(f"contact-duplicates/{elsewhere.pk}/same-person")["state"] == "tied"
    assert AuditEntry.objects.filter(verb="contact.change").count() == 1


@pytest.mark.parametrize(
    ("heads", "first", "second"),
    [("Contact number,Name", "K1,Ada", "K7,Ada L"), ("Name,Department", "Ada,Sales", "Ada L,Sales")],
)
def test_a_row_of_one_that_was_merged_is_one_of_what_remains(
    tmp_path: Path, heads: str, first: str, second: str
) -> None:
    make.some_customer(external_id="C1")
    file = tmp_path / "contacts.csv"
    file.write_text(f"{heads},Customer number,Job title\n{first},C1,Poet\n{second},C1,Poet\n")
    imported(file, "contacts")
    one, other = Contact.objects.order_by("name")
    merged(one, other)
    file.write_text(f"{heads},Customer number,Job title\n{second},C1,Countess\n")
    imported(file, "contacts")
    assert list(Contact.objects.values_list("pk", "job_title")) == [(one.pk, "Countess")]


def test_who_was_merged_and_then_erased_is_not_imported_anew(tmp_path: Path) -> None:
    acme = make.some_customer(external_id="C1")
    one, other = (make.some_contact(acme, name="Ada", external_id=number) for number in ("K1", "K7"))
    merged(one, other)
    forget_person(one, actor=anybody(), day=dt.date(2026, 3, 3))
    file = tmp_path / "contacts.csv"
    file.write_text("Contact number,Name,Customer number\nK7,Ada,C1\n")
    imported(file, "contacts")
    assert [(each.pk, each.name == "Ada") for each in Contact.objects.all()] == [(one.pk, False)]


def test_what_was_merged_is_erased_from_the_trash_with_another_post_of_the_person() -> None:
    one, other = twice()
    merged(one, other)
    post = make.some_contact(name="Ada", same_person_as=one)
    commands.delete(one.customer, actor=anybody())
    post.refresh_from_db()
    forget_person(post, actor=anybody(), day=dt.date(2026, 3, 3))
    kept = TrashedRecord.objects.get()
    assert "Lovelace" not in json.dumps(kept.removed)
    assert [each["record"] for each in kept.removed if "key" not in each] == []
    assert not PersonKey.objects.filter(record="parties.contact", record_id__in=[one.pk, other.pk]).exists()
    assert commands.restore(Customer, actor=anybody(), trashed=kept).name == "Acme"
    post.refresh_from_db()
    assert post.same_person_as is None
