"""Recording that a person agreed, and that they took it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientier.core.actor import Actor
from clientier.core.commands import apply, command
from clientier.core.errors import Conflict
from clientier.rooms.parties.choices.privacy import Matter, SensitiveKind
from clientier.rooms.parties.models import Consent, Contact
from clientier.rooms.parties.queries.consents import holding
from clientier.rooms.parties.queries.sensitive import rules

FIXED = ("customer", "contact", "covers")


@command("consent.record", needs="add")
def record_consent(model: type[Consent], *, actor: Actor, changes: dict[str, Any]) -> Consent:
    """What a person agreed to, recorded by the actor; kinds that are off cannot be agreed to."""
    covers = changes.get("covers", "")
    if covers in SensitiveKind.values and not rules().keeps(covers):
        raise ValidationError({"covers": _("The company does not keep this. Nothing was changed.")})
    consent: Consent = apply(model(recorded_by_id=actor.user_id), changes, actor)
    return consent


@command("consent.change", needs="change")
def change_consent(consent: Consent, *, actor: Actor, changes: dict[str, Any]) -> Consent:
    """Put right how it was recorded; whose it is and to what stays, or it would open what nobody agreed to."""
    if any(getattr(consent, name) != changes[name] for name in FIXED if name in changes):
        raise Conflict(
            _("A consent stays with its person and its matter. Withdraw it, and record another one.")
        )
    changed: Consent = apply(consent, changes, actor)
    return changed


@command("consent.withdraw", needs="change")
def withdraw_consent(consent: Consent, *, actor: Actor, on: dt.date, today: dt.date) -> Consent:
    """The person takes it back: what it covered is hidden from that day on, and nobody writes to them for marketing.

    Unless they agreed anew: a day that has passed says nothing of what holds today.
    """
    if consent.withdrawn_on is not None:
        raise Conflict(_("This consent was withdrawn already. Nothing was changed."))
    consent.withdrawn_on = on
    consent.full_clean()
    consent.save(update_fields=["withdrawn_on"])
    if consent.covers == Matter.MARKETING and consent.contact_id:
        mark_do_not_contact(today, actor, only=consent.contact_id)
    return consent


@command("contact.follow_consent", needs="change")
def follow_consent(contact: Contact, *, actor: Actor) -> Contact:
    """Mark the contact as not to be contacted, because the consent to it has ended."""
    contact.do_not_contact = True
    contact.save(update_fields=["do_not_contact"])
    return contact


def mark_do_not_contact(day: dt.date, actor: Actor, *, only: int | None = None) -> int:
    """Mark contacts whose consent to be contacted has ended, however it did; no right is needed to obey."""
    asked = Consent.objects.filter(covers=Matter.MARKETING, contact__isnull=False)
    agreed = asked.filter(holding(day)).values("contact")
    found = Contact.objects.filter(do_not_contact=False, pk__in=asked.values("contact")).exclude(
        pk__in=agreed
    )
    if only is not None:
        found = found.filter(pk=only)
    refusing = list(found.order_by("pk"))
    for contact in refusing:
        follow_consent(contact, actor=replace(actor, unlimited=True))
    return len(refusing)
