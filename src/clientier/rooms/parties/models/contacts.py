from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.addresses import EmailField
from clientier.core.search import SearchField, SortKeyField
from clientier.rooms.parties.choices.contacts import Attitude, DecisionRole
from clientier.rooms.parties.models.customers import Customer


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
    search = SearchField(texts=("name", "email", "wechat"), numbers=("phone",))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = (
            models.Index(fields=("sort_key", "id"), name="contact_by_name"),
            GinIndex(fields=("search",), name="contact_search"),
        )

    def __str__(self) -> str:
        return self.name
