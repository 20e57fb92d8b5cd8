"""Settings: the fields that a company gives to its records, and their layouts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientier.core import access
from clientier.core.custom import commands, definitions
from clientier.core.custom.models import CustomField, Kind
from clientier.core.errors import DomainError, NotFound
from clientier.kit.asking import Asking
from clientier.kit.custom_values import formula_names
from clientier.kit.forms import say_refusal
from clientier.kit.pages import tell
from clientier.kit.resource import REGISTRY, Resource
from clientier.site.administration import for_administrators
from clientier.site.custom_fields import queries
from clientier.site.custom_fields.forms import CHOSEN, ChoiceForms, FieldForm, choice_lines, choices_of


def resources() -> list[Resource]:
    """The kinds of records that take custom fields."""
    return [shown for shown in REGISTRY.values() if definitions.takes_custom_fields(shown.model)]


def resource_named(slug: str) -> Resource:
    found = next((shown for shown in resources() if shown.slug == slug), None)
    if found is None:
        raise NotFound
    return found


@for_administrators
def index(request: Asking, slug: str = "") -> HttpResponse:
    """The fields of one kind of record, those in use first."""
    shown = resource_named(slug) if slug else resources()[0]
    kept = queries.fields_of(shown.model._meta.label_lower)
    context = {
        "shown": {"slug": shown.slug, "label": shown.label_plural},
        "tabs": [
            {
                "label": each.label_plural,
                "url": reverse("custom-fields-of", args=[each.slug]),
                "active": each is shown,
            }
            for each in resources()
        ],
        "fields": [_line(row) for row in kept],
        "kinds": Kind.choices,
        "crumbs": [{"label": _("Settings"), "url": reverse("settings")}],
    }
    return render(request, "site/custom_fields.html", context)


def _line(row: CustomField) -> dict[str, Any]:
    known = definitions.definition(row)
    marks = {
        _("required"): row.required, _("in lists"): row.listed, _("searched"): row.searchable, _("quick"): row.indexed,
    }  # fmt: skip
    return {
        "pk": row.pk,
        "name": str(known.label),
        "code": row.code,
        "kind": row.get_kind_display(),
        "group": definitions.said(row.group),
        "marks": [word for word, holds in marks.items() if holds],
        "retired": row.retired,
        "url": reverse("custom-field", args=[row.pk]),
        "convertible": [
            {"value": kind, "label": Kind(kind).label} for kind in commands.CONVERSIONS.get(row.kind, ())
        ],
    }


@for_administrators
def new(request: Asking, slug: str) -> HttpResponse:
    kind = request.GET.get("kind", "")
    if kind not in Kind.values:
        return redirect("custom-fields-of", slug)
    return _edit(request, resource_named(slug), kind, None)


@for_administrators
def edit(request: Asking, pk: int) -> HttpResponse:
    field = access.get(request.actor, CustomField, pk)
    return _edit(request, _home(field), field.kind, field)


def _home(field: CustomField) -> Resource:
    found = next((each for each in resources() if each.model._meta.label_lower == field.record), None)
    if found is None:
        raise NotFound
    return found


def _edit(request: Asking, shown: Resource, kind: str, field: CustomField | None) -> HttpResponse:
    data = request.POST or None
    form = FieldForm(data, model=shown.model, kind=kind, field=field)
    lines = ChoiceForms(data, initial=choice_lines(field), prefix="choices") if kind in CHOSEN else None
    if request.method == "POST" and form.is_valid() and (lines is None or lines.is_valid()):
        changes = form.changes() | ({"choices": choices_of(lines)} if lines is not None else {})
        try:
            saved = _save(request, shown, kind, field, changes)
        except (DomainError, ValidationError) as refusal:
            _say(form, refusal)
        else:
            tell(request, _("%(name)s saved") % {"name": definitions.definition(saved).label}, undo=True)
            return redirect("custom-fields-of", shown.slug)
    page = {
        "title": f"{shown.label_plural}: {Kind(kind).label}",
        "crumbs": [
            {"label": _("Settings"), "url": reverse("settings")},
            {"label": _("Custom fields"), "url": reverse("custom-fields-of", args=[shown.slug])},
        ],
        "form": form,
        "sections": form.sections(),
        "submit_label": _("Save"),
        "cancel_url": reverse("custom-fields-of", args=[shown.slug]),
        "draft_key": "",
    }
    context = {"form_page": page, "lines": lines, "names": _names(shown) if kind == Kind.FORMULA else []}
    return render(request, "site/custom_field.html", context, status=422 if form.is_bound else 200)


def _say(form: FieldForm, refusal: DomainError | ValidationError) -> None:
    """Names stand in one field for each language; what is wrong with all of them is said at the first."""
    if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            at = next((each for each in (name, f"{name}_en") if each in form.fields), None)
            form.add_error(at, errors)
    else:
        say_refusal(form, refusal)


def _names(shown: Resource) -> list[dict[str, str]]:
    """What a formula may name, with the words for it."""
    own = sorted(formula_names(shown))
    custom = [{"name": code, "label": str(of.label)} for code, of in definitions.live(shown.model).items()]
    found = [(name, access.field_at(shown.model, name)) for name in own]
    plain = [
        {"name": n, "label": str(f.verbose_name)} for n, f in found if not f.is_relation and n.count("__") < 2
    ]
    return custom + plain


def _save(
    request: Asking, shown: Resource, kind: str, field: CustomField | None, changes: dict[str, Any]
) -> CustomField:
    names = formula_names(shown)
    if field:
        return commands.change(field, actor=request.actor, changes=changes, formula_names=names)
    fixed = {"record": shown.model._meta.label_lower, "kind": kind}
    made: CustomField = commands.define(
        CustomField, actor=request.actor, changes={**changes, **fixed}, formula_names=names
    )
    return made


@for_administrators
@require_POST
def retire(request: Asking, pk: int) -> HttpResponse:
    """Put a field away, or bring it back."""
    field = access.get(request.actor, CustomField, pk)
    shown = _home(field)
    try:
        if field.retired:
            commands.bring_back(field, actor=request.actor, formula_names=formula_names(shown))
        else:
            commands.retire(field, actor=request.actor)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        words = _("%(name)s is back") if field.retired else _("%(name)s is retired; its values are kept")
        tell(request, words % {"name": definitions.definition(field).label}, undo=True)
    return redirect("custom-fields-of", shown.slug)


@for_administrators
def convert(request: Asking, pk: int) -> HttpResponse:
    """Another kind for a field: what it would do, and doing it."""
    field = access.get(request.actor, CustomField, pk)
    shown, kind = _home(field), request.GET.get("kind", "")
    try:
        found = commands.preview(field, kind)
        if request.method == "POST":
            commands.convert(field, actor=request.actor, kind=kind)
            messages.success(request, _("%(name)s converted") % {"name": definitions.definition(field).label})
            return redirect("custom-fields-of", shown.slug)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("custom-fields-of", shown.slug)
    context = {
        "field": _line(field), "found": found, "kind": Kind(kind).label,
        "back": reverse("custom-fields-of", args=[shown.slug]),
        "crumbs": [{"label": _("Custom fields"), "url": reverse("custom-fields-of", args=[shown.slug])}],
    }  # fmt: skip
    return render(request, "site/custom_field_convert.html", context)
