"""What the pages of documents show beside their facts: lines, what settled them, what they posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import detail, formats, resource
from clientier.kit.cells import Cell, Setting, link_to
from clientier.kit.panels import Panel
from clientier.kit.timeline import Happening, Source, Window
from clientier.rooms.trade.choices.documents import DocumentState, InvoiceKind
from clientier.rooms.trade.models import (
    Delivery,
    DeliveryLine,
    Invoice,
    InvoiceLine,
    Order,
    Payment,
    Posting,
    Settlement,
)

INVOICES, PAYMENTS = Referring(Invoice, "customer"), Referring(Payment, "customer")
TABLE = "kit/parts/table_panel.html"
RIGHT = {"align": "right"}


def table(label: str, columns: list[dict[str, str]], rows: list[list[Any]]) -> dict[str, Any] | None:
    return {"label": label, "columns": columns, "rows": rows} if rows else None


def _named(actor: Actor, record: Model | None) -> Cell | str:
    """The way to another document, for who may see its kind; it is the same customer's, and so within reach."""
    if record is None or actor.reach(type(record), "view") is Reach.NONE:
        return ""
    return Cell(kind="link", text=str(record), url=link_to(record))


def quantity_words(value: Decimal) -> str:
    return formats.number(value, 0 if value == int(value) else 2)


def _money(actor: Actor, model: type[Model], name: str, value: Decimal | None, currency: str) -> str:
    """The amount, or nothing for who may not read the field."""
    if name not in access.fields(actor, model).readable or value is None:
        return "–"
    return formats.amount(value, currency)


def invoice_lines(actor: Actor, invoice: Invoice, setting: Setting) -> dict[str, Any] | None:
    found = access.visible(actor, InvoiceLine).filter(invoice=invoice).select_related("product")
    money = partial(_money, actor, InvoiceLine)
    rows = [
        [
            line.description or str(line.product or ""), quantity_words(line.quantity),
            money("unit_price", line.unit_price, invoice.currency), money("discount", line.discount, invoice.currency),
            f"{line.tax_rate.normalize():f} %", money("amount", line.amount, invoice.currency),
        ]
        for line in found.order_by("line_no")
    ]  # fmt: skip
    columns = [
        {"label": _("Product")}, {"label": _("Quantity"), **RIGHT}, {"label": _("Unit price"), **RIGHT},
        {"label": _("Discount"), **RIGHT}, {"label": _("Tax"), **RIGHT}, {"label": _("Amount"), **RIGHT},
    ]  # fmt: skip
    return table(str(invoice), columns, rows)


def delivery_lines(actor: Actor, delivery: Delivery, setting: Setting) -> dict[str, Any] | None:
    found = access.visible(actor, DeliveryLine).filter(delivery=delivery)
    lines = found.select_related("order_line__product").order_by("order_line__line_no")
    rows = [
        [line.order_line.description or str(line.order_line.product or ""), quantity_words(line.quantity)]
        for line in lines
    ]
    return table(str(delivery), [{"label": _("Product")}, {"label": _("Quantity"), **RIGHT}], rows)


def documents_of_order(actor: Actor, order: Order, setting: Setting) -> dict[str, Any] | None:
    """The deliveries and invoices of an order, and how far each line has come."""
    deliveries = access.visible(actor, Delivery).filter(order=order).order_by("day", "pk")
    invoices = access.visible(actor, Invoice).filter(order=order).order_by("day", "pk")
    rows = [[_named(actor, each), formats.day(each.day), _("Taken back") if each.takes_back_id else _("Delivery"), ""]
            for each in deliveries]  # fmt: skip
    rows += [
        [
            _named(actor, each), formats.day(each.day), str(each.get_kind_display()),
            _money(actor, Invoice, "total", each.total, each.currency),
        ]
        for each in invoices
    ]  # fmt: skip
    columns = [
        {"label": _("Document")}, {"label": _("Day")}, {"label": _("Kind")}, {"label": _("Total"), **RIGHT},
    ]  # fmt: skip
    return table(str(_("Documents of the order")), columns, rows)


