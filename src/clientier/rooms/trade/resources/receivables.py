from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.core.commands import never_delete
from clientier.kit import panels
from clientier.kit.resource import Column, Resource, register
from clientier.rooms.trade.commands.credit import set_limit
from clientier.rooms.trade.models import CreditLimit
from clientier.rooms.trade.queries.credit_panels import credit_on_card, credit_on_order

register(
    Resource(
        model=CreditLimit,
        create=set_limit,
        delete=never_delete,
        slug="credit-limits",
        icon="scale",
        title_column="customer",
        order="-from_day",
        add_page="credit-limit-new",
        columns=(
            Column(path="customer"),
            Column(path="covers"),
            Column(path="amount"),
            Column(path="from_day"),
            Column(path="reason"),
            Column(path="made_by", kind="user"),
            Column(path="made_at", shown=False),
        ),
        empty=_(
            "How much customers and groups may owe, since when and why. Others have that of their tier."
        ),
    )
)

CREDIT = "trade/credit.html"
panels.add("customers", panels.Panel("credit", _("Credit"), CREDIT, credit_on_card, "side", 25))
panels.add("orders", panels.Panel("credit", _("Credit"), CREDIT, credit_on_order, "side", 10))
