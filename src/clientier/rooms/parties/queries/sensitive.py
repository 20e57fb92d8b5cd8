"""The one place that says which sensitive facts of a person an actor may know of, look at or write today.

Every door asks here: an enabled kind, a consent that holds today, and a right that was granted. Values are opened
by the command that logs the look, never by a query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from clientier.core import access, encryption
from clientier.core.actor import Actor, Reach
from clientier.core.errors import NotFound
from clientier.core.personal import open_texts
from clientier.kit import formats
from clientier.kit.cells import Setting, link_to
from clientier.rooms.parties.choices.privacy import SensitiveKind
from clientier.rooms.parties.models import (
    Consent,
    Contact,
    Customer,
    PrivacyRequest,
    PrivacyRules,
    SensitiveFact,
    SensitiveLook,
)
from clientier.rooms.parties.queries.consents import (
    Person,
    add_url,
    holding,
    is_person,
    matters_agreed,
    of_person,
)

LOOKS_ON_CARD = 5
PERSONS: dict[str, type[Person]] = {"customers": Customer, "contacts": Contact}


@dataclass(frozen=True)
class Known:
    """One kind of fact of one person, masked: whether something is there, and what the actor may do with it."""

    kind: str
    label: str
    is_filled: bool
    may_look: bool
    may_write: bool


def rules() -> PrivacyRules:
    """What the company keeps; before anybody chose, nothing."""
    return PrivacyRules.objects.filter(pk=1).first() or PrivacyRules()


def enabled_kinds() -> list[str]:
    kept = rules()
    return [kind for kind in SensitiveKind.values if kept.keeps(kind)]


def person_at(actor: Actor, kind: str, key: int) -> Person:
    """The customer or contact, if it is in reach and a person; else NotFound."""
    if kind not in PERSONS:
        raise NotFound
    found = access.get(actor, PERSONS[kind], key)
    if not is_person(found):
        raise NotFound
    return found


def may(actor: Actor, person: Person, action: str) -> bool:
    """Whether the right to sensitive facts was granted as far as this person."""
    rule = access.rows(actor, SensitiveFact, action, kept_in=type(person))
    return type(person)._default_manager.filter(rule, pk=person.pk).exists()


def known_of(actor: Actor, person: Person, day: dt.date) -> list[Known]:
    """The kinds that are enabled and agreed to, masked; nothing for who has no right to know of them."""
    enabled = enabled_kinds()
    if not enabled or not is_person(person) or not may(actor, person, "view"):
        return []
    agreed = matters_agreed(person, day)
    filled = set(
        SensitiveFact.objects.filter(**of_person(person), sealed__isnull=False).values_list("kind", flat=True)
    )
    may_look, may_write = may(actor, person, "look"), may(actor, person, "change")
    return [
        Known(kind, str(SensitiveKind(kind).label), kind in filled, may_look, may_write)
        for kind in enabled
        if kind in agreed
    ]


def fact_to_look_at(actor: Actor, person: Person, kind: str, day: dt.date) -> SensitiveFact:
    """The fact, still sealed; NotFound where it is off, not agreed to, not there, or not for this actor."""
    if not any(known.kind == kind and known.is_filled for known in known_of(actor, person, day)):
        raise NotFound
    return SensitiveFact.objects.get(**of_person(person), kind=kind)


def holders_of(actor: Actor, number: str, day: dt.date) -> QuerySet[SensitiveFact]:
    """The facts with exactly this identity number of persons that the actor may look at, with a consent that holds."""
    kind = SensitiveKind.IDENTITY_NUMBER
    found = SensitiveFact.objects.filter(kind=kind, index__in=encryption.indexes_of(number))
    return _open_today(actor, found, kind, "look", day)


def facts_to_export(actor: Actor, kind: str, day: dt.date) -> QuerySet[SensitiveFact]:
    """The filled facts of one kind that the actor may export, of persons whose consent holds."""
    return _open_today(actor, SensitiveFact.objects.filter(kind=kind), kind, "export", day)


def _open_today(
    actor: Actor, found: QuerySet[SensitiveFact], kind: str, action: str, day: dt.date
) -> QuerySet[SensitiveFact]:
    if not rules().keeps(kind):
        return found.none()
    agreed = Consent.objects.filter(holding(day), covers=kind)
    of_contacts = Q(contact__in=agreed.filter(contact__isnull=False).values("contact"))
    of_customers = Q(contact=None, customer__in=agreed.filter(contact=None).values("customer"))
    there = (
        access.visible(actor, Customer).values("pk"),
        access.visible(actor, Contact).values("pk"),
    )
    in_sight = Q(contact__in=there[1]) | Q(contact=None, customer__in=there[0])
    found = found.filter(access.rows(actor, SensitiveFact, action), of_contacts | of_customers, in_sight)
    return found.filter(sealed__isnull=False).select_related("customer", "contact").order_by("pk")


def sensitive_on_card(actor: Actor, person: Person, setting: Setting) -> dict[str, Any] | None:
    """Masked facts, who looked last, and for kinds not agreed to yet where to record a consent."""
    if not is_person(person) or not may(actor, person, "view"):
        return None
    enabled = enabled_kinds()
    if not enabled:
        return None
    known = known_of(actor, person, setting.today)
    at = [_kind_of(person), person.pk]
    facts = [
        {
            "label": each.label,
            "is_filled": each.is_filled,
            "look_url": reverse("sensitive-look", args=[*at, each.kind])
            if each.may_look and each.is_filled
            else "",
            "write_url": reverse("sensitive-write", args=[*at, each.kind]) if each.may_write else "",
        }
        for each in known
    ]
    missing = [kind for kind in enabled if kind not in {each.kind for each in known}]
    may_ask = actor.reach(Consent, "add") is not Reach.NONE and may(actor, person, "change")
    asks = [{"label": SensitiveKind(kind).label, "url": add_url(person, kind)} for kind in missing if may_ask]
    looks = looks_at(actor, person, LOOKS_ON_CARD)
    return {"facts": facts, "asks": asks, "looks": looks} if facts or asks or looks else None


def looks_at(actor: Actor, person: Person, most: int) -> list[dict[str, Any]]:
    """Who looked at facts of this person lately, for those who may see the ledger."""
    if actor.reach(SensitiveLook, "view") is Reach.NONE:
        return []
    return told(access.visible(actor, SensitiveLook).filter(**of_person(person)).order_by("-pk")[:most])


def look_told(actor: Actor, look: SensitiveLook, setting: Setting) -> dict[str, Any]:
    """One look on its own page, with the reason in words; fields that are hidden from the actor are left out."""
    [said] = told([look])
    words = {"at": said["when"], "user_name": said["who"], "kind": said["kind"], "reason": said["reason"],
             "words": said["words"], "door": look.get_door_display()}  # fmt: skip
    rows = _rows(actor, look, words)
    person = look.contact or look.customer
    if person and access.visible(actor, type(person)).filter(pk=person.pk).exists():
        rows.append({"label": type(person)._meta.verbose_name, "text": str(person), "url": link_to(person)})
    return {"rows": rows}


def answer_told(actor: Actor, request: PrivacyRequest, setting: Setting) -> dict[str, Any] | None:
    """By when a request must be answered, and when it was."""
    days = {"due_on": request.due_on, "answered_on": request.answered_on}
    rows = _rows(actor, request, {name: formats.day(day) for name, day in days.items() if day})
    return {"rows": rows} if rows else None


def _rows(actor: Actor, record: Model, words: dict[str, str]) -> list[dict[str, Any]]:
    readable = access.fields(actor, type(record)).readable
    return [
        {"label": record._meta.get_field(name).verbose_name, "text": text}  # type: ignore[union-attr]
        for name, text in words.items()
        if name in readable and text
    ]


def told(looks: Iterable[SensitiveLook]) -> list[dict[str, Any]]:
    """Looks in words; the reason in somebody's own words as far as it is not forgotten."""
    found = list(looks)
    words = open_texts((whose(look), look.words) for look in found)
    return [
        {
            "who": look.user_name,
            "when": formats.moment(timezone.localtime(look.at)),
            "kind": look.get_kind_display(),
            "reason": look.get_reason_display(),
            "words": said,
        }
        for look, said in zip(found, words, strict=True)
    ]


def whose(look: SensitiveLook) -> tuple[str, int]:
    """The person with whose key the words of a look are encrypted."""
    if look.contact_id:
        return Contact._meta.label_lower, look.contact_id
    return Customer._meta.label_lower, look.customer_id or 0


def _kind_of(person: Person) -> str:
    return "contacts" if isinstance(person, Contact) else "customers"
