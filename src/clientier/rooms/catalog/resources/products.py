from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientier.core import ledger
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.models import CostChange, Product

ledger.goes_with(Product, CostChange, "product", Q())
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
            Column(path="kind", shown=False),
            Column(path="category"),
            Column(path="category__parent", label=_("category above"), shown=False, sortable=False),
            Column(path="unit", shown=False),
            Column(path="cost", currency="currency"),
            Column(path="price", currency="currency"),
            Column(path="tax_rate", shown=False),
            Column(path="is_spare_part", shown=False),
            Column(path="stocked", shown=False),
            Column(path="successor", shown=False),
            Column(path="active"),
        ),
        form=(
            Section(_("What it is"), ("name", "external_id", "kind", "category", "unit")),
            Section(_("Money"), ("cost", "price", "currency", "tax_rate")),
            Section(_("Use"), ("successor", "active", "stocked", "is_spare_part")),
        ),
        empty=_("What you sell, with its cost: without costs there is revenue, but no profit."),
    )
)
