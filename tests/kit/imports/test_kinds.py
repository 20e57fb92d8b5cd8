from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from clientier.kit.imports.kinds import Form, cell_text, parser_for
from clientier.kit.imports.targets import Choice, Field, Kind


def parsed(declared, *cells, prefix="", form=None):
    values, refused = parser_for(declared, form or Form(), prefix=prefix).parse(cells)
    return values, {position: str(reason) for position, reason in refused.items()}


def test_each_cell_becomes_a_value_or_a_reason():
    amount = Field(name="amount", label="Amount", kind=Kind.DECIMAL, decimals=4)
    values, refused = parsed(amount, "1.5", "abc", "", "abc", "2.00005", "n/a", None, 3)
    assert values == [Decimal("1.5"), None, None, None, Decimal("2.0000"), None, None, 3]
    assert refused == {1: "“abc” is not a number", 3: "“abc” is not a number"}


def test_an_empty_cell_is_refused_where_the_field_is_required_and_takes_the_default_where_there_is_one():
    assert parsed(Field(name="n", label="N", required=True), "a", " ")[1] == {1: "must not be empty"}
    assert parsed(Field(name="n", label="N", required=True, default="x"), "a", " ") == (["a", "x"], {})


def test_numbers_in_a_text_column_read_as_people_write_them():
    assert parsed(Field(name="n", label="N"), 10248.0, 12.5, "007", date(2024, 1, 2)) == (
        ["10248", "12.5", "007", "2024-01-02"],
        {},
    )


def test_a_prefix_keeps_keys_of_two_files_apart():
    assert parsed(Field(name="n", label="N"), 17, "x", "", prefix="R-") == (["R-17", "R-x", None], {})


def test_text_is_measured_and_cleaned():
    name = Field(name="n", label="N", max_length=5)
    values, refused = parsed(name, "  Zoe\u0308 ", "abcdef", "a\x00b")
    assert values == ["Zoë", None, None]
    assert refused == {
        1: "“abcdef” is longer than 5 characters",
        2: "“a�b” contains a character that cannot be stored",
    }


@pytest.mark.parametrize(
    ("cell", "value"), [("是", True), ("Yes", True), (1.0, True), ("否", False), (False, False), ("0", False)]
)
def test_yes_and_no_in_english_and_chinese(cell, value):
    assert parsed(Field(name="f", label="F", kind=Kind.YES_NO), cell) == ([value], {})


def test_choices_are_found_by_their_synonyms():
    kind = Field(
        name="kind",
        label="Kind",
        kind=Kind.CHOICE,
        choices=(Choice("company", "Company", ("公司", "企业")), Choice("person", "Person")),
    )
    assert parsed(kind, "企业", "COMPANY", "dog") == (
        ["company", "company", None],
        {2: "“dog” is none of: company, person"},
    )


def test_the_guard_against_formulas_is_not_part_of_the_text():
    assert cell_text("'=1+1") == "=1+1"
    assert cell_text("'s-Hertogenbosch") == "'s-Hertogenbosch"
