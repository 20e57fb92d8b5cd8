"""Forms validate and hand back changes. They never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.forms import ModelForm, modelform_factory
from django.urls import reverse

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.money import MoneyField
from clientier.kit import resource
from clientier.kit.resource import Resource


class Picker(forms.Select):
    """Chooses one record among any number: it carries the chosen one and asks the server for others."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [key for key in value if key and key.isdigit()]
        found = self.choices.queryset.filter(pk__in=chosen) if chosen else ()  # type: ignore[attr-defined]
        options = [("", "")] + [(record.pk, str(record)) for record in found]
        return [
            (None, [self.create_option(name, key, label, str(key) in value, index)], index)
            for index, (key, label) in enumerate(options)
        ]


def form_class(shown: Resource, actor: Actor, only: tuple[str, ...] = ()) -> type[ModelForm[Any]]:
    """The form of a resource with the fields that the actor may write, or those of them asked for."""
    allowed = access.fields(actor, shown.model)
    wanted = only or shown.form_fields
    names = [name for name in wanted if name in allowed.writable]
    return modelform_factory(shown.model, fields=names, formfield_callback=lambda f: _field(f, actor))


def leave_unseen(form: ModelForm[Any]) -> None:
    """Take relations out of the form that lead to records out of reach: they could only be lost by saving."""
    for name, field in list(form.fields.items()):
        key = getattr(form.instance, f"{name}_id", None)
        if not key or not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        if not field.queryset.filter(pk=key).exists():
            del form.fields[name]


def changes(form: ModelForm[Any]) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}


def _field(model_field: Any, actor: Actor) -> forms.Field | None:
    if isinstance(model_field, models.ForeignKey):
        return _relation(model_field, actor)
    widget = _widget(model_field)
    made: forms.Field | None = model_field.formfield(**({"widget": widget} if widget else {}))
    return made


def _relation(model_field: Any, actor: Actor) -> forms.Field | None:
    related = model_field.related_model
    target = resource.of(related)
    found = access.visible(actor, related) if target else related._default_manager.all()
    options: dict[str, Any] = {"queryset": found.order_by("pk")}
    if target and target.searchable:
        url = reverse(f"{target.slug}-pick")
        options["widget"] = Picker(attrs={"data-picker": url})
    made: forms.Field | None = model_field.formfield(**options)
    return made


def _widget(model_field: Any) -> forms.Widget | None:
    if isinstance(model_field, models.DateTimeField):
        return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    if isinstance(model_field, models.DateField):
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if isinstance(model_field, MoneyField | models.DecimalField):
        return forms.TextInput(attrs={"inputmode": "decimal", "class": "figure", "autocomplete": "off"})
    if isinstance(model_field, models.TextField):
        return forms.Textarea(attrs={"rows": 4})
    return None


def filled(form: ModelForm[Any]) -> dict[str, Any]:
    """All that a new record is made of: what was entered, and what was offered and left standing."""
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
