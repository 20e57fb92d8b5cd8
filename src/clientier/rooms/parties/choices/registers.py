"""Tells whether a text could be a country or a company's registration number, for columns without a heading."""

from __future__ import annotations

import re

from clientier.rooms.parties.choices.countries import region_of

CHINESE_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
MEMBER_STATES = "AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EUROPEAN_VAT = re.compile(rf"(?:{MEMBER_STATES.replace(' ', '|')})[0-9A-Z]{{8,12}}")


def is_country(text: str) -> bool:
    """Whether a text names a country, in whatever language it is known by here."""
    return bool(region_of(text))


def is_registration_number(text: str) -> bool:
    """Whether a text is written as companies are numbered: a Chinese credit code, a European VAT number."""
    plain = re.sub(r"[\s.-]", "", text).upper()
    return bool(CHINESE_CREDIT_CODE.fullmatch(plain) or EUROPEAN_VAT.fullmatch(plain)) and any(
        character.isdigit() for character in plain
    )
