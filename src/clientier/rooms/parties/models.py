from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.addresses import EmailField
from clientier.core.search import SearchField, SortKeyField
from clientier.rooms.parties.choices import AddressKind, Attitude, CustomerKind, DecisionRole


class Customer(models.Model):
    """Anyone that the business has, had or may have a trading relationship with."""

    OWNER_PATH = "owner"
    TERRITORY_PATH = "territory"

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
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
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
    sort_key = SortKeyField(source="name")
    search = SearchField(
        texts=("name", "other_names", "external_id", "email"),
        numbers=("phone", "external_id"),
        names=("name", "other_names"),
    )

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = (
            models.Index(fields=("sort_key", "id"), name="customer_by_name"),
            models.Index(fields=("owner", "sort_key"), name="customer_by_owner"),
            # Whose customer it is, with nothing beside: sums over those in reach join on it.
            models.Index(fields=("owner", "id"), include=("territory",), name="customer_reach"),
            models.Index(fields=("territory", "sort_key"), name="customer_by_territory"),
            GinIndex(fields=("search",), name="customer_search"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A company cannot be its own parent.")})
            above = above.parent


class Contact(models.Model):
    """A person at a company customer."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"

    external_id = models.CharField(_("contact number"), max_length=60, unique=True, null=True, blank=True)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="contacts", verbose_name=_("customer")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    decision_role = models.CharField(
        _("part in the decision"), max_length=12, choices=DecisionRole.choices, blank=True
    )
    attitude = models.CharField(_("attitude"), max_length=10, choices=Attitude.choices, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = EmailField(_("e-mail"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    do_not_contact = models.BooleanField(_("do not contact"), default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    sort_key = SortKeyField(source="name")
    search = SearchField(texts=("name", "email", "wechat"), numbers=("phone",), names=("name",))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = (
            models.Index(fields=("sort_key", "id"), name="contact_by_name"),
            GinIndex(fields=("search",), name="contact_search"),
        )

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="addresses", verbose_name=_("customer")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=AddressKind.choices, default=AddressKind.REGISTERED
    )
    line = models.CharField(_("street and number"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("province or state"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.line, self.city, self.region, self.country)))
