from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import MoneyField
from clientier.rooms.catalog.models.products import Product


class NamedCostChange(models.Manager["CostChange"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[CostChange]:
        return super().get_queryset().select_related("product")


class CostChange(models.Model):
    """What one unit of a product costs us from that day on, in the product's currency."""

    NAMED_AFTER = ("catalog.product",)

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="cost_changes", verbose_name=_("product")
    )
    from_day = models.DateField(_("holds from"))
    cost = MoneyField(_("cost"), validators=[MinValueValidator(0)])

    objects = NamedCostChange()

    class Meta:
        verbose_name = _("cost over time")
        verbose_name_plural = _("costs over time")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "from_day"), name="one_cost_a_day",
                violation_error_message=_("For this day there is a cost already."),
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("-from_day", "-id"), name="cost_change_by_day"),)

    def __str__(self) -> str:
        return f"{self.product} {self.from_day}"
