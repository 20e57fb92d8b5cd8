"""Custom fields on forms: for each kind the field that one fills in, with what the record holds already."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.custom import definitions, kinds, values
from clientier.core.custom.definitions import Definition
from clientier.core.custom.models import Kind
from clientier.kit.pickers import relation_options

YES, NO = "yes", "no"


class RecordForm(forms.ModelForm):
    """A form of a record, or of some of its fields: what is wrong with another one is said of the whole."""

    custom: Mapping[str, Definition] = {}

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                super().add_error(name if name in self.fields else None, errors)
        else:
            super().add_error(field, error)

    def out_of_place(self) -> set[str]:
        """The custom fields that make no sense for what the form itself says the record is."""
        return {
            path
            for path, definition in self.custom.items()
            if not definition.applies_to(
                {name: getattr(self.instance, name) for name in definition.applies if name in self.fields}
            )
        }


class CustomForm(RecordForm):
    """A form of a record whose own fields are joined by custom ones; it hands them back like the others."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        record = self.instance
        for path, definition in self.custom.items():
            fresh = record.pk is None
            kept = definition.default if fresh else getattr(record, values.COLUMN).get(definition.code)
            self.initial.setdefault(path, _entered(definition, kept))
            if definition.choices:
                self.fields[path].choices = _offered(definition, kept)  # type: ignore[attr-defined]


def form_base(model: type[Model], actor: Actor, paths: list[str]) -> type[RecordForm]:
    """What the form of a record is made from, with the custom fields at these paths."""
    known = {path: found for path in paths if (found := definitions.at(model, path))}
    made = {path: _field(definition, actor) for path, definition in known.items()}
    return type("CustomForm", (CustomForm,), {**made, "custom": known}) if known else RecordForm


def _field(definition: Definition, actor: Actor) -> forms.Field:
    words = definitions.said(definition.helps)
    needed = definition.required and not definition.applies  # which records need it is not known yet
    options: dict[str, Any] = {
        "label": _label(definition),
        "required": needed,
        "help_text": words,
    }
    if definition.refers_to is not None:
        return _reference(definition.refers_to, actor, options)
    match definition.kind:
        case Kind.NUMBER | Kind.MONEY:
            return _number(definition, options)
        case Kind.DATE:
            entry = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(widget=entry, **options)
        case Kind.CHOICE:
            return forms.ChoiceField(**options)
        case Kind.CHOICES:
            return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, **options)
        case Kind.YES_NO:
            choices = [("", ""), (YES, _("yes")), (NO, _("no"))]
            return forms.TypedChoiceField(
                choices=choices, coerce=lambda text: text == YES, empty_value=None, **options
            )
        case Kind.LONG_TEXT:
            entered = forms.Textarea(attrs={"rows": 4})
            return forms.CharField(widget=entered, max_length=kinds.LONGEST[Kind.LONG_TEXT], **options)
        case _:
            return forms.CharField(max_length=kinds.LONGEST[Kind.TEXT], **options)


def _number(definition: Definition, options: dict[str, Any]) -> forms.Field:
    low, high = (Decimal(text) if text else None for text in (definition.lowest, definition.highest))
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "figure", "autocomplete": "off"})
    places = 4 if definition.kind is Kind.MONEY else kinds.DECIMALS
    return forms.DecimalField(
        widget=widget,
        min_value=low,
        max_value=high,
        decimal_places=places,
        max_digits=kinds.DIGITS,
        **options,
    )


def _reference(target: type[Model], actor: Actor, options: dict[str, Any]) -> forms.Field:
    return forms.ModelChoiceField(**relation_options(target, actor), **options)


def _label(definition: Definition) -> str:
    measured = definition.unit or definition.currency
    return f"{definition.label} ({measured})" if measured else str(definition.label)


def _offered(definition: Definition, kept: Any) -> list[tuple[str, str]]:
    """The choices in use, and those that this record has already."""
    had = kept if isinstance(kept, list) else [kept]
    found = [
        (choice.code, str(choice))
        for choice in definition.choices
        if not choice.retired or choice.code in had
    ]
    return found if definition.kind is Kind.CHOICES else [("", ""), *found]


def _entered(definition: Definition, kept: Any) -> Any:
    """The stored value as the form field shows it."""
    if definition.kind is Kind.YES_NO:
        return {True: YES, False: NO}.get(kept, "")
    return kinds.read(definition, kept)


def paths_for(model: type[Model], actor: Actor) -> list[str]:
    """The paths of the custom fields that the actor may write."""
    writable = access.fields(actor, model).writable
    return [each.path for each in definitions.live(model).values() if each.path in writable]
