"""Two records that may be one, and records that were made one, with all that is needed to take it back.

Customers and contacts are kept alike: what is the same of both stands in the three abstract kinds. A contact and a
customer who are one person are a pair as well, but never merged.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.personal import OWN_WORK, Personal
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.parties.models import Contact, Customer


def _by() -> Any:
    return {"null": True, "blank": True, "related_name": "+", "db_index": False}


class WithBoth(models.Manager[Any]):
    """Reads both records along: a pair is called by them."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().select_related("first", "second")


class WithSurvivor(models.Manager[Any]):
    """Reads the record along that has remained."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().select_related("survivor")


class PairOfTwo(models.Model):
    """Two records that may be the same, how probable that is and why; who sees both sees the pair.

    ``fingerprint`` is of what was compared: a decision stands until one of the two is changed in it.
    """

    PERSONAL = Personal(paths=("first", "second"), goes=True)

    first: Any
    second: Any
    first_id: int
    second_id: int
    probability = models.FloatField(_("probability"))
    evidence = models.JSONField(_("evidence"), default=dict)
    fingerprint = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        pgettext_lazy("pair", "state"), max_length=8, choices=PairState.choices, default=PairState.OPEN
    )
    found_at = models.DateTimeField(_("found at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), **_by()
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = WithBoth()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"


class MergeOfSeveral(models.Model):
    """Records that were made one: which remained, by whose decision, and how much moved to it.

    ``survived_as`` is the key of the one that remained at the time; it may be part of ``survivor`` since.
    """

    PERSONAL = Personal(
        paths=("survivor",), erased=("names", "reason", "left_as_is"), kept=("*", "counts"), why=OWN_WORK,
    )  # fmt: skip

    survivor: Any
    survivor_id: int
    merged: Any
    survived_as = models.BigIntegerField(editable=False)
    names = models.CharField(_("merged into it"), max_length=500)
    merged_at = models.DateTimeField(_("merged at"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("merged by"), **_by()
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    counts = models.JSONField(_("moved"), default=dict)
    moved_records = models.PositiveIntegerField(_("records moved"), default=0)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("undone by"), **_by()
    )
    left_as_is = models.JSONField(_("left as it is"), default=list, blank=True)

    objects = WithSurvivor()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.names} → {self.survivor}"

    def also_tells_of(self) -> list[tuple[str, int]]:
        """Of who became part of the other, and is somebody again where it was undone."""
        parts = self.merged.values_list("record_id", flat=True)
        kind: Any = self._meta.get_field("survivor").related_model
        return [(kind._meta.label_lower, key) for key in parts]


class MergedAway(models.Model):
    """A record that is part of another now: its values, where its records went, and what was set aside.

    While it is ``active``, its address leads to the remaining one, and so does its number in imports.
    ``survivor_changes`` holds for each field of the remaining one what it was and what it became.
    """

    PERSONAL = Personal(
        paths=("merge__survivor",),
        erased=("name", "values", "moved", "set_aside", "filled", "survivor_changes"),
        kept=("record_id", "number", "active"),
        why=_("The number keeps an import from entering the person anew."),
    )

    merge: Any
    record_id = models.BigIntegerField(editable=False)
    name = models.CharField(max_length=200, editable=False)
    number = models.CharField(max_length=60, blank=True, editable=False)
    active = models.BooleanField(default=True, editable=False)
    values = models.JSONField(editable=False)
    moved = models.JSONField(default=list, editable=False)
    set_aside = models.JSONField(default=list, editable=False)
    filled = models.JSONField(default=list, editable=False)
    survivor_changes = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class DuplicatePair(PairOfTwo):
    """Two customers that may be the same."""

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "first__owner"
    TERRITORY_PATH = "first__territory"
    OTHER_END = ("second__owner", "second__territory")

    first = models.ForeignKey(
        Customer, models.CASCADE, related_name="pairs_first", verbose_name=_("one customer")
    )
    second = models.ForeignKey(
        Customer, models.CASCADE, related_name="pairs_second", verbose_name=_("other customer")
    )

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="one_pair_of_two"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        )
        indexes = (models.Index(fields=("state", "-probability", "id"), name="pair_to_decide"),)


class Merge(MergeOfSeveral):
    """Customers that were made one."""

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "survivor__owner"
    TERRITORY_PATH = "survivor__territory"

    survivor = models.ForeignKey(
        Customer, models.CASCADE, related_name="merges", verbose_name=_("remaining customer")
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")


class MergedCustomer(MergedAway):
    """A customer that is part of another now."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="merged")

    class Meta:
        verbose_name = _("merged customer")
        verbose_name_plural = _("merged customers")
        constraints = (
            models.UniqueConstraint(
                fields=("record_id",), condition=Q(active=True), name="merged_into_one_only"
            ),
        )
        indexes = (models.Index(fields=("number",), condition=Q(active=True), name="merged_by_number"),)


class ContactPair(PairOfTwo):
    """Two contacts that may be one post kept twice, or two posts of the same person."""

    NAMED_AFTER = ("parties.contact", "parties.customer")
    OWNER_PATH = "first__customer__owner"
    TERRITORY_PATH = "first__customer__territory"
    OTHER_END = ("second__customer__owner", "second__customer__territory")

    first = models.ForeignKey(
        Contact, models.CASCADE, related_name="pairs_first", verbose_name=_("one contact")
    )
    second = models.ForeignKey(
        Contact, models.CASCADE, related_name="pairs_second", verbose_name=_("other contact")
    )

    class Meta:
        verbose_name = _("possible duplicate of a contact")
        verbose_name_plural = _("possible duplicates of contacts")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="one_pair_of_two_contacts"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="contact_pair_in_order"),
        )
        indexes = (models.Index(fields=("state", "-probability", "id"), name="contact_pair_to_decide"),)


class PersonPair(PairOfTwo):
    """A contact and a customer who may be one person."""

    NAMED_AFTER = ("parties.contact", "parties.customer")
    OWNER_PATH = "first__customer__owner"
    TERRITORY_PATH = "first__customer__territory"
    OTHER_END = ("second__owner", "second__territory")

    first = models.ForeignKey(
        Contact, models.CASCADE, related_name="pairs_with_persons", verbose_name=_("contact")
    )
    second = models.ForeignKey(
        Customer, models.CASCADE, related_name="pairs_with_contacts", verbose_name=_("customer")
    )

    class Meta:
        verbose_name = _("contact who may be a customer")
        verbose_name_plural = _("contacts who may be customers")
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="one_pair_of_a_person"),)
        indexes = (models.Index(fields=("state", "-probability", "id"), name="person_pair_to_decide"),)


class ContactMerge(MergeOfSeveral):
    """Contacts that were made one."""

    NAMED_AFTER = ("parties.contact", "parties.customer")
    OWNER_PATH = "survivor__customer__owner"
    TERRITORY_PATH = "survivor__customer__territory"

    survivor = models.ForeignKey(
        Contact, models.CASCADE, related_name="merges", verbose_name=_("remaining contact")
    )

    class Meta:
        verbose_name = _("merge of contacts")
        verbose_name_plural = _("merges of contacts")


class MergedContact(MergedAway):
    """A contact that is part of another now."""

    merge = models.ForeignKey(ContactMerge, models.CASCADE, related_name="merged")

    class Meta:
        verbose_name = _("merged contact")
        verbose_name_plural = _("merged contacts")
        constraints = (
            models.UniqueConstraint(
                fields=("record_id",), condition=Q(active=True), name="contact_merged_into_one_only"
            ),
        )
        indexes = (
            models.Index(fields=("number",), condition=Q(active=True), name="merged_contact_by_number"),
        )