def progress_of_order(actor: Actor, order: Order, setting: Setting) -> dict[str, Any] | None:
    lines = order.lines.filter(quantity__gt=0).select_related("product").order_by("line_no")
    if not lines.exclude(delivered=0, invoiced=0).exists():
        return None
    rows = [
        [
            line.description or str(line.product or ""),
            *map(quantity_words, (line.quantity, line.delivered, line.invoiced)),
        ]
        for line in lines
    ]
    columns = [
        {"label": _("Product")}, {"label": _("Ordered"), **RIGHT}, {"label": _("Delivered"), **RIGHT},
        {"label": _("Invoiced"), **RIGHT},
    ]  # fmt: skip
    return table(str(_("How far it has come")), columns, rows)


def _settlements(
    actor: Actor, record: Invoice | Payment, setting: Setting, *, by: str, shows: Callable[[Settlement], Any]
) -> dict[str, Any] | None:
    found = access.visible(actor, Settlement).filter(**{by: record})
    related = ("invoice", "payment", "credit_note")
    rows = [
        [
            formats.day(each.day), _named(actor, shows(each)) or ("" if shows(each) else _("Written off")),
            _money(actor, Settlement, "amount", each.amount, record.currency), each.reason,
        ]
        for each in found.select_related(*related).order_by("day", "pk")
    ]  # fmt: skip
    columns = [
        {"label": _("Day")}, {"label": _("Document")}, {"label": _("Amount"), **RIGHT}, {"label": _("Reason")},
    ]  # fmt: skip
    return table(str(record), columns, rows)


def settled_by(actor: Actor, invoice: Invoice, setting: Setting) -> dict[str, Any] | None:
    """What settled an invoice, or what a credit note settled."""
    if invoice.kind == InvoiceKind.CREDIT_NOTE:
        return _settlements(actor, invoice, setting, by="credit_note", shows=lambda each: each.invoice)
    return _settlements(
        actor, invoice, setting, by="invoice", shows=lambda each: each.payment or each.credit_note
    )


def settles(actor: Actor, payment: Payment, setting: Setting) -> dict[str, Any] | None:
    return _settlements(actor, payment, setting, by="payment", shows=lambda each: each.invoice)


def posted(actor: Actor, record: Model, setting: Setting) -> dict[str, Any] | None:
    """The postings that a document made, for who may read the ledger."""
    found = access.visible(actor, Posting).filter(
        entry__document=record._meta.label_lower, entry__document_id=record.pk
    )
    entries = list(found.annotate(day=F("entry__day")).order_by("pk"))
    foreign = any(each.currency != setting.currency for each in entries)
    rows = [
        [
            formats.day(each.day),
            str(each.get_account_display()),
            *([formats.with_symbol(each.amount, each.currency, cents=True)] if foreign else []),
            formats.amount(each.amount_base, setting.currency),
        ]
        for each in entries
    ]
    columns = [
        {"label": _("Day")}, {"label": _("Account")}, *([{"label": _("Amount"), **RIGHT}] if foreign else []),
        {"label": _("In base currency"), **RIGHT},
    ]  # fmt: skip
    return table(str(_("In the ledger")), columns, rows)


FACTS = {
    "orders": ("customer", "kind", "day", "promised_on", "currency", "amount", "sold_by", "held_because"),
    "deliveries": ("order", "day", "takes_back", "note"),
    "invoices": (
        "customer", "kind", "order", "corrects", "day", "due_on", "net", "tax", "total", "open_amount",
        "disputed_on", "dispute", "note",
    ),
    "payments": ("customer", "day", "amount", "unsettled", "method", "reference", "reversed_on", "note"),
}  # fmt: skip


