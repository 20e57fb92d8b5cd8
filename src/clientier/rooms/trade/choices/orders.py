from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BOOKS = _("Tax and commercial law say to keep the books for years; sums must stay what they were.")


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


class OrderState(models.TextChoices):
    """An order is written, opened, and closed when nothing of it is left to deliver and to invoice."""

    DRAFT = "draft", pgettext_lazy("order", "Draft")
    HELD = "held", pgettext_lazy("order", "Held")
    OPEN = "open", pgettext_lazy("order", "Open")
    CLOSED = "closed", pgettext_lazy("order", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


class SaleCounts(models.TextChoices):
    """When the money of an order counts as sold: with the order itself, where its invoices are kept elsewhere."""

    ORDERED = "ordered", _("with the order")
    INVOICED = "invoiced", _("when it is invoiced")
