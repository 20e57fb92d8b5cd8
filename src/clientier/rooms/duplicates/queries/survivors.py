"""What a record that was merged has become, by its key and by its number."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model

from clientier.rooms.duplicates.queries.kinds import kind_of
from clientier.rooms.parties.models import Customer


def survivor_of(key: int, model: type[Model] = Customer) -> int | None:
    """The key of the record that this one is part of now; None if it never was merged."""
    parts = kind_of(model).parts.filter(record_id=key, active=True)
    return parts.values_list("merge__survivor", flat=True).first()


def survivors_by_number(numbers: Iterable[object], model: type[Model] = Customer) -> dict[object, int]:
    """The keys of the records that these numbers lead to since a merge."""
    wanted = [str(number) for number in numbers if number]
    found = kind_of(model).parts.filter(number__in=wanted, active=True).order_by("pk")
    return dict(found.values_list("number", "merge__survivor"))
