"""Who agreed to what, and whether it still holds. The day is always an argument."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import Cell, Setting
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.choices.privacy import Matter
from clientier.rooms.parties.models import Consent, Contact, Customer

Person = Customer | Contact
CONSENTS = Referring(Consent, "customer")


def of_person(person: Person) -> dict[str, Any]:
    """The two columns by which records that belong to a person are found."""
    if isinstance(person, Contact):
        return {"contact_id": person.pk}
    return {"customer_id": person.pk, "contact_id": None}


def is_person(record: Person) -> bool:
    return isinstance(record, Contact) or record.kind == CustomerKind.PERSON


def consents_of(person: Person) -> QuerySet[Consent]:
    """All consents that a person ever gave, the latest first."""
    return Consent.objects.filter(**of_person(person)).order_by("-given_on", "-pk")


def holding(day: dt.date) -> Q:
    """The condition on consents that hold on that day."""
    lasts = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    stands = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)
    return Q(given_on__lte=day) & lasts & stands


def matters_agreed(person: Person, day: dt.date) -> set[str]:
    """What the person agrees to on that day."""
    found = Consent.objects.filter(holding(day), **of_person(person)).order_by()
    return set(found.values_list("covers", flat=True))


def refuses_marketing(person: Person, day: dt.date) -> bool:
    """Whether a consent to be contacted was given once and holds no more."""
    if not CONSENTS.may_be(person):
        return False
    asked = Consent.objects.filter(covers=Matter.MARKETING, **of_person(person))
    return asked.exists() and not asked.filter(holding(day)).exists()


def refusal_badge(actor: Actor, person: Person, setting: Setting) -> list[Cell]:
    """Beside the name of a person who took back the consent to be contacted."""
    if actor.reach(Consent, "view") is Reach.NONE or not is_person(person):
        return []
    if isinstance(person, Contact) and person.do_not_contact:
        return [Cell("badge", _("do not contact"), tone="bad")]
    if refuses_marketing(person, setting.today):
        return [Cell("badge", _("no marketing"), tone="bad")]
    return []


def consents_on_card(actor: Actor, person: Person, setting: Setting) -> dict[str, Any] | None:
    """What the person agreed to, with what has ended folded away; None for companies."""
    if actor.reach(Consent, "view") is Reach.NONE or not is_person(person):
        return None
    theirs = access.visible(actor, Consent).filter(**of_person(person)).order_by("-given_on", "-pk")
    mine = list(theirs) if CONSENTS.may_be(person) else []
    may_add = actor.reach(Consent, "add") is not Reach.NONE
    changeable = set(
        access.visible(actor, Consent, "change")
        .filter(pk__in=[each.pk for each in mine])
        .values_list("pk", flat=True)
    )
    told = [
        {
            "consent": consent,
            "holds": consent.holds_on(setting.today),
            "state": state_of(consent, setting.today),
            "url": reverse("consents-detail", args=[consent.pk]),
            "withdraw_url": reverse("consent-withdraw", args=[consent.pk])
            if consent.pk in changeable
            else "",
        }
        for consent in mine
    ]
    if not told and not may_add:
        return None
    return {
        "holding": [each for each in told if each["holds"]],
        "ended": [each for each in told if not each["holds"]],
        "add_url": add_url(person) if may_add else "",
    }


def add_url(person: Person, covers: str = "") -> str:
    """The page on which a consent of this person is recorded."""
    kind = "contacts" if isinstance(person, Contact) else "customers"
    url = reverse("consent-record", args=[kind, person.pk])
    return f"{url}?covers={covers}" if covers else url


def state_of(consent: Consent, day: dt.date) -> str:
    """Since when it holds, until when, or why it holds no more, in words."""
    if consent.withdrawn_on is not None and consent.withdrawn_on <= day:
        return _("withdrawn on %(day)s") % {"day": formats.day(consent.withdrawn_on)}
    if consent.given_on > day:
        return _("from %(day)s on") % {"day": formats.day(consent.given_on)}
    if consent.valid_until is not None and consent.valid_until < day:
        return _("ended on %(day)s") % {"day": formats.day(consent.valid_until)}
    given = _("given on %(day)s") % {"day": formats.day(consent.given_on)}
    if consent.valid_until is None:
        return given
    return _("%(given)s, until %(day)s") % {"given": given, "day": formats.day(consent.valid_until)}
