from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.personal import OWN_WORK, Personal
from clientier.rooms.stewardship.choices import HandOverState, Split


class NamedHandOver(models.Manager["HandOver"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[HandOver]:
        return super().get_queryset().select_related("leaver")


class HandOver(models.Model):
    """All that one user answers for, or their part in one territory, on its way to successors.

    ``plan`` says which customer goes to whom, by keys as text; ``others`` takes what belongs to no customer.
    """

    OWNER_PATH = "made_by"
    TERRITORY_PATH = "territory"
    REMEMBERS_WHO = ("leaver",)

    leaver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hand_overs", verbose_name=_("from")
    )
    territory = models.ForeignKey(
        "people.Territory", models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("only in"),
    )  # fmt: skip
    split = models.CharField(_("divided"), max_length=10, choices=Split.choices, default=Split.BALANCED)
    plan = models.JSONField(default=dict, editable=False)
    others = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("everything else to")
    )
    deactivates = models.BooleanField(_("the user may no longer sign in afterwards"), default=False)
    state = models.CharField(
        _("state"), max_length=9, choices=HandOverState.choices, default=HandOverState.PLANNED
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("since"), auto_now_add=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = NamedHandOver()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")

    def __str__(self) -> str:
        return f"{self.leaver}"


class NamedHandOverBrief(models.Manager["HandOverBrief"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[HandOverBrief]:
        return super().get_queryset().select_related("customer", "hand_over__leaver")


class HandOverBrief(models.Model):
    """What a successor must know of one key customer that was handed over; ``read_at`` says when it was read."""

    PERSONAL = Personal(
        paths=("customer",),
        kept=("*",),
        why=OWN_WORK,
    )
    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "successor"
    TERRITORY_PATH = "customer__territory"
    OTHER_END = ("customer__owner", "customer__territory")

    hand_over = models.ForeignKey(
        HandOver, models.CASCADE, related_name="briefs", verbose_name=_("hand-over")
    )
    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, related_name="briefs", verbose_name=_("customer")
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="briefs",
        verbose_name=pgettext_lazy("hand-over", "to"),
    )  # fmt: skip
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NamedHandOverBrief()

    class Meta:
        verbose_name = _("hand-over brief")
        verbose_name_plural = _("hand-over briefs")
        constraints = (
            models.UniqueConstraint(fields=("hand_over", "customer"), name="one_brief_a_customer"),
        )
        indexes = (models.Index(fields=("successor", "read_at"), name="brief_by_successor"),)

    def __str__(self) -> str:
        return f"{self.customer}"
