"""What administrators define: the custom fields of a kind of record, and a mark that changes with them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a custom field holds."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    MONEY = "money", pgettext_lazy("kind of field", "Money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One choice")
    CHOICES = "choices", _("Several choices")
    USER = "user", _("User")
    CUSTOMER = "customer", _("Customer")
    YES_NO = "yes_no", _("Yes or no")
    FORMULA = "formula", _("Formula")


class CustomField(models.Model):
    """One field that an administrator gave to a kind of record; its values lie in the records themselves.

    ``record`` is a model label in lower case; ``code`` never changes. ``names``, ``group`` and ``helps`` map
    languages to words; ``choices`` are dictionaries with code, names, tone and retired. ``applies`` maps a
    field of the record to the values with which this field makes sense; ``result`` is the kind that a formula
    computes. A retired field is hidden everywhere, and its values are kept.
    """

    record = models.CharField(_("kind of record"), max_length=80)
    code = models.CharField(pgettext_lazy("identifier", "code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    names = models.JSONField(_("name"), default=dict)
    group = models.JSONField(_("section"), default=dict, blank=True)
    helps = models.JSONField(_("help"), default=dict, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), default=50)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    required = models.BooleanField(_("required"), default=False)
    default = models.JSONField(_("default"), null=True, blank=True)
    lowest = models.CharField(_("lowest"), max_length=40, blank=True)
    highest = models.CharField(_("highest"), max_length=40, blank=True)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    applies = models.JSONField(_("only for"), default=dict, blank=True)
    formula = models.TextField(_("formula"), blank=True, max_length=1000)
    result = models.CharField(max_length=12, blank=True, editable=False)
    listed = models.BooleanField(_("shown in lists at first"), default=False)
    searchable = models.BooleanField(_("found by the search box"), default=False)
    indexed = models.BooleanField(_("quick to filter and sort by"), default=False)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        constraints = (models.UniqueConstraint(fields=("record", "code"), name="one_custom_field_a_code"),)

    def __str__(self) -> str:
        return str(self.names.get("en") or next(iter(self.names.values()), self.code))


class DefinitionsMark(models.Model):
    """One row whose mark changes whenever a custom field does: by it every process knows that it is out of date."""

    mark = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.mark)
