"""Records as they are compared: the facts of a customer, each in its one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from clientier.core.likeness.characters import simplified
from clientier.core.likeness.companies import company_core, without_form
from clientier.core.likeness.comparisons import COMPANY, CONTACT, PERSON
from clientier.core.likeness.people import person_name
from clientier.core.likeness.reached import domain_key, email_key, number_key, phone_key
from clientier.core.tokens import fold

FACTS = (
    "name",
    "phone",
    "email",
    "website",
    "number",
    "born",
    "street",
    "city",
    "region",
    "postcode",
    "employer",
)
COLUMNS = {
    PERSON: (
        "given", "family", "together", "given_start", "family_start", "born", "number", "phone", "email", "email_name",
        "street", "house", "postcode", "city", "region",
    ),
    CONTACT: (
        "given", "family", "together", "given_start", "family_start", "phone", "email", "email_name", "employer",
    ),
    COMPANY: (
        "name", "core", "core_start", "core_rest", "number", "phone", "email", "domain", "street", "house", "postcode",
        "city", "region",
    ),
}  # fmt: skip
_MARKS = re.compile(r"[\W_]+")
_HOUSE = re.compile(r"\d+")


def compared(kind: str, facts: Mapping[str, Any]) -> dict[str, str | None]:
    """The columns of one record from its facts (``FACTS``, any of which may be missing); what is empty is None."""
    told = {name: str(facts.get(name) or "") for name in FACTS}
    made = _reached(told) | _where(told)
    made |= _company(told) if kind == COMPANY else _person(told)
    return {name: made[name] or None for name in COLUMNS[kind]}


def _person(told: dict[str, str]) -> dict[str, str]:
    name = person_name(told["name"])
    return {
        "given": name.given, "family": name.family, "together": name.together if name.given else "",
        "given_start": name.given[:2], "family_start": name.family[:3],
        "born": _MARKS.sub("", told["born"]), "employer": company_core(told["employer"]),
    }  # fmt: skip


def _company(told: dict[str, str]) -> dict[str, str]:
    core = company_core(told["name"])
    return {
        "name": without_form(told["name"]), "core": core, "core_start": core[:2] if core[:1] > "z" else core[:4],
        "core_rest": core[-4:] if len(core) > 4 else "",
    }  # fmt: skip


def _reached(told: dict[str, str]) -> dict[str, str]:
    email = email_key(told["email"])
    return {
        "phone": phone_key(told["phone"]), "email": email, "email_name": email.partition("@")[0],
        "number": number_key(told["number"]),
        "domain": domain_key(told["website"]) or domain_key(told["email"]),
    }  # fmt: skip


def _where(told: dict[str, str]) -> dict[str, str]:
    line = simplified(fold(told["street"]))
    house = _HOUSE.search(line)
    return {
        "street": _words(_HOUSE.sub(" ", line)), "house": house[0].lstrip("0") if house else "",
        "city": _words(simplified(fold(told["city"]))).removesuffix("市"),
        "region": re.sub("[省市]$", "", _words(simplified(fold(told["region"])))),
        "postcode": _MARKS.sub("", fold(told["postcode"])),
    }  # fmt: skip


def _words(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text).split())
