from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.core.commands import never_delete
from clientier.kit import panels
from clientier.kit.resource import Column, Resource, register
from clientier.rooms.trade.models import Reservation, StockLevel, StockMove
from clientier.rooms.trade.queries import stock_cards as shown

register(
    Resource(
        model=StockLevel,
        delete=never_delete,
        slug="stock-levels",
        icon="box",
        title_column="product",
        order="product",
        columns=(
            Column(path="product"),
            Column(path="warehouse"),
            Column(path="on_hand"),
            Column(path="reserved"),
        ),
        empty=_(
            "What lies where, and what of it is kept for orders. It begins with a receipt into a warehouse."
        ),
    )
)
register(
    Resource(
        model=StockMove,
        delete=never_delete,
        slug="stock-moves",
        icon="arrows-exchange",
        order="-day",
        add_page="stock-move",
        columns=(
            Column(path="day"),
            Column(path="kind"),
            Column(path="product"),
            Column(path="warehouse"),
            Column(path="quantity"),
            Column(path="delivery", shown=False),
            Column(path="reason"),
            Column(path="external_id", shown=False),
            Column(path="recorded_at", shown=False),
        ),
        empty=_("Every receipt, issue, transfer and count, as it was made. Levels are the sums of these."),
    )
)
register(
    Resource(
        model=Reservation,
        delete=never_delete,
        slug="reservations",
        icon="lock",
        order="-pk",
        columns=(
            Column(path="order_line__order"),
            Column(path="order_line__order__customer"),
            Column(path="order_line__product"),
            Column(path="warehouse"),
            Column(path="quantity"),
            Column(path="order_line__reserved_because"),
        ),
        empty=_("What is kept for which order."),
    )
)
panels.add(
    "products", panels.Panel("stock", _("Stock"), "kit/parts/table_panel.html", shown.of_product, "side", 30)
)
panels.offer_on_list("stock-levels", shown.ways_on)
panels.offer_on_list("stock-moves", shown.ways_on)
