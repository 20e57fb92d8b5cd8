from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from clientier.core import access, commands
from clientier.core.actor import Actor, Reach
from clientier.core.errors import NotAllowed, NotFound, OnLoan
from clientier.core.undo import undo
from clientier.rooms.parties.commands.shares import (
    NotLendable,
    answer_request,
    ask_for_card,
    end_share,
    share_customer,
)
from clientier.rooms.parties.models import Contact, Customer, LoanRequest, Share
from clientier.rooms.parties.queries.shares import open_requests
from clientier.rooms.people.commands.roles import grant_rights
from clientier.rooms.people.commands.users import update_user
from clientier.rooms.people.models import User
from clientier.rooms.people.queries import actor_of
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOON
LATER = NOW + dt.timedelta(days=2)
KINDS = ("parties.customer", "parties.contact", "parties.share")


@pytest.fixture
def world() -> SimpleNamespace:
    """Ada and Ben reach their own; Acme is Ada's, with a contact. Whatever is lent is lent to Ben."""
    ada, ben = make.some_user(name="Ada"), make.some_user(name="Ben", team=make.some_team())
    for user in (ada, ben):
        for kind in KINDS:
            make.grant(user.role, kind, Reach.OWN)
        make.grant(user.role, "parties.loanrequest", Reach.ALL)
    acme = make.some_customer(name="Acme", owner=ada, external_id="A1")
    return SimpleNamespace(ada=ada, ben=ben, acme=acme, contact=make.some_contact(acme))


def lend(world: SimpleNamespace, *, by: User | None = None, **facts: object) -> Share:
    changes = {"customer": world.acme, "user": world.ben, "reason": "visit", "until": LATER, **facts}
    made: Share = share_customer(Share, actor=actor_of(by or world.ada, now=NOW), changes=changes, now=NOW)
    return made


def ben_at(world: SimpleNamespace, now: dt.datetime = NOW) -> Actor:
    return actor_of(world.ben, now=now)


def test_what_is_lent_is_seen_with_what_belongs_to_it_until_the_moment_and_no_longer(
    world: SimpleNamespace,
) -> None:
    lend(world)
    assert access.get(ben_at(world), Customer, world.acme.pk) == world.acme
    assert access.get(ben_at(world), Contact, world.contact.pk) == world.contact
    just_before = LATER - dt.timedelta(seconds=1)
    assert access.visible(ben_at(world, just_before), Customer).exists()
    assert not access.visible(ben_at(world, LATER), Customer).exists()
    assert not access.visible(ben_at(world, LATER), Contact).exists()


def test_what_may_be_seen_may_not_be_changed_exported_or_deleted(world: SimpleNamespace) -> None:
    lend(world)
    for action in ("change", "export", "delete", "import", "hand_over", "add"):
        assert not access.visible(ben_at(world), Customer, action).exists()
    with pytest.raises(NotAllowed):
        commands.update(world.acme, actor=ben_at(world), changes={"city": "Wuhan"})


def test_what_may_be_changed_stays_whose_it_is(world: SimpleNamespace) -> None:
    lend(world, may_change=True)
    mine = make.some_customer(owner=world.ben)
    commands.update(world.acme, actor=ben_at(world), changes={"city": "Wuhan"})
    commands.create(Contact, actor=ben_at(world), changes={"name": "Nora", "customer": world.acme})
    with pytest.raises(OnLoan):
        commands.update(world.acme, actor=ben_at(world), changes={"owner": world.ben})
    with pytest.raises(OnLoan):
        commands.update(world.contact, actor=ben_at(world), changes={"customer": mine})
    world.acme.refresh_from_db()
    assert (world.acme.city, world.acme.owner) == ("Wuhan", world.ada)


def test_a_share_with_a_team_is_for_its_people_and_those_of_teams_below(world: SimpleNamespace) -> None:
    below = make.some_user(team=make.some_team(parent=world.ben.team), role=world.ben.role)
    beside = make.some_user(team=make.some_team(), role=world.ben.role)
    lend(world, user=None, team=world.ben.team, until=None)
    seen = [access.visible(actor_of(user), Customer).exists() for user in (world.ben, below, beside)]
    assert seen == [True, True, False]


def test_a_share_opens_no_kind_that_the_role_does_not_see_at_all(world: SimpleNamespace) -> None:
    lend(world)
    world.ben.role.grants.filter(record="parties.contact").delete()
    assert access.visible(ben_at(world), Customer).exists()
    assert not access.visible(ben_at(world), Contact).exists()


def test_nobody_passes_on_what_was_lent_to_them(world: SimpleNamespace) -> None:
    lend(world, may_change=True)
    with pytest.raises(NotFound):
        lend(world, by=world.ben, user=make.some_user())
    assert Share.objects.count() == 1


