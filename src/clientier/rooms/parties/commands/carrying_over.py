"""Two records turn out to be one person: what is known with consent goes along."""

from __future__ import annotations

from django.db import transaction

from clientier.core import encryption
from clientier.rooms.parties.models import Contact, SensitiveFact
from clientier.rooms.parties.queries.consents import Person, of_person


@transaction.atomic
def carry_facts_over(source: Person, target: Person) -> int:
    """Seal the facts of one record anew for the other; of a kind that the other has already, that one stays.

    Encrypted values are bound to their person, so changing the keys of rows alone would make them unreadable.
    Consents are ordinary records and are moved like others. Returns how many went over; shows no value to anybody.
    """
    known = set(SensitiveFact.objects.filter(**of_person(target)).values_list("kind", flat=True))
    moved = 0
    for fact in SensitiveFact.objects.select_for_update().filter(**of_person(source)).exclude(kind__in=known):
        text = encryption.open_sealed(bytes(fact.sealed), fact.about) if fact.sealed else ""
        fact.contact_id = target.pk if isinstance(target, Contact) else None
        fact.customer_id = target.customer_id if isinstance(target, Contact) else target.pk
        fact.sealed = encryption.seal(text, fact.about) if text else None
        fact.save()
        moved += 1
    return moved
