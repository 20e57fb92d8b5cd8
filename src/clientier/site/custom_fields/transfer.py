"""Custom fields as a file, to be taken to another installation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.custom import commands
from clientier.core.custom.formula import BadFormula
from clientier.core.custom.models import CustomField, Kind
from clientier.core.custom.settling import model_with_custom_fields
from clientier.core.errors import BadQuestion, Conflict, DomainError
from clientier.kit import resource
from clientier.kit.asking import Asking
from clientier.kit.custom_values import formula_names
from clientier.kit.pages import tell
from clientier.site.administration import for_administrators
from clientier.site.custom_fields import queries

FORMAT, VERSION = "clientier-custom-fields", 1
LARGEST = 2_000_000
PARTS = tuple(f.name for f in CustomField._meta.fields if f.name not in ("id", "result"))


@dataclass(frozen=True)
class Taken:
    """How many fields were new, and how many were here already."""

    made: int
    changed: int


def as_file(actor: Actor) -> dict[str, Any]:
    """All custom fields, retired ones too, as plain JSON; leaves its trace."""
    kept = [model_to_dict(row, fields=PARTS) for row in queries.all_fields()]
    audit.note("custom_field.export", CustomField, actor, fields=[None, len(kept)])
    return {"format": FORMAT, "version": VERSION, "fields": kept}


@transaction.atomic
def take(described: Any, *, actor: Actor) -> Taken:
    """Make and change fields as the file says, all or none; what the file does not name stays.

    BadQuestion where the file is not one of ours, Conflict where a field here is of another kind.
    """
    waiting = _fields(described)
    made = changed = 0
    while waiting:
        late, fault = [], None
        for facts in sorted(waiting, key=lambda each: each.get("kind") == Kind.FORMULA):
            try:
                with transaction.atomic():
                    fresh = _take_one(facts, actor)
            except BadFormula as refusal:  # it may name a formula that comes later
                late.append(facts)
                fault = refusal
                continue
            except ValidationError as refusal:
                words = " ".join(refusal.messages)
                raise BadQuestion(f"{facts['record']}.{facts['code']}: {words}") from refusal
            made, changed = made + fresh, changed + (not fresh)
        if fault and len(late) == len(waiting):
            raise fault
        waiting = late
    return Taken(made, changed)


def _fields(described: Any) -> list[dict[str, Any]]:
    known = isinstance(described, dict) and described.get("format") == FORMAT
    fields = described.get("fields") if known and described.get("version") == VERSION else None
    if not isinstance(fields, list) or not all(_is_field(each) for each in fields):
        raise BadQuestion(_("This is not a file of custom fields."))
    return fields


def _is_field(facts: Any) -> bool:
    words = isinstance(facts, dict) and all(isinstance(facts.get(n), str) for n in ("record", "code", "kind"))
    return words and not facts.keys() - set(PARTS) and _of_right_types(facts)


def _of_right_types(facts: dict[str, Any]) -> bool:
    blank = CustomField()
    return all(
        name in ("default",) or type(value) is type(getattr(blank, name)) for name, value in facts.items()
    )


def _take_one(facts: dict[str, Any], actor: Actor) -> bool:
    """Whether the field was new."""
    shown = resource.of(model_with_custom_fields(facts["record"]))
    names = formula_names(shown) if shown else set()
    found = queries.field_named(facts["record"], facts["code"])
    plain = {name: value for name, value in facts.items() if name != "retired"}
    if found is None:
        found = commands.define(CustomField, actor=actor, changes=plain, formula_names=names)
        fresh = True
    elif found.kind != facts["kind"]:
        raise Conflict(
            _("The field “%(name)s” is of another kind here. Nothing was changed.") % {"name": facts["code"]}
        )
    else:
        found = commands.change(found, actor=actor, changes=plain, formula_names=names)
        fresh = False
    if facts.get("retired") and not found.retired:
        commands.retire(found, actor=actor)
    return fresh


@for_administrators
@require_GET
def export(request: Asking) -> HttpResponse:
    response = JsonResponse(as_file(request.actor), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="custom-fields.json"'
    return response


@for_administrators
@require_POST
def bring_in(request: Asking) -> HttpResponse:
    """Take the file that was uploaded."""
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > LARGEST:
            raise BadQuestion(_("Choose a file of custom fields first."))
        taken = take(json.loads(file.read().decode("utf-8-sig")), actor=request.actor)
    except (ValueError, RecursionError):
        messages.error(request, _("This is not a file of custom fields."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("%(made)d fields made, %(changed)d changed")
        tell(request, words % {"made": taken.made, "changed": taken.changed}, undo=True)
    return redirect("custom-fields")
