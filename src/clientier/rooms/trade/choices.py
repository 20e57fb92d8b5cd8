from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderKind(models.TextChoices):
    SALE = "sale", _("Order")
    RETURN = "return", _("Return")


class CostKind(models.TextChoices):
    """What serving a customer costs beside the goods, and beside minutes, which interactions carry."""

    FREIGHT = "freight", _("Freight")
    REBATE = "rebate", _("Rebates")
    FEE = "fee", _("Listing and promotion fees")
    REWARD = "reward", _("Rewards")
    EXPENSE = "expense", _("Expenses")
    LATE_INTEREST = "late_interest", _("Interest on late money")
    BAD_DEBT = "bad_debt", _("Bad debts")
    SERVICE = "service", pgettext_lazy("cost", "Service")
    OTHER = "other", _("Other costs")
