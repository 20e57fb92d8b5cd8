"""What the pages of an import show: facts in, plain contexts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clientier.core.actor import Actor
from clientier.core.wording import listed
from clientier.kit import formats
from clientier.kit.imports import mapping_form, new_fields, runs
from clientier.kit.imports.engine import Engine, Previewed
from clientier.kit.imports.executing import problem_from
from clientier.kit.imports.kinds import cell_text
from clientier.kit.imports.mapping import FieldMapping
from clientier.kit.imports.presets import preset_for
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.registry import TARGETS, ImportTarget
from clientier.kit.imports.survey import survey
from clientier.kit.imports.taking_back import is_past_undoing
from clientier.kit.imports.targets import Field, Kind, Target
from clientier.kit.models import ImportRun, ImportState
from clientier.kit.resource import REGISTRY

ROWS_PREVIEWED = 20
PROBLEMS_SHOWN = 50
MONEY_PLACES = 4
TONES = {
    ImportState.DONE: "good",
    ImportState.FAILED: "bad",
    ImportState.RUNNING: "info",
    ImportState.QUEUED: "info",
    ImportState.UNDONE: "",
    ImportState.UPLOADED: "warn",
    ImportState.CHECKED: "warn",
}


def offer(importing: ImportTarget) -> dict[str, Any]:
    """What can be imported, and what a file needs for it."""
    return {
        "slug": importing.slug,
        "label": importing.target.label,
        "text": importing.target.description,
        "icon": importing.icon,
        "needs": listed(f.label for f in importing.target.fields if f.required and f.default is None),
        "url": reverse("import-new", args=[importing.slug]),
    }


def past(run: ImportRun) -> dict[str, Any]:
    """One line of the list of imports."""
    importing = TARGETS.get(run.target)
    return {
        "run": run,
        "url": reverse("import", args=[run.pk]),
        "label": importing.target.label if importing else run.target,
        "icon": importing.icon if importing else "file",
        "when": formats.moment(timezone.localtime(run.uploaded_at)),
        "who": run.actor_name,
        "state": run.get_state_display() if run.state not in runs.BEFORE_RUNNING else _("Not started"),
        "tone": TONES[ImportState(run.state)],
        "figures": [
            formats.number(n) if run.started_at else ""
            for n in (run.rows_done, run.created, run.updated, run.errors)
        ],
    }


def result(run: ImportRun, *, offer_the_others: bool = False) -> dict[str, Any]:
    """What became of an import that has ended; ``offer_the_others`` after an undo that some rows refused."""
    importing = TARGETS[run.target]
    figures = [
        (_("Rows"), run.rows_done, ""),
        (_("Created"), run.created, "good"),
        (_("Changed"), run.updated, ""),
        (_("Unchanged"), run.unchanged, ""),
        (_("In error"), run.errors, "bad"),
    ]
    found = run.problems.order_by("row_number")[:PROBLEMS_SHOWN] if run.errors else []
    shown = REGISTRY.get(importing.shown_in)
    list_url = reverse(f"{importing.shown_in}-list")
    can_undo = (
        run.state in (ImportState.DONE, ImportState.FAILED)
        and bool(run.created + run.updated)
        and not is_past_undoing(run)
    )
    return {
        "figures": _figures(figures),
        "beside": beside(importing, run.beside),
        "made_url": f"{list_url}?imported={run.pk}:made" if run.created and run.state != "undone" else "",
        "left_url": f"{list_url}?imported={run.pk}" if run.facts.get("left") else "",
        "left_number": formats.number(sum(run.facts.get("left", {}).values())),
        "left_empty": left_empty(importing, run.facts.get("left_empty", {})),
        "offer_the_others": offer_the_others and can_undo,
        "problems": [
            {"row_number": formats.number(each.row_number), "texts": _texts(each.reasons)} for each in found
        ],
        "more_problems": max(0, run.errors - PROBLEMS_SHOWN),
        "list_url": list_url,
        "list_label": shown.label_plural if shown else "",
        "value_url": _value_url() if importing.changes_value else "",
        "seconds": _seconds(run),
        "tone": TONES[ImportState(run.state)],
        "can_undo": can_undo,
        "can_resume": run.state == ImportState.FAILED,
    }


def mapped(run: ImportRun, actor: Actor) -> dict[str, Any]:
    """The page on which columns are mapped: how the file is read, the table, first rows, the rehearsal."""
    importing = runs.target_named(run.target, actor)
    target, mapping = importing.for_actor(actor), runs.mapping_of(run)
    source = runs.source_of(run, mapping)
    columns = survey(source)
    fields = mapping_form.field_rows(target, columns, mapping)
    missing = [str(row.field.label) for row in fields if row.missing]
    remembered = bool(run.facts.get("remembered"))
    preset = preset_for(target.slug, source.headings)
    context = {
        "origin": preset.origin if preset else "",
        "notes": source.facts.notes,
        "reading": mapping_form.reading_options(source.facts, mapping),
        "columns": mapping_form.column_rows(target, columns, mapping, remembered=remembered),
        "required_rows": [row for row in fields if row.field.required],
        "other_rows": [row for row in fields if not row.field.required],
        "missing": missing,
        "may_define": new_fields.may_define(actor, run.target),
        "rows": formats.number(source.row_count or source.row_estimate),
        "column_count": len(columns),
        "checked": checked(importing, run.checked) if run.checked else None,
        "makeable": _makeable(target, run.checked) if run.checked else None,
    }
    try:
        engine = Engine(importing, mapping, source, actor, columns=columns, unfinished=bool(missing))
        rows = list(engine.preview(ROWS_PREVIEWED))
        return {**context, "preview": _preview(target, mapping, rows), "refused": ""}
    except ImportRefusedError as refusal:
        return {**context, "preview": None, "refused": str(refusal)}


def checked(importing: ImportTarget, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the rehearsal over the whole file found."""
    counts = found["counts"]
    figures = [
        (_("To be created"), counts["created"], "good"),
        (_("To be changed"), counts["updated"], ""),
        (_("Unchanged"), counts["unchanged"], ""),
        (_("In error"), counts["errors"], "bad"),
    ]
    return {
        "figures": _figures(figures),
        "beside": beside(importing, counts["beside"]),
        "left_empty": left_empty(importing, found.get("left_empty", {})),
        "good_rows": counts["rows"] - counts["errors"],
        "reasons": [
            {
                "rows": formats.number(each["rows"]),
                "text": str(problem_from(each["problem"])),
                "example": formats.number(each["row_number"]),
            }
            for each in found["reasons"]
        ],
    }


