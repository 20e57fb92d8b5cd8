from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.core.search import SearchField
from clientier.rooms.trade.choices.documents import PaymentMethod
from clientier.rooms.trade.choices.orders import BOOKS


class Payment(models.Model):
    """Money that a customer paid us, posted as soon as it is entered; a mistake is taken back by a counter-entry."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("customer",), erased=("note", "reference"), kept=("*", "number"), dated="day", why=BOOKS
    )

    number = models.CharField(_("payment number"), max_length=60, unique=True)
    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="payments", verbose_name=_("customer")
    )
    day = models.DateField(_("day"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    rate_to_base = models.DecimalField(
        _("rate"), max_digits=18, decimal_places=9, default=1, validators=[MinValueValidator(0.000000001)]
    )
    amount = MoneyField(_("amount"), validators=[MinValueValidator(0.0001)])
    unsettled = MoneyField(_("not yet settled"), default=0, editable=False)
    unsettled_base = MoneyField(_("not yet settled, in base currency"), default=0, editable=False)
    method = models.CharField(
        _("method"), max_length=8, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER
    )
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reversed_on = models.DateField(_("taken back"), null=True, blank=True, editable=False)
    search = SearchField(texts=("number", "reference"), numbers=("number", "reference"))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(unsettled__gte=0) & models.Q(unsettled__lte=models.F("amount")),
                name="unsettled_within_amount",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-day", "-id"), name="payment_by_customer"),
            models.Index(fields=("-day", "-id"), name="payment_by_day"),
            GinIndex(fields=("search",), name="payment_search"),
            models.Index(
                fields=("customer",), include=("unsettled_base",), condition=models.Q(unsettled__gt=0),
                name="payment_unsettled",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Settlement(models.Model):
    """So much of an invoice was settled by a payment, by a credit note, or written off; below zero takes it back.

    ``amount`` is in the invoice's currency, ``source_amount`` in that of the payment or credit note. Each has its
    worth in the base currency by its own document's rate; between the two lies the gain or loss on rates.
    """

    OWNER_PATH = "invoice__customer__owner"
    TERRITORY_PATH = "invoice__customer__territory"
    PERSONAL = Personal(paths=("invoice__customer",), erased=("reason",), kept=("*",), dated="day", why=BOOKS)

    invoice = models.ForeignKey(
        "trade.Invoice", models.PROTECT, related_name="settlements", verbose_name=_("invoice")
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="settlements", verbose_name=_("payment")
    )
    credit_note = models.ForeignKey(
        "trade.Invoice", models.PROTECT, null=True, related_name="credited", verbose_name=_("credit note")
    )
    day = models.DateField(_("day"))
    amount = MoneyField(_("amount"))
    source_amount = MoneyField(_("amount of the payment"))
    amount_base = MoneyField(_("amount in base currency"))
    source_base = MoneyField(_("amount of the payment in base currency"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        indexes = (models.Index(fields=("-day", "-id"), name="settlement_by_day"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(payment__isnull=False, credit_note__isnull=False),
                name="settled_by_one_source",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id}-{self.pk}"
