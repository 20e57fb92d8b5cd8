"""What a customer that was merged has become, by its key and by its number."""

from __future__ import annotations

from collections.abc import Iterable

from clientier.rooms.duplicates.models import MergedCustomer


def survivor_of(key: int) -> int | None:
    """The key of the customer that this one is part of now; None if it never was merged."""
    return (
        MergedCustomer.objects.filter(record_id=key, active=True)
        .values_list("merge__survivor", flat=True)
        .first()
    )


def survivors_by_number(numbers: Iterable[object]) -> dict[object, int]:
    """The keys of the customers that these numbers lead to since a merge."""
    wanted = [str(number) for number in numbers if number]
    found = MergedCustomer.objects.filter(number__in=wanted, active=True).order_by("pk")
    return dict(found.values_list("number", "merge__survivor"))
