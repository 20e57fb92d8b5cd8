from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.rooms.trade.choices.orders import BOOKS, CostKind


class CostToServe(models.Model):
    """Money that went into serving one customer on one day, beside goods and minutes."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("customer",), erased=("note",), kept=("*", "external_id"), dated="day", why=BOOKS
    )

    external_id = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="costs", verbose_name=_("customer")
    )
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=14, choices=CostKind.choices, default=CostKind.OTHER)
    amount = MoneyField(_("amount"), help_text=_("What it cost us; positive."))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    amount_base = MoneyField(_("amount in base currency"), default=0, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("cost to serve")
        verbose_name_plural = _("costs to serve")
        indexes = (
            models.Index(fields=("customer", "-day"), name="cost_by_customer"),
            models.Index(fields=("-day", "-id"), name="cost_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"
