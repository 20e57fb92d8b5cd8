from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from clientier.core.actor import Reach
from clientier.core.errors import NotAllowed
from clientier.core.models import AuditEntry, OutboxEvent
from clientier.kit.imports import executing
from clientier.kit.imports.engine import Engine
from clientier.kit.imports.lookups import register_lookup
from clientier.kit.imports.mapping import mapping_from_dict
from clientier.kit.imports.registry import TARGETS, ImportTarget, each, register
from clientier.kit.imports.runs import ImportRefused, source_of
from clientier.kit.models import ImportRun
from clientier.rooms.activities.models import Interaction
from clientier.rooms.parties.models import Address, Contact, Customer
from clientier.rooms.people.models import Organisation
from clientier.rooms.people.queries import actor_of
from clientier.rooms.trade.models import CostToServe, CurrencyRate
from tests import factories
from tests.kit.imports.running import ACTOR, counts, errors, everything, imported, prepared

pytestmark = pytest.mark.django_db

CUSTOMERS = "Customer No,Name,City,Employees\nC1,Ada & Co,Leeds,12\nC2,上海贸易,上海,7\n"


def test_the_registry_is_closed():
    with pytest.raises(ValueError, match="two import targets are called 'customers'"):
        register(TARGETS["customers"])
    with pytest.raises(ValueError, match="two lookups are called 'customers'"):
        register_lookup("customers", Customer, "external_id", "customer")
    with pytest.raises(ValueError, match="has no field 'nickname'"):
        register_lookup("nicknames", Customer, "nickname", "customer")


def test_texts_are_held_to_the_length_of_their_column():
    assert TARGETS["customers"].target.by_name["name"].max_length == 200
    assert TARGETS["customers"].target.by_name["external_id"].max_length == 60


def test_new_customers_come_in_with_search_and_order(write_file):
    run = imported(write_file(CUSTOMERS), "customers")
    assert counts(run) == (2, 2, 0, 0, 0)
    found = Customer.objects.get(external_id="C2")
    assert (found.name, found.city, found.employees, found.kind) == ("上海贸易", "上海", 7, "company")
    assert Customer.objects.filter(search__matches="shmy").get() == found


def test_the_same_file_again_changes_nothing(write_file):
    imported(write_file(CUSTOMERS), "customers")
    before = everything()
    assert counts(imported(write_file(CUSTOMERS), "customers")) == (2, 0, 0, 2, 0)
    assert everything() == before


def test_only_mapped_columns_are_changed(write_file):
    factories.some_customer(external_id="C1", name="Old", kind="person", city="York", phone="1")
    run = imported(write_file("id,name,city\nC1,New,\n"), "customers")
    found = Customer.objects.get(external_id="C1")
    assert counts(run) == (1, 0, 1, 0, 0)
    assert (found.name, found.city, found.kind, found.phone) == ("New", "", "person", "1")


def test_bad_rows_come_back_with_reasons_and_the_good_ones_are_in(write_file):
    text = (
        "id,name,employees,email,owner,known since\n"
        "1,Fine,5,a@b.example,,2024-01-31\n"
        ",No number,5,,,\n"
        "3,Too many,99999999999,,,2024-01-31\n"
        "4,Minus,-1,,,2024-01-31\n"
        "5,Odd mail,1,nowhere,,2024-01-31\n"
        "6,Owner unknown,1,,ghost,\n"
        "7,No such day,1,,,2024-02-30\n"
        "1,Again,1,,,\n"
        f"9,{'long' * 60},1,,,\n"
    )
    run = imported(write_file(text), "customers")
    assert counts(run) == (9, 2, 0, 0, 7)
    assert list(Customer.objects.order_by("pk").values_list("name", "owner")) == [
        ("Fine", None),
        ("Owner unknown", None),
    ]
    assert run.facts["left_empty"] == {"owner": {"rows": 1, "keys": ["ghost"], "number": 1}}
    assert errors(run) == {
        3: ["id: must not be empty"],
        4: ["employees: “99999999999” is more than 2147483647"],
        5: ["employees: “-1” is less than 0"],
        6: ["email: “nowhere” is not an e-mail address"],
        8: ["known since: “2024-02-30” names a day that does not exist"],
        9: ["id: has the same key as row 2: 1"],
        10: [f"name: “{('long' * 60)[:59]}…” is longer than 200 characters"],
    }


