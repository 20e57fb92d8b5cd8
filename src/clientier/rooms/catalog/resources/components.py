from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.commands.components import change_component, enter_component
from clientier.rooms.catalog.models import Component
from clientier.rooms.catalog.queries.trees import parts_on_card, uses_on_card

components = register(
    Resource(
        model=Component,
        create=enter_component,
        update=change_component,
        slug="components",
        icon="sitemap",
        order="-pk",
        columns=(
            Column(path="assembly"),
            Column(path="position", shown=False),
            Column(path="part"),
            Column(path="quantity"),
            Column(path="part__unit", shown=False),
            Column(path="is_spare_part"),
        ),
        form=(Section("", ("assembly", "part", "quantity", "position", "is_spare_part")),),
        empty=_("What is in what: an assembly, a part, how many of it. Parts may have parts themselves."),
    )
)

panels.add("products", panels.Panel("parts", _("Parts"), "catalog/parts.html", parts_on_card, "main", 10))
panels.add("products", panels.Panel("uses", _("Used in"), "catalog/uses.html", uses_on_card, "side", 20))
