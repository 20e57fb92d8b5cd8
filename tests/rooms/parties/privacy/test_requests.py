"""Requests of persons: a last day, one file from every room, and rules for what lies too long."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.utils import timezone

from clientier.core.actor import Reach, system
from clientier.core.custom.commands import retire
from clientier.core.errors import NotAllowed
from clientier.core.models import AuditEntry
from clientier.core.time import business_day
from clientier.rooms.duplicates.commands.merging import merge_customers
from clientier.rooms.duplicates.commands.unmerging import undo_merge
from clientier.rooms.duplicates.models import Merge, MergedCustomer
from clientier.rooms.parties.commands.requests import due_day
from clientier.rooms.parties.commands.retention import carry_out, clear_orphans, keep_rules
from clientier.rooms.parties.commands.sensitive import value_of
from clientier.rooms.parties.models import Contact, Customer, PrivacyRequest, SensitiveFact, SensitiveLook
from clientier.rooms.parties.queries.retention import due, limit
from tests import factories as make
from tests.core.custom.defining import field

pytestmark = pytest.mark.django_db


def file_of(user: Any, person: Any, **reason: str) -> tuple[str, dict[str, Any]]:
    """The page and the data that are handed out."""
    request = make.some_privacy_request(person)
    url = f"/privacy-requests/{request.pk}/file/"
    answer = make.signed_in(user).post(url, {"reason": "asked", **reason})
    assert answer.status_code == 200, answer.content
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return archive.read("person.html").decode(), json.loads(archive.read("person.json"))


def test_the_file_tells_of_the_person_from_every_room() -> None:
    ada = make.administrator()
    person = make.some_person(name="Li Na", note="likes tea")
    make.some_person_profile(person, hobbies="chess")
    make.some_address(person, line="Lane 7")
    make.some_interaction(person, user=ada, summary="rang about tea")
    make.some_task(person, title="Ring her", assigned_to=ada)
    make.some_order(person, number="A-1", lines=[{"amount": 250, "description": "Tea leaves"}])
    make.some_cost(person, note="courier")
    make.some_consent(person, purpose="birthday cards")
    make.some_look(person)
    make.some_relation(person, make.some_customer(name="Tea House"), note="regular")
    make.speaking(ada).patch(
        f"/api/v1/customers/{person.pk}", json.dumps({"note": "likes oolong"}), "application/json"
    )
    stranger = make.some_person(name="Stranger", note="secret of a stranger")
    make.some_address(stranger, line="Far away 9")
    page, plain = file_of(ada, person)
    for told in ("Li Na", "likes tea", "likes oolong", "chess", "Lane 7", "rang about tea", "Ring her", "A-1",
                 "Tea leaves", "courier", "birthday cards", "regular", "Health"):  # fmt: skip
        assert told.lower() in page.lower(), told
    assert "Far away" not in page
    assert "stranger" not in page.lower()
    assert plain["trade.order"][0]["number"] == "A-1"
    assert plain["parties.customer"][0]["note"] == "likes oolong"
    request = PrivacyRequest.objects.get()
    assert request.answered_on is not None
    note = AuditEntry.objects.filter(verb="request.file").get()
    assert note.changes == {"request": request.pk, "records": 12}


def test_the_file_tells_of_all_posts_of_a_contact() -> None:
    here = make.some_contact(name="Li Na", job_title="Buyer")
    make.some_contact(name="Na Li", job_title="Chair of the club", same_person_as=here)
    page, plain = file_of(make.administrator(), here)
    assert "Chair of the club" in page
    assert len(plain["parties.contact"]) == 2


def test_the_history_in_the_file_tells_of_custom_fields_too() -> None:
    ada, person = make.administrator(), make.some_person()
    car = field("car", "text")
    for name in ("Fiat", "Lada"):
        facts = json.dumps({"custom": {"car": name}})
        make.speaking(ada).patch(f"/api/v1/customers/{person.pk}", facts, "application/json")
    retire(car, actor=make.acting(ada))
    page, plain = file_of(ada, person)
    changes = [(each["Field"], each["Before"], each["After"]) for each in plain["history"]]
    assert changes == [("Car", "", "Fiat"), ("Car", "Fiat", "Lada")]
    assert "Fiat" in page


def test_the_file_tells_of_what_lies_in_the_trash() -> None:
    ada, person = make.administrator(), make.some_person()
    said = make.some_interaction(person, summary="Wanted a red one")
    make.signed_in(ada).post(f"/interactions/{said.pk}/delete/")
    page, plain = file_of(ada, person)
    (trashed,) = plain["trash"]
    assert trashed["Kind"] == "Interaction"
    assert trashed["What is known"].startswith("Kind: Call; When: 2 Mar 2026")
    assert "What was said: Wanted a red one" in trashed["What is known"]
    assert "Wanted a red one" in page


def test_sensitive_facts_are_in_the_file_for_who_may_look_and_logged() -> None:
    ada, fact = make.administrator(), make.some_fact(value="zqasthma")
    page, _plain = file_of(ada, fact.customer)
    assert "zqasthma" not in page
    assert "kept encrypted and hidden" in page
    make.grant(ada.role, "parties.sensitivefact", 4, ["view", "look"])  # type: ignore[arg-type]
    page, plain = file_of(ada, fact.customer)
    assert "zqasthma" in page
    assert plain["sensitive"] == [{"Kind": "health", "What is known": "zqasthma"}]
    assert SensitiveLook.objects.get().reason == "asked"


def test_only_who_may_answer_gets_the_file() -> None:
    person, user = make.some_person(), make.some_user()
    request = make.some_privacy_request(person)
    make.grant(user.role, "parties.privacyrequest", 4, ["view", "change"])  # type: ignore[arg-type]
    assert (
        make.signed_in(user).post(f"/privacy-requests/{request.pk}/file/", {"reason": "asked"}).status_code
        == 404
    )
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("within", "counted_in", "last"),
    [
        (30, "days", dt.date(2026, 4, 1)),
        (15, "working_days", dt.date(2026, 3, 23)),
        (1, "working_days", dt.date(2026, 3, 3)),
    ],
)
def test_a_request_is_due_by_the_company_s_rule(within: int, counted_in: str, last: dt.date) -> None:
    make.keeping()
    rules = make.keeping()
    rules.answer_within, rules.counted_in = within, counted_in
    rules.save()
    assert due_day(make.DAY) == last
    ada, person = make.administrator(), make.some_person()
    body = {"kind": "access", "customer": person.pk, "received_on": make.DAY.isoformat()}
    answer = make.speaking(ada).post("/api/v1/privacy-requests/", json.dumps(body), "application/json")
    assert answer.json()["due_on"] == last.isoformat()


def test_the_last_activity_is_the_latest_in_any_room() -> None:
    rule = make.some_retention_rule(months=24)
    old, ordered, called, never = (make.some_person() for _ in range(4))
    for person in (old, ordered, called):
        Customer.objects.filter(pk=person.pk).update(first_seen="2020-01-01")
    make.some_order(ordered, day=dt.date(2026, 1, 1))
    make.some_order(called, day=dt.date(2021, 1, 1))
    make.some_interaction(called)
    make.some_customer(first_seen="2020-01-01")
    assert list(due(rule, make.DAY)) == [old]
    assert never not in due(rule, make.DAY)
    assert limit(rule, dt.date(2026, 3, 31)) == dt.date(2024, 3, 31)
    assert limit(make.some_retention_rule(months=1), dt.date(2026, 3, 31)) == dt.date(2026, 2, 28)


def test_who_is_active_in_one_post_is_active_in_all() -> None:
    rule = make.some_retention_rule(applies_to="contacts", months=24)
    left, quiet = make.some_contact(name="Li Na"), make.some_contact(name="Wang Wei")
    between = make.some_contact(same_person_as=left)
    now = make.some_contact(name="Na Li", same_person_as=between)
    also_quiet = make.some_contact(same_person_as=quiet)
    for contact in (left, quiet, also_quiet):
        make.some_interaction(contact.customer, contact=contact, at=dt.datetime(2015, 1, 1, tzinfo=dt.UTC))
    make.some_interaction(now.customer, contact=now)
    assert list(due(rule, make.DAY)) == [quiet, also_quiet]
    assert carry_out(rule, actor=system(), day=make.DAY) == 2
    erased = Contact.objects.exclude(erased_on=None).order_by("pk")
    assert list(erased) == [quiet, also_quiet]
    assert AuditEntry.objects.filter(verb="person.forget").count() == 1


def test_a_rule_that_proposes_changes_nothing_and_one_that_acts_forgets() -> None:
    person = make.some_person(name="Li Na", first_seen="2020-01-01")
    rule = make.some_retention_rule(way="propose")
    keep_rules(actor=system(), day=make.DAY)
    person.refresh_from_db()
    assert person.name == "Li Na"
    assert AuditEntry.objects.get().changes == {"rule": rule.pk, "persons": 1}
    rule.way = "act"
    rule.save()
    keep_rules(actor=system(), day=make.DAY)
    person.refresh_from_db()
    assert person.name == f"Erased {person.pk}"
    assert AuditEntry.objects.get(verb="retention.act").changes["keys"] == [person.pk]
    assert not due(rule, make.DAY).exists()


def test_a_rule_for_sensitive_facts_erases_those_alone() -> None:
    fact = make.some_fact(make.some_person(name="Li Na", first_seen="2020-01-01"))
    fact.customer.consents.update(given_on="2020-01-01")
    rule = make.some_retention_rule(step="erase_sensitive", way="act")
    keep_rules(actor=system(), day=make.DAY)
    assert not SensitiveFact.objects.exists()
    assert Customer.objects.get().name == "Li Na"
    assert not due(rule, make.DAY).exists()


def test_the_list_of_a_rule_comes_before_the_deed_and_only_the_chosen_are_erased() -> None:
    ada = make.administrator()
    people = [make.some_person(name=name, first_seen="2020-01-01") for name in ("Li Na", "Wang Wei")]
    rule = make.some_retention_rule()
    browser = make.signed_in(ada)
    page = browser.get(f"/retention-rules/{rule.pk}/due/").content.decode()
    assert "Li Na" in page
    assert "Wang Wei" in page
    browser.post(f"/retention-rules/{rule.pk}/due/", {"ids": [people[0].pk], "confirmed": "2"})
    assert Customer.objects.filter(erased_on=None).count() == 2
    answer = browser.post(f"/retention-rules/{rule.pk}/due/", {"ids": ["²"], "confirmed": "1"})
    assert (answer.status_code, Customer.objects.filter(erased_on=None).count()) == (302, 2)
    browser.post(f"/retention-rules/{rule.pk}/due/", {"ids": [people[0].pk], "confirmed": "1"})
    assert list(Customer.objects.order_by("pk").values_list("name", flat=True)) == [
        f"Erased {people[0].pk}",
        "Wang Wei",
    ]
    with pytest.raises(NotAllowed):
        carry_out(rule, actor=make.acting(kinds=[Customer]), day=make.DAY)


def test_facts_of_persons_who_are_gone_for_good_are_erased() -> None:
    ada = make.administrator()
    there, trashed, gone = (make.some_fact() for _ in range(3))
    make.signed_in(ada).post(f"/customers/{trashed.customer_id}/delete/")
    Customer.objects.filter(pk=gone.customer_id).delete()
    assert clear_orphans() == 1
    assert set(SensitiveFact.objects.values_list("pk", flat=True)) == {there.pk, trashed.pk}


def test_facts_of_merged_persons_stay_until_they_cannot_come_apart_any_more() -> None:
    kept, lost = (make.some_fact(value=value).customer for value in ("mine", "theirs"))
    actor = make.acting(make.administrator())
    merge = merge_customers(Merge, actor=actor, survivor=kept, others=[lost], at=timezone.now())
    assert clear_orphans() == 0
    undo_merge(merge, actor=actor, at=timezone.now())
    assert [value_of(fact) for fact in SensitiveFact.objects.order_by("pk")] == ["mine", "theirs"]
    merge_customers(Merge, actor=actor, survivor=kept, others=[lost], at=timezone.now())
    MergedCustomer.objects.update(values={})
    assert clear_orphans() == 1
    assert value_of(SensitiveFact.objects.get()) == "mine"


def test_what_is_known_of_a_merged_part_belongs_to_the_person() -> None:
    """Of one kind that both had, the part's own lies under its former key."""
    ada, (kept, lost) = make.administrator(), (make.some_fact(value=v).customer for v in ("mine", "theirs"))
    make.grant(ada.role, "parties.sensitivefact", 4, ["view", "look"])  # type: ignore[arg-type]
    make.speaking(ada).patch(f"/api/v1/customers/{lost.pk}", '{"note": "likes tea"}', "application/json")
    lost.refresh_from_db()
    merge_customers(Merge, actor=make.acting(ada), survivor=kept, others=[lost], at=timezone.now())
    _page, plain = file_of(ada, kept)
    assert [each["What is known"] for each in plain["sensitive"]] == ["mine", "theirs"]
    assert [each["After"] for each in plain["history"] if each["Field"] == "Note"] == ["likes tea"] * 2
    Customer.objects.update(first_seen="2020-01-01")
    kept.consents.update(given_on="2020-01-01")
    carry_out(make.some_retention_rule(step="erase_sensitive"), actor=system(), day=make.DAY)
    assert not SensitiveFact.objects.exists()


