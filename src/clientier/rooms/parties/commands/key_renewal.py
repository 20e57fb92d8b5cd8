"""Sealing values anew with the newest key, some at a time: what is done stays done when it is cut short."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.db.models import QuerySet

from clientier.core import encryption
from clientier.core.errors import DomainError
from clientier.rooms.parties.choices.privacy import SensitiveKind
from clientier.rooms.parties.commands.identity import normal_number
from clientier.rooms.parties.models import SensitiveFact

AT_A_TIME = 500


def seal_anew(*, at_most: int | None = None) -> int:
    """Seal every value with the newest key that is not yet; returns how many. Those without a key are left alone."""
    done = last = 0
    while at_most is None or done < at_most:
        room = AT_A_TIME if at_most is None else min(AT_A_TIME, at_most - done)
        with transaction.atomic():
            batch = list(_sealed().select_for_update().filter(pk__gt=last)[:room])
            if not batch:
                break
            last = batch[-1].pk
            done += sum(_renewed(fact) for fact in batch)
    return done


def keys_in_use() -> Counter[str]:
    """How many values each key seals, by the short name of the key."""
    values = _sealed().values_list("sealed", flat=True)
    return Counter(bytes(sealed or b"")[: encryption.NAME_BYTES].hex() for sealed in values)


def _sealed() -> QuerySet[SensitiveFact]:
    return SensitiveFact.objects.filter(sealed__isnull=False).order_by("pk")


def _renewed(fact: SensitiveFact) -> bool:
    if encryption.is_current(bytes(fact.sealed or b"")):
        return False
    try:
        text = encryption.open_sealed(bytes(fact.sealed or b""), fact.about)
    except DomainError:
        return False
    index = encryption.index_of(normal_number(text)) if fact.kind == SensitiveKind.IDENTITY_NUMBER else None
    SensitiveFact.objects.filter(pk=fact.pk).update(sealed=encryption.seal(text, fact.about), index=index)
    return True
