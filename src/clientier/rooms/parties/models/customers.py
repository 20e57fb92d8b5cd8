from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.addresses import EmailField
from clientier.core.custom.values import CustomValuesField
from clientier.core.likeness.field import LikenessField
from clientier.core.personal import Personal
from clientier.core.search import SearchField, SortKeyField
from clientier.rooms.parties.choices.countries import CountryField
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.choices.industries import IndustryField


class Customer(models.Model):
    """Anyone that the business has, had or may have a trading relationship with."""

    OWNER_PATH = "owner"
    TERRITORY_PATH = "territory"
    CUSTOM_FIELDS_BY = ("kind", "industry")
    PERSONAL = Personal(
        erased=(
            "name", "other_names", "phone", "email", "website", "registration_number", "city", "note",
            "custom",
        ),
        kept=("external_id", "kind", "industry", "employees", "country", "region", "first_seen", "erased_on"),
        dated="first_seen", when=("kind", CustomerKind.PERSON),
        why=_("The number ties orders and invoices, which the law says to keep, to one buyer without a name."),
    )  # fmt: skip

    external_id = models.CharField(
        _("customer number"), max_length=60, unique=True, null=True, blank=True,
        help_text=_("The number in your ERP or spreadsheets; imports find the customer by it."),
    )  # fmt: skip
    kind = models.CharField(
        _("kind"), max_length=8, choices=CustomerKind.choices, default=CustomerKind.COMPANY
    )
    name = models.CharField(_("name"), max_length=200)
    other_names = models.CharField(_("other names"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    industry = IndustryField(_("industry"), max_length=80, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    country = CountryField(_("country"), max_length=60, blank=True)
    region = models.CharField(_("province or state"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        related_name="customers", verbose_name=_("account manager"), db_index=False,
    )  # fmt: skip
    territory = models.ForeignKey(
        "people.Territory", models.PROTECT, null=True, blank=True,
        related_name="customers", verbose_name=_("territory"), db_index=False,
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True,
        related_name="subsidiaries", verbose_name=_("parent company"),
    )  # fmt: skip
    first_seen = models.DateField(_("known since"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    custom = CustomValuesField(_("custom fields"))
    erased_on = models.DateField(_("erased on"), null=True, blank=True, editable=False)
    sort_key = SortKeyField(source="name")
    search = SearchField(
        texts=("name", "other_names", "external_id", "email"),
        numbers=("phone", "external_id"),
        names=("name", "other_names"),
    )
    likeness = LikenessField(
        names=("name", "other_names"), phones=("phone",), emails=("email",), sites=("website",),
        codes=("registration_number",),
    )  # fmt: skip

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = (
            models.Index(fields=("sort_key", "id"), name="customer_by_name"),
            models.Index(fields=("owner", "sort_key"), name="customer_by_owner"),
            # Whose customer it is, with nothing beside: sums over those in reach join on it.
            models.Index(fields=("owner", "id"), include=("territory",), name="customer_reach"),
            models.Index(fields=("territory", "sort_key"), name="customer_by_territory"),
            models.Index(fields=("country", "owner", "sort_key"), name="customer_by_country"),
            GinIndex(fields=("search",), name="customer_search"),
            GinIndex(fields=("likeness",), name="customer_likeness"),
            models.Index(
                fields=("external_id",), condition=models.Q(erased_on__isnull=False), name="customer_erased"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        above, passed = self.parent, {self.pk}
        while above is not None:
            if above.pk in passed:
                raise ValidationError({"parent": _("A company cannot be its own parent.")})
            passed.add(above.pk)
            above = above.parent


def refuse_forgotten(customer: Customer) -> None:
    """ValidationError where the customer is a person who was forgotten: nothing is told of them anew."""
    if customer.erased_on is not None:
        words = _("This person was forgotten, and the record stays empty. Enter a new one if they come back.")
        raise ValidationError({"customer": words})
