"""A person is forgotten everywhere, and the books, the audit and its seals are what they were."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone

from clientier.core import seals, trash
from clientier.core.errors import Conflict
from clientier.core.models import AuditEntry, BulkChange, PersonKey, TrashedRecord
from clientier.core.undo import undo
from clientier.kit.models import ImportProblem, ImportRun
from clientier.rooms.activities.models import Interaction
from clientier.rooms.duplicates.commands.merging import merge_customers
from clientier.rooms.duplicates.commands.unmerging import undo_merge
from clientier.rooms.duplicates.models import Merge, MergedCustomer
from clientier.rooms.parties.commands.erasure import erase_person
from clientier.rooms.parties.models import (
    Address,
    Contact,
    Customer,
    PersonProfile,
    PrivacyRequest,
    SensitiveFact,
    SensitiveLook,
)
from clientier.rooms.people.models import User
from clientier.rooms.trade.models import Order
from tests import factories as make
from tests.core.custom.defining import field

pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "Zoltan Zqbrecht", "+49 30 7719932", "zoltan@zqbrecht.example"
SECRETS = ("zqbrecht", "7719932", "zqasthma", "zqgarden", "zqlane", "zqsaid", "zqhobby", "zqnote", "zqown")


@pytest.fixture
def ada() -> User:
    return make.administrator(name="Ada")


def dump() -> str:
    """Every row of every table, as text, in lower case."""
    with connection.cursor() as cursor:
        lines = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            lines += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(lines).lower()


def found_in_dump() -> list[str]:
    return [line[:300] for line in dump().splitlines() for secret in SECRETS if secret in line]


def known_person(ada: User, tmp_path: Path) -> Customer:
    """A person of whom every door has written something down."""
    file = tmp_path / "people.csv"
    file.write_text(f"id,name,phone,kind\nP1,Zqbrecht before,{PHONE},person\n")
    call_command("import_file", str(file), target="customers", username=ada.username)
    file.write_text(
        f"id,name,phone,email,note,city,kind\nP1,{NAME},{PHONE},{EMAIL},Zqnote one,Zqlane city,person\n"
    )
    call_command("import_file", str(file), target="customers", username=ada.username)
    person = Customer.objects.get()
    browser, api = make.signed_in(ada), make.speaking(ada)
    change(api, f"customers/{person.pk}", {"note": "Zqnote two", "other_names": "Zqbrecht the elder"})
    told_elsewhere(ada, api, person)
    post(api, "person-profiles/", {"customer": person.pk, "hobbies": "zqhobby"})
    post(
        api,
        "addresses/",
        {"customer": person.pk, "kind": "billing", "line": "Zqlane 7", "country": "Germany"},
    )
    lost = post(api, "addresses/", {"customer": person.pk, "kind": "billing", "line": "Zqlane 8"})
    browser.post(f"/addresses/{lost}/delete/")
    said = {
        "customer": person.pk,
        "kind": "call",
        "at": "2026-03-02T10:00:00Z",
        "user": ada.pk,
        "minutes": 15,
    }
    post(api, "interactions/", {**said, "summary": "zqsaid he moves", "outcome": "zqsaid yes"})
    task = {"customer": person.pk, "title": "Ring Zqbrecht", "due_on": "2026-03-09", "assigned_to": ada.pk}
    post(api, "tasks/", task)
    end = make.some_customer()
    related = {"kind": "adviser_of", "from_customer": person.pk, "to_customer": end.pk, "note": "zqgarden"}
    post(api, "relations/", related)
    browser.post(f"/customers/{end.pk}/delete/")  # the relation goes into the trash along with its other end
    make.some_order(person, number="A-1", lines=[{"amount": 250, "cost": 100}])
    sensitive(ada, person)
    return person


def told_elsewhere(ada: User, api: Client, person: Customer) -> None:
    """In fields of one's own, a merge, a pair, a share and a review."""
    field("car", "text", searchable=True)
    for car in ("Zqown one", "Zqown two"):
        change(api, f"customers/{person.pk}", {"custom": {"car": car}})
    twice = make.some_customer(name="Zqbrecht too", phone=PHONE, kind="person")
    merge_customers(Merge, actor=make.acting(ada), survivor=person, others=[twice], at=make.NOON)
    make.some_pair(person, evidence={"name": ["Zqbrecht", "Zqbrecht too"]})
    make.some_share(person, reason="zqgarden")
    make.some_review(person, remark="Zqsaid enough")


