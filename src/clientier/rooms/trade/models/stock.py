"""What lies where, what of it is promised, and every move that made it so."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import Personal
from clientier.rooms.trade.choices.orders import BOOKS
from clientier.rooms.trade.choices.stock import MoveKind


def _quantity(label: object, **more: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=18, decimal_places=4, **more)  # type: ignore[arg-type]


class StockLevel(models.Model):
    """So much of a product lies in a warehouse, and so much of that is reserved. Never less than nothing."""

    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="stock_levels", verbose_name=_("product")
    )
    warehouse = models.ForeignKey(
        "catalog.Warehouse", models.PROTECT, related_name="stock_levels", verbose_name=_("warehouse")
    )
    on_hand = _quantity(_("on hand"), default=0)
    reserved = _quantity(_("reserved"), default=0)

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = (
            models.UniqueConstraint(fields=("product", "warehouse"), name="one_level_a_place"),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0, on_hand__gte=models.F("reserved")), name="never_oversold"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id} · {self.warehouse_id}"


class StockMove(models.Model):
    """So much of a product came into a warehouse (above zero) or left it (below). Never changed, never deleted."""

    day = models.DateField(_("day"))
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="stock_moves", verbose_name=_("product")
    )
    warehouse = models.ForeignKey(
        "catalog.Warehouse", models.PROTECT, related_name="stock_moves", verbose_name=_("warehouse")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=MoveKind.choices, default=MoveKind.RECEIPT)
    quantity = _quantity(_("quantity"))
    delivery = models.ForeignKey(
        "trade.Delivery", models.PROTECT, null=True, blank=True, editable=False,
        related_name="stock_moves", verbose_name=_("delivery"),
    )  # fmt: skip
    external_id = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("stock move")
        verbose_name_plural = _("stock moves")
        indexes = (
            models.Index(fields=("product", "warehouse", "day"), name="move_by_product"),
            models.Index(fields=("-day", "-id"), name="move_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Reservation(models.Model):
    """So much that lies in a warehouse is kept for a line of an order."""

    OWNER_PATH = "order_line__order__customer__owner"
    TERRITORY_PATH = "order_line__order__customer__territory"
    PERSONAL = Personal(paths=("order_line__order__customer",), kept=("*",), why=BOOKS)

    order_line = models.ForeignKey(
        "trade.OrderLine", models.PROTECT, related_name="reservations", verbose_name=_("order line")
    )
    warehouse = models.ForeignKey(
        "catalog.Warehouse", models.PROTECT, related_name="reservations", verbose_name=_("warehouse")
    )
    quantity = _quantity(_("quantity"), validators=[MinValueValidator(0.0001)])

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = (
            models.UniqueConstraint(fields=("order_line", "warehouse"), name="one_reservation_a_place"),
        )

    def __str__(self) -> str:
        return f"{self.order_line_id} · {self.warehouse_id}"
