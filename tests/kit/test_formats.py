from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from clientier.kit import formats

LANGUAGES = ("en", "zh-hans", "zh-hant")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1234567.891"), 2, "1,234,567.89"),
        (Decimal("1234.567"), 1, "1,234.6"),
        (Decimal("0.5"), 0, "0"),
        (Decimal("1.5"), 0, "2"),
        (Decimal("-1234.5"), 2, "−1,234.50"),
        (Decimal("-0.001"), 2, "0.00"),
        (12.96, 1, "13.0"),
        (1_000_000, 0, "1,000,000"),
        (-7, 0, "−7"),
    ],
)
def test_figures_are_rounded_and_grouped_in_thousands(
    language: str, value: float, decimals: int, text: str
) -> None:
    with translation.override(language):
        assert formats.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "currency", "cents", "text"),
    [
        ("1234.5", "CNY", True, "¥1,234.50"),
        ("1234.995", "CNY", True, "¥1,235.00"),
        ("1234.99", "CNY", False, "¥1,235"),
        ("-1234.5", "USD", True, "−$1,234.50"),
        ("-0.001", "USD", True, "$0.00"),
        ("1234.5", "JPY", True, "¥1,234"),
        ("1235.5", "JPY", True, "¥1,236"),
        ("5", "XAU", True, "XAU 5.00"),
    ],
)
def test_amounts_carry_their_symbol(value: str, currency: str, cents: bool, text: str) -> None:
    assert formats.with_symbol(Decimal(value), currency, cents=cents) == text


@pytest.mark.parametrize(
    ("value", "english", "simplified", "traditional"),
    [
        ("9999", "¥9,999", "¥9,999", "¥9,999"),
        ("12345", "¥12.3\u202fk", "¥1.23万", "¥1.23萬"),
        ("18416000", "¥18.4\u202fM", "¥1,842万", "¥1,842萬"),
        ("999960", "¥1.00\u202fM", "¥100.0万", "¥100.0萬"),
        ("99999999", "¥100.0\u202fM", "¥1.00亿", "¥1.00億"),
        ("1234567890", "¥1.23\u202fB", "¥12.3亿", "¥12.3億"),
        ("-18460000", "−¥18.5\u202fM", "−¥1,846万", "−¥1,846萬"),
    ],
)
def test_headline_amounts_are_short_in_each_language(
    value: str, english: str, simplified: str, traditional: str
) -> None:
    for language, text in zip(LANGUAGES, (english, simplified, traditional), strict=True):
        with translation.override(language):
            assert formats.short(Decimal(value), "CNY") == text


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.123, 0, "12%"),
        (0.129, 0, "13%"),
        (0.0, 0, "0%"),
        (0.001, 0, "<1%"),
        (0.999, 0, ">99%"),
        (1.0, 0, "100%"),
        (1.5, 0, "150%"),
        (-0.126, 0, "−13%"),
        (0.12345, 1, "12.3%"),
        (0.00001, 1, "<0.1%"),
    ],
)
def test_shares_are_honest_at_the_ends(share: float, decimals: int, text: str) -> None:
    assert formats.percent(share, decimals) == text


def test_days_are_written_as_each_language_does() -> None:
    day = dt.date(2026, 11, 5)
    written = {}
    for language in LANGUAGES:
        with translation.override(language):
            written[language] = (formats.day(day), formats.short_day(day))
    assert written == {
        "en": ("5 Nov 2026", "5 Nov"),
        "zh-hans": ("2026-11-05", "11月5日"),
        "zh-hant": ("2026-11-05", "11月5日"),
    }


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        (0, "today"), (1, "yesterday"), (-1, "tomorrow"), (-5, "in 5 days"), (59, "59 days ago"),
        (61, "2 months ago"), (729, "24 months ago"), (731, "2 years ago"),
    ],
)  # fmt: skip
def test_distance_in_words(days_ago: int, words: str) -> None:
    today = dt.date(2026, 11, 21)
    with translation.override("en"):
        assert formats.since(today - dt.timedelta(days=days_ago), today) == words
