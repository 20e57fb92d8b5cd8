from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports import registry
from clientier.kit.imports.registry import ImportTarget, each
from clientier.rooms.trade.choices.imported import IMPORTED_COSTS, IMPORTED_ORDERS, IMPORTED_RATES
from clientier.rooms.trade.commands.costs import CostWriting, write_rates
from clientier.rooms.trade.commands.order_files import OrderWriting
from clientier.rooms.trade.commands.orders import take_back_orders
from clientier.rooms.trade.models import CostToServe, CurrencyRate, Order, OrderLine

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