def test_what_the_database_refuses_is_refused_row_by_row(write_file):
    """Values that pass every check and still break a constraint do not take others with them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE parties_customer ADD CONSTRAINT not_x CHECK (name <> 'X')")
    rows = "".join(f"{n},{'X' if n in (3, 8) else 'ok'}\n" for n in range(1, 11))
    run = imported(write_file("id,name\n" + rows), "customers")
    assert counts(run) == (10, 8, 0, 0, 2)
    assert sorted(errors(run)) == [4, 9]
    assert "not_x" in errors(run)[4][0]


def test_parents_may_stand_anywhere_in_the_file(write_file):
    text = "id,name,parent\n1,Child,2\n2,Middle,3\n3,Top,\n4,Orphan,9\n"
    run = imported(write_file(text), "customers", rows_at_a_time=1)
    assert counts(run) == (4, 3, 0, 0, 1)
    child = Customer.objects.get(external_id="1")
    assert child.parent.parent.name == "Top"
    assert errors(run) == {5: ["parent: there is no “9”, or it is not among those you can see"]}


def test_a_rehearsal_counts_truly_and_leaves_nothing(write_file):
    factories.some_customer(external_id="C1", name="Old")
    before = everything()
    run = prepared(write_file(CUSTOMERS + "C2,twice,,\n"), "customers")
    rehearsed = executing.rehearse(run, actor=ACTOR)
    assert rehearsed.plain()["counts"] == {
        "rows": 3, "created": 1, "updated": 1, "unchanged": 0, "errors": 1, "beside": {},
    }  # fmt: skip
    assert everything() == before
    assert not ImportRun.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_import_leaves_one_trace_and_tells_the_news(write_file):
    run = imported(write_file(CUSTOMERS), "customers")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.request_id, entry.changes["created"]) == ("import.run", run.request_id, 2)
    event = OutboxEvent.objects.get(name="import.completed")
    assert (event.facts["target"], event.facts["rows"]) == ("customers", 2)


def test_without_the_right_nothing_is_read(write_file):
    user = factories.some_user()
    factories.grant(user.role, "parties.customer", Reach.ALL, actions=("view", "add", "change"))
    with pytest.raises(NotAllowed):
        imported(write_file(CUSTOMERS), "customers", actor=actor_of(user))
    assert not Customer.objects.exists()


def test_rows_out_of_reach_are_refused_and_left_alone(write_file):
    me, other = factories.some_user(), factories.some_user()
    factories.grant(me.role, "parties.customer", Reach.OWN)
    factories.grant(me.role, "people.user", Reach.ALL, actions=("view",))
    factories.some_customer(external_id="theirs", name="Theirs", owner=other)
    factories.some_customer(external_id="mine", name="Mine", owner=me)
    text = (
        "id,name,owner\n"
        f"mine,Better,{me.username}\n"
        f"theirs,Stolen,{me.username}\n"
        f"new,New,{me.username}\n"
        f"given,Given away,{other.username}\n"
        "nobody,Nobody's,\n"
    )
    run = imported(write_file(text), "customers", actor=actor_of(me))
    assert counts(run) == (5, 1, 1, 0, 3)
    assert {row: reasons[0] for row, reasons in errors(run).items()} == dict.fromkeys(
        (3, 5, 6), "lies outside what you may import"
    )
    assert dict(Customer.objects.values_list("external_id", "name")) == {
        "theirs": "Theirs",
        "mine": "Better",
        "new": "New",
    }


def test_fields_that_are_locked_are_not_offered(write_file):
    user = factories.some_user()
    factories.grant(user.role, "parties.customer", Reach.ALL)
    factories.field_rule(user.role, "parties.customer", "note", "locked")
    assert "note" not in TARGETS["customers"].for_actor(actor_of(user)).by_name
    fields = {"external_id": "id", "name": "name", "note": "note"}
    with pytest.raises(ImportRefused, match="“note” is not a field of Customers"):
        imported(write_file("id,name,note\n1,A,x\n"), "customers", fields, actor=actor_of(user))
    assert not Customer.objects.exists()


def test_references_cost_one_query_a_chunk_whatever_their_number(write_file, django_assert_num_queries):
    factories.some_customer(external_id="C1")
    text = "id,customer,name\n" + "".join(f"{n},C1,Person {n}\n" for n in range(40))
    run = prepared(write_file(text), "contacts")
    mapping = mapping_from_dict(run.mapping)
    engine = Engine(TARGETS["contacts"], mapping, source_of(run), ACTOR)
    chunk = next(engine._checker.chunks())
    batch, _problems = engine._good(chunk)
    with django_assert_num_queries(1):
        engine._references.resolve(batch)
    batch, _problems = engine._good(chunk)
    with django_assert_num_queries(0):
        engine._references.resolve(batch)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_files_in_other_encodings_come_in_whole(write_file, encoding):
    text = "客户编号;客户名称;城市;联系电话\n" + "".join(
        f"K{n};上海第{n}贸易有限公司;上海市;021-5566{n:04}\n" for n in range(200)
    )
    run = imported(write_file(text, encoding=encoding), "customers")
    assert counts(run) == (200, 200, 0, 0, 0)
    assert Customer.objects.get(external_id="K7").name == "上海第7贸易有限公司"


def test_addresses_are_one_of_each_kind(write_file):
    customer = factories.some_customer(external_id="C1")
    text = "customer,kind,city\nC1,delivery,Leeds\nC1,,York\n"
    assert counts(imported(write_file(text), "addresses")) == (2, 2, 0, 0, 0)
    assert counts(imported(write_file(text), "addresses")) == (2, 0, 0, 2, 0)
    found = Address.objects.filter(customer=customer).order_by("kind").values_list("kind", "city")
    assert list(found) == [("delivery", "Leeds"), ("registered", "York")]


def test_contacts_belong_to_customers(write_file):
    factories.some_customer(external_id="C1")
    text = "contact id,customer id,name,do not call\n1,C1,Ada,yes\n2,C9,Bob,no\n"
    run = imported(write_file(text), "contacts")
    assert counts(run) == (2, 1, 0, 0, 1)
    assert Contact.objects.get(external_id="1").do_not_contact is True


def test_costs_are_valued_in_the_base_currency_and_number_themselves(write_file):
    Organisation.objects.create(base_currency="USD")
    factories.some_customer(external_id="C1")
    CurrencyRate.objects.create(currency="EUR", day=dt.date(2024, 1, 1), rate_to_base=Decimal("1.1"))
    text = (
        "customer,date,type,amount,currency\n"
        "C1,2024-02-01,freight,100,EUR\n"
        "C1,2024-02-01,freight,100,EUR\n"
        "C1,2024-02-01,rebate,50,\n"
        "C1,2023-02-01,fee,50,EUR\n"
    )
    run = imported(write_file(text), "costs")
    assert counts(run) == (4, 3, 0, 0, 1)
    assert errors(run)[5] == [
        "currency: no rate of EUR is known for 2023-02-01 or before; import currency rates first"
    ]
    found = CostToServe.objects.order_by("pk").values_list("currency", "amount_base")
    assert list(found) == [("EUR", Decimal("110")), ("EUR", Decimal("110")), ("USD", Decimal("50"))]
    assert counts(imported(write_file(text), "costs"))[1:4] == (0, 0, 3)


def test_interactions_are_those_of_who_imports_them(write_file):
    user = factories.administrator()
    factories.some_customer(external_id="C1")
    text = "customer,when,type,minutes\nC1,2024-02-01 09:30,visit,45\n"
    run = imported(write_file(text), "interactions", actor=actor_of(user))
    assert counts(run) == (1, 1, 0, 0, 0)
    found = Interaction.objects.get()
    assert (found.user, found.kind, found.minutes) == (user, "visit", 45)
    assert found.at == dt.datetime(2024, 2, 1, 1, 30, tzinfo=dt.UTC)


def test_rates_are_known_by_currency_and_day(write_file):
    text = "currency,date,rate\nUSD,2024-01-01,7.1\nUSD,2024-01-02,7.12\nUSD,2024-01-03,0\n"
    run = imported(write_file(text), "rates")
    assert counts(run) == (3, 2, 0, 0, 1)
    assert CurrencyRate.objects.get(day="2024-01-02").rate_to_base == Decimal("7.12")


def test_a_target_must_refer_to_what_is_known():
    declared = TARGETS["contacts"].target
    broken = ImportTarget(
        target=type(declared)(
            slug="ghosts",
            label="Ghosts",
            key=("external_id",),
            fields=(declared.by_name["external_id"], _referring(declared.by_name["customer"])),
        ),
        writes=(Contact,),
        begin=each(lambda rows, actor: None, Contact),
        shown_in="contacts",
        icon="user",
    )
    with pytest.raises(ValueError, match=r"ghosts\.customer refers to unknown 'castles'"):
        register(broken)


def _referring(field):
    return replace(field, lookup="castles")
