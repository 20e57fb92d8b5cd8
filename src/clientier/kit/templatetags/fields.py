"""Fields of forms: the widget with everything that a reader by ear and a script need to know about it."""

from __future__ import annotations

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def field_kind(field: BoundField) -> str:
    """How the field lies on the page: check (box first), choices (a group), wide (a whole line), line."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "wide" if isinstance(widget, Textarea) else "line"


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The widget, tied to its help and its errors, and marked where it is wrong."""
    described_by = [
        f"{field.auto_id}-{part}"
        for part, given in (("help", field.help_text), ("errors", field.errors))
        if given
    ]
    attributes: dict[str, str | bool] = {}
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    if field.errors:
        attributes["aria-invalid"] = "true"
    shown = field.as_widget(attrs=attributes)
    if not field.field.show_hidden_initial:
        return shown
    return shown + field.as_hidden(only_initial=True)
