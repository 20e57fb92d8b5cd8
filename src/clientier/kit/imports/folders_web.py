"""The settings page of import folders: which there are, who answers for them, what was picked up."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clientier.core import commands, entrusting
from clientier.core.errors import DomainError, NotAllowed
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.imports import folders
from clientier.kit.imports.registry import TARGETS, open_targets
from clientier.kit.models import ImportFolder, PickedFile

PICKED_SHOWN = 20


class FolderForm(forms.ModelForm):
    """A new folder: its name, what its files hold, who answers for it."""

    target = forms.ChoiceField()

    class Meta:
        model = ImportFolder
        fields = ("name", "target", "owner")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        owners: Any = self.fields["owner"]
        owners.empty_label, owners.queryset = "", entrusting.able_users()
        chosen: Any = self.fields["target"]
        chosen.label = ImportFolder._meta.get_field("target").verbose_name
        chosen.choices = [
            (slug, target.target.label)
            for slug, target in sorted(TARGETS.items(), key=lambda pair: pair[1].place)
        ]


def for_administrators(view: Any) -> Any:
    """Folders import with another person's rights: only who may do everything declares them."""

    @wraps(view)
    def guarded(request: Asking, *args: Any, **facts: Any) -> HttpResponse:
        if not request.actor.unlimited or not open_targets(request.actor):
            raise NotAllowed
        answer: HttpResponse = view(request, *args, **facts)
        return answer

    return guarded


@for_administrators
def index(request: Asking) -> HttpResponse:
    """The folders, and a form for one more."""
    form = FolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = commands.create(ImportFolder, actor=request.actor, changes=facts)
        folders.path_of(made)
        messages.success(request, _("Folder “%(name)s” is ready") % {"name": made.name})
        return redirect("import-folders")
    known = ImportFolder.objects.select_related("owner").annotate(files=Count("picked")).order_by("name")
    latest = PickedFile.objects.select_related("folder", "run").order_by("-picked_at", "-pk")[:PICKED_SHOWN]
    context = {
        "form": form,
        "folders": [_line(folder) for folder in known],
        "picked": [_picked(each) for each in latest],
    }
    return TemplateResponse(request, "kit/imports/folders.html", context, status=422 if form.errors else 200)


@require_POST
@for_administrators
def change(request: Asking, pk: int) -> HttpResponse:
    """Look into the folder now, stop or resume it, or take it off the list; its files stay where they are."""
    folder = get_object_or_404(ImportFolder, pk=pk)
    match request.POST.get("action"):
        case "look":
            _look(request, folder)
        case "active":
            commands.update(folder, actor=request.actor, changes={"active": not folder.active})
        case "remove":
            commands.delete(folder, actor=request.actor)
    return redirect("import-folders")


def _look(request: Asking, folder: ImportFolder) -> None:
    """A person who asks knows that the files are whole: those that were not seen before are picked up too."""
    try:
        number = len(folders.pick_up(folder, now=timezone.now())) + len(
            folders.pick_up(folder, now=timezone.now())
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return
    words = ngettext("%(number)s file picked up", "%(number)s files picked up", number)
    messages.success(request, words % {"number": formats.number(number)})


def _line(folder: Any) -> dict[str, Any]:
    importing = TARGETS.get(folder.target)
    return {
        "folder": folder,
        "label": importing.target.label if importing else folder.target,
        "files": formats.number(folder.files),
    }


def _picked(each: PickedFile) -> dict[str, Any]:
    return {
        "name": each.file_name,
        "folder": each.folder.name,
        "when": formats.moment(timezone.localtime(each.picked_at)),
        "run": each.run,
        "text": each.error or (folders.counted(each.run) if each.run else ""),
        "tone": "bad" if each.error else ("warn" if each.run and each.run.errors else "good"),
    }


urlpatterns = [
    path("", index, name="import-folders"),
    path("<int:pk>/", change, name="import-folder"),
]
