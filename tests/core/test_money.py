from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientier.core.money import convert, digits, from_e4, rounded


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("0.125", "CNY", "0.12"),
        ("0.135", "CNY", "0.14"),
        ("-0.125", "USD", "-0.12"),
        ("2.5", "JPY", "2"),
        ("3.5", "JPY", "4"),
        ("-2.5", "KRW", "-2"),
        ("99.995", "EUR", "100.00"),
    ],
)
def test_amounts_are_rounded_half_to_even_to_the_currencys_digits(
    amount: str, currency: str, shown: str
) -> None:
    assert str(rounded(Decimal(amount), currency)) == shown


def test_currencies_without_cents_have_none() -> None:
    assert [digits(code) for code in ("CNY", "JPY", "KRW", "TWD", "CHF")] == [2, 0, 0, 0, 2]


@pytest.mark.parametrize(
    ("amount", "rate", "base"),
    [
        ("100", "7.123456789", "712.3457"),
        ("0.0001", "0.5", "0.0000"),
        ("0.0003", "0.5", "0.0002"),
        ("-1", "7.1", "-7.1000"),
    ],
)
def test_converted_amounts_keep_four_decimals_half_to_even(amount: str, rate: str, base: str) -> None:
    assert str(convert(Decimal(amount), Decimal(rate))) == base


@given(st.integers(-(10**17), 10**17))
def test_ten_thousandths_become_the_same_amount(units: int) -> None:
    assert from_e4(units) * 10_000 == units
