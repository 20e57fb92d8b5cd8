"""Promises to pay: which run, and what came in for them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from clientier.rooms.trade.choices.credit import PromiseState
from clientier.rooms.trade.models import Payment, PaymentPromise, Settlement


def running(today: dt.date) -> QuerySet[PaymentPromise]:
    """The promises of which it is not yet known what became of them."""
    return PaymentPromise.objects.filter(state=PromiseState.OPEN, promised_on__lte=today).order_by("pk")


def paid_towards(promise: PaymentPromise, day: dt.date) -> Decimal:
    """What came in from the day it was promised until its last day, as far as that has passed.

    For an invoice, what payments settled of it; else all money of the customer in that currency that did not bounce.
    """
    within = {"day__gte": promise.promised_on, "day__lte": min(promise.until, day)}
    if promise.invoice_id:
        settled = Settlement.objects.filter(**within, invoice=promise.invoice_id, payment__isnull=False)
        return settled.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    came = Payment.objects.filter(
        Q(reversed_on=None) | Q(reversed_on__gt=day), **within, customer=promise.customer_id, currency=promise.currency
    )  # fmt: skip
    return came.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
