from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientier.rooms.catalog.models.products import Product

LEAST = Decimal("0.0001")


class NamedComponent(models.Manager["Component"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[Component]:
        return super().get_queryset().select_related("assembly", "part")


class Component(models.Model):
    """So much of a part is in one unit of an assembly; the part may be an assembly itself.

    Nothing is in itself, by however many steps: the database refuses it, whichever way it is written.
    """

    NAMED_AFTER = ("catalog.product",)

    assembly = models.ForeignKey(
        Product, models.CASCADE, related_name="components", verbose_name=_("assembly")
    )
    part = models.ForeignKey(Product, models.PROTECT, related_name="used_in", verbose_name=_("part"))
    quantity = models.DecimalField(
        _("quantity"), max_digits=18, decimal_places=4, default=1, validators=[MinValueValidator(LEAST)]
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    is_spare_part = models.BooleanField(
        _("as a spare part"), default=False, help_text=_("It is exchanged in the course of time."),
    )  # fmt: skip

    objects = NamedComponent()

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("bills of materials")
        constraints = (
            models.UniqueConstraint(
                fields=("assembly", "part"), name="one_component_a_part",
                violation_error_message=_("The part is in this assembly already: change its quantity."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="component_is_some",
                violation_error_message=_("The quantity must be more than nothing."),
            ),
            models.CheckConstraint(
                condition=~Q(assembly=F("part")), name="component_is_another",
                violation_error_message=_("Nothing is a part of itself."),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.assembly} · {self.part}"
