"""Two records turn out to be one person: what is known with consent goes along."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from clientier.core import encryption
from clientier.rooms.parties.models import Customer, SensitiveFact
from clientier.rooms.parties.queries.consents import of_person


@transaction.atomic
def carry_facts_over(source: Customer, target: Customer) -> list[int]:
    """Seal the facts of one customer, and of its contacts, anew for the other; returns the keys of those that went.

    Encrypted values are bound to their person, so changing the keys of rows alone would make them unreadable. Of a
    kind that the other has already, its own stays, and the first's lies out of reach until the two come apart.
    Consents are ordinary records and are moved like others. No value is shown to anybody.
    """
    facts = SensitiveFact.objects.select_for_update().filter(customer=source.pk)
    known = set(SensitiveFact.objects.filter(**of_person(target)).values_list("kind", flat=True))
    going = [fact.pk for fact in facts if fact.contact_id or fact.kind not in known]
    bind_facts(going, target.pk)
    return going


def bind_facts(keys: Iterable[int], customer: int) -> None:
    """Make these facts those of this customer, or of its contacts."""
    for fact in SensitiveFact.objects.select_for_update().filter(pk__in=[*keys]):
        text = encryption.open_sealed(bytes(fact.sealed), fact.about) if fact.sealed else ""
        fact.customer_id = customer
        fact.sealed = encryption.seal(text, fact.about) if text else None
        fact.save()
