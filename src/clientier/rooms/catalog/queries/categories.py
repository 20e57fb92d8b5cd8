"""Categories by what files call them, and as a tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import Count
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.catalog.models import Category, Product

STEP = ">"
MOST_NAMED = 200
"""A branch of more categories is not asked for as a whole: the address would be too long."""
BRANCH = """
WITH RECURSIVE branch AS (
    SELECT id FROM catalog_category WHERE id = %s
    UNION SELECT c.id FROM catalog_category c JOIN branch b ON c.parent_id = b.id
)
SELECT id FROM branch ORDER BY id
"""
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


def branch_of(category: int) -> list[int]:
    """The category and all that are part of it, by however many steps."""
    with connection.cursor() as cursor:
        cursor.execute(BRANCH, [category])
        return [key for (key,) in cursor.fetchall()]


def branch_on_card(actor: Actor, category: Category, setting: Setting) -> dict[str, Any] | None:
    """The parts of a category, and the way to the products of them all."""
    if actor.reach(Product, "view") is Reach.NONE or "category" not in access.fields(actor, Product).readable:
        return None
    branch = branch_of(category.pk)
    numbers = dict(
        access.visible(actor, Product)
        .filter(category__in=branch)
        .order_by()
        .values_list("category")
        .annotate(Count("pk"))
    )
    children = access.visible(actor, Category).filter(parent=category).order_by("sort_key", "pk")
    told = [
        {
            "name": each.name,
            "url": reverse("categories-detail", args=[each.pk]),
            "hint": _products(numbers.get(each.pk, 0)),
        }
        for each in children
    ]
    listed = f"{reverse('products-list')}?f=category:in:{','.join(map(str, branch[:MOST_NAMED]))}"
    whole = {"name": _products(sum(numbers.values())), "url": listed}
    return {"lists": told, "whole": whole if numbers and len(branch) <= MOST_NAMED else None}


def _products(number: int) -> str:
    words = ngettext("%(number)s product", "%(number)s products", number)
    return words % {"number": formats.number(number)}
