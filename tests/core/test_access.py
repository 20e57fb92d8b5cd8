from __future__ import annotations

from types import SimpleNamespace

import pytest

from clientier.core import access
from clientier.core.actor import Actor, Door, Reach, system
from clientier.core.errors import NotAllowed, NotFound
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.people.models import User
from clientier.rooms.people.queries import actor_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    """Ada and her mate Ben in one team, Cy elsewhere; Ada holds the north, of which the coast is a part."""
    north = make.some_territory(name="North")
    coast, south = make.some_territory(name="Coast", parent=north), make.some_territory(name="South")
    team = make.some_team()
    ada = make.some_user(team=team, territory=north)
    ben, cy = make.some_user(team=team), make.some_user(team=make.some_team())
    owners = {"ada's": ada, "ben's": ben, "cy's": cy}
    for name, owner in owners.items():
        make.some_customer(name=name, owner=owner, territory=south)
    make.some_customer(name="nobody's", territory=south)
    make.some_customer(name="cy's on the coast", owner=cy, territory=coast)
    return SimpleNamespace(ada=ada, ben=ben, cy=cy, team=team, north=north, coast=coast)


def names(actor: Actor, action: str = "view") -> set[str]:
    return set(access.visible(actor, Customer, action).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        (Reach.NONE, set()),
        (Reach.OWN, {"ada's"}),
        (Reach.TEAM, {"ada's", "ben's"}),
        (Reach.TERRITORY, {"ada's", "ben's", "cy's on the coast"}),
        (Reach.ALL, {"ada's", "ben's", "cy's", "nobody's", "cy's on the coast"}),
    ],
)
def test_each_reach_sees_its_rows_and_no_other(world: SimpleNamespace, reach: Reach, seen: set[str]) -> None:
    make.grant(world.ada.role, "parties.customer", reach)
    assert names(actor_of(world.ada)) == seen


def test_each_action_has_its_own_reach(world: SimpleNamespace) -> None:
    make.grant(world.ada.role, "parties.customer", Reach.TEAM, ["view"])
    make.grant(world.ada.role, "parties.customer", Reach.OWN, ["change"])
    ada = actor_of(world.ada)
    assert names(ada, "change") == {"ada's"}
    assert names(ada, "delete") == set()


def test_a_right_on_one_kind_is_none_on_another(world: SimpleNamespace) -> None:
    make.grant(world.ada.role, "parties.customer", Reach.ALL)
    make.some_contact(Customer.objects.first())
    assert not access.visible(actor_of(world.ada), Contact).exists()


def test_belonging_is_followed_over_relations(world: SimpleNamespace) -> None:
    for customer in Customer.objects.all():
        make.some_contact(customer, name=f"at {customer}")
    make.grant(world.ada.role, "parties.contact", Reach.TEAM)
    seen = access.visible(actor_of(world.ada), Contact)
    assert set(seen.values_list("name", flat=True)) == {"at ada's", "at ben's"}


def test_kinds_that_nobody_owns_are_seen_whole_or_not_at_all(world: SimpleNamespace) -> None:
    product = make.some_product()
    own = make.acting(world.ada, reach=Reach.OWN, kinds=[Product])
    assert access.get(own, Product, product.pk) == product
    with pytest.raises(NotFound):
        access.get(make.acting(world.ada, reach=Reach.NONE, kinds=[Product]), Product, product.pk)


def test_a_leader_reaches_teams_below_but_not_beside_or_above(world: SimpleNamespace) -> None:
    below = make.some_user(team=make.some_team(parent=make.some_team(parent=world.team)))
    make.some_customer(name="below", owner=below)
    make.grant(world.ada.role, "parties.customer", Reach.TEAM)
    make.grant(below.role, "parties.customer", Reach.TEAM)
    assert names(actor_of(world.ada)) == {"ada's", "ben's", "below"}
    assert names(actor_of(below)) == {"below"}


def test_a_ring_of_teams_does_not_hang(world: SimpleNamespace) -> None:
    child = make.some_team(parent=world.team)
    type(child).objects.filter(pk=world.team.pk).update(parent=child)
    assert actor_of(world.ada).teammates == {world.ada.pk, world.ben.pk}


def test_an_administrator_reaches_everything(world: SimpleNamespace) -> None:
    assert len(names(actor_of(make.administrator()), "delete")) == 5
    assert len(names(system(), "hand_over")) == 5


def test_a_row_out_of_reach_is_not_found(world: SimpleNamespace) -> None:
    ada = make.acting(world.ada, reach=Reach.OWN, kinds=[Customer])
    theirs = Customer.objects.get(name="ben's")
    with pytest.raises(NotFound):
        access.get(ada, Customer, theirs.pk)
    with pytest.raises(NotFound):
        access.lock(ada, theirs, "change")


def test_locking_reads_the_row_afresh(world: SimpleNamespace) -> None:
    mine = Customer.objects.get(name="ada's")
    mine.name = "typed, not saved"
    assert access.lock(make.acting(world.ada), mine, "change").name == "ada's"


def test_a_row_that_may_be_seen_but_not_changed_is_refused_in_words(world: SimpleNamespace) -> None:
    make.grant(world.ada.role, "parties.customer", Reach.ALL, ["view"])
    with pytest.raises(NotAllowed, match="role does not allow"):
        access.lock(actor_of(world.ada), Customer.objects.get(name="ben's"), "change")


def test_fields_are_hidden_or_locked_by_kind(world: SimpleNamespace) -> None:
    make.field_rule(world.ada.role, "parties.customer", "phone", "hidden")
    make.field_rule(world.ada.role, "parties.customer", "owner", "locked")
    ada = actor_of(world.ada)
    fields = access.fields(ada, Customer)
    assert "phone" not in fields.readable
    assert "phone" not in fields.writable
    assert "owner" in fields.readable
    assert "owner" not in fields.writable
    assert "phone" in access.fields(ada, Contact).writable


def test_what_the_product_computes_is_writable_by_nobody() -> None:
    assert not {"search", "sort_key"} & access.fields(system(), Customer).writable


def test_every_hop_of_a_path_must_be_readable(world: SimpleNamespace) -> None:
    kinds = [Contact, Customer, User]
    ada = make.acting(world.ada, reach=Reach.OWN, kinds=kinds, hidden=frozenset({("people.user", "email")}))
    assert access.can_read(ada, Contact, "customer__owner__name")
    assert not access.can_read(ada, Contact, "customer__owner__email")
    blind = make.acting(world.ada, reach=Reach.OWN, kinds=[Contact, User])
    assert not access.can_read(blind, Contact, "customer__owner__name")
    assert not access.can_read(blind, Contact, "customer")
    no_way = make.acting(world.ada, kinds=kinds, hidden=frozenset({("parties.contact", "customer")}))
    assert not access.can_read(no_way, Contact, "customer__name")


def test_a_hidden_field_is_hidden_even_from_those_without_limits(world: SimpleNamespace) -> None:
    actor = make.acting(world.ada, hidden=frozenset({("parties.customer", "phone")}))
    assert not access.can_read(actor, Customer, "phone")


def test_a_path_with_a_typo_is_named() -> None:
    with pytest.raises(ValueError, match="customer__nmae"):
        access.field_at(Contact, "customer__nmae")


def test_going_through_another_door_begins_a_new_request() -> None:
    actor = system(Door.PAGE)
    again = actor.through(Door.JOB)
    assert (again.door, again.unlimited) == (Door.JOB, True)
    assert again.request_id != actor.request_id
