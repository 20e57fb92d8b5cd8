from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels, timeline
from clientier.kit.imports import registry
from clientier.kit.imports.registry import ImportTarget, each
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.trade.choices.imported import IMPORTED_COSTS, IMPORTED_ORDERS, IMPORTED_RATES
from clientier.rooms.trade.commands.costs import CostWriting, correct_cost, record_cost, write_rates
from clientier.rooms.trade.commands.order_files import OrderWriting
from clientier.rooms.trade.commands.orders import take_back_orders
from clientier.rooms.trade.models import CostToServe, CurrencyRate, Order, OrderLine
from clientier.rooms.trade.queries.orders import ORDERS, lines_on_card, orders_told

orders = register(
    Resource(
        model=Order,
        slug="orders",
        icon="receipt",
        title_column="number",
        order="-day",
        searchable=True,
        columns=(
            Column(path="number"),
            Column(path="kind", tones={"sale": "", "return": "bad"}),
            Column(path="day"),
            Column(path="customer"),
            Column(path="amount", currency="currency"),
            Column(path="amount_base", shown=False),
            Column(path="sold_by", kind="user"),
        ),
        empty=_(
            "Orders and returns, as your ERP or your spreadsheets know them. Import them to see who earns what."
        ),
    )
)
lines = register(
    Resource(
        model=OrderLine,
        slug="order-lines",
        icon="list",
        order="-pk",
        columns=(
            Column(path="order"),
            Column(path="order__day"),
            Column(path="order__customer"),
            Column(path="product"),
            Column(path="quantity"),
            Column(path="unit_price", currency="order__currency", shown=False),
            Column(path="discount", currency="order__currency", shown=False),
            Column(path="amount", currency="order__currency"),
            Column(path="cost", currency="order__currency"),
            Column(path="freight", currency="order__currency"),
        ),
        empty=_("Every line of every order: the records behind each figure of the profit."),
    )
)
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

timeline.tell("customers", timeline.Source("order", _("Orders and returns"), Order, orders_told, 20, ORDERS))
panels.add(
    "orders", panels.Panel("lines", _("Lines"), "kit/parts/table_panel.html", lines_on_card, "main", 10)
)

registry.register(
    ImportTarget(
        target=IMPORTED_ORDERS,
        place=30,
        writes=(Order, OrderLine),
        begin=OrderWriting,
        take_back=take_back_orders,
        shown_in="orders",
        icon="receipt",
        changes_value=True,
        beside={"orders_created": _("orders created"), "orders_updated": _("orders updated")},
    )
)
registry.register(
    ImportTarget(
        target=IMPORTED_COSTS,
        place=40,
        writes=(CostToServe,),
        begin=CostWriting,
        shown_in="costs",
        icon="coin",
        changes_value=True,
    )
)
registry.register(
    ImportTarget(
        target=IMPORTED_RATES,
        place=70,
        writes=(CurrencyRate,),
        begin=each(write_rates, CurrencyRate),
        shown_in="currency-rates",
        icon="exchange",
    )
)
