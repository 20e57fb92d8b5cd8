from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import Personal
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.choices.privacy import Matter
from clientier.rooms.parties.models.contacts import Contact
from clientier.rooms.parties.models.customers import Customer

ACCOUNTABILITY = _("We must be able to show that we were allowed to, and that we answered.")


class WithPerson(models.Manager["Consent"]):
    """Reads the person along: a consent is called by who gave it."""

    def get_queryset(self) -> models.QuerySet[Consent]:
        return super().get_queryset().select_related("customer", "contact")


class Consent(models.Model):
    """That a person agreed to one matter: who said so, when, what for, until when, and how one can show it.

    ``customer`` is the person, or the customer where the person, ``contact``, works; a trigger in the database keeps
    it so when the contact moves.
    """

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("contact", "customer"), erased=("purpose", "given_by", "proof"),
        kept=("covers", "given_on", "valid_until", "withdrawn_on", "recorded_at"),
        dated="given_on", why=ACCOUNTABILITY,
    )  # fmt: skip

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="consents", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="consents", verbose_name=_("contact"),
        help_text=_("Empty where the customer is the person."),
    )  # fmt: skip
    covers = models.CharField(_("agrees to"), max_length=16, choices=Matter.choices)
    purpose = models.CharField(_("purpose"), max_length=200)
    given_by = models.CharField(
        _("given by"), max_length=120, blank=True,
        help_text=_("Empty where it was the person; else who may speak for them, such as a parent."),
    )  # fmt: skip
    given_on = models.DateField(_("given on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    proof = models.CharField(
        _("proof"), max_length=300, help_text=_("Where one finds it: a form, a letter, a recorded call.")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False,
        related_name="+", verbose_name=_("recorded by"),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = WithPerson()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = (
            models.Index(fields=("contact", "covers"), name="consent_by_contact"),
            models.Index(fields=("customer", "covers"), name="consent_by_customer"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("given_on")),
                name="consent_ends_after_it_began",
                violation_error_message=_("A consent cannot end before it was given."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after_given",
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer} · {self.get_covers_display()}"

    def clean(self) -> None:
        if self.customer_id is None:
            return  # the form says so at its field
        if self.contact is None and self.customer.kind != CustomerKind.PERSON:
            raise ValidationError({"contact": _("A company gives no consent: choose the person there.")})
        if self.contact is not None and self.contact.customer_id != self.customer_id:
            raise ValidationError({"contact": _("This person works for another customer.")})

    def holds_on(self, day: dt.date) -> bool:
        """Whether it was given by that day, and has neither ended nor been withdrawn."""
        ended = self.valid_until is not None and self.valid_until < day
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= day
        return self.given_on <= day and not ended and not withdrawn
