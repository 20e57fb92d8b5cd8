"""What is sold. Not empty like other packages: Django finds a room's models here."""

from __future__ import annotations

from clientier.rooms.catalog.models.categories import Category
from clientier.rooms.catalog.models.components import Component
from clientier.rooms.catalog.models.costs import CostChange
from clientier.rooms.catalog.models.installations import Installation
from clientier.rooms.catalog.models.prices import Price, PriceList
from clientier.rooms.catalog.models.products import Product
from clientier.rooms.catalog.models.warehouses import Warehouse

__all__ = (
    "Category",
    "Component",
    "CostChange",
    "Installation",
    "Price",
    "PriceList",
    "Product",
    "Warehouse",
)