def test_the_api_answers_and_erases_as_the_pages_do() -> None:
    ada = make.administrator()
    person = make.some_person(name="Li Na")
    access, erasure = (make.some_privacy_request(person, kind=kind) for kind in ("access", "erasure"))
    api, kept_from = make.speaking(ada), make.speaking(make.some_user())
    urls = {
        f"/api/v1/privacy-requests/{access.pk}/file": {"reason": "asked"},
        f"/api/v1/privacy-requests/{erasure.pk}/erase": {"confirmed": "Li Na"},
    }
    for url, body in urls.items():
        assert kept_from.post(url, json.dumps(body), "application/json").status_code == 404
    (file_url, why), (erase_url, name) = urls.items()
    answer = api.post(file_url, json.dumps(why), "application/json")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == [
        "person.css",
        "person.html",
        "person.json",
    ]
    assert api.post(erase_url, json.dumps({"confirmed": "Li"}), "application/json").status_code == 422
    assert api.post(erase_url, json.dumps(name), "application/json").status_code == 204
    assert Customer.objects.get().name == f"Erased {person.pk}"


def test_the_api_lists_whom_a_rule_is_about() -> None:
    person = make.some_person(name="Li Na", first_seen="2020-01-01")
    rule = make.some_retention_rule()
    url = f"/api/v1/retention-rules/{rule.pk}/due"
    assert make.speaking(make.administrator()).get(url).json() == [
        {"id": person.pk, "name": "Li Na", "last_active_on": "2020-01-01"}
    ]
    user = make.some_user()
    make.grant(user.role, "parties.retentionrule", Reach.ALL)
    assert make.speaking(user).get(url).status_code == 403


@pytest.mark.parametrize(("days", "said"), [(-1, "overdue"), (0, "due today"), (5, "due in 5 days")])
def test_an_open_request_says_how_long_there_is_left(days: int, said: str) -> None:
    today = business_day(timezone.now(), "Asia/Shanghai")
    request = make.some_privacy_request(due_on=today + dt.timedelta(days=days))
    page = make.signed_in(make.administrator()).get(f"/privacy-requests/{request.pk}/").content.decode()
    assert said in page
