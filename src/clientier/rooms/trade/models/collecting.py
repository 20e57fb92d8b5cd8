from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.rooms.trade.choices.credit import DunningWay, Language, PromiseState, TextTier
from clientier.rooms.trade.choices.orders import BOOKS


class PaymentPromise(models.Model):
    """What a customer said they would pay by a day; money that comes in says whether they kept it."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    REMEMBERS_WHO = ("taken_by",)
    PERSONAL = Personal(
        paths=("customer",), erased=("promised_by", "note"), kept=("*",), dated="promised_on", why=BOOKS
    )

    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="promises", verbose_name=_("customer")
    )
    invoice = models.ForeignKey(
        "trade.Invoice", models.PROTECT, null=True, blank=True, related_name="promises",
        verbose_name=_("invoice"), help_text=_("Empty: any money of the customer keeps the promise."),
    )  # fmt: skip
    amount = MoneyField(_("amount"), validators=[MinValueValidator(0.0001)])
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    promised_on = models.DateField(_("promised on"))
    until = models.DateField(_("until"))
    promised_by = models.CharField(_("promised by"), max_length=120, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("taken by"),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=9, choices=PromiseState.choices, default=PromiseState.OPEN, editable=False
    )
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("promised_on")), name="promised_for_later"
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-until"), name="promise_by_customer"),
            models.Index(fields=("-until", "-id"), name="promise_by_day"),
            models.Index(fields=("until",), condition=models.Q(state="open"), name="promise_running_by_day"),
        )

    def __str__(self) -> str:
        return str(self.until)


class DunningText(models.Model):
    """What is written to a customer of a tier at a level, in a language; words in braces are filled in."""

    level = models.PositiveSmallIntegerField(_("level"), validators=[MinValueValidator(1)])
    tier = models.CharField(_("tier"), max_length=10, choices=TextTier.choices, blank=True, default="")
    language = models.CharField(_("language"), max_length=8, choices=Language.choices)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(
        _("text"),
        help_text=_("Filled in: {customer}, {company}, {amount}, {invoices}, {days}, {sender}, {day}."),
    )

    class Meta:
        verbose_name = _("text of reminders")
        verbose_name_plural = _("texts of reminders")
        constraints = (
            models.UniqueConstraint(fields=("level", "tier", "language"), name="one_dunning_text"),
        )

    def __str__(self) -> str:
        return self.subject


class DunningNotice(models.Model):
    """A customer was reminded of what is late: when, at which level, how, by whom, and with which words."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    REMEMBERS_WHO = ("sent_by",)
    PERSONAL = Personal(
        paths=("customer",), erased=("subject", "text", "address"), kept=("*",), dated="day", why=BOOKS
    )

    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="dunning_notices", verbose_name=_("customer")
    )
    day = models.DateField(_("day"))
    level = models.PositiveSmallIntegerField(_("level"))
    way = models.CharField(_("way"), max_length=6, choices=DunningWay.choices)
    amount_base = MoneyField(_("late amount in base currency"))
    invoices = ArrayField(models.BigIntegerField(), verbose_name=_("invoices"), default=list, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    address = models.CharField(_("e-mail"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("payment reminder")
        verbose_name_plural = _("payment reminders")
        indexes = (
            models.Index(fields=("customer", "-day", "-id"), name="dunning_by_customer"),
            models.Index(fields=("-day", "-id"), name="dunning_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.level} · {self.day}"