def _makeable(target: Target, found: Mapping[str, Any]) -> dict[str, str] | None:
    """Rows that are refused because they name what is not there, and what could be made of the names."""
    for each in found["reasons"]:
        declared = target.by_name.get(each["problem"]["field"])
        if declared and declared.makes_unknown and each["problem"]["code"] == "not_found":
            return {"name": declared.name, "rows": formats.number(each["rows"])}
    return None


def left_empty(importing: ImportTarget, found: Mapping[str, Any]) -> list[dict[str, str]]:
    """For each field that refers to nothing known: how many rows came in without, and what was not found."""
    return [
        {
            "label": str(importing.target.by_name[name].label),
            "rows": formats.number(each["rows"]),
            "keys": listed(each["keys"]) + (" …" if each["number"] > len(each["keys"]) else ""),
        }
        for name, each in found.items()
        if name in importing.target.by_name
    ]


def beside(importing: ImportTarget, counted: Mapping[str, int]) -> str:
    """The other records that were counted, in one line."""
    return listed(
        pgettext("counted records", "%(number)s %(words)s")
        % {"number": formats.number(counted[code]), "words": words}
        for code, words in importing.beside.items()
        if counted.get(code)
    )


def _preview(target: Target, mapping: FieldMapping, rows: Sequence[Previewed]) -> dict[str, Any]:
    shown = [f for f in target.fields if f.name in mapping.fields or any(f.name in r.values for r in rows)]
    return {
        "fields": [{"label": f.label, "right": f.kind in (Kind.INTEGER, Kind.DECIMAL)} for f in shown],
        "rows": [
            {
                "row_number": row.row_number,
                "cells": [_shown(field, row) for field in shown],
                "problems": [str(problem) for problem in row.problems],
            }
            for row in rows
        ],
        "in_error": sum(bool(row.problems) for row in rows),
    }


def _shown(field: Field, row: Previewed) -> dict[str, Any]:
    value = row.values.get(field.name)
    wrong = any(problem.field == field.name for problem in row.problems)
    return {"text": _text(field, value), "wrong": wrong, "right": field.kind in (Kind.INTEGER, Kind.DECIMAL)}


def _text(field: Field, value: object) -> str:
    if value is None:
        return ""
    if field.kind is Kind.CHOICE:
        return next((str(choice.label) for choice in field.choices if choice.value == value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        plain = value.normalize()
        least = 2 if field.decimals == MONEY_PLACES else 0
        return formats.number(plain, max(least, -int(plain.as_tuple().exponent)))
    if isinstance(value, datetime):
        return formats.moment(timezone.localtime(value))
    return formats.day(value) if isinstance(value, date) else cell_text(value)


def _figures(figures: Sequence[tuple[str, int, str]]) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": formats.number(number), "tone": tone if number else ""}
        for label, number, tone in figures
    ]


def _texts(reasons: Sequence[dict[str, Any]]) -> list[str]:
    return [str(problem_from(reason)) for reason in reasons]


def _seconds(run: ImportRun) -> str:
    if not run.started_at or not run.finished_at:
        return ""
    return formats.number((run.finished_at - run.started_at).total_seconds(), 1)


def _value_url() -> str:
    try:
        return reverse("value-pyramid")
    except NoReverseMatch:
        return ""
