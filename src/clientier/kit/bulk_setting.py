"""One field given the same value on many records; of several choices, some added or taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.forms import ModelForm
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.custom import definitions
from clientier.core.custom.models import Kind
from clientier.core.custom.values import COLUMN
from clientier.core.errors import BadQuestion, NotFound
from clientier.kit import custom_forms, forms
from clientier.kit.resource import Resource

Changes = Callable[[Any], dict[str, Any]]


def settable(shown: Resource, actor: Actor) -> list[tuple[str, str]]:
    """The fields that can hold the same value on many records, with their names; the owner is handed over instead."""
    writable = access.fields(actor, shown.model).writable
    names = [
        name for name in shown.form_fields if name in writable and name not in (shown.title_column, "owner")
    ]
    own = [found for name in names if not (found := access.field_at(shown.model, name)).unique]
    named = [(found.name, capfirst(str(found.verbose_name))) for found in own]
    custom = custom_forms.paths_for(shown.model, actor)
    return named + [
        (path, str(known.label)) for path in custom if (known := definitions.at(shown.model, path))
    ]


def form_for(shown: Resource, actor: Actor, path: str, posted: QueryDict | None = None) -> ModelForm[Any]:
    """The form with this field alone, and for several choices what is to be done with them."""
    if path not in dict(settable(shown, actor)):
        raise NotFound
    made = forms.form_class(shown, actor, (path,))(posted)
    if _holds_several(shown, path):
        how = [("add", _("Add these")), ("take", _("Take these away")), ("set", _("Exactly these"))]
        made.fields["set_how"] = django_forms.ChoiceField(label=_("What to do"), choices=how)
        made.order_fields(["set_how", path])
    return made


def changes(shown: Resource, actor: Actor, posted: QueryDict) -> Changes:
    """What was posted, as the changes that it means for each record; BadQuestion when the value does not fit."""
    path = posted.get("set_field", "")
    form = form_for(shown, actor, path, posted)
    form.full_clean()
    wrong = [str(words) for name in (path, "set_how") for words in form.errors.get(name, [])]
    if wrong:
        raise BadQuestion(_("%(reason)s Nothing was changed.") % {"reason": " ".join(wrong)})
    value, how = form.cleaned_data.get(path), form.cleaned_data.get("set_how", "set")
    if how == "set":
        return lambda record: {path: value}
    picked, code = list(value or ()), path.removeprefix(definitions.PREFIX)

    def joined(record: Any) -> dict[str, Any]:
        kept = list(getattr(record, COLUMN).get(code) or ())
        if how == "take":
            return {path: [each for each in kept if each not in picked]}
        return {path: kept + [each for each in picked if each not in kept]}

    return joined


def _holds_several(shown: Resource, path: str) -> bool:
    known = definitions.at(shown.model, path)
    return known is not None and known.kind is Kind.CHOICES
