from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.search import SearchField, SortKeyField


class Product(models.Model):
    """What is sold, with what it costs us and what we ask for it."""

    external_id = models.CharField(_("product number"), max_length=60, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    category = models.CharField(_("category"), max_length=80, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    cost = MoneyField(_("cost"), null=True, blank=True, validators=[MinValueValidator(0)])
    price = MoneyField(_("price"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    active = models.BooleanField(_("sold at present"), default=True)
    sort_key = SortKeyField(source="name")
    search = SearchField(texts=("name", "external_id", "category"), names=("name",))

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = (
            models.Index(fields=("sort_key", "id"), name="product_by_name"),
            GinIndex(fields=("search",), name="product_search"),
        )

    def __str__(self) -> str:
        return self.name
