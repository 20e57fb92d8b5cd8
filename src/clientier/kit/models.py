from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Sharing(models.TextChoices):
    PRIVATE = "private", _("Only me")
    TEAM = "team", _("My team and those below it")
    EVERYBODY = "all", _("Everybody")


class SavedView(models.Model):
    """A question somebody wants to ask again: the query string of a list, under a name.

    ``team`` is that of its maker when it was saved.
    """

    OWNER_PATH = "user"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    resource = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    sharing = models.CharField(_("seen by"), max_length=8, choices=Sharing.choices, default=Sharing.PRIVATE)
    team = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = (models.UniqueConstraint(fields=("user", "resource", "name"), name="one_view_a_name"),)

    def __str__(self) -> str:
        return self.name


class ViewChoice(models.Model):
    """What one user made of a view that may be another's: pinned to the navigation, or the one a list opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="choices")
    pinned = models.BooleanField(default=False)
    opens = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "view"), name="one_choice_a_view"),)

    def __str__(self) -> str:
        return f"{self.view_id} {self.user_id}"


class Layout(models.Model):
    """Which fields the form and the card of a kind of record show, in which groups and order.

    It holds for one role or for all others, for records of one kind (a company, a person) or all, and for those of
    one industry or all.
    ``sections`` are dictionaries with the names of the group by language, its fields, and whether it is folded.
    """

    record = models.CharField(_("kind of record"), max_length=80)
    role = models.ForeignKey("people.Role", models.CASCADE, null=True, blank=True, related_name="layouts")
    subkind = models.CharField(_("kind"), max_length=40, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    sections = models.JSONField(default=list)

    class Meta:
        verbose_name = _("layout")
        verbose_name_plural = _("layouts")
        constraints = (
            models.UniqueConstraint(
                fields=("record", "role", "subkind", "industry"),
                nulls_distinct=False,
                name="one_layout_a_role",
            ),
        )

    def __str__(self) -> str:
        return " ".join(filter(None, (self.record, self.subkind, self.industry)))


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    CHECKED = "checked", _("Checked")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")
    UNDONE = "undone", _("Undone")


def stored_beside_run(run: ImportRun, name: str) -> str:
    """Where a file of an import lies: in a folder of its own, under a name that we gave."""
    return f"imports/{run.pk}/{name}"


class ImportSet(models.Model):
    """Several files that came together and are imported in the order in which they refer to each other."""

    OWNER_PATH = "user"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=255)
    passed_over = models.JSONField(default=list)
    job_id = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file on its way into the database: what it is, how it is read, how far it came, what came of it.

    ``request_id`` joins everything it wrote, so that it can be taken back. ``rows_done`` moves in the
    transaction that writes the rows: an import that was killed goes on where it stood, and counts once.
    """

    OWNER_PATH = "user"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=200)
    target = models.CharField(max_length=40)
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(upload_to=stored_beside_run, max_length=255, blank=True)
    path = models.CharField(max_length=1000, blank=True)
    mapping = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    checked = models.JSONField(null=True)
    state = models.CharField(
        _("state"), max_length=8, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    rows_expected = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(_("rows"), default=0)
    created = models.BigIntegerField(_("created"), default=0)
    updated = models.BigIntegerField(_("changed"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    errors = models.BigIntegerField(_("in error"), default=0)
    beside = models.JSONField(default=dict)
    problems_csv = models.FileField(upload_to=stored_beside_run, max_length=255, blank=True)
    problems_xlsx = models.FileField(upload_to=stored_beside_run, max_length=255, blank=True)
    error = models.TextField(blank=True)
    request_id = models.UUIDField(default=uuid.uuid4)
    job_id = models.UUIDField(null=True)
    stop_asked = models.BooleanField(default=False)
    of_set = models.ForeignKey(ImportSet, models.CASCADE, null=True, related_name="runs")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = (models.Index(fields=("-uploaded_at",), name="import_by_time"),)

    def __str__(self) -> str:
        return self.file_name


class ImportProblem(models.Model):
    """A row of the file that was refused; the reasons as codes, so that each reads them in their language."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")
    row_number = models.BigIntegerField()
    reasons = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "row_number"), name="one_problem_a_row"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.row_number}"


class RememberedMapping(models.Model):
    """How a file with these headings was mapped the last time, by this user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    target = models.CharField(max_length=40)
    headings = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "target", "headings"), name="one_mapping_a_shape"),
        )

    def __str__(self) -> str:
        return f"{self.target} {self.headings[:8]}"


class ImportFolder(models.Model):
    """A folder in the installation's home from which finished files are imported by themselves."""

    OWNER_PATH = "owner"

    name = models.SlugField(
        _("folder"), max_length=60, unique=True,
        help_text=_("Its name under “imports” in the installation's home."),
    )  # fmt: skip
    target = models.CharField(_("what the rows are"), max_length=40)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who answers for it"),
        help_text=_("Imports run with this person's rights, and problems become this person's tasks."),
    )  # fmt: skip
    active = models.BooleanField(_("files are picked up"), default=True)
    seen = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("import folder")
        verbose_name_plural = _("import folders")

    def __str__(self) -> str:
        return self.name


class PickedFile(models.Model):
    """A file that was picked up from a folder, known by its content, so that it comes in once."""

    folder = models.ForeignKey(ImportFolder, models.CASCADE, related_name="picked")
    digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    error = models.TextField(blank=True)
    picked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("folder", "digest"), name="one_import_a_content"),)

    def __str__(self) -> str:
        return self.file_name
