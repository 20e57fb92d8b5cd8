from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientier.kit.imports.numbers import possible_marks, read_integer, read_number, reads_differently


@pytest.mark.parametrize(
    ("cell", "mark", "number"),
    [
        ("1,234.56", ".", "1234.56"),
        ("1.234,56", ",", "1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("1\u00a0234\u202f567,5", ",", "1234567.5"),
        ("1'234'567.89", ".", "1234567.89"),
        ("1’234.5", ".", "1234.5"),
        ("¥1,234", ".", "1234"),
        ("￥１，２３４．５０", ".", "1234.50"),
        ("1,234元", ".", "1234"),
        ("US$ 5.00", ".", "5.00"),
        ("12,50 €", ",", "12.50"),
        ("CNY 7", ".", "7"),
        ("(123.45)", ".", "-123.45"),
        ("($1,000)", ".", "-1000"),
        ("123.45-", ".", "-123.45"),
        ("−7", ".", "-7"),
        ("-$7.5", ".", "-7.5"),
        ("$-7.5", ".", "-7.5"),
        ("+3", ".", "3"),
        ("12.5%", ".", "0.125"),
        ("1.2万", ".", "12000"),
        ("3亿", ".", "300000000"),
        ("1.5E+03", ".", "1500"),
        (".5", ".", "0.5"),
        ("12.", ".", "12"),
        (0.1 + 0.2, ".", "0.3"),
        (10248.0, ".", "10248"),
        (Decimal("2024.9940"), ",", "2024.9940"),
        (7, ",", "7"),
    ],
)
def test_a_number_is_read_however_it_is_dressed(cell, mark, number):
    assert read_number(cell, mark) == Decimal(number)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "abc",
        "1.2.3",
        "1,23,4",
        "12,34.5",
        "--5",
        "(5",
        "5)",
        "(-5)",
        "NaN",
        "1e999",
        "1_000",
        "½",
        float("inf"),
    ],
)
def test_what_is_no_number_is_refused(cell):
    assert read_number(cell, ".").code == "not_a_number"


def test_refusals_say_what_was_found():
    assert str(read_number("abc")) == "“abc” is not a number"
    assert str(read_integer("12.5")) == "“12.5” is not a whole number"
    assert str(read_number("999999999999999")) == "“999999999999999” is larger than can be stored"


def test_whole_numbers_may_be_written_with_a_fraction_of_zero():
    assert read_integer("1,234.00") == 1234


def test_the_decimal_mark_is_told_where_the_text_decides_it():
    assert possible_marks("1.234,56") == ","
    assert possible_marks("1,234.56") == "."
    assert possible_marks("1234") == ".,"
    assert reads_differently("1,234")
    assert not reads_differently("1234")


@given(
    number=st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False),
    mark=st.sampled_from([".", ","]),
    group=st.sampled_from(["", "other", " ", "'", "\u00a0"]),
    negative=st.sampled_from(["-", "−", "()", "trailing"]),
    sign=st.sampled_from(["", "¥", "€ ", "USD "]),
    wide=st.booleans(),
)
def test_any_amount_comes_back_from_any_way_of_writing_it(number, mark, group, negative, sign, wide):
    separator = {"other": "," if mark == "." else "."}.get(group, group)
    body = f"{abs(number):,.4f}".replace(",", "\x00").replace(".", mark).replace("\x00", separator)
    if wide:
        body = body.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    text = sign + body
    if number < 0:
        text = {"()": f"({text})", "trailing": f"{text}-"}.get(negative, negative + text)
    assert read_number(text, mark) == number
