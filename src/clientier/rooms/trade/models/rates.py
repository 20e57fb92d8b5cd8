from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency


class CurrencyRate(models.Model):
    """What one unit of a currency was worth in the base currency from that day on."""

    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    day = models.DateField(_("day"))
    rate_to_base = models.DecimalField(
        _("rate"), max_digits=18, decimal_places=9, validators=[MinValueValidator(0.000000001)]
    )

    class Meta:
        verbose_name = _("currency rate")
        verbose_name_plural = _("currency rates")
        constraints = (models.UniqueConstraint(fields=("currency", "day"), name="one_rate_a_day"),)

    def __str__(self) -> str:
        return f"{self.currency} {self.day} {self.rate_to_base}"
