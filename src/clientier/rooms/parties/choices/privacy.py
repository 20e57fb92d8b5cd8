"""What may be known of a person with their consent, what a consent is for, and why somebody looks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SensitiveKind(models.TextChoices):
    """What nobody keeps of a person without asking them, in the order of the card."""

    IDENTITY_NUMBER = "identity_number", _("identity number")
    HEALTH = "health", pgettext_lazy("sensitive", "health")
    RELIGION = "religion", _("religion")
    POLITICS = "politics", _("politics")
    FAMILY = "family", _("family")


class Matter(models.TextChoices):
    """What a person agrees to: that one kind of sensitive fact is kept, or something one does with their data."""

    IDENTITY_NUMBER = "identity_number", _("keeping the identity number")
    HEALTH = "health", _("keeping facts on health")
    RELIGION = "religion", _("keeping facts on religion")
    POLITICS = "politics", _("keeping facts on politics")
    FAMILY = "family", _("keeping facts on the family")
    MARKETING = "marketing", _("being contacted for marketing")
    SURVEYS = "surveys", _("being asked in surveys")
    PROFILING = "profiling", _("being judged by their data")
    SHARING = "sharing", _("passing data on to partners")


class Through(models.TextChoices):
    """The doors of ``core.actor.Door``, in words."""

    PAGE = "page", _("in the browser")
    API = "api", _("over the API")
    IMPORT = "import", _("by an import")
    JOB = "job", _("by the product itself")
    COMMAND = "command", _("from the command line")


class LookReason(models.TextChoices):
    CONTRACT = "contract", _("a contract or a check that the law asks for")
    CARE = "care", _("care for the person: a visit, a gift, an invitation")
    ASKED = "asked", _("the person asks for it")
    CORRECTION = "correction", _("to set it right")
    OTHER = "other", pgettext_lazy("reason", "another reason")


class RequestKind(models.TextChoices):
    """What a person may ask of whoever keeps their data."""

    ACCESS = "access", _("access: what is known of me")
    ERASURE = "erasure", _("erasure: forget me")


class CountedIn(models.TextChoices):
    DAYS = "days", _("calendar days")
    WORKING_DAYS = "working_days", _("working days")


class RetainedKind(models.TextChoices):
    """Whose data a rule of retention is about."""

    PERSONS = "persons", _("customers who are persons")
    CONTACTS = "contacts", _("contacts")


class RetentionStep(models.TextChoices):
    ERASE_SENSITIVE = "erase_sensitive", _("erase the sensitive facts")
    ANONYMISE = "anonymise", _("forget the person, keep the books")


class RetentionWay(models.TextChoices):
    PROPOSE = "propose", _("propose, a person decides")
    ACT = "act", _("act at night")
