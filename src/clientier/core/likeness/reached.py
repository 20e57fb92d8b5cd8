"""Telephones, addresses of the net and numbers, each in the one form by which equal ones are equal."""

from __future__ import annotations

import re

from clientier.core.likeness.words import FREE_MAIL, PUBLIC_ENDS
from clientier.core.tokens import fold

LEAST_DIGITS, KEPT_DIGITS = 6, 9
_NOT_LETTERS_OR_DIGITS = re.compile(r"[\W_]+")


def phone_key(phone: str) -> str:
    """The last nine digits, which are the same with and without the code of the country; too few are none."""
    digits = "".join(c for c in fold(phone).split("ext")[0] if c.isdecimal())
    return digits[-KEPT_DIGITS:] if len(digits) >= LEAST_DIGITS else ""


def email_key(email: str) -> str:
    """The address in lower case, without what some put after a plus sign."""
    name, at, domain = fold(email).strip().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}" if at and name and domain else ""


def domain_key(address: str) -> str:
    """The domain of a web site or an e-mail address that is a company's own: shop.acme.co.uk is acme.co.uk.

    Providers of mail for everybody give none.
    """
    host = fold(address).strip().rpartition("@")[2]
    host = host.partition("//")[2] or host
    host = re.split(r"[/:?#]", host)[0].strip(".")
    parts = [part for part in host.split(".") if part]
    if len(parts) < 2 or host in FREE_MAIL:
        return ""
    kept = 3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in PUBLIC_ENDS else 2
    domain = ".".join(parts[-kept:])
    return "" if domain in FREE_MAIL else domain


def number_key(number: str) -> str:
    """A registration number without spaces, marks and case."""
    found = _NOT_LETTERS_OR_DIGITS.sub("", fold(number))
    return found if len(found) >= 4 else ""
