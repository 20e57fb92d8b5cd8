"""The pages of several files at once: what each is, in which order they come in, what came of them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core.errors import DomainError
from clientier.core.models import JobRun, JobState
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.imports import pages, runs, sets
from clientier.kit.imports.registry import TARGETS, open_targets
from clientier.kit.imports.source import MEGABYTE
from clientier.kit.jobs import import_set
from clientier.kit.models import ImportRun, ImportSet, ImportState

MOST_UPLOADS = 50


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes many."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """All files that were chosen."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[File[bytes]]:
        given = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(each, initial) for each in given]
        if sum(file.size for file in files) > runs.LARGEST_UPLOAD or len(files) > MOST_UPLOADS:
            limit = formats.number(runs.LARGEST_UPLOAD // MEGABYTE)
            raise forms.ValidationError(
                _("At most %(number)s files and %(limit)s MB at once.")
                % {"number": MOST_UPLOADS, "limit": limit}
            )
        return files


class Uploads(forms.Form):
    """The one question of the first step."""

    several = FilesField(label=gettext_lazy("Files"))


def new(request: Asking) -> HttpResponse:
    """The files, or a ZIP of them."""
    offers = open_targets(request.actor)
    if not offers:
        raise runs.NotAllowed
    form = Uploads(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = sets.receive(form.cleaned_data["several"], actor=request.actor)
        except runs.ImportRefused as refusal:
            form.add_error("several", str(refusal))
        else:
            return redirect("import-set", made.pk)
    context = {
        "form": form,
        "limit": formats.number(runs.LARGEST_UPLOAD // MEGABYTE),
        "offers": [pages.offer(target) for target in offers],
    }
    return TemplateResponse(
        request, "kit/imports/new_set.html", context, status=422 if form.is_bound else 200
    )


@require_GET
def show(request: Asking, pk: UUID) -> HttpResponse:
    """The files in the order of work."""
    of_set = sets.set_seen_by(request.actor, pk)
    files = sets.in_order(of_set)
    job = JobRun.objects.filter(pk=of_set.job_id).first() if of_set.job_id else None
    going_on = job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)
    context = {
        "set": of_set,
        "files": [_line(request, run) for run in files],
        "job": job if going_on else None,
        "can_start": not going_on and any(run.state in runs.TRIED_AGAIN for run in files),
        "can_undo": not going_on
        and any(run.state == ImportState.DONE and run.created + run.updated for run in files),
    }
    return TemplateResponse(request, "kit/imports/set.html", context)


@require_POST
def start(request: Asking, pk: UUID) -> HttpResponse:
    """Import all of them, once."""
    with suppress(runs.AlreadyBegun):  # a second click on the same button wants nothing else
        sets.start(sets.set_seen_by(request.actor, pk), import_set, actor=request.actor)
    return redirect("import-set", pk)


@require_POST
def undo(request: Asking, pk: UUID) -> HttpResponse:
    """Take all of them back."""
    of_set = sets.set_seen_by(request.actor, pk)
    try:
        number = sets.undo(of_set, actor=request.actor, leave_changed="leave_changed" in request.POST)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("Undone: %(number)s record", "Undone: %(number)s records", number)
        messages.success(request, words % {"number": formats.number(number)})
    return redirect("import-set", pk)


@require_POST
def retarget(request: Asking, pk: UUID, run_pk: UUID) -> HttpResponse:
    """Say that the rows of a file are something else."""
    of_set: ImportSet = sets.set_seen_by(request.actor, pk)
    run = ImportRun.objects.filter(of_set=of_set, pk=run_pk).first()
    if run is not None:
        try:
            runs.retarget(run, request.POST.get("target", ""), actor=request.actor)
        except DomainError as refusal:
            messages.error(request, str(refusal))
    return redirect("import-set", pk)


def _line(request: Asking, run: ImportRun) -> dict[str, Any]:
    importing = TARGETS[run.target]
    missing = runs.missing_fields(importing, runs.mapping_of(run), request.actor)
    return {
        **pages.past(run),
        "rows": formats.number(run.rows_done if run.started_at else run.rows_expected or 0),
        "mapped": formats.number(len(runs.mapping_of(run).fields)),
        "missing": missing if run.state in runs.BEFORE_RUNNING else [],
        "waits": run.state in runs.BEFORE_RUNNING,
        "targets": [
            {"slug": target.slug, "label": target.target.label, "chosen": target.slug == run.target}
            for target in open_targets(request.actor)
        ],
    }


urlpatterns = [
    path("new/", new, name="import-set-new"),
    path("<uuid:pk>/", show, name="import-set"),
    path("<uuid:pk>/start/", start, name="import-set-start"),
    path("<uuid:pk>/undo/", undo, name="import-set-undo"),
    path("<uuid:pk>/<uuid:run_pk>/", retarget, name="import-set-retarget"),
]
