from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports import lookups, registry
from clientier.kit.imports.registry import ImportTarget
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.choices import IMPORTED_PRODUCTS
from clientier.rooms.catalog.commands import product_writing
from clientier.rooms.catalog.models import Product

products = register(
    Resource(
        model=Product,
        slug="products",
        icon="package",
        title_column="name",
        order="sort_key",
        searchable=True,
        hint_paths=("external_id",),
        columns=(
            Column(path="name"),
            Column(path="sort_key", label=_("order by name"), shown=False, filterable=False, place=99),
            Column(path="external_id"),
            Column(path="category"),
            Column(path="unit", shown=False),
            Column(path="cost", currency="currency"),
            Column(path="price", currency="currency"),
            Column(path="active"),
        ),
        form=(
            Section("", ("name", "external_id", "category", "unit")),
            Section(_("Money"), ("cost", "price", "currency")),
            Section("", ("active",)),
        ),
        empty=_("What you sell, with its cost: without costs there is revenue, but no profit."),
    )
)

lookups.register_lookup("products", Product, "external_id", _("product"))
registry.register(
    ImportTarget(
        target=IMPORTED_PRODUCTS,
        place=20,
        writes=(Product,),
        begin=product_writing,
        shown_in="products",
        icon="package",
    )
)
