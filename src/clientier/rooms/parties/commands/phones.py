"""Telephone numbers written in one way, so that one number is not kept as five."""

from __future__ import annotations

from functools import lru_cache

from clientier.rooms.parties.choices.countries import region_of

LONGEST = 40


@lru_cache(maxsize=4096)
def normal_phone(typed: str, country: str) -> str:
    """The number in its international form (+86 27 5550 2842), if it is one there; else as it was typed."""
    text = typed.strip()
    region = region_of(country)
    if not text or not (region or text.startswith(("+", "＋"))):
        return text
    import phonenumbers  # a quarter of a second, which a start need not wait for
    from phonenumbers import NumberParseException, PhoneNumberFormat

    try:
        number = phonenumbers.parse(text, region or None)
    except NumberParseException:
        return text
    if not phonenumbers.is_valid_number(number):
        return text
    written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return written if len(written) <= LONGEST else text
