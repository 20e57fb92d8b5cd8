from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import OWN_WORK, Personal


class UpkeepPolicy(models.Model):
    """One version of the rules of upkeep: what counts, how long it holds, which cards are reviewed."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    rules = models.JSONField(_("rules"), default=dict)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("rules of upkeep")
        verbose_name_plural = _("rules of upkeep")

    def __str__(self) -> str:
        return f"{self.version}"


class Upkeep(models.Model):
    """How complete a customer's card is by what matters for its tier, and when it was last found right.

    It follows from other records; nobody enters it.
    """

    PERSONAL = Personal(
        paths=("customer",), kept=("*",), why=_("Figures about the card, which is empty then.")
    )
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"

    customer = models.OneToOneField(
        "parties.Customer", models.CASCADE, primary_key=True, related_name="upkeep"
    )
    completeness = models.PositiveSmallIntegerField(_("completeness"), default=0)
    missing = ArrayField(models.CharField(max_length=20), verbose_name=_("missing"), default=list)
    confirmed_on = models.DateField(_("last confirmed"), null=True)

    class Meta:
        verbose_name = _("state of a card")
        verbose_name_plural = _("states of cards")
        indexes = (
            models.Index(fields=("completeness", "customer"), name="upkeep_by_completeness"),
            models.Index(fields=("confirmed_on", "customer"), name="upkeep_by_confirmation"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id}"


class UpkeepMark(models.Model):
    """How far the trace of changes was read when cards were last judged; there is one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    entry_id = models.BigIntegerField(default=0, editable=False)
    change_id = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("mark of upkeep")
        verbose_name_plural = _("marks of upkeep")

    def __str__(self) -> str:
        return f"{self.entry_id}"


class NamedConfirmation(models.Manager["Confirmation"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[Confirmation]:
        return super().get_queryset().select_related("customer", "contact")


class Confirmation(models.Model):
    """Somebody has said that what is known of a customer, or of a contact there, was still right on a day."""

    PERSONAL = Personal(
        paths=("contact", "customer"),
        kept=("*",),
        why=OWN_WORK,
    )
    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"

    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, related_name="confirmations", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "parties.Contact", models.CASCADE, null=True, blank=True,
        related_name="confirmations", verbose_name=_("contact"),
    )  # fmt: skip
    on = models.DateField(_("right on"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="confirmations", verbose_name=_("who")
    )
    at = models.DateTimeField(_("said"), auto_now_add=True)

    objects = NamedConfirmation()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = (models.Index(fields=("customer", "contact", "-on"), name="confirmation_by_customer"),)

    def __str__(self) -> str:
        return str(self.customer)