def facts_of(actor: Actor, record: Model, setting: Setting, *, slug: str) -> dict[str, Any]:
    """The head of a document."""
    return {"facts": detail.facts(resource.REGISTRY[slug], actor, record, setting, FACTS[slug])}


def state_of_invoice(actor: Actor, invoice: Invoice, setting: Setting) -> list[Cell]:
    """A draft, open, overdue or settled."""
    if {"state", "open_amount"} - access.fields(actor, Invoice).readable:
        return []
    if invoice.state == DocumentState.DRAFT:
        return [Cell("badge", text=str(invoice.get_state_display()))]
    if not invoice.open_amount:
        return [Cell("badge", text=pgettext("invoice", "Settled"), tone="good")]
    late = invoice.kind == InvoiceKind.INVOICE and invoice.due_on < setting.today
    text = pgettext("invoice", "Overdue") if late else pgettext("invoice", "Open")
    return [Cell("badge", text=text, tone="bad" if late else "warn")]


def state_of_payment(actor: Actor, payment: Payment, setting: Setting) -> list[Cell]:
    return [Cell("badge", text=_("Taken back"), tone="bad")] if payment.reversed_on else []


def _head(slug: str) -> Panel:
    shows = partial(facts_of, slug=slug)
    return Panel("head", gettext_lazy("Facts"), "kit/parts/facts_panel.html", shows, "side", 5)


PANELS: tuple[tuple[str, Panel], ...] = (
    *(
        (
            slug,
            Panel(
                "head",
                gettext_lazy("Facts"),
                "kit/parts/facts_panel.html",
                partial(facts_of, slug=slug),
                "side",
                5,
            ),
        )
        for slug in FACTS
    ),
    ("orders", Panel("progress", gettext_lazy("How far it has come"), TABLE, progress_of_order, "main", 20)),
    ("orders", Panel("documents", gettext_lazy("Documents"), TABLE, documents_of_order, "side", 20)),
    ("deliveries", Panel("lines", gettext_lazy("Lines"), TABLE, delivery_lines, "main", 10)),
    ("invoices", Panel("lines", gettext_lazy("Lines"), TABLE, invoice_lines, "main", 10)),
    ("invoices", Panel("settled", gettext_lazy("Settlements"), TABLE, settled_by, "main", 20)),
    ("invoices", Panel("posted", gettext_lazy("In the ledger"), TABLE, posted, "main", 30)),
    ("payments", Panel("settles", gettext_lazy("Settlements"), TABLE, settles, "main", 10)),
    ("payments", Panel("posted", gettext_lazy("In the ledger"), TABLE, posted, "main", 20)),
)


def _told(
    actor: Actor,
    customer: Model,
    window: Window,
    *,
    model: Any,
    icon: str,
    amount: str,
    facts: dict[str, Any],
) -> Iterable[Happening]:
    zone, noon = ZoneInfo(actor.time_zone), dt.time(12)
    found = access.visible(actor, model).filter(
        window.of_days("day", noon, zone), customer=customer.pk, **facts
    )
    for each in found.order_by("-day", "-pk")[: window.limit]:
        kind = each.get_kind_display() if isinstance(each, Invoice) else each._meta.verbose_name
        yield Happening(
            at=dt.datetime.combine(each.day, noon, zone), kind=window.kind, key=each.pk, icon=icon,
            title=f"{kind} {each.number}", text=_money(actor, model, amount, getattr(each, amount), each.currency),
            url=link_to(each),
        )  # fmt: skip


TOLD = (
    Source(
        "invoice", gettext_lazy("Invoices and credit notes"), Invoice,
        partial(_told, model=Invoice, icon="receipt", amount="total", facts={"state": DocumentState.POSTED}),
        21, INVOICES,
    ),
    Source(
        "payment", gettext_lazy("Payments"), Payment,
        partial(_told, model=Payment, icon="cash", amount="amount", facts={}),
        22, PAYMENTS,
    ),
)  # fmt: skip
