from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import MoneyField
from clientier.core.personal import Personal
from clientier.rooms.trade.choices.credit import Covers, ProposalKind, ProposalState
from clientier.rooms.trade.choices.orders import BOOKS


class CreditPolicy(models.Model):
    """One version of the rules of receivables and credit; versions are added, never changed."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    rules = models.JSONField(_("rules"), default=dict)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("rules of credit")
        verbose_name_plural = _("rules of credit")

    def __str__(self) -> str:
        return f"{self.version}"


class CreditLimit(models.Model):
    """How much a customer or its group may owe us from a day on, in the base currency; a later one takes its place."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    REMEMBERS_WHO = ("made_by",)
    PERSONAL = Personal(paths=("customer",), erased=("reason",), kept=("*",), dated="from_day", why=BOOKS)

    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="credit_limits", verbose_name=_("customer")
    )
    covers = models.CharField(_("covers"), max_length=8, choices=Covers.choices, default=Covers.CUSTOMER)
    amount = MoneyField(_("credit limit"), validators=[MinValueValidator(0)])
    from_day = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    made_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("credit limit")
        verbose_name_plural = _("credit limits")
        indexes = (
            models.Index(fields=("customer", "covers", "-from_day", "-id"), name="limit_by_customer"),
            models.Index(fields=("-from_day", "-id"), name="limit_by_day"),
        )

    def __str__(self) -> str:
        return str(self.from_day)


class CreditScore(models.Model):
    """How a customer pays, from 0 to 100, with the figures that it is made of. Nobody enters it."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(paths=("customer",), kept=("*", "facts"), why=BOOKS)

    customer = models.OneToOneField(
        "parties.Customer", models.CASCADE, primary_key=True, related_name="credit"
    )
    score = models.PositiveSmallIntegerField(_("credit score"))
    facts = models.JSONField(default=dict, editable=False)
    as_of = models.DateField(_("as of"))

    class Meta:
        verbose_name = _("credit score")
        verbose_name_plural = _("credit scores")
        indexes = (models.Index(fields=("score", "customer"), name="credit_by_score"),)

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.score}"


class LimitProposal(models.Model):
    """What payment behaviour speaks for: a higher or a lower limit; a person says yes or no."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    REMEMBERS_WHO = ("decided_by",)
    PERSONAL = Personal(
        paths=("customer",), erased=("reason",), kept=("*", "facts"), dated="made_on", why=BOOKS
    )

    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, related_name="limit_proposals", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=ProposalKind.choices)
    before = MoneyField(_("limit now"))
    amount = MoneyField(_("proposed limit"))
    score = models.PositiveSmallIntegerField(_("credit score"))
    facts = models.JSONField(default=dict, editable=False)
    made_on = models.DateField(_("day"))
    state = models.CharField(
        _("state"), max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    decided_on = models.DateField(_("decided on"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("proposed credit limit")
        verbose_name_plural = _("proposed credit limits")
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=models.Q(state="open"), name="one_open_limit_proposal"
            ),
        )
        indexes = (models.Index(fields=("-made_on", "-id"), name="limit_proposal_by_day"),)

    def __str__(self) -> str:
        return str(self.made_on)
