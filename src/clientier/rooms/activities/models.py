from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.custom.values import CustomValuesField
from clientier.core.money import MoneyField
from clientier.core.personal import Personal
from clientier.rooms.activities.choices import InteractionKind, TaskState


class Task(models.Model):
    """Something to be done for a customer: by whom, by when, why now, and what is at stake."""

    OWNER_PATH = "assigned_to"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("customer",), erased=("title", "reason", "custom"), kept=("*", "origin"), dated="due_on",
        why=_("That something was to be done, and when, without what it was."),
    )  # fmt: skip

    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, null=True, blank=True,
        related_name="tasks", verbose_name=_("customer"),
    )  # fmt: skip
    title = models.CharField(_("what to do"), max_length=200)
    due_on = models.DateField(_("due"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks", verbose_name=_("who")
    )
    state = models.CharField(_("state"), max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    reason = models.JSONField(_("why now"), default=dict, blank=True, editable=False)
    value_at_stake = MoneyField(_("value at stake"), null=True, blank=True, editable=False)
    origin = models.CharField(
        _("origin"), max_length=80, unique=True, null=True, blank=True, editable=False,
        help_text=_("What created it; nothing creates the same task twice."),
    )  # fmt: skip
    custom = CustomValuesField(_("custom fields"))

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = (
            models.Index(
                fields=("assigned_to", "due_on"), condition=models.Q(state="open"), name="task_open_by_person"
            ),
            models.Index(fields=("customer", "due_on"), name="task_by_customer"),
        )

    def __str__(self) -> str:
        return self.title


class Interaction(models.Model):
    """A contact that happened: when, how, with whom, how long, what came of it."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    CUSTOM_FIELDS_BY = ("kind",)
    REMEMBERS_WHO = ("user",)
    PERSONAL = Personal(
        paths=("contact", "customer"), erased=("summary", "outcome", "next_step", "custom"),
        kept=("*", "external_id"), dated="at",
        why=_("The minutes are part of what customers cost; what was said goes."),
    )  # fmt: skip

    external_id = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    customer = models.ForeignKey(
        "parties.Customer", models.CASCADE, related_name="interactions", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "parties.Contact", models.SET_NULL, null=True, blank=True,
        related_name="interactions", verbose_name=_("contact"),
    )  # fmt: skip
    kind = models.CharField(
        _("kind"), max_length=8, choices=InteractionKind.choices, default=InteractionKind.CALL
    )
    at = models.DateTimeField(_("when"))
    minutes = models.PositiveIntegerField(
        _("minutes spent"), default=0, validators=[MaxValueValidator(1440)],
        help_text=_("With travel; it becomes part of what the customer costs."),
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interactions", verbose_name=_("who")
    )
    summary = models.TextField(_("what was said"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    custom = CustomValuesField(_("custom fields"))

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = (
            models.Index(fields=("customer", "-at"), name="interaction_by_customer"),
            models.Index(fields=("-at", "id"), name="interaction_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
