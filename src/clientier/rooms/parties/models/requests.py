from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import Personal
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.choices.privacy import RequestKind, RetainedKind, RetentionStep, RetentionWay
from clientier.rooms.parties.models.consents import ACCOUNTABILITY
from clientier.rooms.parties.models.contacts import Contact
from clientier.rooms.parties.models.customers import Customer


class WithPerson(models.Manager["PrivacyRequest"]):
    """Reads the person along: a request is called by who made it."""

    def get_queryset(self) -> models.QuerySet[PrivacyRequest]:
        return super().get_queryset().select_related("customer", "contact")


class PrivacyRequest(models.Model):
    """What a person asked of us: to see what we know of them, or to forget them; and by when we must answer."""

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("contact", "customer"), erased=("how",), why=ACCOUNTABILITY,
        kept=("kind", "received_on", "due_on", "answered_on"),
    )  # fmt: skip

    kind = models.CharField(_("asks for"), max_length=8, choices=RequestKind.choices)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="privacy_requests", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="privacy_requests",
        verbose_name=_("contact"), help_text=_("Empty where the customer is the person."),
    )  # fmt: skip
    how = models.CharField(
        _("how it came"), max_length=200, blank=True,
        help_text=_("By letter, by mail, by telephone; and how we know that it was the person."),
    )  # fmt: skip
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("answer by"), editable=False)
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)

    objects = WithPerson()

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of persons")
        indexes = (models.Index(fields=("due_on", "id"), name="privacy_request_by_due"),)

    def __str__(self) -> str:
        return f"{self.customer} · {self.get_kind_display()}"

    def clean(self) -> None:
        if self.customer_id is None:
            return  # the form says so at its field
        if self.contact is None and self.customer.kind != CustomerKind.PERSON:
            raise ValidationError({"contact": _("A company asks for nothing here: choose the person there.")})
        if self.contact is not None and self.contact.customer_id != self.customer_id:
            raise ValidationError({"contact": _("This person works for another customer.")})


class RetentionRule(models.Model):
    """After how long without any activity a person's data are no longer kept, and what happens then."""

    applies_to = models.CharField(_("whose data"), max_length=8, choices=RetainedKind.choices)
    months = models.PositiveSmallIntegerField(
        _("months without activity"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    step = models.CharField(_("what happens"), max_length=16, choices=RetentionStep.choices)
    way = models.CharField(_("how"), max_length=8, choices=RetentionWay.choices, default=RetentionWay.PROPOSE)
    is_on = models.BooleanField(_("in force"), default=False)

    class Meta:
        verbose_name = _("rule of retention")
        verbose_name_plural = _("rules of retention")

    def __str__(self) -> str:
        return f"{self.get_applies_to_display()}: {self.get_step_display()}"
