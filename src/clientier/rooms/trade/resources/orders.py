from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels, timeline
from clientier.kit.resource import Column, Resource, register
from clientier.rooms.trade.commands.sales import drop_line, drop_order
from clientier.rooms.trade.models import Order, OrderLine
from clientier.rooms.trade.queries.offers import on_order
from clientier.rooms.trade.queries.orders import (
    ORDER_TONES,
    ORDERS,
    lines_on_card,
    orders_told,
    state_of_order,
)

orders = register(
    Resource(
        model=Order,
        slug="orders",
        icon="receipt",
        title_column="number",
        order="-day",
        searchable=True,
        add_page="order-new",
        delete=drop_order,
        kept_in=("state", ("held", "open")),
        columns=(
            Column(path="number"),
            Column(path="kind", tones={"sale": "", "return": "bad"}),
            Column(path="state", tones=ORDER_TONES),
            Column(path="day"),
            Column(path="customer"),
            Column(path="amount", currency="currency"),
            Column(path="amount_base", shown=False),
            Column(path="sold_by", kind="user"),
            Column(path="promised_on", shown=False),
            Column(path="counts", shown=False),
            Column(path="held_because", shown=False),
        ),
        empty=_(
            "Orders and returns, as your ERP or your spreadsheets know them. Import them to see who earns what."
        ),
    )
)
lines = register(
    Resource(
        model=OrderLine,
        delete=drop_line,
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
            Column(path="tax_rate", shown=False),
            Column(path="delivered", shown=False),
            Column(path="invoiced", shown=False),
        ),
        empty=_("Every line of every order: the records behind each figure of the profit."),
    )
)
panels.offer("orders", on_order)
panels.mark("orders", state_of_order)
timeline.tell("customers", timeline.Source("order", _("Orders and returns"), Order, orders_told, 20, ORDERS))
panels.add(
    "orders", panels.Panel("lines", _("Lines"), "kit/parts/table_panel.html", lines_on_card, "main", 10)
)
