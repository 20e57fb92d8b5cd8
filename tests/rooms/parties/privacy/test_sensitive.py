"""Sensitive facts: off until enabled, nothing without a consent that holds, encrypted, masked, every look on record."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client

from clientier.core.actor import Actor, Reach, system
from clientier.core.errors import Conflict, NotAllowed, NotFound
from clientier.core.models import AuditEntry
from clientier.core.undo import undo
from clientier.rooms.parties.choices.privacy import SensitiveKind
from clientier.rooms.parties.commands.carrying_over import bind_facts, carry_facts_over
from clientier.rooms.parties.commands.consents import mark_do_not_contact, withdraw_consent
from clientier.rooms.parties.commands.sensitive import NoConsent, value_looked_at, write_fact
from clientier.rooms.parties.models import Consent, Contact, Customer, SensitiveFact, SensitiveLook
from clientier.rooms.parties.queries.sensitive import known_of
from clientier.rooms.people.commands.roles import grant_rights
from clientier.rooms.people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db
FACT = "parties.sensitivefact"
ASTHMA = "Zqasthma bronchiale"
RIC = "11010519491231002X"  # the example of the Chinese standard


def trusted(reach: Reach = Reach.ALL, **facts: Any) -> User:
    """A user who sees all customers and contacts, and sensitive facts as far as given."""
    user = make.some_user(**facts)
    for kind in ("parties.customer", "parties.contact", "parties.consent"):
        make.grant(user.role, kind, Reach.ALL)
    make.grant(user.role, FACT, reach, ("view", "look", "change", "export"))
    return user


def actor_with(*actions: str, user: User | None = None) -> Actor:
    grants = {(kind, "view"): Reach.ALL for kind in ("parties.customer", "parties.contact")}
    return make.acting(user, grants={**grants, **{(FACT, a): Reach.ALL for a in actions}}, unlimited=False)


def doors(person: Customer, client: Client, api: Client) -> str:
    """All that these doors say of the person, in one text."""
    pages = [
        f"/customers/{person.pk}/", f"/customers/{person.pk}/history/", "/customers/", f"/search/?q={person}",
        "/customers/export/", f"/customers/{person.pk}/edit/", "/trash/", "/sensitive-looks/", "/consents/",
    ]  # fmt: skip
    said = []
    for url in pages:
        answer = client.get(url)
        said.append((b"".join(answer) if answer.streaming else answer.content).decode())
    for url in (f"/api/v1/customers/{person.pk}", f"/api/v1/sensitive/customers/{person.pk}"):
        said.append(api.get(url).content.decode())
    return "\n".join(said)


def look_over_api(user: User, person: Any, kind: str, **body: Any) -> Any:
    people = "contacts" if isinstance(person, Contact) else "customers"
    url = f"/api/v1/sensitive/{people}/{person.pk}/{kind}/look"
    return make.speaking(user).post(url, json.dumps({"reason": "care", **body}), "application/json")


@pytest.mark.parametrize("kind", SensitiveKind.values)
def test_a_kind_that_is_off_is_not_there_for_anybody(kind: str) -> None:
    person, user = make.some_person(), trusted()
    make.some_consent(person, kind)
    actor = actor_with("view", "look", "change")
    assert known_of(actor, person, make.DAY) == []
    with pytest.raises(NotFound):
        write_fact(SensitiveFact, actor=actor, person=person, kind=kind, value="x", day=make.DAY)
    assert look_over_api(user, person, kind).status_code == 404
    browser = make.signed_in(user)
    assert browser.get(f"/sensitive/customers/{person.pk}/{kind}/").status_code == 404
    assert browser.get(f"/sensitive/customers/{person.pk}/{kind}/write/").status_code == 404
    assert browser.get("/sensitive/find/").status_code == 404
    assert "Sensitive facts" not in browser.get(f"/customers/{person.pk}/").content.decode()
    assert not SensitiveFact.objects.exists()


def test_an_administrator_enables_a_kind_and_the_audit_says_who() -> None:
    ada = make.administrator(name="Ada")
    make.signed_in(ada).post(
        "/settings/privacy/rules/", {"keeps_health": "on", "answer_within": 30, "counted_in": "days"}
    )
    entry = AuditEntry.objects.get()
    assert (entry.actor_name, entry.verb, entry.changes) == (
        "Ada", "privacy.set_rules", {"keeps_health": [False, True]},
    )  # fmt: skip


def test_others_do_not_enable_anything() -> None:
    url, facts = "/settings/privacy/rules/", {"keeps_health": "on", "answer_within": 30, "counted_in": "days"}
    assert make.signed_in(trusted()).post(url, facts).status_code == 403
    assert not AuditEntry.objects.exists()


def test_nobody_has_the_right_before_it_is_granted_not_even_an_administrator() -> None:
    fact = make.some_fact(value=ASTHMA)
    ada = make.administrator()
    browser = make.signed_in(ada)
    card = browser.get(f"/customers/{fact.customer_id}/").content.decode()
    assert "Sensitive facts" not in card
    assert look_over_api(ada, fact.customer, "health").status_code == 404
    browser.post("/settings/privacy/grants/", {f"{ada.role_id}|{x}": 4 for x in ("look", "change", "export")})
    assert look_over_api(ada, fact.customer, "health").json() == {"kind": "health", "value": ASTHMA}


def test_a_right_that_is_none_is_not_granted() -> None:
    ada = make.administrator()
    facts = {f"{ada.role_id}|look": "²", f"{ada.role_id}|change": "4", f"{ada.role_id}|export": "4"}
    assert make.signed_in(ada).post("/settings/privacy/grants/", facts).status_code == 302
    assert not ada.role.grants.filter(record="parties.sensitivefact").exists()


def test_administrators_cannot_be_cut_or_given_anything_else() -> None:
    from clientier.rooms.people.commands.roles import AdministratorHasAll

    role = make.some_role(administrator=True)
    with pytest.raises(AdministratorHasAll):
        grant_rights(role, actor=make.acting(), reaches={("parties.customer", "view"): Reach.NONE})


def test_without_a_consent_nothing_is_entered_or_seen() -> None:
    make.keeping("health")
    person, actor = make.some_person(), actor_with("view", "look", "change")
    with pytest.raises(NoConsent):
        write_fact(SensitiveFact, actor=actor, person=person, kind="health", value="x", day=make.DAY)
    make.some_consent(person, "religion")
    with pytest.raises(NoConsent):
        write_fact(SensitiveFact, actor=actor, person=person, kind="health", value="x", day=make.DAY)
    assert not SensitiveFact.objects.exists()


@pytest.mark.parametrize(
    ("facts", "day", "holds"),
    [
        ({"given_on": make.DAY}, make.DAY, True),
        ({"given_on": make.DAY}, make.DAY - dt.timedelta(days=1), False),
        ({"valid_until": make.DAY}, make.DAY, True),
        ({"valid_until": make.DAY}, make.DAY + dt.timedelta(days=1), False),
        ({"withdrawn_on": make.DAY}, make.DAY, False),
        ({"withdrawn_on": make.DAY}, make.DAY - dt.timedelta(days=1), True),
    ],
)
def test_a_consent_holds_from_its_day_until_its_end(facts: dict[str, Any], day: dt.date, holds: bool) -> None:
    make.keeping("health")
    person = make.some_person()
    consent = make.some_consent(person, "health", **facts)
    assert bool(known_of(actor_with("view"), person, day)) is holds
    assert consent.holds_on(day) is holds


@pytest.mark.parametrize("of_contact", [False, True])
def test_a_value_that_is_withdrawn_is_hidden_at_once_on_every_door(of_contact: bool) -> None:
    user = trusted()
    person: Any = make.some_contact(make.some_customer()) if of_contact else make.some_person()
    make.some_fact(person, "health", ASTHMA)
    assert look_over_api(user, person, "health").json()["value"] == ASTHMA
    consent = Consent.objects.get()
    browser = make.signed_in(user)
    browser.post(f"/consents/{consent.pk}/withdraw/", {"on": "2026-03-03"})
    consent.refresh_from_db()
    assert consent.withdrawn_on == dt.date(2026, 3, 3)
    assert look_over_api(user, person, "health").status_code == 404
    people = "contacts" if of_contact else "customers"
    assert make.speaking(user).get(f"/api/v1/sensitive/{people}/{person.pk}").json() == []
    assert browser.get(f"/sensitive/{people}/{person.pk}/health/").status_code == 404
    export = browser.post("/sensitive/export/", {"kind": "health", "reason": "care", "words": ""})
    assert ASTHMA not in b"".join(export).decode()  # type: ignore[arg-type]


def test_the_value_is_nowhere_in_clear_before_it_is_asked_for() -> None:
    user, fact = trusted(), make.some_fact(value=ASTHMA)
    person = fact.customer
    assert ASTHMA not in doors(person, make.signed_in(user), make.speaking(user))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            assert not [row for (row,) in cursor.fetchall() if ASTHMA in row or ASTHMA.encode().hex() in row]


def test_a_look_asks_for_a_reason_shows_for_a_minute_and_is_never_cached() -> None:
    user, fact = trusted(name="Ada"), make.some_fact(value=ASTHMA)
    url = f"/sensitive/customers/{fact.customer_id}/health/"
    browser = make.signed_in(user)
    asked = browser.get(url)
    assert ASTHMA not in asked.content.decode()
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "other", "words": " "}).status_code == 422
    assert not SensitiveLook.objects.exists()
    shown = browser.post(url, {"reason": "care", "words": "Birthday visit"})
    assert ASTHMA in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert shown["Refresh"] == f"60; url=/customers/{fact.customer_id}/"
    look = SensitiveLook.objects.get()
    assert (look.user_id, look.user_name, look.customer_id, look.kind, look.reason, look.door) == (
        user.pk, "Ada", fact.customer_id, "health", "care", "page",
    )  # fmt: skip
    assert "Birthday" not in look.words
    assert AuditEntry.objects.filter(verb="sensitive.look").get().changes == {"look": look.pk}


def test_the_api_needs_the_reason_too() -> None:
    user, fact = trusted(), make.some_fact(value=ASTHMA)
    api = make.speaking(user)
    url = f"/api/v1/sensitive/customers/{fact.customer_id}/health/look"
    assert api.post(url, "{}", "application/json").status_code == 422
    assert api.post(url, json.dumps({"reason": "curious"}), "application/json").status_code == 422
    assert not SensitiveLook.objects.exists()
    answer = look_over_api(user, fact.customer, "health")
    assert (answer.json()["value"], answer["Cache-Control"]) == (ASTHMA, "no-store")
    assert SensitiveLook.objects.get().door == "api"


def test_the_right_to_know_is_not_the_right_to_look_or_to_write() -> None:
    fact = make.some_fact(value=ASTHMA)
    actor = actor_with("view")
    facts = {"person": fact.customer, "day": make.DAY}
    with pytest.raises(NotAllowed):
        value_looked_at(fact, actor=actor, reason="care", words="", **facts)
    with pytest.raises(NotAllowed):
        write_fact(SensitiveFact, actor=actor, kind="health", value="x", **facts)
    assert not SensitiveLook.objects.exists()


def test_the_right_reaches_as_far_as_the_row_rule_says() -> None:
    user = trusted(Reach.OWN)
    mine = make.some_fact(make.some_person(owner=user), value="one")
    theirs = make.some_fact(make.some_person(owner=make.some_user()), value="two")
    assert look_over_api(user, mine.customer, "health").json()["value"] == "one"
    assert look_over_api(user, theirs.customer, "health").status_code == 404


def test_looks_can_be_neither_changed_nor_deleted() -> None:
    look = make.some_look()
    for attempt in (lambda: SensitiveLook.objects.update(reason="x"), look.delete):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            attempt()
    ada = make.administrator()
    assert make.signed_in(ada).post(f"/sensitive-looks/{look.pk}/delete/").status_code == 403
    assert SensitiveLook.objects.count() == 1


def test_the_person_s_card_lists_who_looked() -> None:
    user, fact = trusted(name="Ada"), make.some_fact()
    make.grant(user.role, "parties.sensitivelook", Reach.ALL, ["view"])
    look_over_api(user, fact.customer, "health", words="Birthday visit")
    card = make.signed_in(user).get(f"/customers/{fact.customer_id}/").content.decode()
    assert "Birthday visit" in card
    assert "Who looked lately" in card


def test_an_identity_number_is_checked_and_the_error_does_not_repeat_it() -> None:
    make.keeping("identity_number")
    person = make.some_person(country="China")
    make.some_consent(person, "identity_number")
    actor, facts = actor_with("view", "look", "change"), {"kind": "identity_number", "day": make.DAY}
    with pytest.raises(ValidationError) as refused:
        write_fact(SensitiveFact, actor=actor, person=person, value="110105194912310021", **facts)
    assert "110105" not in str(refused.value)
    fact = write_fact(SensitiveFact, actor=actor, person=person, value=RIC, **facts)
    assert value_looked_at(fact, actor=actor, person=person, reason="care", words="", day=make.DAY) == RIC


def test_an_identity_number_is_found_by_exactly_itself_and_each_hit_is_a_look() -> None:
    user, person = trusted(), make.some_person(name="Li Na")
    make.some_fact(person, "identity_number", RIC)
    browser = make.signed_in(user)
    asked = {"reason": "contract", "words": ""}
    assert "Li Na" not in browser.post("/sensitive/find/", {**asked, "number": RIC[:-1]}).content.decode()
    assert not SensitiveLook.objects.exists()
    assert (
        "Li Na"
        in browser.post("/sensitive/find/", {**asked, "number": "110105 19491231-002x"}).content.decode()
    )
    assert SensitiveLook.objects.get().customer_id == person.pk
    assert "Li Na" not in browser.get("/search/", {"q": RIC}).content.decode()
    without = make.some_user()
    make.grant(without.role, "parties.customer", Reach.ALL)
    assert make.signed_in(without).post("/sensitive/find/", {**asked, "number": RIC}).status_code == 404


def test_an_export_takes_a_reason_and_logs_each() -> None:
    user = trusted()
    make.some_fact(make.some_person(name="Li Na"), value=ASTHMA)
    make.some_fact(make.some_contact(name="Wang Wei"), value="gout")
    browser = make.signed_in(user)
    assert browser.post("/sensitive/export/", {"kind": "health"}).status_code == 422
    assert not SensitiveLook.objects.exists()
    answer = browser.post("/sensitive/export/", {"kind": "health", "reason": "contract"})
    lines = b"".join(answer).decode().splitlines()  # type: ignore[arg-type]
    assert lines[1] == f"Li Na,,{ASTHMA}"
    assert lines[2].endswith(",Wang Wei,gout")
    assert answer["Cache-Control"] == "no-store, private"
    assert SensitiveLook.objects.count() == 2


def test_what_was_written_cannot_be_undone_and_holds_no_value_in_the_audit() -> None:
    user = make.some_user()
    make.keeping("health")
    person = make.some_person()
    make.some_consent(person, "health")
    actor = actor_with("view", "look", "change", user=user)
    write_fact(SensitiveFact, actor=actor, person=person, kind="health", value=ASTHMA, day=make.DAY)
    entry = AuditEntry.objects.get()
    assert {"sealed", "index"}.isdisjoint(entry.changes)
    with pytest.raises(Conflict):
        undo(actor.request_id, actor=actor)
    assert SensitiveFact.objects.get().sealed is not None


def test_an_empty_value_takes_out_what_is_there() -> None:
    fact = make.some_fact(kind="identity_number", value="A1")
    actor = actor_with("view", "look", "change")
    write_fact(
        SensitiveFact, actor=actor, person=fact.customer, kind="identity_number", value=" ", day=make.DAY
    )
    fact.refresh_from_db()
    assert (fact.sealed, fact.index) == (None, None)


def test_facts_follow_the_contact_to_another_customer() -> None:
    user = trusted(Reach.OWN)
    contact = make.some_contact(make.some_customer(owner=make.some_user()))
    make.some_fact(contact, value=ASTHMA)
    assert look_over_api(user, contact, "health").status_code == 404
    Contact.objects.filter(pk=contact.pk).update(customer=make.some_customer(owner=user))
    assert look_over_api(user, contact, "health").json()["value"] == ASTHMA
    assert Consent.objects.get().customer.owner == user


def test_a_deleted_person_takes_the_facts_along_and_brings_them_back() -> None:
    ada = make.administrator()
    fact = make.some_fact(value=ASTHMA)
    browser = make.signed_in(ada)
    browser.post(f"/customers/{fact.customer_id}/delete/")
    assert not Customer.objects.exists()
    kept = make.speaking(ada).get("/api/v1/trash/").json()["items"]
    customer = next(each for each in kept if each["record"] == "parties.customer")
    make.speaking(ada).post(f"/api/v1/trash/{customer['id']}/restore")
    assert look_over_api(trusted(), fact.customer, "health").json()["value"] == ASTHMA


def test_a_consent_stays_with_its_person_and_its_matter() -> None:
    ada, consent = make.administrator(), make.some_consent()
    other = make.some_person()
    for body in ({"customer": other.pk}, {"covers": "surveys"}):
        answer = make.speaking(ada).patch(
            f"/api/v1/consents/{consent.pk}", json.dumps(body), "application/json"
        )
        assert answer.status_code == 409
    consent.refresh_from_db()
    assert (consent.customer_id == other.pk, consent.covers) == (False, "marketing")


def test_do_not_contact_follows_a_withdrawn_consent_to_marketing() -> None:
    contact = make.some_contact()
    consent = make.some_consent(contact)
    withdraw_consent(consent, actor=make.acting(make.some_user()), on=make.DAY, today=make.DAY)
    contact.refresh_from_db()
    assert contact.do_not_contact is True
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "contact.follow_consent", "consent.withdraw",
    ]  # fmt: skip


def test_withdrawing_a_consent_of_before_leaves_the_one_that_holds() -> None:
    contact, ada = make.some_contact(), make.administrator()
    before = make.some_consent(contact, given_on=dt.date(2020, 1, 1))
    now = make.some_consent(contact, given_on=dt.date(2022, 1, 1))
    browser = make.signed_in(ada)
    browser.post(f"/consents/{before.pk}/withdraw/", {"on": "2021-01-01"})
    before.refresh_from_db()
    contact.refresh_from_db()
    assert (before.withdrawn_on, contact.do_not_contact) == (dt.date(2021, 1, 1), False)
    browser.post(f"/consents/{now.pk}/withdraw/", {"on": "2022-02-01"})
    contact.refresh_from_db()
    assert contact.do_not_contact is True


def test_one_form_records_consent_to_several_matters() -> None:
    make.keeping("health")
    ada, person = make.administrator(), make.some_person()
    facts = {
        "covers": ["health", "marketing"],
        "purpose": "care",
        "given_on": "2026-03-02",
        "proof": "form 7",
    }
    answer = make.signed_in(ada).post(f"/consents/of/customers/{person.pk}/", facts)
    assert answer.status_code == 302
    assert sorted(Consent.objects.values_list("covers", "recorded_by")) == [
        ("health", ada.pk),
        ("marketing", ada.pk),
    ]
    refused = make.signed_in(ada).post(
        f"/consents/of/customers/{person.pk}/", {**facts, "covers": ["religion"]}
    )
    assert refused.status_code == 422


def test_do_not_contact_follows_a_consent_that_has_run_out() -> None:
    ended, lasting = make.some_contact(), make.some_contact()
    make.some_consent(ended, valid_until=make.DAY)
    make.some_consent(lasting)
    assert mark_do_not_contact(make.DAY, system()) == 0
    assert mark_do_not_contact(make.DAY + dt.timedelta(days=1), system()) == 1
    assert list(Contact.objects.filter(do_not_contact=True)) == [ended]


def test_undoing_a_withdrawal_opens_again_and_leaves_no_second_consent() -> None:
    user, fact = make.administrator(), make.some_fact(value=ASTHMA)
    consent, actor = Consent.objects.get(), make.acting(user)
    withdraw_consent(consent, actor=actor, on=make.DAY, today=make.DAY)
    assert known_of(actor_with("view"), fact.customer, make.DAY) == []
    undo(actor.request_id, actor=actor)
    assert len(known_of(actor_with("view"), fact.customer, make.DAY)) == 1


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_value_in_an_error_or_a_log_is_never_in_clear(door: str, caplog: pytest.LogCaptureFixture) -> None:
    make.keeping("identity_number")
    user, person = trusted(), make.some_person(country="China")
    make.some_consent(person, "identity_number")
    wrong = "110105194912310021"
    if door == "api":
        url, body = f"/api/v1/sensitive/customers/{person.pk}/identity_number", json.dumps({"value": wrong})
        answer = make.speaking(user).put(url, body, "application/json")
        assert wrong not in answer.content.decode()
    else:
        url = f"/sensitive/customers/{person.pk}/identity_number/write/"
        answer = make.signed_in(user).post(url, {"value": wrong})
        assert "no-store" in answer["Cache-Control"]
    assert answer.status_code == 422
    assert wrong not in caplog.text
    assert not SensitiveFact.objects.exists()


def test_facts_go_over_to_the_customer_that_is_the_same_person() -> None:
    double, person = make.some_person(), make.some_person()
    contact = make.some_contact(double)
    make.some_fact(double, value=ASTHMA)
    make.some_fact(double, "religion", "none")
    make.some_fact(person, "religion", "stays")
    make.some_fact(contact, "family", "two children")
    assert len(carry_facts_over(double, person)) == 2
    user = trusted()
    make.some_consent(person, "health")
    assert look_over_api(user, person, "health").json()["value"] == ASTHMA
    assert look_over_api(user, person, "religion").json()["value"] == "stays"
    assert look_over_api(user, contact, "family").json()["value"] == "two children"
    assert look_over_api(user, double, "health").status_code == 404
    bind_facts(SensitiveFact.objects.filter(kind="health").values_list("pk", flat=True), double.pk)
    assert look_over_api(user, double, "health").json()["value"] == ASTHMA


def test_a_look_on_its_own_page_says_why_in_words() -> None:
    ada, fact = make.administrator(), make.some_fact()
    make.grant(ada.role, FACT, Reach.ALL, ("view", "look"))
    look_over_api(ada, fact.customer, "health", words="Birthday visit")
    page = make.signed_in(ada).get(f"/sensitive-looks/{SensitiveLook.objects.get().pk}/").content.decode()
    for told in ("Birthday visit", "over the API", str(fact.customer)):
        assert told in page
