from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import Personal
from clientier.core.search import SearchField
from clientier.rooms.trade.choices.orders import BOOKS


class Delivery(models.Model):
    """Goods of one order that went out on one day; goods that came back are a delivery that takes one back."""

    OWNER_PATH = "order__customer__owner"
    TERRITORY_PATH = "order__customer__territory"
    PERSONAL = Personal(
        paths=("order__customer",), erased=("note",), kept=("*", "number"), dated="day", why=BOOKS
    )

    number = models.CharField(_("delivery number"), max_length=60, unique=True)
    order = models.ForeignKey(
        "trade.Order", models.PROTECT, related_name="deliveries", verbose_name=_("order")
    )
    takes_back = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True,
        related_name="taken_back_by", verbose_name=_("takes back delivery"),
    )  # fmt: skip
    day = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    search = SearchField(texts=("number",), numbers=("number",))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            models.Index(fields=("-day", "-id"), name="delivery_by_day"),
            GinIndex(fields=("search",), name="delivery_search"),
        )

    def __str__(self) -> str:
        return self.number


class DeliveryLine(models.Model):
    """So much of one order line; the direction follows from the delivery."""

    OWNER_PATH = "delivery__order__customer__owner"
    TERRITORY_PATH = "delivery__order__customer__territory"
    PERSONAL = Personal(paths=("delivery__order__customer",), kept=("*",), why=BOOKS)

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines", verbose_name=_("delivery"))
    order_line = models.ForeignKey(
        "trade.OrderLine", models.PROTECT, related_name="delivery_lines", verbose_name=_("order line")
    )
    quantity = models.DecimalField(
        _("quantity"), max_digits=18, decimal_places=4, validators=[MinValueValidator(0.0001)]
    )

    class Meta:
        verbose_name = _("delivery line")
        verbose_name_plural = _("delivery lines")
        constraints = (
            models.UniqueConstraint(fields=("delivery", "order_line"), name="one_delivery_line_a_line"),
        )

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.order_line_id}"
