"""Reads numbers as people and programs write them, exactly, whatever the decimal mark."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from typing import Literal

from clientier.kit.imports.reasons import Reason, quoting

DecimalMark = Literal[".", ","]

LARGEST_NUMBER = 10**14
LARGEST_INTEGER = 2**63 - 1
DIGITS_A_FLOAT_KEEPS = 15

PLAIN = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
MONEY_SIGN = r"(?:[A-Z]{2,3}\s?)?[¥$€£₩₹]|[A-Z]{3}|元|圆"
DRESSED = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+])?\s*(?:{MONEY_SIGN})?\s*(?P<inner>[-+])?\s*(?P<body>\d[\d.,'\s]*|[.,]\d+)"
    rf"(?P<power>[eE][-+]?\d{{1,2}})?\s*(?P<unit>[万萬亿億])?\s*(?:{MONEY_SIGN})?\s*(?P<percent>%)?\s*"
    r"(?P<trailing>-)?\s*(?P<close>\))?"
)
UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
LOOKALIKES = str.maketrans({"−": "-", "–": "-", "’": "'", "、": ",", "\u066b": ".", "。": "."})
BODIES: dict[str, re.Pattern[str]] = {
    ".": re.compile(r"\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:([,'\s])\d{3})(?:\1\d{3})*(?:\.\d*)?"),
    ",": re.compile(r"\d+(?:,\d*)?|,\d+|\d{1,3}(?:([.'\s])\d{3})(?:\1\d{3})*(?:,\d*)?"),
}


def read_number(value: object, decimal_mark: DecimalMark = ".") -> Decimal | Reason:
    """The exact number that a cell holds, a percentage as its fraction, or the reason why it holds none."""
    if isinstance(value, str):
        number = (
            Decimal(value)
            if decimal_mark == "." and PLAIN.fullmatch(value)
            else _dressed(value, decimal_mark)
        )
    else:
        number = _native(value)
    if number is None:
        return quoting("not_a_number", value)
    return number if abs(number) < LARGEST_NUMBER else quoting("number_too_large", value)


def read_integer(value: object, decimal_mark: DecimalMark = ".") -> int | Reason:
    """The whole number that a cell holds, or the reason why it holds none."""
    number = read_number(value, decimal_mark)
    if isinstance(number, Reason):
        return number
    return int(number) if number == number.to_integral_value() else quoting("not_whole", value)


def possible_marks(text: str) -> str:
    """The decimal marks under which a text is a number: "." or "," or ".," or none."""
    return "".join(mark for mark in (".", ",") if _dressed(text, mark) is not None)


def reads_differently(text: str) -> bool:
    """Whether a text is a number under both decimal marks, and not the same one: "1,234"."""
    return len(possible_marks(text)) == 2 and _dressed(text, ".") != _dressed(text, ",")


def _native(value: object) -> Decimal | None:
    if isinstance(value, bool | int):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, float) and math.isfinite(value):
        # Spreadsheets keep 15 digits; more would only show how a float misses the number that was meant.
        return Decimal(f"{value:.{DIGITS_A_FLOAT_KEEPS}g}")
    return None


def _dressed(text: str, decimal_mark: str) -> Decimal | None:
    """The number in a text that may carry signs of money, groups, brackets, units or a percent sign."""
    plain = unicodedata.normalize("NFKC", text).translate(LOOKALIKES).strip()
    found = DRESSED.fullmatch(plain)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    minus_signs = [found["open"], found["sign"] == "-", found["inner"] == "-", found["trailing"]]
    body = found["body"].strip()
    if sum(map(bool, minus_signs)) > 1 or not BODIES[decimal_mark].fullmatch(body):
        return None
    other_mark = "," if decimal_mark == "." else "."
    for group_sign in (other_mark, "'", " ", "\t"):
        body = body.replace(group_sign, "")
    number = Decimal(body.replace(decimal_mark, ".") + (found["power"] or ""))
    number *= UNITS.get(found["unit"] or "", 1)
    if found["percent"]:
        number /= 100
    return -number if any(minus_signs) else number
