from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import OWN_WORK, Personal


class NamedTakenCard(models.Manager["TakenCard"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[TakenCard]:
        return super().get_queryset().select_related("customer")


class TakenCard(models.Model):
    """A card that somebody took along on a day: since when, and when it came back with notes of the visit."""

    PERSONAL = Personal(
        paths=("customer",),
        kept=("*",),
        why=OWN_WORK,
    )
    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "user"
    TERRITORY_PATH = "customer__territory"
    OTHER_END = ("customer__owner", "customer__territory")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="taken_cards", verbose_name=_("who")
    )
    day = models.DateField(_("day"))
    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, related_name="taken_cards", verbose_name=_("customer")
    )
    place = models.PositiveSmallIntegerField(_("order of the visit"), default=1)
    taken_at = models.DateTimeField(_("taken"))
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    interaction = models.ForeignKey(
        "activities.Interaction", models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("notes"),
    )  # fmt: skip

    objects = NamedTakenCard()

    class Meta:
        verbose_name = _("card taken along")
        verbose_name_plural = _("cards taken along")
        constraints = (
            models.UniqueConstraint(fields=("user", "day", "customer"), name="one_card_a_customer_and_day"),
        )
        indexes = (models.Index(fields=("-day", "user", "place"), name="taken_card_by_day"),)

    def __str__(self) -> str:
        return str(self.customer)
