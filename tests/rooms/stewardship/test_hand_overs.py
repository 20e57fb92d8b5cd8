"""All that somebody answers for goes to successors at once, nothing is left behind, and one undo brings it back."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.kit.models import SavedView
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.stewardship.models import HandOver, HandOverBrief
from clientier.rooms.stewardship.queries.holdings import HELD, held_words, orphans
from clientier.rooms.value.models import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db

# Who did something, once and for all: these stay with whoever it was.
HISTORY = {
    "activities.interaction.user", "kit.importrun.user", "kit.rememberedmapping.user", "trade.order.sold_by",
    "kit.viewchoice.user",
    "people.apitoken.user", "people.signinlink.user", "stewardship.confirmation.by",
    "stewardship.handover.leaver", "stewardship.handover.others", "stewardship.upkeeppolicy.made_by",
    "value.valuepolicy.made_by", "kit.importset.user", "parties.consent.recorded_by", "parties.loanrequest.asked_by",
    "duplicates.merge.merged_by", "duplicates.merge.undone_by", "duplicates.duplicatepair.decided_by",
    "duplicates.contactmerge.merged_by", "duplicates.contactmerge.undone_by", "duplicates.contactpair.decided_by",
    "duplicates.personpair.decided_by", "trade.creditlimit.made_by", "trade.creditpolicy.made_by",
    "trade.limitproposal.decided_by", "trade.paymentpromise.taken_by", "trade.dunningnotice.sent_by",
    "parties.share.user", "parties.share.granted_by", "parties.share.owner_then",
}  # fmt: skip


@pytest.fixture
def leaver() -> User:
    """Somebody with two customers, one of them key, work and a view for the team."""
    user = make.some_user(name="Kai", role=make.administrator().role)
    key, other = make.some_customer(owner=user, name="Key"), make.some_customer(owner=user, name="Other")
    Standing.objects.create(customer=key, tier="important", net_profit=Decimal(1000))
    make.some_contact(key, name="Grace")
    make.some_task(key, assigned_to=user)
    make.some_task(None, assigned_to=user, title="Of no customer")
    make.some_task(other, assigned_to=user, state="done")
    make.some_review(other, manager=user, rep=make.some_user())
    make.some_taken_card(other, user=user)
    SavedView.objects.create(user=user, resource="customers", name="Ours", sharing="team")
    SavedView.objects.create(user=user, resource="customers", name="Mine", sharing="private")
    return user


def planned(browser: Any, leaver: User, *successors: User, **facts: Any) -> str:
    posted = {"leaver": leaver.pk, "successors": [s.pk for s in successors], "split": "balanced", **facts}
    answer = browser.post("/hand-overs/new/", posted)
    assert answer.status_code == 302, answer.context["form_page"]["form"].errors
    return str(answer.headers["Location"])


def test_everything_moves_and_the_user_may_no_longer_sign_in(leaver: User) -> None:
    heir = make.some_user(name="Lin")
    browser = make.signed_in(make.administrator())
    url = planned(browser, leaver, heir, deactivates="on")
    assert Customer.objects.filter(owner=leaver).count() == 2
    assert browser.post(url, {"do": "hand_over"}).status_code == 302
    leaver.refresh_from_db()
    assert leaver.is_active is False
    assert held_words(leaver.pk) == []
    assert orphans() == []
    assert set(Customer.objects.values_list("name", "owner")) >= {("Key", heir.pk), ("Other", heir.pk)}
    assert Task.objects.filter(assigned_to=leaver).get().state == "done"
    assert SavedView.objects.filter(user=leaver).get().name == "Mine"
    assert list(HandOverBrief.objects.values_list("customer__name", "successor")) == [("Key", heir.pk)]


def test_one_undo_brings_all_of_it_back(leaver: User) -> None:
    boss, heir = make.administrator(), make.some_user()
    browser = make.signed_in(boss)
    url = planned(browser, leaver, heir, deactivates="on")
    browser.post(url, {"do": "hand_over"})
    request = AuditEntry.objects.filter(verb="hand_over.carry_out").get().request_id
    browser.post(f"/undo/{request}/")
    leaver.refresh_from_db()
    assert leaver.is_active is True
    assert Customer.objects.filter(owner=leaver).count() == 2
    assert Task.objects.filter(assigned_to=leaver, state="open").count() == 2
    assert not HandOverBrief.objects.exists()
    assert HandOver.objects.get().state == "planned"


def test_a_second_click_hands_nothing_over_twice(leaver: User) -> None:
    browser = make.signed_in(make.administrator())
    url = planned(browser, leaver, make.some_user())
    assert browser.post(url, {"do": "hand_over"}).status_code == 302
    entries = AuditEntry.objects.count()
    assert browser.post(url, {"do": "hand_over"}).status_code == 409
    assert AuditEntry.objects.count() == entries


def test_a_customer_that_came_meanwhile_is_shown_before_anything_moves(leaver: User) -> None:
    browser, heir = make.signed_in(make.administrator()), make.some_user()
    url = planned(browser, leaver, heir)
    late = make.some_customer(owner=leaver, name="Late")
    assert browser.post(url, {"do": "hand_over"}).status_code == 409
    assert Customer.objects.filter(owner=leaver).count() == 3
    assert HandOver.objects.get().plan[str(late.pk)] == heir.pk
    browser.post(url, {"do": "hand_over"})
    assert not Customer.objects.filter(owner=leaver).exists()


def test_single_customers_go_where_they_are_sent(leaver: User) -> None:
    one, two = make.some_user(), make.some_user()
    browser = make.signed_in(make.administrator())
    url = planned(browser, leaver, one)
    key = Customer.objects.get(name="Key")
    browser.post(url, {"do": "hand_over", f"to-{key.pk}": two.pk})
    assert dict(Customer.objects.filter(name__in=["Key", "Other"]).values_list("name", "owner")) == {
        "Key": two.pk, "Other": one.pk
    }  # fmt: skip
    assert Task.objects.filter(customer=key).get().assigned_to == two


def test_by_load_each_goes_to_who_has_least() -> None:
    leaver, busy, free = (make.some_user() for _ in range(3))
    for _ in range(4):
        make.some_customer(owner=busy)
    for _ in range(6):
        make.some_customer(owner=leaver)
    planned(make.signed_in(make.administrator()), leaver, busy, free)
    assert Counter(HandOver.objects.get().plan.values()) == {busy.pk: 1, free.pk: 5}


def test_a_change_of_territory_moves_its_customers_alone() -> None:
    north = make.some_territory()
    town = make.some_territory(parent=north)
    leaver, heir = make.some_user(), make.some_user(territory=north)
    moved = make.some_customer(owner=leaver, territory=town)
    kept = make.some_customer(owner=leaver)
    free = make.some_task(None, assigned_to=leaver)
    browser = make.signed_in(make.administrator())
    browser.post(planned(browser, leaver, heir, territory=north.pk, split="territory"), {"do": "hand_over"})
    owners = {customer.pk: customer.owner for customer in Customer.objects.all()}
    assert (owners[moved.pk], owners[kept.pk]) == (heir, leaver)
    assert Task.objects.get(pk=free.pk).assigned_to == leaver


def test_key_customers_go_to_the_first_successor() -> None:
    leaver, first, second = (make.some_user() for _ in range(3))
    key, other = make.some_customer(owner=leaver), make.some_customer(owner=leaver)
    Standing.objects.create(customer=key, tier="major")
    planned(make.signed_in(make.administrator()), leaver, first, second, split="tier")
    assert HandOver.objects.get().plan == {str(key.pk): first.pk, str(other.pk): second.pk}


def test_nobody_inherits_who_may_not_sign_in_or_hands_over_oneself(leaver: User) -> None:
    browser = make.signed_in(make.administrator())
    for wrong in (leaver, make.some_user(is_active=False)):
        answer = browser.post(
            "/hand-overs/new/", {"leaver": leaver.pk, "successors": [wrong.pk], "split": "size"}
        )
        assert answer.status_code == 422
    assert not HandOver.objects.exists()


def test_the_successor_alone_confirms_having_read_and_the_task_ends_with_the_last(leaver: User) -> None:
    heir = make.some_user(role=make.administrator().role)
    boss = make.signed_in(make.administrator())
    boss.post(planned(boss, leaver, heir), {"do": "hand_over"})
    brief = HandOverBrief.objects.get()
    reading = Task.objects.get(reason__code="briefs")
    assert (reading.assigned_to, reading.state) == (heir, "open")
    assert boss.post(f"/hand-over-briefs/{brief.pk}/read/").status_code == 403
    page = make.signed_in(heir).get(f"/hand-over-briefs/{brief.pk}/read/")
    assert page.context["parts"][0]["title"] == "Handed over"
    assert make.signed_in(heir).get(f"/hand-over-briefs/{brief.pk}/brief.pdf").status_code == 200
    make.signed_in(heir).post(f"/hand-over-briefs/{brief.pk}/read/")
    brief.refresh_from_db()
    reading.refresh_from_db()
    assert brief.read_at is not None
    assert reading.state == "done"


def test_a_user_with_open_records_is_not_shut_out_but_sent_to_the_wizard(leaver: User) -> None:
    admin = make.administrator()
    answer = make.speaking(admin).patch(
        f"/api/v1/users/{leaver.pk}", {"is_active": False}, content_type="application/json"
    )
    assert answer.status_code == 409
    assert "2 customers" in answer.json()["detail"]
    leaver.refresh_from_db()
    assert leaver.is_active is True
    page = make.signed_in(admin).get(f"/users/{leaver.pk}/").content.decode()
    assert f"/hand-overs/new/?user={leaver.pk}" in page


def test_a_rep_may_not_hand_over(leaver: User) -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL, ["view", "change"])
    assert make.signed_in(rep).get("/hand-overs/new/").status_code == 403


def test_a_manager_hands_over_only_what_is_in_reach(leaver: User) -> None:
    manager = make.some_user(team=make.some_team())
    for kind in ("parties.customer", "stewardship.handover"):
        make.grant(manager.role, kind, Reach.TEAM)
    heir = make.some_user(team=manager.team)
    facts = {"leaver": leaver.pk, "successors": [heir.pk], "split": "balanced"}
    answer = make.signed_in(manager).post("/hand-overs/new/", facts)
    assert answer.status_code == 422
    assert not HandOver.objects.exists()


def test_every_way_to_belong_to_a_user_is_handed_over_or_is_history() -> None:
    held = {f"{holding.model._meta.label_lower}.{holding.field}" for holding in HELD}
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("clientier.")
        for field in model._meta.concrete_fields
        if field.related_model is User
    }
    assert found == held | HISTORY


def test_the_command_names_what_belongs_to_nobody(leaver: User) -> None:
    said = StringIO()
    call_command("orphans", stdout=said)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    with pytest.raises(CommandError):
        call_command("orphans", stdout=said)
    assert "parties.customer: 2 of Kai" in said.getvalue()
