"""Writing and looking at sensitive facts. A look is a command: it leaves a trace before it shows anything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import audit, commands, encryption, personal
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError, NotAllowed, NotFound
from clientier.rooms.parties.choices.privacy import LookReason, SensitiveKind
from clientier.rooms.parties.commands.forgotten import StaysForgotten
from clientier.rooms.parties.commands.identity import normal_number, refuse_mistyped
from clientier.rooms.parties.models import Contact, PrivacyRules, SensitiveFact, SensitiveLook
from clientier.rooms.parties.queries.consents import Person, matters_agreed, of_person
from clientier.rooms.parties.queries.sensitive import may, rules

LONGEST = 2000


class NoConsent(DomainError):
    """Consent comes first."""

    code = "no_consent"
    message = gettext_lazy(
        "There is no consent of this person that holds today. Record it first; nothing was changed."
    )


@command("privacy.set_rules", needs="change")
def set_rules(record: PrivacyRules, *, actor: Actor, changes: dict[str, Any]) -> PrivacyRules:
    """Enable or disable kinds of sensitive facts, and say how long answers may take."""
    changed: PrivacyRules = commands.apply(record, changes, actor)
    return changed


def stored_rules() -> PrivacyRules:
    """The one row, made when first it is needed."""
    return PrivacyRules.objects.get_or_create(pk=1)[0]


@command("sensitive.write", needs="change", final=True)
def write_fact(
    model: type[SensitiveFact], *, actor: Actor, person: Person, kind: str, value: str, day: dt.date
) -> SensitiveFact:
    """Enter, correct or (with an empty value) take out what is known, if it is enabled and agreed to."""
    _refuse_closed(actor, person, kind, "change", day)
    if person.erased_on is not None:
        raise StaysForgotten
    text = value.strip()
    if len(text) > LONGEST:
        raise ValidationError({"value": _("This is too long: %(most)d characters fit.") % {"most": LONGEST}})
    country = person.customer.country if isinstance(person, Contact) else person.country
    if kind == SensitiveKind.IDENTITY_NUMBER and text:
        refuse_mistyped(text, country)
    customer_id = person.customer_id if isinstance(person, Contact) else person.pk
    fact, _made = model.objects.select_for_update().get_or_create(
        **of_person(person), kind=kind, defaults={"customer_id": customer_id}
    )
    fact.sealed = encryption.seal(text, fact.about) if text else None
    indexed = kind == SensitiveKind.IDENTITY_NUMBER and text
    fact.index = encryption.index_of(normal_number(text)) if indexed else None
    fact.save()
    return fact


@command("sensitive.look", needs="look")
def look_at(
    fact: SensitiveFact, *, actor: Actor, person: Person, reason: str, words: str, day: dt.date
) -> SensitiveFact:
    """Log who looks, at what, why and through which door; then, and only then, ``value_of`` may be asked."""
    _refuse_closed(actor, person, fact.kind, "look", day)
    _log(fact, actor, reason, words)
    return fact


def value_of(fact: SensitiveFact) -> str:
    """The value in clear. For what has just logged a look, and for nothing else."""
    return encryption.open_sealed(bytes(fact.sealed), fact.about) if fact.sealed else ""


def value_looked_at(
    fact: SensitiveFact, *, actor: Actor, person: Person, reason: str, words: str, day: dt.date
) -> str:
    """The value, after the look was logged; a value whose key is missing logs nothing."""
    value = value_of(fact)
    look_at(fact, actor=actor, person=person, reason=reason, words=words, day=day)
    return value


@command("sensitive.export", needs="export")
def log_export(fact: SensitiveFact, *, actor: Actor, reason: str, words: str) -> SensitiveFact:
    """The same for a value that leaves in a file; whoever selects the facts has asked for the consents."""
    _log(fact, actor, reason, words)
    return fact


def _log(fact: SensitiveFact, actor: Actor, reason: str, words: str) -> None:
    if reason not in LookReason.values:
        raise ValidationError({"reason": _("Say why you look.")})
    if reason == LookReason.OTHER and not words.strip():
        raise ValidationError({"words": _("Say in a few words which reason.")})
    look = SensitiveLook(
        user_id=actor.user_id, user_name=actor.name, door=actor.door, kind=fact.kind, reason=reason,
        customer_id=fact.customer_id, contact_id=fact.contact_id,
    )  # fmt: skip
    person = personal.persons_of(look)[0] if fact.contact_id is None else (
        Contact._meta.label_lower, fact.contact_id,
    )  # fmt: skip
    look.words = personal.seal_text(words.strip()[:300], person)
    look.save(force_insert=True)
    audit.note("sensitive.look", SensitiveLook, actor, look=look.pk)


def _refuse_closed(actor: Actor, person: Person, kind: str, action: str, day: dt.date) -> None:
    """Off is as if there were no such field; without a right it is refused; without a consent, said in words."""
    if kind not in SensitiveKind.values or not rules().keeps(kind):
        raise NotFound
    if not may(actor, person, action):
        raise NotAllowed
    if kind not in matters_agreed(person, day):
        raise NoConsent
