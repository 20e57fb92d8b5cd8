"""The pages of imports. What is under way is kept with the import: reload, back and two tabs are safe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core.errors import Conflict, DomainError, NotFound
from clientier.core.outside import whole_number
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.imports import executing, mapping_form, new_fields, pages, runs, templates_to_fill
from clientier.kit.imports.mapping import replace_field
from clientier.kit.imports.registry import open_targets
from clientier.kit.imports.source import MEGABYTE
from clientier.kit.imports.taking_back import take_back
from clientier.kit.jobs import check_import, import_file
from clientier.kit.models import ImportRun, ImportState

IMPORTS_A_PAGE = 50
ROWS_CHECKED_AT_ONCE = 10_000
TEMPLATES = {
    "csv": (templates_to_fill.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (templates_to_fill.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
OFFER_THE_OTHERS = "others"
GOING_ON = (ImportState.QUEUED, ImportState.RUNNING)


class Upload(forms.Form):
    """The one question of the first step."""

    file = forms.FileField(label=gettext_lazy("File"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > runs.LARGEST_UPLOAD:
            limit = formats.number(runs.LARGEST_UPLOAD // MEGABYTE)
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Split it, or use the command line.")
                % {"limit": limit}
            )
        return file


@require_GET
def index(request: Asking) -> HttpResponse:
    """What was imported, and what can be."""
    found = Paginator(runs.runs_seen_by(request.actor), IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "offers": [pages.offer(target) for target in open_targets(request.actor)],
        "past": [pages.past(run) for run in found],
        "page": found,
    }
    return TemplateResponse(request, "kit/imports/index.html", context)


def new(request: Asking, target: str) -> HttpResponse:
    """The first step: the file."""
    importing = runs.target_named(target, request.actor)
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.receive(importing, form.cleaned_data["file"], actor=request.actor)
        except runs.ImportRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            _check_if_small(run, request)
            return redirect("import", run.pk)
    context = {
        "offer": pages.offer(importing),
        "fields": importing.for_actor(request.actor).fields,
        "form": form,
        "limit": formats.number(runs.LARGEST_UPLOAD // MEGABYTE),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "kit/imports/new.html", context, status=status)


@require_GET
def example(request: Asking, target: str, form: str) -> HttpResponse:
    """A file to fill in: headings that are known, an example, and what each column takes."""
    offered = runs.target_named(target, request.actor).for_actor(request.actor)
    if form not in TEMPLATES:
        raise NotFound
    write, content_type = TEMPLATES[form]
    response = HttpResponse(write(offered), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{offered.slug}.{form}"'
    return response


@require_GET
def show(request: Asking, pk: UUID) -> HttpResponse:
    """An import at whatever step it is."""
    run = runs.run_seen_by(request.actor, pk)
    context: dict[str, Any] = {"run": run, "past": pages.past(run)}
    if run.state in runs.BEFORE_RUNNING:
        try:
            context |= pages.mapped(run, request.actor)
            context["job"] = runs.check_under_way(run)
        except runs.ImportRefused as refusal:
            context |= {"refused": str(refusal), "unreadable": True}
        return TemplateResponse(request, "kit/imports/mapping.html", context)
    if run.state in GOING_ON:
        context |= {"job": runs.job_of(run), "rows": formats.number(run.rows_done)}
        return TemplateResponse(request, "kit/imports/running.html", context)
    return TemplateResponse(
        request,
        "kit/imports/result.html",
        context | pages.result(run, offer_the_others=OFFER_THE_OTHERS in request.GET),
    )


@require_POST
def map_columns(request: Asking, pk: UUID) -> HttpResponse:
    """Keep what the table says, and check the whole file if that is quick."""
    run = runs.run_seen_by(request.actor, pk)
    try:
        run = _keep_table(run, request)
        if "define" in request.POST:
            return redirect("import-field", pk, _place(request.POST["define"]))
        if "check" in request.POST:
            _check(run, request)
        else:
            _check_if_small(run, request)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("import", pk)


@require_POST
def start(request: Asking, pk: UUID) -> HttpResponse:
    """Run it, once, as the table says; a second click finds it running."""
    run = runs.run_seen_by(request.actor, pk)
    try:
        if "column-0" in request.POST:
            run = _keep_table(run, request)
        runs.start(run, import_file, actor=request.actor)
    except runs.AlreadyBegun:
        pass  # a second click on the same button wants nothing else
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("import", pk)


def _place(text: str) -> int:
    return whole_number(text) or 0


def _keep_table(run: ImportRun, request: Asking) -> ImportRun:
    """Keep what the table says; counts that were made for the same stay."""
    target = runs.target_named(run.target, request.actor).for_actor(request.actor)
    reading = mapping_form.posted_reading(request.POST, runs.mapping_of(run))
    source = runs.source_of(run, reading)
    mapping = mapping_form.posted_mapping(target, source.headings, request.POST, reading)
    name = request.POST.get("make", "")
    if name in mapping.fields and target.by_name[name].makes_unknown:
        mapping = replace_field(mapping, name, replace(mapping.fields[name], unknown="make"))
    return runs.set_mapping(run, mapping, actor=request.actor)


@require_POST
def undo(request: Asking, pk: UUID) -> HttpResponse:
    """Take it back; where rows were changed since, the page offers to take back all the others."""
    run = runs.run_seen_by(request.actor, pk)
    try:
        number = take_back(run, actor=request.actor, leave_changed="leave_changed" in request.POST)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('import', args=[pk])}?{OFFER_THE_OTHERS}")
    words = ngettext("Undone: %(number)s record", "Undone: %(number)s records", number)
    messages.success(request, words % {"number": formats.number(number)})
    return redirect("import", pk)


@require_POST
def stop(request: Asking, pk: UUID) -> HttpResponse:
    """Stop a running import; what is in stays until somebody goes on or undoes it."""
    try:
        runs.ask_to_stop(runs.run_seen_by(request.actor, pk), actor=request.actor)
        messages.success(request, _("It stops after the rows in hand."))
    except runs.AlreadyBegun:
        pass  # it has ended meanwhile, and the page says how
    return redirect("import", pk)


@require_POST
def discard(request: Asking, pk: UUID) -> HttpResponse:
    """Forget an upload that was never started."""
    runs.discard(runs.run_seen_by(request.actor, pk), actor=request.actor)
    messages.success(request, _("The upload was discarded; nothing was imported."))
    return redirect("imports")


@require_GET
def problems(request: Asking, pk: UUID, form: str) -> HttpResponseBase:
    """The rows in error with the reasons, as CSV or XLSX."""
    run = runs.run_seen_by(request.actor, pk)
    kept = run.problems_xlsx if form == "xlsx" else run.problems_csv
    if not kept:
        raise NotFound
    stem = run.file_name.rpartition(".")[0] or run.file_name
    return FileResponse(kept.open("rb"), as_attachment=True, filename=f"{stem} - {_('errors')}.{form}")


def _check_if_small(run: ImportRun, request: Asking) -> None:
    if (run.rows_expected or 0) <= ROWS_CHECKED_AT_ONCE:
        _check(run, request)


def _check(run: ImportRun, request: Asking) -> None:
    """Rehearse: small files at once, others as a job that is watched."""
    importing = runs.target_named(run.target, request.actor)
    if runs.missing_fields(importing, runs.mapping_of(run), request.actor):
        return
    if (run.rows_expected or 0) <= ROWS_CHECKED_AT_ONCE:
        try:
            found = executing.rehearse(run, actor=request.actor)
        except runs.ImportRefused:
            return  # the page says so itself, beside the table
        executing.keep_check(run, found.plain())
        return
    runs.queue_check(run, check_import, actor=request.actor)


urlpatterns = [
    path("", index, name="imports"),
    path("folders/", include("clientier.kit.imports.folders_web")),
    path("sets/", include("clientier.kit.imports.sets_web")),
    path("new/<slug:target>/", new, name="import-new"),
    path("new/<slug:target>/template.<str:form>", example, name="import-example"),
    path("<uuid:pk>/", show, name="import"),
    path("<uuid:pk>/columns/", map_columns, name="import-map"),
    path("<uuid:pk>/columns/<int:place>/field/", new_fields.make, name="import-field"),
    path("<uuid:pk>/start/", start, name="import-start"),
    path("<uuid:pk>/undo/", undo, name="import-undo"),
    path("<uuid:pk>/stop/", stop, name="import-stop"),
    path("<uuid:pk>/discard/", discard, name="import-discard"),
    path("<uuid:pk>/problems.<str:form>", problems, name="import-problems"),
]
