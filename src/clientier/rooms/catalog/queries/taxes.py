"""The tax that a product bears."""

from __future__ import annotations

from decimal import Decimal

from clientier.rooms.catalog.models import Product
from clientier.rooms.people.queries import organisation


def tax_rate_of(product: Product) -> Decimal:
    """In percent: the product's own rate, else the company's."""
    return organisation().tax_rate if product.tax_rate is None else product.tax_rate
