"""What is written off of invoices."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet, Sum

from clientier.rooms.trade.models import Settlement


def losses_of(invoice: int) -> QuerySet[Settlement]:
    """What was written off of an invoice, and what of that was taken back."""
    return Settlement.objects.filter(invoice=invoice, payment=None, credit_note=None)


def written_off(invoice: int) -> Decimal:
    """How much of an invoice is written off now."""
    return losses_of(invoice).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
