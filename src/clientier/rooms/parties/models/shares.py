"""Customers that are shared with others or lent to them, beyond what their roles reach."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import Personal
from clientier.rooms.parties.models.customers import Customer


class WithNames(models.Manager["Share"]):
    """Reads along what a share is called by."""

    def get_queryset(self) -> models.QuerySet[Share]:
        return super().get_queryset().select_related("customer", "user", "team")


class Share(models.Model):
    """A customer, with what belongs to it, is open to a user or a team: for good, or lent until a moment.

    ``owner_then`` is who looked after the customer when it was shared: with a hand-over the share ends.
    """

    NAMED_AFTER = ("parties.customer",)
    PERSONAL = Personal(paths=("customer",), goes=True)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    REMEMBERS_WHO = ("granted_by", "owner_then")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="shares", verbose_name=_("customer"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True,
        related_name="shares", verbose_name=_("user"),
    )  # fmt: skip
    team = models.ForeignKey(
        "people.Team", models.CASCADE, null=True, blank=True, related_name="shares", verbose_name=_("team")
    )
    may_change = models.BooleanField(_("may change"), default=False)
    until = models.DateTimeField(_("lent until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE,
        related_name="granted_shares", verbose_name=_("shared by"), editable=False,
    )  # fmt: skip
    granted_at = models.DateTimeField(_("shared at"), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    owner_then = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = WithNames()

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("lent and shared")
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, team__isnull=True) | Q(user__isnull=True, team__isnull=False),
                name="share_with_a_user_or_a_team",
                violation_error_message=_("Choose a user or a team, one of the two."),
            ),
        )
        indexes = (
            models.Index(fields=("user", "customer"), name="share_by_user"),
            models.Index(fields=("team", "customer"), name="share_by_team"),
        )

    def __str__(self) -> str:
        return f"{self.customer} → {self.user or self.team}"


class LoanRequest(models.Model):
    """Somebody asks for the card of a customer out of reach, by its name or number: whether there is one, nobody says.

    Who may lend such a customer finds the request; nothing ties it to the record before. No list shows requests.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="loan_requests", verbose_name=_("asked by")
    )
    wanted = models.CharField(_("which customer"), max_length=200)
    may_change = models.BooleanField(_("may change"), default=False)
    until = models.DateTimeField(_("lent until"))
    reason = models.CharField(_("reason"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"), editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    granted = models.BooleanField(_("granted"), default=False, editable=False)

    class Meta:
        verbose_name = _("request for a card")
        verbose_name_plural = _("requests for cards")
        indexes = (
            models.Index(
                fields=("asked_at",), condition=Q(answered_at__isnull=True), name="loan_request_open"
            ),
        )

    def __str__(self) -> str:
        return self.wanted
