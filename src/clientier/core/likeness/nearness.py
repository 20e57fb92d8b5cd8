"""How alike two names are, at a glance: for a word while somebody types, not for a decision."""

from __future__ import annotations

from difflib import SequenceMatcher

from clientier.core.likeness.companies import HAN, company_core, places_of, plain
from clientier.core.likeness.people import person_name

SAME, SAME_CORE, OTHER_PLACE, PART, LEAST = 1.0, 0.95, 0.75, 0.85, 0.7


def companies(one: str, other: str) -> float:
    """From 0 to 1; short and legal names of one company are near 1, those of the same name in other places are not."""
    if plain(one) == plain(other):
        return SAME
    first, second = company_core(one), company_core(other)
    apart = bool(places_of(one) and places_of(other) and not places_of(one) & places_of(other))
    if first == second:
        return OTHER_PLACE if apart else SAME_CORE
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= 2 and (_is_part(shorter, longer)):
        return OTHER_PLACE if apart else PART
    return _ratio(first, second) * (OTHER_PLACE if apart else SAME_CORE)


def people(one: str, other: str) -> float:
    """From 0 to 1; the order of the parts does not matter, and initials are a weak part of a name."""
    if plain(one) == plain(other) or person_name(one).together == person_name(other).together:
        return SAME
    first, second = person_name(one), person_name(other)
    if first.family == second.family and first.given and second.given:
        if first.given[0] == second.given[0] and min(len(first.given), len(second.given)) == 1:
            return LEAST if not HAN.search(one) else 0.0
        return _ratio(first.given, second.given) * SAME_CORE
    return _ratio(first.together, second.together) * PART


def _is_part(shorter: str, longer: str) -> bool:
    if HAN.search(longer):
        return shorter in longer
    return set(shorter.split()) <= set(longer.split())


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
