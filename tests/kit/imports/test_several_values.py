from __future__ import annotations

import pytest

from clientier.rooms.parties.models import Customer
from tests import factories
from tests.kit.imports.running import counts, imported

pytestmark = pytest.mark.django_db


def test_a_cell_that_lists_several_gives_the_first_and_keeps_the_others(write_file):
    text = (
        "id,name,email,phone\n"
        '1,One,"a@x.example; b@x.example",+49 30 1234567 ::: +49 30 1234568\n'
        '2,"Two, Ltd",c@x.example,"+49 30 1234569"\n'
    )
    run = imported(write_file(text), "customers")
    assert counts(run) == (2, 2, 0, 0, 0)
    one, two = Customer.objects.order_by("external_id")
    assert (one.email, one.phone) == ("a@x.example", "+49 30 1234567")
    assert one.note == "phone: +49 30 1234568\nemail: b@x.example"
    assert (two.name, two.note) == ("Two, Ltd", "")


def test_what_spills_over_never_takes_the_place_of_a_note(write_file):
    factories.some_customer(external_id="1", name="One", note="written by hand")
    imported(write_file('id,name,email\n1,One,"a@x.example, b@x.example"\n'), "customers")
    found = Customer.objects.get()
    assert (found.email, found.note) == ("a@x.example", "written by hand")
