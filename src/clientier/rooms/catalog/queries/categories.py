"""Categories by what files call them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models.functions import Lower

from clientier.rooms.catalog.models import Category

STEP = ">"
Path = tuple[str, ...]
Place = tuple[str, int | None]
"""The name of a category in small letters, and the key of the one that it is part of."""


def path_of(text: str) -> Path:
    """The names from the trunk to the branch that “Tools > Drills” means."""
    return tuple(name for name in (step.strip() for step in text.split(STEP)) if name)


def at_places(places: Collection[Place]) -> dict[Place, int]:
    """The categories that there are at these places."""
    named = Category.objects.annotate(lower=Lower("name")).filter(lower__in={name for name, _above in places})
    return {
        (name, above): pk
        for name, above, pk in named.values_list("lower", "parent_id", "pk")
        if (name, above) in places
    }


def categories_called(texts: Iterable[str]) -> dict[str, int]:
    """The categories whose whole name is the text, whatever the case: a trunk, or the only one that is called so."""
    spelled = {text.strip().lower(): text for text in texts}
    known = Category.objects.annotate(lower=Lower("name")).filter(lower__in=spelled).order_by("pk")
    places: dict[str, list[tuple[bool, int]]] = {}
    for pk, name, above in known.values_list("pk", "lower", "parent_id"):
        places.setdefault(name, []).append((above is not None, pk))
    return {
        spelled[name]: min(found)[1] for name, found in places.items() if len(found) == 1 or not min(found)[0]
    }
