from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.search import SearchField, SortKeyField
from clientier.rooms.catalog.choices.products import ProductKind
from clientier.rooms.catalog.choices.units import UnitField
from clientier.rooms.catalog.models.categories import Category


class Product(models.Model):
    """What is sold, goods or a service, with what it costs us and what we ask for it.

    ``cost`` is that of today; what it was and will be stands in its cost changes, to which the database adds
    whichever way the cost is changed.
    """

    external_id = models.CharField(_("product number"), max_length=60, unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ProductKind.choices, default=ProductKind.GOODS)
    name = models.CharField(_("name"), max_length=200)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category"),
    )  # fmt: skip
    unit = UnitField(_("unit"), max_length=20, blank=True)
    cost = MoneyField(_("cost"), null=True, blank=True, validators=[MinValueValidator(0)])
    price = MoneyField(_("price"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    tax_rate = models.DecimalField(
        _("tax rate in percent"), max_digits=6, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Without it, the one of the company holds."),
    )  # fmt: skip
    is_spare_part = models.BooleanField(_("spare part"), default=False)
    stocked = models.BooleanField(
        _("kept in stock"), default=True, help_text=_("A service never is."),
    )  # fmt: skip
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors",
        verbose_name=_("successor"), help_text=_("What is sold in its place, once it is no longer sold."),
    )  # fmt: skip
    active = models.BooleanField(_("sold at present"), default=True)
    sort_key = SortKeyField(source="name")
    search = SearchField(texts=("name", "external_id"), names=("name",))

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind=ProductKind.SERVICE, stocked=True),
                name="service_is_not_stocked",
                violation_error_message=_("A service is not kept in stock."),
            ),
        )
        indexes = (
            models.Index(fields=("sort_key", "id"), name="product_by_name"),
            GinIndex(fields=("search",), name="product_search"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        later, passed = self.successor, {self.pk}
        while later is not None:
            if later.pk in passed:
                raise ValidationError({"successor": _("A product cannot come after itself.")})
            passed.add(later.pk)
            later = later.successor
