from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.personal import Personal
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.choices.relations import RelationKind
from clientier.rooms.parties.models.contacts import Contact
from clientier.rooms.parties.models.customers import Customer


class WithEnds(models.Manager["Relation"]):
    """Reads both ends along: a relation is called by them."""

    def get_queryset(self) -> models.QuerySet[Relation]:
        return (
            super()
            .get_queryset()
            .select_related("from_customer", "from_contact", "to_customer", "to_contact")
        )


class Relation(models.Model):
    """One customer, or a person there, is something to another one: who sees both ends sees the relation."""

    NAMED_AFTER = ("parties.customer", "parties.contact")
    OWNER_PATH = "from_customer__owner"
    TERRITORY_PATH = "from_customer__territory"
    OTHER_END = ("to_customer__owner", "to_customer__territory")
    PERSONAL = Personal(paths=("from_contact", "to_contact", "from_customer", "to_customer"), goes=True)
    SAME_IF_EQUAL = ("from_customer", "from_contact", "kind", "to_customer", "to_contact")

    external_id = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    from_customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="relations_from", verbose_name=_("from customer")
    )
    from_contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True,
        related_name="relations_from", verbose_name=_("from contact"),
    )  # fmt: skip
    kind = models.CharField(_("relation"), max_length=16, choices=RelationKind.choices)
    to_customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="relations_to", verbose_name=_("to customer")
    )
    to_contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True,
        related_name="relations_to", verbose_name=_("to contact"),
    )  # fmt: skip
    since = models.DateField(pgettext_lazy("relation", "since"), null=True, blank=True)
    until = models.DateField(pgettext_lazy("relation", "until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = WithEnds()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = (
            models.CheckConstraint(
                condition=~Q(from_customer=F("to_customer"))
                | Q(from_contact__isnull=True, to_contact__isnull=False)
                | Q(from_contact__isnull=False, to_contact__isnull=True)
                | (Q(from_contact__isnull=False) & ~Q(from_contact=F("to_contact"))),
                name="relation_has_two_ends",
                violation_error_message=_("A relation is between two: choose another end."),
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="relation_ends_after_it_began",
                violation_error_message=_("A relation cannot end before it began."),
            ),
        )

    def __str__(self) -> str:
        ends = (self.from_contact or self.from_customer, self.to_contact or self.to_customer)
        return f"{ends[0]} · {self.get_kind_display()} · {ends[1]}"

    def clean(self) -> None:
        for contact, customer_id in (
            (self.from_contact, self.from_customer_id),
            (self.to_contact, self.to_customer_id),
        ):
            if contact and contact.customer_id != customer_id:
                raise ValidationError(
                    _("%(contact)s works for another customer than the one chosen here."),
                    params={"contact": contact},
                )
        if self.kind == RelationKind.SAME_PERSON and not self._joins_a_contact_and_a_person():
            raise ValidationError(
                _("Only a contact and a customer who is a person can be the same: choose one of each.")
            )

    def _joins_a_contact_and_a_person(self) -> bool:
        ends = ((self.from_customer, self.from_contact), (self.to_customer, self.to_contact))
        persons = [customer for customer, contact in ends if contact is None]
        return len(persons) == 1 and persons[0].kind == CustomerKind.PERSON
