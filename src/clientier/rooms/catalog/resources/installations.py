from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.models import Installation
from clientier.rooms.catalog.queries.holders import holders_on_product, installed_on_customer

installations = register(
    Resource(
        model=Installation,
        slug="installations",
        icon="plug",
        order="-pk",
        columns=(
            Column(path="customer"),
            Column(path="product"),
            Column(path="serial_number"),
            Column(path="quantity"),
            Column(path="installed_on"),
            Column(path="removed_on"),
            Column(path="note", shown=False),
            Column(path="external_id", shown=False),
        ),
        form=(
            Section(_("Installed"), ("customer", "product", "serial_number", "quantity")),
            Section(_("When"), ("installed_on", "removed_on", "note", "external_id")),
        ),
        empty=_("Who has which product installed: for spare parts, service and calling back."),
    )
)

panels.add(
    "customers",
    panels.Panel("installed", _("Installed"), "catalog/installed.html", installed_on_customer, "side", 46),
)
panels.add(
    "products",
    panels.Panel("holders", _("Who has it"), "catalog/holders_panel.html", holders_on_product, "side", 30),
)
