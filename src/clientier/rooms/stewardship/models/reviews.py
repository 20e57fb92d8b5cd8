from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.personal import OWN_WORK, Personal
from clientier.rooms.stewardship.choices import ReviewReason, ReviewState


class NamedReview(models.Manager["Review"]):
    """Reads along what a record of this kind is called by."""

    def get_queryset(self) -> models.QuerySet[Review]:
        return super().get_queryset().select_related("customer")


class Review(models.Model):
    """A card that a manager is to look through in a week, why, and what came of it."""

    PERSONAL = Personal(
        paths=("customer",),
        erased=("remark",),
        kept=("*",),
        why=OWN_WORK,
    )
    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "manager"
    TERRITORY_PATH = "customer__territory"
    OTHER_END = ("customer__owner", "customer__territory")

    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, related_name="reviews", verbose_name=_("customer")
    )
    week = models.DateField(_("week from"))
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("manager")
    )
    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviewed_cards",
        verbose_name=_("account manager"),
    )  # fmt: skip
    reason = models.CharField(_("why"), max_length=8, choices=ReviewReason.choices)
    state = models.CharField(_("state"), max_length=6, choices=ReviewState.choices, default=ReviewState.DUE)
    remark = models.TextField(pgettext_lazy("review", "remark"), blank=True)
    task = models.ForeignKey(
        "activities.Task", models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("task"),
    )  # fmt: skip
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = NamedReview()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = (
            models.UniqueConstraint(fields=("customer", "week"), name="one_review_a_customer_and_week"),
        )
        indexes = (models.Index(fields=("manager", "-week", "state"), name="review_by_manager"),)

    def __str__(self) -> str:
        return str(self.customer)
