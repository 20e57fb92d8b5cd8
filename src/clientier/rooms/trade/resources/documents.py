from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.core.commands import never_delete
from clientier.kit import panels, timeline
from clientier.kit.resource import Column, Resource, register
from clientier.rooms.trade.commands.invoices import delete_draft
from clientier.rooms.trade.models import (
    Delivery,
    DeliveryLine,
    Invoice,
    InvoiceLine,
    Payment,
    Posting,
    Settlement,
)
from clientier.rooms.trade.queries import documents as shown
from clientier.rooms.trade.queries.offers import on_delivery, on_invoice, on_payment

register(
    Resource(
        model=Delivery,
        delete=never_delete,
        slug="deliveries",
        icon="truck",
        title_column="number",
        order="-day",
        searchable=True,
        columns=(
            Column(path="number"),
            Column(path="day"),
            Column(path="order"),
            Column(path="order__customer"),
            Column(path="takes_back"),
            Column(path="note", shown=False),
        ),
        empty=_("What went out against orders, and what came back. It begins on an order that is open."),
    )
)
register(
    Resource(
        model=DeliveryLine,
        delete=never_delete,
        slug="delivery-lines",
        icon="list",
        order="-pk",
        columns=(
            Column(path="delivery"),
            Column(path="delivery__day"),
            Column(path="order_line__product"),
            Column(path="order_line__description"),
            Column(path="quantity"),
        ),
        empty=_("Every line of every delivery."),
    )
)
register(
    Resource(
        model=Invoice,
        delete=delete_draft,
        kept_in=("state", ("posted",)),
        slug="invoices",
        icon="receipt",
        title_column="number",
        order="-day",
        searchable=True,
        add_page="invoice-new",
        columns=(
            Column(path="number"),
            Column(path="kind", tones={"invoice": "", "credit_note": "bad"}),
            Column(path="state", tones={"draft": "", "posted": "good"}),
            Column(path="day"),
            Column(path="due_on"),
            Column(path="customer"),
            Column(path="net", currency="currency", shown=False),
            Column(path="tax", currency="currency", shown=False),
            Column(path="total", currency="currency"),
            Column(path="open_amount", currency="currency"),
            Column(path="open_base", shown=False),
            Column(path="order", shown=False),
            Column(path="corrects", shown=False),
            Column(path="disputed_on", shown=False),
            Column(path="dispute", shown=False),
            Column(path="note", shown=False),
        ),
        empty=_("What customers owe, tax apart. It begins on an order, or without one."),
    )
)
register(
    Resource(
        model=InvoiceLine,
        delete=never_delete,
        slug="invoice-lines",
        icon="list",
        order="-pk",
        columns=(
            Column(path="invoice"),
            Column(path="invoice__day"),
            Column(path="invoice__customer"),
            Column(path="product"),
            Column(path="description", shown=False),
            Column(path="quantity"),
            Column(path="unit_price", currency="invoice__currency", shown=False),
            Column(path="discount", currency="invoice__currency", shown=False),
            Column(path="amount", currency="invoice__currency"),
            Column(path="tax_rate", shown=False),
            Column(path="cost", currency="invoice__currency"),
            Column(path="amount_base", shown=False),
        ),
        empty=_("Every line of every invoice: what the profit of a customer is made of."),
    )
)
register(
    Resource(
        model=Payment,
        delete=never_delete,
        slug="payments",
        icon="cash",
        title_column="number",
        order="-day",
        searchable=True,
        add_page="payment-new",
        columns=(
            Column(path="number"),
            Column(path="day"),
            Column(path="customer"),
            Column(path="amount", currency="currency"),
            Column(path="unsettled", currency="currency"),
            Column(path="method"),
            Column(path="reference", shown=False),
            Column(path="reversed_on", shown=False),
            Column(path="note", shown=False),
        ),
        empty=_("Money that came in, and what it settled."),
    )
)
register(
    Resource(
        model=Settlement,
        delete=never_delete,
        slug="settlements",
        icon="link",
        order="-day",
        columns=(
            Column(path="day"),
            Column(path="invoice"),
            Column(path="payment"),
            Column(path="credit_note"),
            Column(path="amount", currency="invoice__currency"),
            Column(path="amount_base", shown=False),
            Column(path="source_base", shown=False),
            Column(path="reason"),
        ),
        empty=_("Which payment settled which invoice, and what was written off."),
    )
)
register(
    Resource(
        model=Posting,
        delete=never_delete,
        slug="postings",
        icon="scale",
        order="-pk",
        columns=(
            Column(path="entry__day"),
            Column(path="entry__kind"),
            Column(path="entry__number"),
            Column(path="entry__account__customer"),
            Column(path="account"),
            Column(path="product", shown=False),
            Column(path="amount", currency="currency"),
            Column(path="amount_base"),
            Column(path="entry__recorded_at", shown=False),
        ),
        empty=_(
            "The ledger: every posting, as it was made. It refuses every change; balances are sums of it."
        ),
    )
)

panels.offer("deliveries", on_delivery)
panels.offer("invoices", on_invoice)
panels.offer("payments", on_payment)
panels.mark("invoices", shown.state_of_invoice)
panels.mark("payments", shown.state_of_payment)
for slug, panel in shown.PANELS:
    panels.add(slug, panel)
for source in shown.TOLD:
    timeline.tell("customers", source)
