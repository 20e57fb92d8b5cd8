from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.core.errors import NotAllowed
from clientier.core.models import AuditEntry
from clientier.rooms.people.choices import ReachChoice
from clientier.rooms.people.commands.roles import AdministratorHasAll, grant_rights
from clientier.rooms.people.commands.users import create_user, delete_user, update_user
from clientier.rooms.people.models import ApiToken, Grant, Organisation, Team, Territory, User
from clientier.rooms.people.queries import actor_of, organisation, user_for, user_of_token
from clientier.site import defaults
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_node_cannot_lie_below_itself() -> None:
    top = make.some_team()
    below = make.some_team(parent=make.some_team(parent=top))
    with pytest.raises(ValidationError, match="below itself"):
        commands.update(top, actor=make.acting(), changes={"parent": below})
    top.refresh_from_db()
    assert top.parent is None


def test_there_is_one_company() -> None:
    assert organisation().base_currency == "CNY"
    Organisation.objects.create(name="Acme")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation(id=2).save(force_insert=True)
    assert organisation().name == "Acme"


def test_reaches_in_words_are_the_reaches_of_actors() -> None:
    assert [(choice.value, choice.name) for choice in ReachChoice] == [(r.value, r.name) for r in Reach]


def test_a_token_is_kept_only_as_a_hash() -> None:
    user = make.some_user()
    token = make.token_of(user)
    assert user_of_token(token) == user
    assert user_of_token(token + "x") is None
    assert user_of_token("") is None
    assert token not in str(list(ApiToken.objects.values()))


def test_who_has_left_is_nobody() -> None:
    user = make.some_user(is_active=False)
    assert user_for(user.pk) is None
    assert user_of_token(make.token_of(user)) is None


@pytest.mark.parametrize("seed", range(4))
def test_trees_of_any_shape_reach_as_far_as_step_by_step(seed: int) -> None:
    chance = random.Random(seed)
    teams = _grown(chance, make.some_team)
    lands = _grown(chance, make.some_territory)
    role = make.some_role()
    for _number in range(20):
        place = {"team": chance.choice([None, *teams]), "territory": chance.choice([None, *lands])}
        make.some_user(role=role, is_active=chance.random() < 0.7, **place)
    for user in User.objects.select_related("role", "team", "territory"):
        team, land = user.team_id, user.territory_id
        below = _walked(team, lambda each: Team.objects.filter(parent=each).values_list("pk", flat=True))
        above = _walked(team, lambda each: Team.objects.filter(children=each).values_list("pk", flat=True))
        actor = actor_of(user)
        assert actor.teammates == {u.pk for u in User.objects.filter(team__in=below)}
        assert actor.teams == above
        assert actor.territories == _walked(
            land, lambda each: Territory.objects.filter(parent=each).values_list("pk", flat=True)
        )


def _grown(chance: random.Random, plant: Callable[..., Any]) -> list[Any]:
    """A dozen nodes, each below another or none, and a ring among them."""
    nodes: list[Any] = []
    for _number in range(12):
        nodes.append(plant(parent=chance.choice([None, *nodes])))
    below = chance.choice([node for node in nodes if node.parent])
    type(below).objects.filter(pk=below.parent.pk).update(parent=below)
    return nodes


def _walked(start: int | None, steps: Callable[[int], Iterable[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [] if start is None else [start]
    while waiting:
        if (each := waiting.pop()) not in found:
            found.add(each)
            waiting += steps(each)
    return found


def test_rights_are_set_with_a_trace_and_count_for_the_next_actor() -> None:
    user = make.some_user()
    reaches = {("parties.customer", "view"): Reach.TEAM, ("parties.customer", "add"): Reach.NONE}
    grant_rights(user.role, actor=make.acting(), reaches=reaches)
    assert dict(actor_of(user).grants) == {("parties.customer", "view"): Reach.TEAM}
    assert AuditEntry.objects.get().changes["parties.customer.view"] == [0, 2]
    grant_rights(user.role, actor=make.acting(), reaches=reaches)
    assert AuditEntry.objects.count() == 1


def test_an_administrators_rights_cannot_be_cut() -> None:
    with pytest.raises(AdministratorHasAll):
        grant_rights(
            make.some_role(administrator=True), actor=make.acting(), reaches={("x.y", "view"): Reach.NONE}
        )
    assert not Grant.objects.exists()


def test_the_first_roles_are_laid_down_once() -> None:
    defaults.lay_down()
    number = Grant.objects.count()
    Grant.objects.filter(record="parties.customer", action="view").update(reach=Reach.NONE)
    defaults.lay_down()
    assert Grant.objects.count() == number
    assert (
        not Grant.objects.filter(record="parties.customer", action="view").exclude(reach=Reach.NONE).exists()
    )


def test_the_first_roles_can_work() -> None:
    defaults.lay_down()
    from clientier.rooms.parties.models import Customer
    from clientier.rooms.people.models import Role

    rep = make.some_user(role=Role.objects.get(code="sales_rep"))
    actor = actor_of(rep)
    made = commands.create(Customer, actor=actor, changes={"name": "Acme", "owner": rep})
    assert commands.update(made, actor=actor, changes={"city": "Bonn"}).city == "Bonn"
    viewer = actor_of(make.some_user(role=Role.objects.get(code="viewer")))
    assert (viewer.reach(Customer, "view"), viewer.reach(Customer, "change")) == (Reach.ALL, Reach.NONE)


def test_who_may_change_users_is_not_above_administrators_and_makes_none() -> None:
    leader = make.acting(make.some_user(), kinds=[User])
    boss, rep = make.administrator(name="Boss"), make.some_user()
    for refused in (
        lambda: update_user(boss, actor=leader, changes={"email": "leader@example.com"}),
        lambda: update_user(rep, actor=leader, changes={"role": boss.role}),
        lambda: create_user(User, actor=leader, changes={"username": "x", "name": "X", "role": boss.role}),
        lambda: delete_user(boss, actor=leader),
    ):
        with pytest.raises(NotAllowed):
            refused()
    boss.refresh_from_db()
    rep.refresh_from_db()
    assert (boss.email, rep.role.is_administrator, User.objects.count()) == ("", False, 3)
    assert update_user(rep, actor=leader, changes={"name": "Renamed"}).name == "Renamed"
