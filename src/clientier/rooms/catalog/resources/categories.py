from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.models import Category
from clientier.rooms.catalog.queries.categories import branch_on_card

categories = register(
    Resource(
        model=Category,
        slug="categories",
        icon="sitemap",
        title_column="name",
        order="sort_key",
        searchable=True,
        hint_paths=("parent",),
        columns=(
            Column(path="name"),
            Column(path="sort_key", label=_("order by name"), shown=False, filterable=False, place=99),
            Column(path="parent"),
        ),
        form=(Section("", ("name", "parent")),),
        empty=_("How goods and services are sorted, as a tree. Imports of products make what they name."),
    )
)

panels.add(
    "categories",
    panels.Panel("branch", _("In this category"), "catalog/branch.html", branch_on_card, "main", 10),
)
