"""A column that fills no field becomes a field of its own: named after it, of the kind that its cells are of."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.custom import commands, definitions
from clientier.core.custom.models import CustomField, Kind
from clientier.core.errors import DomainError, NotFound
from clientier.core.tokens import sort_key
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.imports import runs
from clientier.kit.imports.kinds import cell_text
from clientier.kit.imports.mapping import Binding, replace_field
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.source import Source
from clientier.kit.imports.survey import Column, survey
from clientier.kit.imports.targets import Kind as CellKind
from clientier.kit.models import ImportRun
from clientier.kit.pages import tell

MOST_CHOICES, ROWS_A_CHOICE, LONGEST_CHOICE = 20, 3, 40
LONGEST_LINE, LONGEST_CODE = 200, 30
OF_CELLS = {
    CellKind.INTEGER: Kind.NUMBER, CellKind.DECIMAL: Kind.NUMBER, CellKind.DAY: Kind.DATE, CellKind.MOMENT: Kind.DATE,
    CellKind.YES_NO: Kind.YES_NO,
}  # fmt: skip
OFFERED = (Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE, Kind.YES_NO, Kind.CHOICE)


class FieldForm(forms.Form):
    """What the field is called, and what it holds; the rest is changed in the settings."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it holds"), choices=[(k.value, k.label) for k in OFFERED]
    )
    listed = forms.BooleanField(label=gettext_lazy("shown in lists"), required=False)


def may_define(actor: Actor, target: str) -> bool:
    """Whether the actor may give such records fields, and these take any."""
    return home_of(target) is not None and actor.reach(CustomField, "add") is not Reach.NONE


def home_of(target: str) -> type[Model] | None:
    """The kind of record that would have the field."""
    return next((model for model in TARGETS[target].writes if definitions.takes_custom_fields(model)), None)


def make(request: Asking, pk: UUID, place: int) -> HttpResponse:
    """One look, and the field is there with the column mapped to it."""
    run = runs.run_seen_by(request.actor, pk)
    access.require(request.actor, CustomField, "add")
    home, mapping = home_of(run.target), runs.mapping_of(run)
    source = runs.source_of(run, mapping)
    columns = survey(source)
    if home is None or place >= len(columns) or run.state not in runs.BEFORE_RUNNING:
        raise NotFound
    column = columns[place]
    guessed, words = guess(source, column)
    form = FieldForm(request.POST or None, initial={"name": column.heading[:80], "kind": guessed})
    if request.method == "POST" and form.is_valid():
        try:
            is_new = _make_and_map(run, home, form.cleaned_data, words, source, column.heading, request.actor)
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            if is_new:
                tell(request, _("Field made: %(name)s") % {"name": form.cleaned_data["name"]})
            return redirect("import", pk)
    page = {
        "title": _("Make a field of “%(heading)s”") % {"heading": column.heading},
        "crumbs": [{"label": run.file_name, "url": reverse("import", args=[pk])}],
        "form": form,
        "sections": [{"title": " · ".join(column.samples[:5]), "fields": list(form)}],
        "submit_label": _("Make the field"),
        "cancel_url": reverse("import", args=[pk]),
    }
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def guess(source: Source, column: Column) -> tuple[Kind, list[str]]:
    """The kind that the cells are of; for a choice, the words that there are."""
    if kind := OF_CELLS.get(column.detection.kind):
        return kind, []
    words, rows = words_in(source, column.heading)
    if words and rows >= ROWS_A_CHOICE * len(words) and all(len(word) <= LONGEST_CHOICE for word in words):
        return Kind.CHOICE, words
    long = any(len(text) > LONGEST_LINE or "\n" in text for text in column.samples)
    return (Kind.LONG_TEXT if long else Kind.TEXT), []


def words_in(source: Source, heading: str) -> tuple[list[str], int]:
    """The different cells of a column, the first met first, and how many are filled; none where they are many."""
    found: dict[str, None] = {}
    rows = 0
    for chunk in source.chunks([heading]):
        for cell in chunk.columns[heading]:
            if text := cell_text(cell).strip():
                rows += 1
                found.setdefault(text)
        if len(found) > MOST_CHOICES:
            return [], rows
    return list(found), rows


@transaction.atomic
def _make_and_map(
    run: ImportRun,
    home: type[Model],
    facts: dict[str, Any],
    words: list[str],
    source: Source,
    heading: str,
    actor: Actor,
) -> bool:
    """The field, and the column mapped to it, both or neither; False where a first click did so already."""
    mapping = runs.mapping_of(ImportRun.objects.select_for_update().get(pk=run.pk))
    live = {each.path for each in definitions.live(home).values()}
    if any(name in live and heading in bound.columns for name, bound in mapping.fields.items()):
        return False
    made = _define(home, facts, words, source, heading, actor)
    bound = replace_field(mapping, f"{definitions.PREFIX}{made.code}", Binding((heading,)))
    runs.set_mapping(run, bound, actor=actor)
    return True


def _define(
    home: type[Model], facts: dict[str, Any], words: list[str], source: Source, heading: str, actor: Actor
) -> CustomField:
    if facts["kind"] == Kind.CHOICE and not words:
        words = words_in(source, heading)[0]
        if not words:
            raise ValidationError(
                {"kind": _("The column holds more than %(most)d different words.") % {"most": MOST_CHOICES}}
            )
    language = get_language() or "en"
    choices = _choices(words, language) if facts["kind"] == Kind.CHOICE else []
    named = {
        "record": home._meta.label_lower,
        "code": code_for(home, facts["name"]),
        "names": {language: facts["name"]},
    }
    changes = {**named, "kind": facts["kind"], "choices": choices, "listed": facts["listed"]}
    made: CustomField = commands.define(CustomField, actor=actor, changes=changes, formula_names=())
    return made


def _choices(words: list[str], language: str) -> list[dict[str, Any]]:
    taken: set[str] = set()
    made = []
    for word in words:
        code = _free(_as_code(word) or "choice", taken)
        taken.add(code)
        made.append({"code": code, "names": {language: word}})
    return made


def code_for(home: type[Model], name: str) -> str:
    """A code for the name that no field of these records has or had, in Latin letters whatever its script."""
    return _free(_as_code(name) or "field", {*definitions.every(home), *commands.former_codes(home)})


def _as_code(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", sort_key(text)).strip("_")[:LONGEST_CODE].strip("_")
    return plain if plain[:1].isalpha() else f"f_{plain}" if plain else ""


def _free(code: str, taken: set[str]) -> str:
    number, wanted = 1, code
    while code in taken:
        number += 1
        code = f"{wanted}_{number}"
    return code
