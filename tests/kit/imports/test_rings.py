from __future__ import annotations

import pytest

from clientier.rooms.parties.models import Contact, Customer
from tests import factories
from tests.kit.imports.running import counts, errors, imported

pytestmark = pytest.mark.django_db


def test_new_companies_in_a_ring_are_refused_with_the_rows_that_make_it(write_file):
    text = "id,name,parent\n1,A,2\n2,B,3\n3,C,1\n4,D,4\n5,E,3\n6,F,5\n7,G,\n"
    run = imported(write_file(text), "customers")
    assert counts(run) == (7, 1, 0, 0, 6)
    ring = "parent: would stand above itself: 1 → 2 → 3 → 1 (rows 2, 3, 4)"
    assert errors(run) == {
        2: [ring],
        3: [ring],
        4: [ring],
        5: ["parent: would stand above itself: 4 → 4 (rows 5)"],
        6: ["parent: refers to “3”, whose row 4 was refused"],
        7: ["parent: refers to “5”, whose row 6 was refused"],
    }


def test_a_row_that_closes_a_ring_with_what_is_stored_is_refused(write_file):
    top = factories.some_customer(external_id="1", name="Top")
    middle = factories.some_customer(external_id="2", name="Middle", parent=top)
    factories.some_customer(external_id="3", name="Low", parent=middle)
    run = imported(write_file("id,name,parent\n1,Top,3\n9,New,3\n"), "customers")
    assert counts(run) == (2, 1, 0, 0, 1)
    assert errors(run) == {2: ["parent: would stand above itself: 1 → 3 → 2 → 1 (rows 2)"]}
    top.refresh_from_db()
    assert top.parent is None


def test_two_that_change_places_are_no_ring(write_file):
    top = factories.some_customer(external_id="1", name="Top")
    factories.some_customer(external_id="2", name="Low", parent=top)
    run = imported(write_file("id,name,parent\n1,Top,2\n2,Low,\n"), "customers")
    assert (counts(run), errors(run)) == ((2, 0, 2, 0, 0), {})
    assert Customer.objects.get(external_id="1").parent.name == "Low"


def test_an_unknown_parent_can_be_left_empty_and_its_children_come_in(write_file):
    fields = {"external_id": "id", "name": "name", "parent": {"column": "parent", "unknown": "empty"}}
    run = imported(write_file("id,name,parent\n1,A,2\n2,B,ghost\n3,C,1\n"), "customers", fields)
    assert counts(run) == (3, 3, 0, 0, 0)
    assert run.facts["left_empty"] == {"parent": {"rows": 1, "keys": ["ghost"], "number": 1}}
    assert Customer.objects.get(external_id="3").parent.parent.name == "B"


def test_reporting_lines_stay_within_a_customer_and_form_no_ring(write_file):
    factories.some_customer(external_id="1", name="One")
    factories.some_customer(external_id="2", name="Two")
    text = (
        "contact id,customer id,contact name,reports to,same person as\n"
        "a,1,Ann,b,\nb,1,Bo,,\nc,2,Cy,b,\nd,1,Di,e,\ne,1,Ed,d,\nf,2,Fay,,b\ng,2,Gus,,g\n"
    )
    run = imported(write_file(text), "contacts")
    assert set(Contact.objects.values_list("external_id", flat=True)) == {"a", "b", "f"}
    assert {row: found[0].split(": ", 1)[1] for row, found in errors(run).items()} == {
        4: "a reporting line stays within one customer",
        5: "would stand above itself: d → e → d (rows 5, 6)",
        6: "would stand above itself: d → e → d (rows 5, 6)",
        8: "would stand above itself: g → g (rows 8)",
    }


def test_mistyped_registration_numbers_are_refused_for_companies(write_file):
    text = (
        "id,name,kind,country,registration number\n1,A,company,CN,91420100748306245X\n"
        "2,B,person,CN,91420100748306245X\n"
    )
    run = imported(write_file(text), "customers")
    assert counts(run) == (2, 1, 0, 0, 1)
    assert errors(run)[2][0].startswith("registration number: the check digit of “91420100748306245X”")
