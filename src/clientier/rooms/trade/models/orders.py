from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.custom.values import CustomValuesField
from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.core.search import SearchField
from clientier.rooms.trade.choices.orders import BOOKS, OrderKind, OrderState, SaleCounts


class Order(models.Model):
    """A sale, or goods that came back; its money is the sum of its lines, kept with it for lists."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    CUSTOM_FIELDS_BY = ("kind",)
    REMEMBERS_WHO = ("sold_by",)
    PERSONAL = Personal(
        paths=("customer",), erased=("custom", "held_because"), kept=("*", "number"), dated="day", why=BOOKS
    )

    number = models.CharField(_("order number"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=6, choices=OrderKind.choices, default=OrderKind.SALE)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=OrderState.choices,
        default=OrderState.CLOSED,
        db_default=OrderState.CLOSED,
        editable=False,
    )
    counts = models.CharField(
        _("counts as sold"),
        max_length=8,
        choices=SaleCounts.choices,
        default=SaleCounts.ORDERED,
        editable=False,
    )
    day = models.DateField(_("day"))
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    held_because = models.CharField(
        _("held because"), max_length=300, blank=True, default="", db_default="", editable=False
    )
    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="orders", verbose_name=_("customer")
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    rate_to_base = models.DecimalField(
        _("rate"), max_digits=18, decimal_places=9, default=1, validators=[MinValueValidator(0.000000001)]
    )
    sold_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        related_name="orders", verbose_name=_("sold by"),
    )  # fmt: skip
    amount = MoneyField(_("amount"), default=0, editable=False)
    amount_base = MoneyField(_("amount in base currency"), default=0, editable=False)
    custom = CustomValuesField(_("custom fields"))
    search = SearchField(texts=("number",), numbers=("number",))

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = (
            models.Index(fields=("customer", "-day", "-id"), name="order_by_customer"),
            models.Index(fields=("-day", "-id"), name="order_by_day"),
            GinIndex(fields=("search",), name="order_search"),
            models.Index(
                fields=("customer",), condition=models.Q(state="open"), name="order_open_by_customer"
            ),
            models.Index(fields=("-day", "-id"), condition=models.Q(state="held"), name="order_held"),
        )

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """Goods of one product in one order. Amounts are after discount and before tax; returns are negative."""

    OWNER_PATH = "order__customer__owner"
    TERRITORY_PATH = "order__customer__territory"
    PERSONAL = Personal(
        paths=("order__customer",), erased=("reserved_because",), kept=("*", "description"), why=BOOKS
    )

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name=_("order"))
    line_no = models.PositiveIntegerField(_("line"))
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True,
        related_name="order_lines", verbose_name=_("product"),
    )  # fmt: skip
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=1)
    unit_price = MoneyField(_("unit price"), default=0)
    discount = MoneyField(_("discount"), default=0)
    amount = MoneyField(_("amount"), help_text=_("After discount, before tax; negative for returns."))
    tax_rate = models.DecimalField(
        _("tax rate, %"), max_digits=7, decimal_places=4, default=0, db_default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    delivered = models.DecimalField(
        _("delivered"), max_digits=18, decimal_places=4, default=0, db_default=0, editable=False
    )
    invoiced = models.DecimalField(
        _("invoiced"), max_digits=18, decimal_places=4, default=0, db_default=0, editable=False
    )
    cost = MoneyField(_("cost of goods"), null=True, blank=True)
    freight = MoneyField(_("freight"), default=0)
    reserved_by_hand = models.DecimalField(
        _("reserved by hand"), max_digits=18, decimal_places=4, null=True, editable=False
    )
    reserved_because = models.CharField(
        _("reserved by hand because"), max_length=200, blank=True, default="", db_default="", editable=False
    )
    amount_base = MoneyField(_("amount in base currency"), default=0, editable=False)
    discount_base = MoneyField(_("discount in base currency"), default=0, editable=False)
    cost_base = MoneyField(_("cost of goods in base currency"), null=True, editable=False)
    freight_base = MoneyField(_("freight in base currency"), default=0, editable=False)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = (
            models.UniqueConstraint(fields=("order", "line_no"), name="one_line_a_number"),
            models.CheckConstraint(
                condition=models.Q(delivered=0)
                | models.Q(delivered__gt=0, delivered__lte=models.F("quantity")),
                name="delivered_within_ordered",
            ),
            models.CheckConstraint(
                condition=models.Q(invoiced=0) | models.Q(invoiced__gt=0, invoiced__lte=models.F("quantity")),
                name="invoiced_within_ordered",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"
