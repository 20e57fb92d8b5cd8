"""Tells from a text alone what it could be: a telephone number, an address of mail or of the web."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@.,;<>\d]{2,}")
WEB = re.compile(
    r"(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|de|uk|co|eu|tw|hk)(?:/\S*)?", re.IGNORECASE
)
PHONE = re.compile(r"[+＋(]?[\d(][\d\s().\-/ext]{5,25}\d", re.I)
CHINESE_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}")
DAY_LIKE = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}")
LEAST_DIGITS, MOST_DIGITS = 7, 15


def is_email(text: str) -> bool:
    """Whether a text is written as an address of mail."""
    return bool(EMAIL.fullmatch(text.strip()))


def is_website(text: str) -> bool:
    """Whether a text is written as an address of the web."""
    return bool(WEB.fullmatch(text.strip()))


def is_phone(text: str) -> bool:
    """Whether a text is a telephone number, and not just any number or a day."""
    plain = text.strip()
    digits = sum(character.isdigit() for character in plain)
    if CHINESE_MOBILE.fullmatch(plain):
        return True
    if not LEAST_DIGITS <= digits <= MOST_DIGITS or DAY_LIKE.match(plain) or not PHONE.fullmatch(plain):
        return False
    return plain[0] in "+＋(0" or any(mark in plain for mark in " -()/")
