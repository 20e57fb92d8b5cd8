from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import Personal
from clientier.rooms.catalog.models.products import Product
from clientier.rooms.parties.models.customers import refuse_forgotten


class NamedInstallation(models.Manager["Installation"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[Installation]:
        return super().get_queryset().select_related("product")


class Installation(models.Model):
    """A product that stands at a customer's, from a day on and perhaps until another."""

    NAMED_AFTER = ("catalog.product",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("customer",), erased=("serial_number", "note"), kept=("*", "external_id"), dated="installed_on",
        why=_("How many of a product are in use must be known where it has to be called back."),
    )  # fmt: skip

    external_id = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, related_name="installations", verbose_name=_("customer")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="installations", verbose_name=_("product")
    )
    serial_number = models.CharField(_("serial number"), max_length=80, blank=True)
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=18,
        decimal_places=4,
        default=1,
        validators=[MinValueValidator(Decimal("0.0001"))],
    )
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = NamedInstallation()

    class Meta:
        verbose_name = _("installed product")
        verbose_name_plural = _("installed products")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="installation_is_some",
                violation_error_message=_("The quantity must be more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(installed_on__isnull=True)
                | Q(removed_on__isnull=True)
                | Q(removed_on__gte=F("installed_on")),
                name="installation_ends_after_it_began",
                violation_error_message=_("It cannot be removed before it was installed."),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.product)

    def clean(self) -> None:
        if self.customer_id and self.pk is None:
            refuse_forgotten(self.customer)
