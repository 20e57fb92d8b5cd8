"""Writing products, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.kit.imports.registry import Beginning, WritesEach
from clientier.rooms.catalog.models import Product
from clientier.rooms.people.queries import organisation


def write_products(
    products: Sequence[Mapping[str, Any]], *, actor: Actor, currency_of_new: str
) -> bulk.Outcome:
    """Create or update products by their number. Rows hold stored columns."""
    return bulk.upsert(
        Product,
        products,
        key=("external_id",),
        actor=actor,
        defaults={"currency": currency_of_new},
        action="import",
    )


def product_writing(beginning: Beginning) -> WritesEach:
    """Products of a file on their way in; where it names no currency, theirs is the base currency."""
    base = organisation().base_currency
    command = partial(write_products, currency_of_new=base)
    return WritesEach(command, Product, beginning.actor, {"currency": base})
