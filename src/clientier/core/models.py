from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core import personal
from clientier.core.custom.models import CustomField as CustomField
from clientier.core.custom.models import DefinitionsMark as DefinitionsMark


class Opened(models.QuerySet["AuditEntry"]):
    """Entries whose values of persons are readable again, as far as nobody has forgotten the person."""

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self._iterable_class is models.query.ModelIterable:
            personal.open_entries(self._result_cache or ())


class AuditEntry(models.Model):
    """One thing somebody did to one record, or in one go to many. Written by ``core.audit`` and nothing else.

    ``undoes`` names the request that this entry takes back.

    The table refuses change, deletion and emptying: triggers in the database say so. ``AuditSeal`` makes
    visible what was done to it all the same, by who may drop triggers.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    door = models.CharField(max_length=12)
    request_id = models.UUIDField()
    verb = models.CharField(max_length=80)
    record = models.CharField(max_length=80)
    record_id = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    removed = models.JSONField(default=list)
    undoes = models.UUIDField(null=True)

    objects = models.Manager.from_queryset(Opened)()

    class Meta:
        indexes = (
            models.Index(fields=("record", "record_id", "-id"), name="audit_by_record"),
            models.Index(fields=("request_id",), name="audit_by_request"),
            models.Index(
                fields=("undoes",), condition=models.Q(undoes__isnull=False), name="audit_by_what_is_undone"
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class AuditSeal(models.Model):
    """A link of the chain that seals the audit: the hash of one entry, and of the link before it.

    Made by ``core.seals``, a little after the entry; the migration says what exactly is hashed.
    """

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField()
    link = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.number}: {self.entry_id}"


class PersonKey(models.Model):
    """The key of one person's values in the audit; ``core.personal`` makes it, and deletes it to forget them."""

    record = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    key = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "record_id"), name="one_key_a_person"),)

    def __str__(self) -> str:
        return f"{self.record} {self.record_id}"


class TrashedRecord(models.Model):
    """A record that was deleted, with all that went along or was cut loose, for as long as it can come back.

    Its values lie here and not in the audit, so that they can be erased: ``core.trash`` says when.
    ``owner_id`` and ``territory_id`` are those it had, for the row rule.
    """

    OWNER_PATH = "owner_id"
    TERRITORY_PATH = "territory_id"

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    request_id = models.UUIDField()
    record = models.CharField(max_length=80)
    record_id = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    owner_id = models.BigIntegerField(null=True)
    territory_id = models.BigIntegerField(null=True)
    values = models.JSONField()
    removed = models.JSONField()
    children = models.PositiveIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("record", "record_id"), name="trash_by_record"),
            models.Index(fields=("request_id",), name="trash_by_request"),
            models.Index(fields=("at",), name="trash_by_time"),
        )

    def __str__(self) -> str:
        return self.label


class BulkChange(models.Model):
    """What one bulk write did to one record: the values before, or nothing if it was created.

    When it is taken back, ``undone_by`` names the request that did, and ``after`` keeps the values that went,
    for the history of the record.
    """

    request_id = models.UUIDField()
    record = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("request_id", "record"), name="bulk_by_request"),
            models.Index(fields=("record", "record_id"), name="bulk_by_record"),
        )

    def __str__(self) -> str:
        return f"{self.record} {self.record_id}"


class OutboxEvent(models.Model):
    """News that something happened, written in the transaction that made it happen."""

    name = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class JobRun(models.Model):
    """One piece of long work as its starter sees it: progress, result, or what went wrong."""

    OWNER_PATH = "started_by"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    started_by = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("kind", "-queued_at"), name="job_run_by_kind"),)

    def __str__(self) -> str:
        return self.label
