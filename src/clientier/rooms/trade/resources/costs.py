from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.trade.commands.costs import correct_cost, record_cost
from clientier.rooms.trade.models import CostToServe, CurrencyRate

costs = register(
    Resource(
        model=CostToServe,
        create=record_cost,
        update=correct_cost,
        slug="costs",
        icon="coin",
        order="-day",
        columns=(
            Column(path="day"),
            Column(path="customer"),
            Column(path="kind"),
            Column(path="amount", currency="currency"),
            Column(path="note"),
            Column(path="external_id", shown=False),
        ),
        form=(Section("", ("customer", "day", "kind", "amount", "currency", "note")),),
        empty=_(
            "Freight, rebates, fees, interest, bad debts: what serving a customer costs beside the goods."
        ),
    )
)
rates = register(
    Resource(
        model=CurrencyRate,
        slug="currency-rates",
        icon="exchange",
        order="-day",
        columns=(Column(path="currency"), Column(path="day"), Column(path="rate_to_base")),
        form=(Section("", ("currency", "day", "rate_to_base")),),
        empty=_("What foreign currencies are worth in the base currency, by day."),
    )
)
