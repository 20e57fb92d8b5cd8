"""What is there already and like what somebody is about to enter, under their rights, with why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.likeness import nearness
from clientier.core.likeness.companies import HAN, company_core
from clientier.core.likeness.field import LikenessField
from clientier.core.likeness.people import person_name
from clientier.core.search import by_index
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.models import Contact, Customer

SHOWN, LOOKED_AT = 5, 60
LEAST_NEAR, SURE = 0.72, 1.5
NAME_WORDS = pgettext_lazy("alike", "same name")
NEAR_WORDS = pgettext_lazy("alike", "name much the same")
REASONS = {
    "p": (_("same phone"), 0.9), "e": (_("same e-mail"), 1.2), "d": (_("same web or e-mail domain"), 0.8),
    "r": (_("same registration number"), 1.5),
}  # fmt: skip


@dataclass(frozen=True)
class Alike:
    """A record that may be the one in question: how near it is (1 is the same name alone), and why."""

    record: Any
    nearness: float
    reasons: tuple[str, ...]


def known_otherwise(
    actor: Actor, model: type[Customer] | type[Contact], facts: Mapping[str, Any]
) -> list[Alike]:
    """The same person under the other kind: persons who are customers like a contact, contacts like such a person."""
    if model is Contact:
        person = {**facts, "kind": CustomerKind.PERSON}
        return alike(actor, Customer, person, among=Q(kind=CustomerKind.PERSON))
    return alike(actor, Contact, facts) if facts.get("kind") == CustomerKind.PERSON else []


def alike(
    actor: Actor,
    model: type[Customer] | type[Contact],
    facts: Mapping[str, Any],
    *,
    apart: int | None = None,
    among: Q | None = None,
) -> list[Alike]:
    """The nearest few to what was entered so far, among those that the actor may see, by fields they may read.

    At most three questions, each answered by an index.
    """
    if actor.reach(model, "view") is Reach.NONE:
        return []
    column: LikenessField = model._meta.get_field("likeness")
    readable = [name for name in column.sources if name in access.fields(actor, model).readable]
    entered = {name: str(facts.get(name) or "") for name in readable}
    keys = column.keys(entered)
    is_company = model is Customer and facts.get("kind") != CustomerKind.PERSON
    seen = access.visible(actor, model).filter(among or Q())
    if model is Contact:
        seen = seen.select_related("customer")
    name = entered.get("name", "")
    found: dict[int, Any] = {}
    with by_index(alone=False):
        if keys:
            _add(
                found, seen.filter(likeness__shares=_of_kind(keys, is_company)).order_by(Coalesce("pk", "pk"))
            )
        for question in _by_name(name, is_company):
            if len(found) < SHOWN:
                _add(found, seen.filter(question).order_by(Coalesce("pk", "pk")))
    found.pop(apart or 0, None)
    judged = (_judged(record, name, keys, column, readable, is_company) for record in found.values())
    near = [each for each in judged if each is not None]
    return sorted(near, key=lambda each: (-each.nearness, each.record.pk))[:SHOWN]


def _of_kind(keys: Iterable[str], is_company: bool) -> list[str]:
    return [key for key in keys if not key.startswith("n:" if is_company else "c:")]


def _by_name(name: str, is_company: bool) -> Iterable[Q]:
    """Names that begin with or hold what tells this one from others; then with a slip."""
    known = company_core(name) if is_company else person_name(name).together
    if len(known) >= (2 if HAN.search(known) else 4):
        yield Q(search__matches=known)
        yield Q(search__loosely=known)


def _add(found: dict[int, Any], records: QuerySet[Any]) -> None:
    found.update({record.pk: record for record in records[:LOOKED_AT]})


def _judged(
    record: Any, name: str, keys: set[str], column: LikenessField, readable: list[str], is_company: bool
) -> Alike | None:
    compare = nearness.companies if is_company else nearness.people
    names = [str(getattr(record, each) or "") for each in ("name", "other_names") if each in readable]
    near = max((compare(name, each) for each in names if each and name), default=0.0)
    shared = {key[0] for key in keys & column.keys(record, readable)}
    reasons = [str(NAME_WORDS if near >= nearness.SAME else NEAR_WORDS)] if near >= LEAST_NEAR else []
    reasons += [str(words) for mark, (words, _weight) in REASONS.items() if mark in shared]
    if not reasons:
        return None
    weight = sum(weight for mark, (_words, weight) in REASONS.items() if mark in shared)
    return Alike(record, (near if near >= LEAST_NEAR else 0) + weight, tuple(reasons))