def test_nobody_lends_more_than_they_may_themselves(world: SimpleNamespace) -> None:
    world.ada.role.grants.filter(record="parties.customer", action="change").delete()
    with pytest.raises(NotAllowed):
        lend(world, may_change=True)
    assert not Share.objects.exists()


@pytest.mark.parametrize("facts", [{"until": NOW}, {"reason": ""}])
def test_a_loan_lies_ahead_and_has_a_reason(world: SimpleNamespace, facts: dict[str, object]) -> None:
    with pytest.raises(NotLendable):
        lend(world, **facts)


def test_a_share_ends_with_the_hand_over_and_with_who_made_it(world: SimpleNamespace) -> None:
    lend(world)
    Customer.objects.update(owner=make.some_user())
    assert not access.visible(ben_at(world), Customer).exists()
    Customer.objects.update(owner=world.ada)
    assert access.visible(ben_at(world), Customer).exists()
    User.objects.filter(pk=world.ada.pk).update(is_active=False)
    assert not access.visible(ben_at(world), Customer).exists()


def test_who_loses_the_right_to_a_record_does_not_keep_it_open(world: SimpleNamespace) -> None:
    lead = make.some_user(team=make.some_team())
    for kind in KINDS:
        make.grant(lead.role, kind, Reach.TEAM)
    User.objects.filter(pk=world.ada.pk).update(team=lead.team)
    lend(world, by=lead)
    update_user(lead, actor=make.acting(), changes={"name": "Zoe"})
    assert access.visible(ben_at(world), Customer).exists()
    update_user(lead, actor=make.acting(), changes={"team": make.some_team()})
    assert not access.visible(ben_at(world), Customer).exists()


def test_a_role_that_is_cut_closes_what_its_people_have_shared(world: SimpleNamespace) -> None:
    lend(world)
    grant_rights(world.ada.role, actor=make.acting(), reaches={("parties.share", "add"): Reach.NONE})
    assert not access.visible(ben_at(world), Customer).exists()


def test_a_share_is_ended_by_who_may_share_and_given_back_by_who_has_it(world: SimpleNamespace) -> None:
    lent = lend(world)
    stranger = make.some_user(role=world.ben.role)
    with pytest.raises(NotFound):
        end_share(lent, actor=actor_of(stranger), at=NOW)
    end_share(lent, actor=ben_at(world), at=NOW)
    assert not access.visible(ben_at(world), Customer).exists()
    end_share(lend(world), actor=actor_of(world.ada), at=NOW)
    assert not access.visible(ben_at(world), Customer).exists()


def test_what_was_ended_is_reopened_only_by_who_may_share(world: SimpleNamespace) -> None:
    lent, ada = lend(world), actor_of(world.ada)
    end_share(lent, actor=ada, at=NOW)
    world.ada.role.grants.filter(record="parties.share", action="add").delete()
    with pytest.raises(NotAllowed):
        undo(ada.request_id, actor=actor_of(world.ada))
    lent.refresh_from_db()
    assert lent.ended_at == NOW


@pytest.mark.parametrize("wanted", ["acme", "A1"])
def test_who_may_lend_finds_the_request_and_grants_it(world: SimpleNamespace, wanted: str) -> None:
    facts = {"wanted": wanted, "until": LATER, "reason": "a visit"}
    asked = ask_for_card(LoanRequest, actor=ben_at(world), changes=facts, now=NOW)
    assert open_requests(actor_of(world.ada)) == [(asked, [world.acme])]
    assert open_requests(actor_of(make.some_user(role=world.ada.role))) == []
    answer_request(asked, actor=actor_of(world.ada), customer=world.acme, now=NOW)
    assert access.get(ben_at(world), Customer, world.acme.pk) == world.acme
    assert open_requests(actor_of(world.ada)) == []


def test_only_what_was_asked_for_is_lent(world: SimpleNamespace) -> None:
    other = make.some_customer(owner=world.ada)
    asked = ask_for_card(
        LoanRequest, actor=ben_at(world), changes={"wanted": "Acme", "until": LATER, "reason": "r"}, now=NOW
    )
    with pytest.raises(NotFound):
        answer_request(asked, actor=actor_of(world.ada), customer=other, now=NOW)
    with pytest.raises(NotFound):
        answer_request(asked, actor=actor_of(make.some_user(role=world.ada.role)), customer=None, now=NOW)
    assert not Share.objects.exists()


def test_asking_is_answered_alike_whether_there_is_such_a_customer_or_not(world: SimpleNamespace) -> None:
    browser = make.signed_in(world.ben)
    until = (dt.date.today() + dt.timedelta(days=3)).isoformat()
    answers = []
    for wanted in ("Acme", "Nobody"):
        answer = browser.post("/loans/ask/", {"wanted": wanted, "until": until, "reason": "visit"})
        page = browser.get("/loans/").content.decode().replace(wanted, "…")
        answers.append((answer.status_code, answer.url, page.count("badge")))
        LoanRequest.objects.all().delete()
    assert answers[0] == answers[1]
