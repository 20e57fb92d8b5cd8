from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.commands.costs import correct_cost_change, enter_cost, remove_cost_change
from clientier.rooms.catalog.models import CostChange
from clientier.rooms.catalog.queries.costs import costs_on_card

cost_changes = register(
    Resource(
        model=CostChange,
        create=enter_cost,
        update=correct_cost_change,
        delete=remove_cost_change,
        slug="cost-changes",
        icon="history",
        order="-from_day",
        columns=(
            Column(path="product"),
            Column(path="from_day"),
            Column(path="cost", currency="product__currency"),
        ),
        form=(Section("", ("product", "from_day", "cost")),),
        empty=_("From which day each product costs how much. What holds today is the cost of the product."),
    )
)

panels.add(
    "products",
    panels.Panel("costs", _("Costs over time"), "kit/parts/table_panel.html", costs_on_card, "side", 40),
)