def sensitive(ada: User, person: Any) -> None:
    make.some_fact(person, "health", "zqasthma")
    for action in ("view", "look"):
        make.grant(ada.role, "parties.sensitivefact", 4, [action])  # type: ignore[arg-type]
    people = "contacts" if isinstance(person, Contact) else "customers"
    body = json.dumps({"reason": "other", "words": "zqgarden party of Zqbrecht"})
    answer = make.speaking(ada).post(
        f"/api/v1/sensitive/{people}/{person.pk}/health/look", body, "application/json"
    )
    assert answer.status_code == 200, answer.content


def post(api: Client, path: str, facts: dict[str, Any]) -> int:
    answer = api.post(f"/api/v1/{path}", json.dumps(facts), "application/json")
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def change(api: Client, path: str, facts: dict[str, Any]) -> None:
    answer = api.patch(f"/api/v1/{path}", json.dumps(facts), "application/json")
    assert answer.status_code == 200, answer.content


def erase(ada: User, person: Any) -> Any:
    request = make.some_privacy_request(person, kind="erasure", how="letter of Zqbrecht")
    return make.signed_in(ada).post(f"/privacy-requests/{request.pk}/erase/", {"confirmed": person.name})


@pytest.mark.django_db(transaction=True)
def test_after_erasure_nothing_in_the_database_tells_of_the_person_and_the_books_are_right(
    ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    person = known_person(ada, tmp_path)
    seals.seal()
    before = seals.verify()
    assert {secret for secret in SECRETS if secret in dump()} == {*SECRETS} - {"zqasthma"}
    assert erase(ada, person).status_code == 302
    assert found_in_dump() == []
    seals.seal()
    after = seals.verify(expected=before.head)
    assert (after.faults, after.sealed > before.sealed) == ([], True)
    order = Order.objects.get()
    assert (order.number, order.amount, order.customer_id) == ("A-1", Decimal(250), person.pk)
    left = Customer.objects.get(pk=person.pk)
    assert (left.name, left.external_id, left.phone, left.email) == (f"Erased {person.pk}", "P1", "", "")
    assert left.erased_on is not None
    assert Interaction.objects.get().minutes == 15
    assert not SensitiveFact.objects.exists()
    assert SensitiveLook.objects.count() == 1


def test_the_history_of_somebody_forgotten_says_that_it_is_erased(ada: User) -> None:
    person = make.some_person(name=NAME)
    api = make.speaking(ada)
    change(api, f"customers/{person.pk}", {"name": "Zqbrecht II"})
    page = make.signed_in(ada).get(f"/customers/{person.pk}/history/").content.decode()
    assert NAME in page
    person.refresh_from_db()
    erase(ada, person)
    page = make.signed_in(ada).get(f"/customers/{person.pk}/history/").content.decode()
    assert "Zqbrecht" not in page
    assert AuditEntry.objects.filter(verb="customer.change").get().label == "erased"


def test_the_audit_keeps_values_of_persons_encrypted_and_reads_them_back(ada: User) -> None:
    person = make.some_person(name="Old")
    change(make.speaking(ada), f"customers/{person.pk}", {"name": NAME, "industry": "Tea"})
    entry = AuditEntry.objects.get()
    assert (entry.label, entry.changes) == (NAME, {"name": ["Old", NAME], "industry": ["", "Tea"]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT label, changes::text FROM core_auditentry")
        label, stored = cursor.fetchone()
    assert label == ""
    assert NAME not in stored
    assert json.loads(stored)["industry"] == ["", "Tea"]


def test_what_was_done_before_cannot_be_undone_after(ada: User) -> None:
    person = make.some_person(name="Old")
    change(make.speaking(ada), f"customers/{person.pk}", {"name": NAME})
    done = AuditEntry.objects.get().request_id
    person.refresh_from_db()
    erase(ada, person)
    with pytest.raises(Conflict):
        undo(done, actor=make.acting(ada))
    erased = AuditEntry.objects.get(verb="person.erase").request_id
    with pytest.raises(Conflict):
        undo(erased, actor=make.acting(ada))


def test_a_contact_is_forgotten_in_all_posts(ada: User) -> None:
    here = make.some_contact(name=NAME, phone=PHONE)
    there = make.some_contact(name="Z. Zqbrecht", email=EMAIL, same_person_as=here)
    colleague = make.some_contact(here.customer, name="Boss", reports_to=here)
    erase(ada, here)
    assert found_in_dump() == []
    there.refresh_from_db()
    colleague.refresh_from_db()
    assert (there.name, there.do_not_contact, colleague.name) == (f"Erased {there.pk}", True, "Boss")


def test_the_name_must_be_typed_and_only_an_administrator_may(ada: User) -> None:
    person = make.some_person(name=NAME)
    request = make.some_privacy_request(person, kind="erasure")
    url = f"/privacy-requests/{request.pk}/erase/"
    assert make.signed_in(ada).post(url, {"confirmed": "Zoltan"}).status_code == 422
    user = make.some_user()
    for kind in ("parties.privacyrequest", "parties.customer"):
        make.grant(user.role, kind, 4)  # type: ignore[arg-type]
    assert make.signed_in(user).post(url, {"confirmed": NAME}).status_code == 404
    person.refresh_from_db()
    assert person.name == NAME
    access = make.some_privacy_request(person, kind="access")
    with pytest.raises(Conflict):
        erase_person(PrivacyRequest, actor=make.acting(ada), request=access, confirmed=NAME, day=make.DAY)
    with pytest.raises(ValidationError):
        erase_person(PrivacyRequest, actor=make.acting(ada), request=request, confirmed="", day=make.DAY)


def test_the_preview_names_what_goes_and_why_the_rest_stays(ada: User) -> None:
    person = make.some_person(name=NAME)
    make.some_order(person)
    make.some_address(person, line="Zqlane 7")
    part = make.some_person()
    merge_customers(Merge, actor=make.acting(ada), survivor=person, others=[part], at=make.NOON)
    PersonKey.objects.all().delete()
    request = make.some_privacy_request(person, kind="erasure")
    page = make.signed_in(ada).get(f"/privacy-requests/{request.pk}/erase/").content.decode()
    assert "The number keeps an import from entering the person anew" in page
    assert "Survivor changes" not in page
    assert "Tax and commercial law say to keep the books for years" in page
    assert "all of it" in page
    assert PersonKey.objects.count() == 0
    person.refresh_from_db()
    assert person.name == NAME


@pytest.mark.django_db(transaction=True)
def test_files_of_imports_that_hold_the_person_go_and_others_stay(ada: User) -> None:
    person = make.some_person(name="李雷磊", phone=PHONE)
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", "<si><t>李雷磊</t></si>")
    texts = {
        "gb": "姓名\n李雷磊".encode("gb18030"),
        "xlsx": workbook.getvalue(),
        "other": "姓名\n韩梅梅".encode(),
    }
    runs = {}
    for name, content in texts.items():
        runs[name] = ImportRun(user=ada, actor_name="Ada", target="customers", file_name=f"{name}.csv")
        runs[name].file.save("source.csv", ContentFile(content))
    ImportProblem.objects.create(run=runs["other"], row_number=2, reasons=[{"value": "李雷磊"}])
    stored = {name: Path(run.file.path) for name, run in runs.items()}
    erase(ada, person)
    assert {name: path.exists() for name, path in stored.items()} == {
        "gb": False,
        "xlsx": False,
        "other": True,
    }
    assert ImportProblem.objects.get().reasons == []


def test_the_trash_of_others_loses_what_told_of_the_person(ada: User) -> None:
    person, other = make.some_person(name=NAME), make.some_customer(name="Other")
    make.some_relation(person, other, note="zqgarden")
    make.some_address(other, line="Stays 1")
    make.signed_in(ada).post(f"/customers/{other.pk}/delete/")
    assert "zqgarden" in dump()
    erase(ada, person)
    assert found_in_dump() == []
    kept = TrashedRecord.objects.get()
    assert [taken["record"] for taken in kept.removed] == ["parties.address"]


def test_what_merged_parts_left_in_the_trash_goes_with_the_person(ada: User) -> None:
    person, part = make.some_person(name=NAME), make.some_person(name="Zqbrecht too")
    said = make.some_interaction(part, summary="zqsaid")
    lane = make.some_address(part, line="zqlane 9")
    browser = make.signed_in(ada)
    browser.post(f"/interactions/{said.pk}/delete/")
    browser.post(f"/addresses/{lane.pk}/delete/")
    merge_customers(Merge, actor=make.acting(ada), survivor=person, others=[part], at=make.NOON)
    erase(ada, person)
    assert found_in_dump() == []
    assert not TrashedRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_imports_kept_of_merged_parts_and_of_former_names_goes_with_the_person(
    ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "people.csv"
    for name in ("Zqbrecht too", "Zqbrecht two"):
        file.write_text(f"id,name,phone,kind\nP1,{name},{PHONE},person\n")
        call_command("import_file", str(file), target="customers", username=ada.username)
    part, person = Customer.objects.get(), make.some_person(name="Zqbrecht maiden")
    change(make.speaking(ada), f"customers/{person.pk}", {"name": "Zqbrecht married"})
    merge_customers(Merge, actor=make.acting(ada), survivor=person, others=[part], at=make.NOON)
    unread = {}
    for name in ("Zqbrecht two", "Zqbrecht maiden", "Somebody"):
        run = ImportRun(user=ada, actor_name="Ada", target="customers", file_name="list.csv")
        run.file.save("source.csv", ContentFile(name.encode()))
        unread[name] = Path(run.file.path)
    person.refresh_from_db()
    erase(ada, person)
    assert found_in_dump() == []
    assert [name for name, path in unread.items() if path.exists()] == ["Somebody"]


def test_what_imports_kept_of_what_is_gone_already_goes_with_the_person(
    ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the trash, in the trash of others, and set aside in a merge: the values there, and those of before."""
    monkeypatch.chdir(tmp_path)
    person, part = make.some_person(name="Zqbrecht", external_id="P0"), make.some_person(external_id="P1")
    make.some_person_profile(person)
    lane = make.some_address(person, line="Stays")
    profile = make.some_person_profile(part)
    relation = make.some_relation(person, make.some_customer(name="Other"))
    for record in (lane, profile, relation):
        label = record._meta.label_lower
        BulkChange.objects.create(
            request_id=uuid4(), record=label, record_id=record.pk, before={"note": "zqgarden"}
        )
    browser = make.signed_in(ada)
    browser.post(f"/addresses/{lane.pk}/delete/")
    browser.post(f"/customers/{relation.to_customer_id}/delete/")
    merge_customers(Merge, actor=make.acting(ada), survivor=person, others=[part], at=make.NOON)
    person.refresh_from_db()
    assert BulkChange.objects.count() == 3
    erase(ada, person)
    assert found_in_dump() == []
    assert not BulkChange.objects.exists()


def test_nothing_that_goes_with_a_person_is_told_of_them_anew(ada: User, tmp_path: Path) -> None:
    person = make.some_person(name=NAME, external_id="P1")
    make.some_fact(person, "health")
    for action in ("view", "change"):
        make.grant(ada.role, "parties.sensitivefact", 4, [action])  # type: ignore[arg-type]
    erase(ada, person)
    make.some_person(name="Somebody", external_id="P2")
    file = tmp_path / "again.csv"
    for target, heading in (("addresses", "street"), ("person-profiles", "hobbies")):
        file.write_text(f"customer,kind,{heading}\nP1,billing,zqlane\nP2,billing,Lane 2\n")
        with pytest.raises(CommandError, match="1 rows were in error"):
            call_command("import_file", str(file), target=target, username=ada.username)
    api = make.speaking(ada)
    for path, facts in (
        ("addresses", {"customer": person.pk, "kind": "billing", "line": "zqlane"}),
        ("person-profiles", {"customer": person.pk, "hobbies": "zqhobby"}),
    ):
        answer = api.post(f"/api/v1/{path}/", json.dumps(facts), "application/json")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["customer"])
    answer = api.put(
        f"/api/v1/sensitive/customers/{person.pk}/health", '{"value": "zqasthma"}', "application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "stays_forgotten")
    assert found_in_dump() == []
    assert (Address.objects.count(), PersonProfile.objects.count()) == (1, 1)


def test_who_came_apart_again_is_forgotten_where_they_were_merged(ada: User) -> None:
    kept, part = make.some_person(name="Kept"), make.some_person(name=NAME, note="Zqnote", phone=PHONE)
    actor = make.acting(ada)
    merge = merge_customers(Merge, actor=actor, survivor=kept, others=[part], at=make.NOON)
    undo_merge(merge, actor=actor, at=make.NOON)
    assert "Zqnote" in str([each.changes for each in AuditEntry.objects.all()])
    erase(ada, part)
    assert found_in_dump() == []
    told = str([(each.label, each.changes) for each in AuditEntry.objects.all()])
    assert [secret for secret in SECRETS if secret in told.lower()] == []
    assert Customer.objects.get(pk=kept.pk).name == "Kept"


def test_the_number_of_a_merged_part_brings_nobody_back(ada: User, tmp_path: Path) -> None:
    person, part = (make.some_person(name="Zqbrecht", external_id=number) for number in ("P0", "P1"))
    merge_customers(Merge, actor=make.acting(ada), survivor=person, others=[part], at=make.NOON)
    person.refresh_from_db()
    erase(ada, person)
    file = tmp_path / "again.csv"
    file.write_text(f"id,name\nP1,{NAME}\n")
    with pytest.raises(CommandError, match="1 rows were in error"):
        call_command("import_file", str(file), target="customers", username=ada.username)
    assert Customer.objects.get().name == f"Erased {person.pk}"
    with pytest.raises(Conflict, match="too long ago"):
        undo_merge(Merge.objects.get(), actor=make.acting(ada), at=make.NOON)
    assert make.signed_in(ada).get(f"/customers/{part.pk}/")["Location"] == f"/customers/{person.pk}/"
    assert make.signed_in(ada).get(f"/merges/{Merge.objects.get().pk}/").status_code == 200


def test_what_was_set_aside_in_a_merge_of_others_loses_what_told_of_the_person(ada: User) -> None:
    person = make.some_person(name=NAME)
    kept, lost = make.some_customer(name="Kept"), make.some_customer(name="Lost")
    for other in (kept, lost):
        make.some_relation(person, other, note="zqgarden")
    make.some_pair(lost, kept)
    merge_customers(Merge, actor=make.acting(ada), survivor=kept, others=[lost], at=make.NOON)
    assert "zqgarden" in MergedCustomer.objects.values_list("set_aside", flat=True).get().__str__()
    erase(ada, person)
    assert found_in_dump() == []
    left = MergedCustomer.objects.get()
    assert [each["record"] for each in left.set_aside] == ["duplicates.duplicatepair"]
    undo_merge(Merge.objects.get(), actor=make.acting(ada), at=make.NOON)
    assert Customer.objects.get(pk=lost.pk).name == "Lost"


@pytest.mark.parametrize("along", [True, False], ids=["with its customer", "alone"])
@pytest.mark.parametrize("first_named", [True, False])
def test_a_post_in_the_trash_goes_with_the_person(ada: User, along: bool, first_named: bool) -> None:
    if first_named:
        gone = make.some_contact(name="Zqbrecht before", phone=PHONE)
        person = make.some_contact(name=NAME, same_person_as=gone)
    else:
        person = make.some_contact(name=NAME)
        gone = make.some_contact(name="Zqbrecht before", phone=PHONE, same_person_as=person)
    colleague = make.some_contact(gone.customer, name="Stays", reports_to=gone)
    boss = make.some_contact(person.customer, name="Boss")
    Contact.objects.filter(pk=person.pk).update(reports_to=boss)
    browser = make.signed_in(ada)
    browser.post(f"/contacts/{boss.pk}/delete/")
    place = f"customers/{gone.customer_id}" if along else f"contacts/{gone.pk}"
    browser.post(f"/{place}/delete/")
    person.refresh_from_db()
    erase(ada, person)
    assert found_in_dump() == []
    assert TrashedRecord.objects.filter(label="Boss").exists()
    if along:
        company = TrashedRecord.objects.get(record="parties.customer")
        make.speaking(ada).post(f"/api/v1/trash/{company.pk}/restore")
    colleague.refresh_from_db()
    assert (colleague.name, colleague.reports_to_id) == ("Stays", None)


@pytest.mark.parametrize(("kind", "name"), [("person", "erased"), ("company", NAME)])
def test_a_person_who_leaves_the_trash_is_forgotten_in_the_audit(ada: User, kind: str, name: str) -> None:
    record = make.some_customer(name=NAME, kind=kind)
    make.signed_in(ada).post(f"/customers/{record.pk}/delete/")
    assert AuditEntry.objects.get().label == NAME
    assert trash.purge(before=timezone.now()) == 1
    assert AuditEntry.objects.get().label == name


def test_who_looked_is_still_listed_when_the_person_is_gone(ada: User) -> None:
    look = make.some_look(user_name="Ben")
    make.signed_in(ada).post(f"/customers/{look.customer_id}/delete/")
    for url in ("/sensitive-looks/", f"/sensitive-looks/{look.pk}/", "/api/v1/sensitive-looks/"):
        assert "Ben" in make.signed_in(ada).get(url).content.decode(), url


@pytest.mark.parametrize("target", ["customers", "contacts"])
def test_neither_an_import_nor_a_hand_brings_the_person_back(ada: User, tmp_path: Path, target: str) -> None:
    company = make.some_customer(external_id="C1")
    made = {
        "customers": lambda: make.some_person(name=NAME, external_id="P1"),
        "contacts": lambda: make.some_contact(company, name=NAME, external_id="P1"),
    }
    person = made[target]()
    for kind in ("text", "yes_no"):
        field(kind, kind, slug=target)
    erase(ada, person)
    file = tmp_path / "again.csv"
    file.write_text(f"id,name,customer\nP1,{NAME},C1\nP2,Somebody,C1\n")
    with pytest.raises(CommandError, match="1 rows were in error"):
        call_command("import_file", str(file), target=target, username=ada.username)
    person.refresh_from_db()
    assert person.name == f"Erased {person.pk}"
    assert type(person).objects.filter(name="Somebody").exists()
    for body in ({"name": NAME}, {"custom": {"text": "Zqown"}}, {"custom": {"yes_no": False}}):
        answer = make.speaking(ada).patch(
            f"/api/v1/{target}/{person.pk}", json.dumps(body), "application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "stays_forgotten"), body
