from __future__ import annotations

import pytest

from clientier.kit.imports.proposing import propose
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.runs import known_to, proposal
from clientier.kit.imports.survey import survey
from tests import factories
from tests.kit.imports.running import ACTOR

pytestmark = pytest.mark.django_db


def found(path, target, **options):
    columns = survey(open_source(path, **options))
    declared = TARGETS[target].target
    return {p.column: (p.field, p.basis) for p in propose(declared, columns, known_to(ACTOR, declared))}


def test_without_headings_the_cells_say_what_they_are(write_file):
    text = (
        "K1,长江机械有限公司,027-5555 0101,a@cj.example,CN,914201007483062457,www.cj.example\n"
        "K2,汉江仪表厂,027-5555 0102,b@hj.example,中国,91420100MA4KW1YN5X,www.hj.example\n"
    )
    assert found(write_file(text), "customers", heading_row=0) == {
        "Column 3": ("phone", "examples"),
        "Column 4": ("email", "examples"),
        "Column 5": ("country", "examples"),
        "Column 6": ("registration_number", "examples"),
        "Column 7": ("website", "examples"),
    }


def test_a_first_row_that_is_data_is_no_heading(write_file):
    source = open_source(write_file("K1,One,a@one.example\nK2,Two,b@two.example\n"))
    assert (source.facts.heading_row, source.row_estimate) == (0, 2)
    assert open_source(write_file("id,name,mail\nK2,Two,b@two.example\n")).facts.heading_row == 1


def test_numbers_that_exist_here_are_known_again(write_file):
    for number in ("X-1", "X-2"):
        factories.some_customer(external_id=number)
    text = "ref,who,tel\nX-1,Ann,+49 30 1234567\nX-2,Bo,+49 30 1234568\n"
    assert found(write_file(text), "contacts") == {
        "ref": ("customer", "keys"),
        "tel": ("phone", "examples"),
        "who": ("name", "only"),
    }


def test_first_and_last_names_are_put_together_as_the_language_does(write_file):
    english = proposal(
        TARGETS["contacts"], survey(open_source(write_file("forename,surname,x\nAnn,Lee,\n"))), ACTOR
    )
    assert english.fields["name"].columns == ("forename", "surname")
    chinese = proposal(TARGETS["contacts"], survey(open_source(write_file("名,姓,x\n伟,王,\n"))), ACTOR)
    assert chinese.fields["name"].columns == ("姓", "名")
