from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.rooms.catalog.choices.prices import PricedTier
from clientier.rooms.catalog.models.products import Product
from clientier.rooms.parties.models.customers import refuse_forgotten

AGREED = _("What was agreed on prices explains the invoices, which the law says to keep.")


class PriceList(models.Model):
    """Prices that hold for everybody, for the customers of a tier, or for one customer, while it is valid.

    Of the lists that fit, the one of the customer goes before that of the tier, and that before those for
    everybody; among equals the higher priority, then the later beginning, then the one made last.
    """

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    OPEN_WITHOUT = "customer"
    PERSONAL = Personal(paths=("customer",), erased=("name",), kept=("*", "external_id"), why=AGREED)

    external_id = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    tier = models.CharField(
        _("for the tier"), max_length=12, choices=PricedTier.choices, blank=True,
        help_text=_("Empty, with no customer either: for everybody."),
    )  # fmt: skip
    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, null=True, blank=True,
        related_name="price_lists", verbose_name=_("for the customer"),
    )  # fmt: skip
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Where several lists fit equally, the higher one counts."),
    )  # fmt: skip
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = (
            models.CheckConstraint(
                condition=Q(tier="") | Q(customer__isnull=True),
                name="price_list_for_tier_or_customer",
                violation_error_message=_("A price list is for a tier or for a customer, not for both."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="price_list_ends_after_it_began",
                violation_error_message=_("A price list cannot end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.customer and self.pk is None:
            refuse_forgotten(self.customer)


class NamedPrice(models.Manager["Price"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[Price]:
        return super().get_queryset().select_related("price_list", "product")


class Price(models.Model):
    """What one unit of a product costs in a list, from a quantity on."""

    NAMED_AFTER = ("catalog.pricelist", "catalog.product")
    OWNER_PATH = "price_list__customer__owner"
    TERRITORY_PATH = "price_list__customer__territory"
    OPEN_WITHOUT = "price_list__customer"
    PERSONAL = Personal(paths=("price_list__customer",), kept=("*",), why=AGREED)

    price_list = models.ForeignKey(
        PriceList, models.CASCADE, related_name="prices", verbose_name=_("price list")
    )
    product = models.ForeignKey(Product, models.CASCADE, related_name="prices", verbose_name=_("product"))
    minimum_quantity = models.DecimalField(
        _("from quantity"), max_digits=18, decimal_places=4, default=1, validators=[MinValueValidator(0)]
    )
    unit_price = MoneyField(_("unit price"), validators=[MinValueValidator(0)])

    objects = NamedPrice()

    class Meta:
        verbose_name = _("price in a list")
        verbose_name_plural = _("prices in lists")
        constraints = (
            models.UniqueConstraint(
                fields=("price_list", "product", "minimum_quantity"), name="one_price_a_quantity",
                violation_error_message=_("The list has a price for this product and quantity already."),
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("product", "price_list"), name="price_by_product"),)

    def __str__(self) -> str:
        return f"{self.price_list} · {self.product}"
