"""Who may not sign in is given nothing, through whichever door; what is theirs already stays until handed over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.utils import timezone

from clientier.core import commands, ledger
from clientier.core.entrusting import CannotBeGiven
from clientier.core.models import TrashedRecord
from clientier.core.undo import undo
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.parties.commands.shares import share_customer
from clientier.rooms.parties.models import Customer, Share
from clientier.rooms.people.models import User
from clientier.rooms.trade.models import Order
from tests import factories as make
from tests.core.custom.defining import field
from tests.kit.imports.running import counts, errors, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone() -> User:
    return make.some_user(name="Kai", username="kai", is_active=False)


def test_a_record_is_neither_made_for_them_nor_given_to_them(gone: User) -> None:
    actor, acme = make.acting(), make.some_customer(name="Acme")
    with pytest.raises(CannotBeGiven) as refused:
        commands.create(Customer, actor=actor, changes={"name": "New", "owner": gone})
    assert str(refused.value).startswith("Account manager: Kai may not sign in")
    with pytest.raises(CannotBeGiven):
        commands.update(acme, actor=actor, changes={"owner": gone})
    with pytest.raises(CannotBeGiven):
        commands.hand_over(acme, actor=actor, to=gone)
    assert list(Customer.objects.values_list("name", "owner")) == [("Acme", None)]


def test_what_is_theirs_already_can_be_changed_and_restored(gone: User) -> None:
    actor = make.acting()
    acme = make.some_customer(name="Acme", owner=gone)
    assert commands.update(acme, actor=actor, changes={"city": "Bonn"}).city == "Bonn"
    commands.delete(acme, actor=actor)
    back = commands.restore(Customer, actor=actor, trashed=TrashedRecord.objects.get())
    assert back.owner == gone


def test_what_they_once_did_may_still_be_told(gone: User) -> None:
    customer, actor = make.some_customer(), make.acting()
    told = {"customer": customer, "user": gone, "at": "2026-05-01T10:00Z", "kind": "call"}
    assert commands.create(Interaction, actor=actor, changes=told).user == gone
    sold = {"customer": customer, "number": "1", "day": "2026-05-01", "sold_by": gone}
    assert commands.create(Order, actor=actor, changes=sold).sold_by == gone


def test_a_custom_field_for_users_takes_none_of_them_anew(gone: User) -> None:
    field("helper", "user", names={"en": "Helper"})
    actor = make.acting()
    kept = make.some_customer(name="Kept", custom={"helper": gone.pk})
    commands.update(kept, actor=actor, changes={"custom__helper": gone, "city": "Bonn"})
    with pytest.raises(CannotBeGiven, match="Helper: Kai"):
        commands.update(make.some_customer(), actor=actor, changes={"custom__helper": gone})


def test_undoing_gives_nothing_back_to_who_has_left_meanwhile() -> None:
    leaver, actor = make.some_user(), make.acting()
    acme = make.some_customer(owner=leaver)
    commands.hand_over(acme, actor=actor, to=make.some_user(name="Lin"))
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    with pytest.raises(CannotBeGiven):
        undo(actor.request_id, actor=actor)
    acme.refresh_from_db()
    assert str(acme.owner) == "Lin"


def test_the_form_does_not_offer_them_and_says_why_it_refuses(gone: User) -> None:
    there = make.some_user(name="Kaia")
    browser = make.signed_in(make.administrator())
    page = browser.get("/customers/new/").content.decode()
    assert 'data-picker="/users/pick/?giving=1"' in page
    offered = [each["value"] for each in browser.get("/users/pick/?giving=1&q=Kai").json()]
    assert offered == [there.pk]
    assert {each["value"] for each in browser.get("/users/pick/?q=Kai").json()} == {there.pk, gone.pk}
    answer = browser.post("/customers/new/", {"name": "New", "kind": "company", "owner": gone.pk})
    assert "Kai may not sign in" in answer.content.decode()
    assert not Customer.objects.exists()


def test_many_are_not_handed_over_to_them_either(gone: User) -> None:
    browser, acme = make.signed_in(make.administrator()), make.some_customer()
    posted = {"action": "hand_over", "ids": [acme.pk], "owner": gone.pk}
    answer = browser.post("/customers/bulk/", posted, follow=True)
    assert "Kai may not sign in" in answer.content.decode()
    acme.refresh_from_db()
    assert acme.owner is None


def test_the_api_refuses_them_with_a_code(gone: User) -> None:
    program = make.speaking(make.administrator())
    sent = json.dumps({"title": "Call", "due_on": "2026-05-01", "assigned_to": gone.pk})
    answer = program.post("/api/v1/tasks/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_be_given")
    assert not Task.objects.exists()


def test_nothing_is_shared_with_or_lent_to_them(gone: User) -> None:
    acme = make.some_customer()
    browser = make.signed_in(make.administrator())
    posted = {"with_whom": "user", "user": gone.pk, "right": "see"}
    browser.post(f"/customers/{acme.pk}/share/", posted)
    assert not Share.objects.exists()
    now = timezone.now()
    with pytest.raises(CannotBeGiven):
        share_customer(
            Share, actor=make.acting(make.administrator()), changes={"customer": acme, "user": gone}, now=now
        )


def test_an_import_leaves_out_their_rows_and_says_so(gone: User, tmp_path: Path) -> None:
    make.some_customer(external_id="1", name="One", owner=gone)
    make.some_customer(external_id="2", name="Two")
    file = tmp_path / "customers.csv"
    file.write_text(
        "Customer number,Name,City,Account manager\n1,One,Bonn,kai\n2,Two,Bonn,kai\n3,Three,Bonn,kai\n4,Four,Bonn,\n"
    )
    run = imported(file, "customers")
    assert counts(run) == (4, 1, 1, 0, 2)
    why = ["would give a record to somebody who may not sign in; name somebody else"]
    assert errors(run) == {3: why, 4: why}
    found = Customer.objects.order_by("external_id").values_list("external_id", "city", "owner__name")
    assert list(found) == [("1", "Bonn", "Kai"), ("2", "", None), ("4", "Bonn", None)]


def test_an_import_is_undone_but_for_what_would_go_back_to_who_has_left_since(tmp_path: Path) -> None:
    field("helper", "user", names={"en": "Helper"})
    leaver, lin = make.some_user(username="kai"), make.some_user(username="lin")
    make.some_customer(name="Kept", external_id="1", owner=leaver, custom={"helper": leaver.pk})
    make.some_customer(name="Given", external_id="2", owner=leaver, custom={"helper": leaver.pk})
    file = tmp_path / "customers.csv"
    file.write_text("number,name,city,owner,helper\n1,Kept,Bonn,kai,kai\n2,Given,Bonn,kai,lin\n")
    run = imported(file, "customers")
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    actor = make.acting(make.administrator())
    assert ledger.undo(Customer, actor=actor, request_id=run.request_id, leave_changed=True) == 1
    assert [(c.name, c.city, c.owner, c.custom["helper"]) for c in Customer.objects.order_by("pk")] == [
        ("Kept", "", leaver, leaver.pk), ("Given", "Bonn", leaver, lin.pk),
    ]  # fmt: skip
