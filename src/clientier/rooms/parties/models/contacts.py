from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.addresses import EmailField
from clientier.core.custom.values import CustomValuesField
from clientier.core.likeness.field import LikenessField
from clientier.core.personal import Personal
from clientier.core.search import SearchField, SortKeyField
from clientier.rooms.parties.choices.contacts import Attitude, Channel, DecisionRole, InCharge, Influence
from clientier.rooms.parties.models.customers import Customer


class Contact(models.Model):
    """A person at a company customer, in one post there; the posts of one person are tied together."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        erased=(
            "name", "job_title", "department", "phone", "email", "wechat", "channels", "preferred_times", "birth_year",
            "education", "character", "interests", "abilities", "custom",
        ),
        kept=(
            "external_id", "in_charge_as", "decision_role", "influence", "attitude", "preferred_channel",
            "do_not_contact", "left_on", "erased_on",
        ),
        dated="left_on",
        why=_("The number keeps an import from entering the person anew; the rest tells of a post, not of a person."),
    )  # fmt: skip

    external_id = models.CharField(_("contact number"), max_length=60, unique=True, null=True, blank=True)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="contacts", verbose_name=_("customer")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    in_charge_as = models.CharField(_("in charge as"), max_length=8, choices=InCharge.choices, blank=True)
    reports_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("reports to")
    )
    same_person_as = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True,
        related_name="posts", verbose_name=_("same person as"),
        help_text=_("Where you know this person from another customer, or from an earlier post."),
    )  # fmt: skip
    decision_role = models.CharField(
        _("part in the decision"), max_length=12, choices=DecisionRole.choices, blank=True
    )
    influence = models.CharField(_("influence"), max_length=6, choices=Influence.choices, blank=True)
    attitude = models.CharField(_("attitude"), max_length=10, choices=Attitude.choices, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = EmailField(_("e-mail"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    channels = models.TextField(
        _("further phones and e-mails"), blank=True, max_length=1000,
        help_text=_("One a line; a word before it says what it is, such as “Mobile: +86 138 …”."),
    )  # fmt: skip
    preferred_channel = models.CharField(
        _("preferred channel"), max_length=8, choices=Channel.choices, blank=True
    )
    preferred_times = models.CharField(_("preferred times"), max_length=80, blank=True)
    do_not_contact = models.BooleanField(_("do not contact"), default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    education = models.CharField(_("education"), max_length=200, blank=True)
    character = models.CharField(_("character"), max_length=300, blank=True)
    interests = models.CharField(_("interests"), max_length=300, blank=True)
    abilities = models.CharField(_("abilities"), max_length=300, blank=True)
    custom = CustomValuesField(_("custom fields"))
    erased_on = models.DateField(_("erased on"), null=True, blank=True, editable=False)
    sort_key = SortKeyField(source="name")
    search = SearchField(
        texts=("name", "email", "wechat"), numbers=("phone",), names=("name",), channels=("channels",)
    )
    likeness = LikenessField(names=("name",), phones=("phone",), emails=("email",), channels=("channels",))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = (
            models.Index(fields=("sort_key", "id"), name="contact_by_name"),
            GinIndex(fields=("search",), name="contact_search"),
            GinIndex(fields=("likeness",), name="contact_likeness"),
            models.Index(
                fields=("external_id",), condition=models.Q(erased_on__isnull=False), name="contact_erased"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.pk and self.same_person_as_id == self.pk:
            raise ValidationError(_("A post is tied to another post of the same person, not to itself."))
        above, passed = self.reports_to, {self.pk}
        if above and above.customer_id != self.customer_id:
            raise ValidationError(_("A reporting line stays within one customer."))
        while above:
            if above.pk in passed:
                raise ValidationError(_("Nobody reports to themselves, directly or by way of others."))
            passed.add(above.pk)
            above = above.reports_to
