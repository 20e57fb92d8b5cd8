from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.custom.values import CustomValuesField
from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.core.search import SearchField
from clientier.rooms.trade.choices.documents import DocumentState, InvoiceKind
from clientier.rooms.trade.choices.orders import BOOKS


class Invoice(models.Model):
    """What a customer owes us for goods and services, or a credit note: what we owe back. Tax stands apart.

    Amounts are positive for both kinds. ``open_amount`` is what is not yet settled; the ledger proves it.
    """

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("customer",),
        erased=("note", "custom", "dispute"),
        kept=("*", "number"),
        dated="day",
        why=BOOKS,
    )

    number = models.CharField(_("invoice number"), max_length=60, unique=True, null=True, blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=InvoiceKind.choices, default=InvoiceKind.INVOICE
    )
    state = models.CharField(
        _("state"), max_length=6, choices=DocumentState.choices, default=DocumentState.DRAFT, editable=False
    )
    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="invoices", verbose_name=_("customer")
    )
    order = models.ForeignKey(
        "trade.Order", models.PROTECT, null=True, blank=True,
        related_name="invoices", verbose_name=_("order"),
    )  # fmt: skip
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True,
        related_name="corrections", verbose_name=_("corrects invoice"),
    )  # fmt: skip
    day = models.DateField(_("day"))
    due_on = models.DateField(_("due"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    rate_to_base = models.DecimalField(
        _("rate"), max_digits=18, decimal_places=9, default=1, validators=[MinValueValidator(0.000000001)]
    )
    net = MoneyField(_("net"), default=0, editable=False)
    tax = MoneyField(_("tax"), default=0, editable=False)
    total = MoneyField(_("total"), default=0, editable=False)
    open_amount = MoneyField(_("open"), default=0, editable=False)
    open_base = MoneyField(_("open in base currency"), default=0, editable=False)
    disputed_on = models.DateField(_("disputed since"), null=True, blank=True, editable=False)
    dispute = models.CharField(_("what is disputed"), max_length=300, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    custom = CustomValuesField(_("custom fields"))
    search = SearchField(texts=("number",), numbers=("number",))

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(number__isnull=False),
                name="posted_invoice_has_number",
            ),
            models.CheckConstraint(
                condition=models.Q(open_amount__gte=0) & models.Q(open_amount__lte=models.F("total")),
                name="open_within_total",
            ),
            models.CheckConstraint(
                condition=models.Q(total=models.F("net") + models.F("tax")), name="total_is_net_and_tax"
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-day", "-id"), name="invoice_by_customer"),
            models.Index(fields=("-day", "-id"), name="invoice_by_day"),
            GinIndex(fields=("search",), name="invoice_search"),
            models.Index(
                fields=("due_on", "id"), condition=models.Q(open_amount__gt=0), name="invoice_open_by_due"
            ),
            # All that sums of receivables read, with nothing beside: they join on no row.
            models.Index(
                fields=("customer", "due_on"), include=("kind", "day", "open_base", "disputed_on"),
                condition=models.Q(open_amount__gt=0), name="invoice_owed",
            ),
            models.Index(
                fields=("day",), include=("customer", "kind", "total", "rate_to_base"),
                condition=models.Q(state="posted"), name="invoice_sold_by_day",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number or str(_("Draft"))


class InvoiceLine(models.Model):
    """One line of an invoice; amounts are after discount and before tax."""

    OWNER_PATH = "invoice__customer__owner"
    TERRITORY_PATH = "invoice__customer__territory"
    PERSONAL = Personal(paths=("invoice__customer",), kept=("*", "description"), why=BOOKS)

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines", verbose_name=_("invoice"))
    line_no = models.PositiveIntegerField(_("line"))
    order_line = models.ForeignKey(
        "trade.OrderLine", models.PROTECT, null=True, blank=True,
        related_name="invoice_lines", verbose_name=_("order line"),
    )  # fmt: skip
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True,
        related_name="corrections", verbose_name=_("corrects line"),
    )  # fmt: skip
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True,
        related_name="invoice_lines", verbose_name=_("product"),
    )  # fmt: skip
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=18, decimal_places=4, default=1, validators=[MinValueValidator(0.0001)]
    )
    unit_price = MoneyField(_("unit price"), default=0)
    discount = MoneyField(_("discount"), default=0)
    amount = MoneyField(_("amount"), editable=False)
    tax_rate = models.DecimalField(
        _("tax rate, %"), max_digits=7, decimal_places=4, default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    cost = MoneyField(_("cost of goods"), null=True, blank=True)
    amount_base = MoneyField(_("amount in base currency"), default=0, editable=False)
    discount_base = MoneyField(_("discount in base currency"), default=0, editable=False)
    cost_base = MoneyField(_("cost of goods in base currency"), null=True, editable=False)

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "line_no"), name="one_invoice_line_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.line_no}"
