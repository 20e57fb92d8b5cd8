"""An order closes by itself when nothing of it is left to do, and opens again when a correction leaves something."""

from __future__ import annotations

from django.db.models import F, Q

from clientier.rooms.trade.choices.orders import OrderState
from clientier.rooms.trade.models import Order


def close_if_done(order: Order) -> None:
    """Set the state that follows from what was delivered and invoiced of the order."""
    left = order.lines.filter(Q(delivered__lt=F("quantity")) | Q(invoiced__lt=F("quantity"))).exists()
    state = OrderState.OPEN if left else OrderState.CLOSED
    if order.state in (OrderState.OPEN, OrderState.CLOSED) and order.state != state:
        order.state = state
        order.save(update_fields=["state"])
