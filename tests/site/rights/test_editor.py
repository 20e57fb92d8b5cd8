from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.core.errors import NotAllowed
from clientier.core.models import AuditEntry
from clientier.core.undo import undo
from clientier.rooms.people.commands.users import LastAdministrator, update_user
from clientier.rooms.people.models import FieldRule, Grant, Role, User
from clientier.rooms.people.queries import actor_of
from tests import factories as make

pytestmark = pytest.mark.django_db
VIEW = "parties.customer|view"


@pytest.fixture
def world() -> SimpleNamespace:
    role = make.some_role(name="Rep", code="rep")
    user = make.some_user(role=role, name="Ada")
    make.grant(role, "parties.customer", Reach.OWN, ["view"])
    make.some_customer(owner=user)
    make.some_customer()
    admin = make.administrator(name="Root")
    return SimpleNamespace(role=role, user=user, admin=admin, browser=make.signed_in(admin))


def undone(browser: Client, admin: User) -> None:
    request = AuditEntry.objects.latest("pk").request_id
    undo(request, actor=actor_of(admin))


def test_a_change_says_what_it_opens_before_it_is_saved(world: SimpleNamespace) -> None:
    facts = {VIEW: "4", "place": world.user.pk, "deed": "compare"}
    page = world.browser.post(f"/settings/roles/{world.role.pk}/", facts)
    (found,) = page.context["differences"]
    assert (found.reached_before, found.reached_after, found.opens) == ("1", "2", True)
    assert Grant.objects.get().reach == Reach.OWN


def test_rights_are_saved_with_before_and_after_and_taken_back(world: SimpleNamespace) -> None:
    world.browser.post(f"/settings/roles/{world.role.pk}/", {VIEW: "4", "deed": "save"})
    entry = AuditEntry.objects.get()
    assert entry.changes == {"parties.customer.view": [1, 4]}
    undone(world.browser, world.admin)
    assert Grant.objects.get().reach == Reach.OWN
    assert AuditEntry.objects.latest("pk").changes == {"parties.customer.view": [4, 1]}


def test_fields_are_hidden_and_locked_but_not_what_a_record_is_called(world: SimpleNamespace) -> None:
    facts = {"field|phone": "hidden", "field|owner": "locked", "field|name": "hidden"}
    world.browser.post(f"/settings/roles/{world.role.pk}/fields/parties.customer/", facts)
    rules = dict(FieldRule.objects.values_list("field", "rule"))
    assert rules == {"phone": "hidden", "owner": "locked"}
    undone(world.browser, world.admin)
    assert not FieldRule.objects.exists()


def test_a_copy_may_do_the_same_and_can_be_undone(world: SimpleNamespace) -> None:
    make.field_rule(world.role, "parties.customer", "phone", "hidden")
    world.browser.post(f"/settings/roles/{world.role.pk}/copy/")
    made = Role.objects.get(name="Rep 2")
    assert made.grants.get().reach == Reach.OWN
    assert made.field_rules.get().rule == "hidden"
    undone(world.browser, world.admin)
    assert not Role.objects.filter(name="Rep 2").exists()


def test_a_role_in_use_is_retired_only_with_another_for_its_people(world: SimpleNamespace) -> None:
    url, other = f"/settings/roles/{world.role.pk}/retire/", make.some_role()
    page = world.browser.post(url, follow=True)
    assert "Ada still have it" in page.content.decode()
    assert Role.objects.filter(pk=world.role.pk).exists()
    world.browser.post(url, {"to": other.pk})
    world.user.refresh_from_db()
    assert world.user.role == other
    undone(world.browser, world.admin)
    world.user.refresh_from_db()
    assert (world.user.role, world.role.grants.count()) == (world.role, 1)


def test_what_a_role_sees_is_told_from_the_place_of_one_of_its_people(world: SimpleNamespace) -> None:
    page = world.browser.get(f"/settings/roles/{world.role.pk}/sees/?place={world.user.pk}")
    customers = next(kind for kind in page.context["seen"] if kind["name"] == "Customers")
    assert (customers["count"], customers["reach"], len(customers["first"])) == ("1", "own", 1)


@pytest.mark.parametrize("path", ["", "sees/", "copy/", "retire/", "fields/parties.customer/"])
def test_roles_are_for_administrators_alone(world: SimpleNamespace, path: str) -> None:
    for action in ("view", "add", "change", "delete"):
        make.grant(world.role, "people.role", Reach.ALL, [action])
    browser = make.signed_in(world.user)
    assert browser.get(f"/settings/roles/{world.role.pk}/{path}").status_code == 403
    assert browser.post(f"/roles/{world.role.pk}/edit/", {"is_administrator": "on"}).status_code in (403, 422)
    assert not Role.objects.get(pk=world.role.pk).is_administrator


def test_the_last_administrator_stays_one(world: SimpleNamespace) -> None:
    root = actor_of(world.admin)
    for changes in ({"role": world.role}, {"is_active": False}):
        with pytest.raises(LastAdministrator):
            update_user(world.admin, actor=root, changes=changes)
    page = world.browser.post(f"/roles/{world.admin.role_id}/edit/", {"name": "Root", "code": "root"})
    assert page.status_code == 422
    assert Role.objects.get(pk=world.admin.role_id).is_administrator


def test_who_changed_a_user_takes_nothing_back_once_that_user_is_an_administrator(
    world: SimpleNamespace,
) -> None:
    make.grant(world.role, "people.user", Reach.ALL)
    make.grant(world.role, "people.role", Reach.ALL, ["view"])
    ben, ada = make.some_user(name="Ben"), actor_of(world.user)
    update_user(ben, actor=ada, changes={"name": "Benjamin"})
    update_user(ben, actor=actor_of(world.admin), changes={"role": world.admin.role})
    with pytest.raises(NotAllowed):
        undo(ada.request_id, actor=actor_of(world.user))
    ben.refresh_from_db()
    assert ben.name == "Benjamin"


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (Reach.OWN, "reaches own customers; this one is looked after by Zoe"),
        (Reach.ALL, "reaches all customers"),
        (Reach.NONE, "gives no such right"),
    ],
)
def test_the_card_says_why_somebody_sees_it_or_not(world: SimpleNamespace, reach: Reach, words: str) -> None:
    Grant.objects.filter(role=world.role).update(reach=reach)
    customer = make.some_customer(owner=make.some_user(name="Zoe"))
    page = world.browser.get(f"/customers/{customer.pk}/?why={world.user.pk}").content.decode()
    assert words in page
    own = make.signed_in(world.user).get(
        f"/customers/{world.user.customers.first().pk}/?why={world.admin.pk}"
    )
    assert "Who sees this" not in own.content.decode()


def test_the_card_names_who_lent_it(world: SimpleNamespace) -> None:
    customer = make.some_customer(owner=make.some_user(name="Zoe"))
    make.some_share(customer, user=world.user, granted_by=customer.owner)
    page = world.browser.get(f"/customers/{customer.pk}/?why={world.user.pk}").content.decode()
    assert "shared by Zoe" in page
