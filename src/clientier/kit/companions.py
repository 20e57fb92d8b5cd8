"""Records that belong to one record alone, entered on its form, and made when first there is something in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import QueryDict

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.errors import DomainError
from clientier.kit import forms
from clientier.kit.resource import Companion, Resource


class Refused(Exception):
    """Nothing was written; the form says why."""


@dataclass(frozen=True)
class Part:
    """One companion on a form: the record if there is one already, and its own form within the other."""

    companion: Companion
    record: Model | None
    form: ModelForm[Any]


def parts(shown: Resource, actor: Actor, record: Model | None, data: QueryDict | None) -> list[Part]:
    """The companions that this actor may fill in; one whose fields were not sent is left alone."""
    made = []
    for companion in shown.companions:
        model, known = companion.resource.model, None
        if record:
            known = model._default_manager.filter(**{companion.path: record.pk}).first()
        action = "change" if known else "add"
        if actor.reach(model, action) is Reach.NONE:
            continue
        if known and not access.visible(actor, model, action).filter(pk=known.pk).exists():
            continue
        made.append(Part(companion, known, _form(companion, actor, known, data)))
    return made


def accepted(form: ModelForm[Any], beside: Sequence[Part]) -> bool:
    """Whether all that was sent is valid, and nobody else has changed it meanwhile."""
    if not form.is_valid():
        return False
    sent = [form, *(part.form for part in fitting(beside, form))]
    wrong = [each for each in sent if not each.is_valid()]
    stale = [each for each in sent if not wrong and forms.refuse_what_changed_meanwhile(each)]
    return not wrong and not stale


def fitting(beside: Sequence[Part], form: ModelForm[Any]) -> list[Part]:
    """Those that were sent and make sense for what the form says the record is."""
    said = {**form.initial, **form.cleaned_data}
    return [p for p in beside if p.form.is_bound and said.get(p.companion.when[0]) == p.companion.when[1]]


@transaction.atomic
def save(
    shown: Resource, actor: Actor, record: Model | None, form: ModelForm[Any], beside: Sequence[Part]
) -> Any:
    """Write the record and what was filled in beside it, all or nothing; a refusal is put on its form."""
    write = shown.update if record else shown.create
    facts = forms.changes(form) if record else forms.filled(form)
    with _refusals_on(form):
        saved = write(record or shown.model, actor=actor, changes=facts)
    for part in fitting(beside, form):
        if not part.form.has_changed():
            continue
        of = part.companion.resource
        with _refusals_on(part.form):
            if part.record:
                of.update(part.record, actor=actor, changes=forms.changes(part.form))
            else:
                known = {**forms.filled(part.form), part.companion.path: saved}
                of.create(of.model, actor=actor, changes=known)
    return saved


@contextmanager
def _refusals_on(form: ModelForm[Any]) -> Iterator[None]:
    try:
        yield
    except (DomainError, ValidationError) as refusal:
        forms.say_refusal(form, refusal)
        raise Refused from refusal


def _form(companion: Companion, actor: Actor, known: Model | None, data: QueryDict | None) -> ModelForm[Any]:
    prefix = companion.resource.slug
    fields = tuple(name for name in companion.resource.form_fields if name != companion.path)
    sent = data if data and any(name.startswith(f"{prefix}-") for name in data) else None
    made = forms.form_class(companion.resource, actor, fields)(sent, instance=known, prefix=prefix)
    if known:
        forms.remember_what_was_shown(made)
    return made
