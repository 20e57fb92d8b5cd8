"""Forms validate and hand back changes. They never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ModelForm, modelform_factory
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.coded import CodedField
from clientier.core.custom.definitions import PREFIX
from clientier.core.errors import DomainError
from clientier.core.money import MoneyField
from clientier.kit import custom_forms
from clientier.kit.coded import NamePicker
from clientier.kit.pickers import Picker as Picker
from clientier.kit.pickers import relation_options
from clientier.kit.resource import Resource


def form_class(shown: Resource, actor: Actor, only: tuple[str, ...] = ()) -> type[ModelForm[Any]]:
    """The form of a resource with the fields that the actor may write, or those of them asked for."""
    allowed = access.fields(actor, shown.model)
    wanted = only or (*shown.form_fields, *custom_forms.paths_for(shown.model, actor))
    names = [name for name in wanted if name in allowed.writable]
    base = custom_forms.form_base(shown.model, actor, names)
    own = [name for name in names if not name.startswith(PREFIX)]
    return modelform_factory(
        shown.model, form=base, fields=own, formfield_callback=lambda f: _field(f, actor)
    )


def leave_unseen(form: ModelForm[Any]) -> None:
    """Take relations out of the form that lead to records out of reach: they could only be lost by saving."""
    if form.instance.pk is None:
        return  # there is nothing yet to be lost, and the address may say anything
    for name, field in list(form.fields.items()):
        key = (
            form.initial.get(name) if name.startswith(PREFIX) else getattr(form.instance, f"{name}_id", None)
        )
        if not key or not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        if not field.queryset.filter(pk=key).exists():
            del form.fields[name]


def remember_what_was_shown(form: ModelForm[Any]) -> None:
    """Send along what each field showed, so that saving writes only what was really changed.

    Two people who change different fields of one record then do not undo each other.
    """
    for name, field in form.fields.items():
        field.show_hidden_initial = not form.is_bound or form[name].html_initial_name in form.data


def refuse_what_changed_meanwhile(form: ModelForm[Any]) -> bool:
    """Name the fields that somebody else has changed since they were shown; True when there are any."""
    stale = [name for name in form.changed_data if name in form.fields and _is_stale(form[name])]
    known: Any = form.data
    form.data = known = known.copy()
    for name in stale:
        bound, now = form[name], form[name].initial
        shown = bound.field.hidden_widget().format_value(bound.field.prepare_value(now))
        known[bound.html_initial_name] = "" if shown is None else shown  # the next save knows it
        form.add_error(
            name,
            _(
                "Somebody changed this meanwhile; it is now “%(now)s”. Nothing was saved: choose, and save again."
            )
            % {"now": "" if now is None else now},
        )
    return bool(stale)


def _is_stale(bound: forms.BoundField) -> bool:
    shown = bound.form.data.get(bound.html_initial_name)
    if isinstance(bound.field, forms.MultipleChoiceField) and shown is not None:
        sent: Any = bound.form.data
        shown = sent.getlist(bound.html_initial_name)
    if not bound.field.show_hidden_initial or shown is None:
        return False
    now = bound.initial
    if isinstance(now, str):  # browsers send every line break as two characters
        now, shown = now.replace("\r\n", "\n"), shown.replace("\r\n", "\n")
    return bool(bound.field.has_changed(now, shown))


def changes(form: ModelForm[Any]) -> dict[str, Any]:
    """What was entered that differs from what was shown, with line breaks as one character."""
    known = _fitting(form)
    return {name: _one_break(known[name]) for name in form.changed_data if name in known}


def say_refusal(form: forms.BaseForm, refusal: DomainError | ValidationError) -> None:
    """Put what a command refused on the form, at the field that it is about, if the form has that field."""
    if isinstance(refusal, DomainError):
        form.add_error(None, str(refusal))
    elif hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refusal)


def _field(model_field: Any, actor: Actor) -> forms.Field | None:
    if isinstance(model_field, models.ForeignKey):
        related: forms.Field | None = model_field.formfield(
            **relation_options(model_field.related_model, actor)
        )
        return related
    if isinstance(model_field, CodedField):
        return forms.CharField(
            label=capfirst(str(model_field.verbose_name)), max_length=model_field.max_length,
            required=not model_field.blank, widget=NamePicker(model_field),
        )  # fmt: skip
    widget = _widget(model_field)
    made: forms.Field | None = model_field.formfield(**({"widget": widget} if widget else {}))
    if isinstance(made, forms.ChoiceField):
        offered: Any = made.choices
        made.choices = [(value, label if value != "" else "") for value, label in offered]
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
    return {
        name: _one_break(value)
        for name, value in _fitting(form).items()
        if value not in (None, "") or name.startswith(PREFIX)
    }


def _fitting(form: ModelForm[Any]) -> dict[str, Any]:
    """What was sent, without the custom fields that are hidden for a record of the kind that the form says."""
    hidden = form.out_of_place() if isinstance(form, custom_forms.RecordForm) else ()
    return {name: value for name, value in form.cleaned_data.items() if name not in hidden}


def _one_break(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
