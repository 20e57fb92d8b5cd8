"""Completeness by what matters for the tier, confirmations, and reminders that never become spam."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from clientier.core.actor import Door, Reach, system
from clientier.core.commands import create, delete, update
from clientier.core.undo import undo
from clientier.kit.cells import Setting
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.people.models import User
from clientier.rooms.stewardship.choices import first_rules
from clientier.rooms.stewardship.commands.completeness import judge_cards, judge_what_changed
from clientier.rooms.stewardship.commands.confirmations import remind
from clientier.rooms.stewardship.commands.rules import NothingCounts, adopt_rules
from clientier.rooms.stewardship.models import Confirmation, Upkeep, UpkeepPolicy
from clientier.rooms.stewardship.queries.completeness import completeness_on_card
from clientier.rooms.value.models import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
SETTING = Setting(currency="CNY", today=TODAY)


def tiered(tier: str, profit: int = 0, **facts: Any) -> Customer:
    customer = make.some_customer(**facts)
    Standing.objects.create(customer=customer, tier=tier, net_profit=Decimal(profit))
    return customer


def state(customer: Customer) -> tuple[int, list[str]]:
    judge_cards()
    kept = Upkeep.objects.get(pk=customer.pk)
    return kept.completeness, kept.missing


def test_a_small_customer_needs_little_and_an_important_one_much() -> None:
    owner = make.some_user()
    facts = {"owner": owner, "phone": "1", "email": "a@example.com", "city": "Leeds", "industry": "Food"}
    small, important = tiered("small", **facts), tiered("important", **facts)
    for customer in (small, important):
        make.some_contact(customer)
    assert state(small) == (100, [])
    assert state(important) == (
        38,  # phone 3, e-mail 2, city 2, owner 3, industry 2, a contact 3: 15 of 39
        ["website", "employees", "registration", "reachable", "decider", "attitude", "basics", "characteristics",
         "condition", "trading"],
    )  # fmt: skip


def test_a_customer_without_a_tier_is_held_to_what_an_ordinary_one_is() -> None:
    plain, ordinary = make.some_customer(phone="1"), tiered("ordinary", phone="1")
    assert state(plain) == state(ordinary)


def test_a_group_of_the_profile_counts_when_half_of_it_is_filled_in() -> None:
    customer = tiered("important")
    profile = make.some_company_profile(customer, payment_terms="30 days", credit_state="good")
    assert "trading" in state(customer)[1]
    profile.cooperation = "willing"
    profile.save()
    assert "trading" not in state(customer)[1]


def test_one_who_left_is_nobody_to_ask() -> None:
    customer = tiered("major")
    person = make.some_contact(customer, decision_role="decider", phone="1", attitude="supporter")
    assert not {"contact", "reachable", "decider", "attitude"} & set(state(customer)[1])
    Contact.objects.filter(pk=person.pk).update(left_on=TODAY)
    assert {"contact", "reachable", "decider", "attitude"} <= set(state(customer)[1])


def test_what_was_written_is_judged_a_minute_later_and_nothing_else() -> None:
    actor = make.acting(make.some_user())
    changed, other = tiered("small"), tiered("small", city="Leeds")
    judge_cards()
    judge_what_changed()
    made = create(Contact, actor=actor, changes={"name": "Ada", "customer": changed})
    Customer.objects.filter(pk=other.pk).update(city="")  # behind the back of every command
    judge_what_changed()
    assert "contact" not in Upkeep.objects.get(pk=changed.pk).missing
    assert "city" not in Upkeep.objects.get(pk=other.pk).missing
    delete(made, actor=actor)
    judge_what_changed()
    assert "contact" in Upkeep.objects.get(pk=changed.pk).missing


def test_rules_are_data_and_a_tier_for_which_nothing_counts_is_refused() -> None:
    customer = tiered("small", phone="1")
    weights = first_rules()["weights"]
    only_phone = {"company": {code: [1, 1, 1, int(code == "phone")] for code in weights["company"]}}
    changes = {"weights": {**weights, **only_phone}}
    adopt_rules(UpkeepPolicy, actor=system(), changes=changes, reason="simpler")
    assert state(customer) == (100, [])
    nothing = {"weights": {**weights, "company": {code: [1, 1, 1, 0] for code in weights["company"]}}}
    with pytest.raises(NothingCounts):
        adopt_rules(UpkeepPolicy, actor=system(), changes=nothing, reason="no")
    assert UpkeepPolicy.objects.count() == 1


def test_the_card_leads_to_the_forms_that_take_what_is_missing() -> None:
    customer = tiered("important", phone="1")
    person = make.some_contact(customer, phone="1")
    judge_cards()
    shown = completeness_on_card(make.acting(make.some_user()), customer, SETTING)
    assert shown is not None
    ways = {each["label"]: each["url"] for each in shown["missing"]}
    assert ways["website"] == f"/customers/{customer.pk}/edit/?next=/customers/{customer.pk}/#id_website"
    assert ways["who decides"].startswith(f"/contacts/{person.pk}/edit/")
    assert ways["trading condition"].startswith(f"/customers/{customer.pk}/profile/trading/")


def test_who_may_only_look_gets_no_ways() -> None:
    customer, viewer = tiered("important"), make.some_user()
    judge_cards()
    grants = {
        (kind, "view"): Reach.ALL for kind in ("parties.customer", "parties.contact", "stewardship.upkeep")
    }
    shown = completeness_on_card(make.acting(viewer, kinds=["none"], grants=grants), customer, SETTING)
    assert shown is not None
    assert {each["url"] for each in shown["missing"]} == {""}


def test_completeness_sorts_and_filters_the_list() -> None:
    empty, full = make.some_customer(name="Empty"), make.some_customer(name="Full", phone="1", city="X")
    judge_cards()
    page = make.signed_in(make.administrator()).get("/customers/?order=-upkeep__completeness")
    assert [row["pk"] for row in page.context["listing"]["rows"]] == [full.pk, empty.pk]


def reminded(owner: User) -> list[str]:
    return list(
        Task.objects.filter(assigned_to=owner).order_by("pk").values_list("customer__name", flat=True)
    )


def test_reminders_come_for_the_most_valuable_first_and_never_more_than_allowed() -> None:
    owner = make.some_user()
    for number in range(8):
        tiered("major", profit=number, owner=owner, name=f"C{number}")
    judge_cards()
    assert remind(TODAY) == 5
    assert reminded(owner) == ["C7", "C6", "C5", "C4", "C3"]
    assert remind(TODAY + dt.timedelta(days=1)) == 0
    assert remind(TODAY + dt.timedelta(days=7)) == 3  # one a customer is open already


def test_what_was_confirmed_or_changed_lately_is_left_alone() -> None:
    owner = make.some_user()
    said, written, small = (tiered(t, owner=owner) for t in ("major", "major", "small"))
    make.some_confirmation(said, on=TODAY - dt.timedelta(days=200), by=owner)
    old = tiered("major", owner=owner, name="Old")
    make.some_confirmation(old, on=TODAY - dt.timedelta(days=300), by=owner)
    update(written, actor=make.acting(owner), changes={"city": "Leeds"})
    judge_cards()
    remind(TODAY)
    assert small.name not in reminded(owner)
    assert reminded(owner) == ["Old"]


def test_one_click_confirms_and_the_last_one_ends_the_reminder() -> None:
    owner = make.administrator()
    customer = tiered("major", owner=owner)
    person = make.some_contact(customer)
    judge_cards()
    remind(TODAY)
    browser = make.signed_in(owner)
    browser.post(f"/contacts/{person.pk}/confirm/")
    assert Task.objects.get().state == "open"
    browser.post(f"/customers/{customer.pk}/confirm/", {"subject": "customer"})
    assert Task.objects.get().state == "done"
    assert list(Confirmation.objects.order_by("pk").values_list("contact", "by")) == [
        (person.pk, owner.pk), (None, owner.pk)
    ]  # fmt: skip
    assert Upkeep.objects.get().confirmed_on is not None


def test_nobody_confirms_what_is_out_of_reach() -> None:
    rep = make.some_user()
    for kind in ("parties.customer", "parties.contact", "stewardship.confirmation"):
        make.grant(rep.role, kind, Reach.OWN)
    stranger = make.some_contact(make.some_customer(owner=make.some_user()))
    browser = make.signed_in(rep)
    assert browser.post(f"/contacts/{stranger.pk}/confirm/").status_code == 404
    assert browser.post(f"/customers/{stranger.customer_id}/confirm/", {"subject": "all"}).status_code == 404
    assert not Confirmation.objects.exists()


def test_entering_a_customer_can_be_undone_after_it_was_judged() -> None:
    actor = make.acting(make.some_user())
    made = create(Customer, actor=actor, changes={"name": "Acme"})
    judge_cards()
    undo(actor.request_id, actor=actor.through(Door.PAGE))
    assert not Customer.objects.filter(pk=made.pk).exists()
    assert not Upkeep.objects.exists()
