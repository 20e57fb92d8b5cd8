from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.coded import named
from clientier.core.personal import Personal
from clientier.rooms.parties.choices.addresses import AddressKind
from clientier.rooms.parties.choices.countries import CountryField
from clientier.rooms.parties.models.customers import Customer, refuse_forgotten


class Address(models.Model):
    """Where a customer is registered, receives goods or is billed."""

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(paths=("customer",), goes=True)
    SAME_IF_EQUAL = ("customer", "kind", "line", "city", "postcode")

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
    country = CountryField(_("country"), max_length=60, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.line, self.city, self.region, named(self, "country"))))

    def clean(self) -> None:
        if self._state.adding and self.customer_id is not None:
            refuse_forgotten(self.customer)
