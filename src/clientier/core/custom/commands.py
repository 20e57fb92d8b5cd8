"""Giving kinds of records fields of their own, changing them, and putting them away without loss."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models.fields.json import KT
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from clientier.core import access, audit
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.custom import definitions, formula, jobs, kinds
from clientier.core.custom.models import CustomField, Kind
from clientier.core.custom.settling import MOST_FIELDS, model_with_custom_fields, settle
from clientier.core.errors import Conflict, DomainError
from clientier.core.models import AuditEntry

FIXED = ("record", "code", "kind", "result", "retired")
MOST_EXAMPLES = 20
CONVERSIONS: dict[str, tuple[str, ...]] = {
    Kind.TEXT: (Kind.LONG_TEXT,),
    Kind.LONG_TEXT: (Kind.TEXT,),
    Kind.NUMBER: (Kind.TEXT,),
    Kind.MONEY: (Kind.NUMBER, Kind.TEXT),
    Kind.DATE: (Kind.TEXT,),
    Kind.CHOICE: (Kind.TEXT, Kind.CHOICES),
}


class FieldInUse(DomainError):
    """Formulas draw on the field."""

    code = "field_in_use"


class WouldLose(DomainError):
    """The change would lose what records hold."""

    code = "would_lose"


@command("custom_field.define", needs="add")
def define(
    model: type[CustomField], *, actor: Actor, changes: dict[str, Any], formula_names: Iterable[str]
) -> CustomField:
    """Give a kind of record a field; its code is its own for good."""
    definitions.begin_change()
    field = model(**changes)
    home = model_with_custom_fields(field.record)
    if len(definitions.every(home)) >= MOST_FIELDS:
        raise Conflict(_("At most %(number)d fields for one kind of record.") % {"number": MOST_FIELDS})
    settle(field, formula_names=formula_names)
    if _holding(home, field.code).exists() or _was_of_another_kind(field):
        raise WouldLose(_("Records hold values of an earlier field with this code. Take another code."))
    field.save(force_insert=True)
    return _settled(field, index=field.indexed, search=False)


@command("custom_field.change", needs="change")
def change(
    field: CustomField, *, actor: Actor, changes: dict[str, Any], formula_names: Iterable[str]
) -> CustomField:
    """Change what a field is called and what it allows; what records hold stays."""
    definitions.begin_change()
    before = {"choices": field.choices, "searchable": field.searchable, "indexed": field.indexed}
    for name, value in changes.items():
        if name not in FIXED:
            setattr(field, name, value)
    settle(field, formula_names=formula_names)
    _refuse_lost_choices(field, before["choices"])
    field.save()
    definitions.forget()
    _refuse_broken_formulas(field)
    search = field.searchable != before["searchable"]
    return _settled(field, index=field.indexed != before["indexed"], search=search)


@command("custom_field.retire", needs="change")
def retire(field: CustomField, *, actor: Actor) -> CustomField:
    """Hide the field everywhere; records keep what they hold, and it can be brought back."""
    definitions.begin_change()
    if users := formulas_on(field):
        raise FieldInUse(
            _("Formulas draw on this field: %(names)s. Change those first.") % {"names": ", ".join(users)}
        )
    field.retired = True
    field.save(update_fields=["retired"])
    return _settled(field, index=field.indexed, search=field.searchable)


@command("custom_field.bring_back", needs="change")
def bring_back(field: CustomField, *, actor: Actor, formula_names: Iterable[str]) -> CustomField:
    """Show a retired field again, with all that records still hold."""
    definitions.begin_change()
    field.retired = False
    settle(field, formula_names=formula_names)
    field.save(update_fields=["retired", "result"])
    return _settled(field, index=field.indexed, search=field.searchable)


@dataclass(frozen=True)
class Preview:
    """How many records hold the field, how many of these would not convert, and some of them."""

    filled: int
    lost: int
    examples: list[tuple[str, str]]


def preview(field: CustomField, kind: str) -> Preview:
    """What converting the field to another kind would do; Conflict where that is never lossless."""
    if kind not in CONVERSIONS.get(field.kind, ()):
        raise Conflict(_("This kind cannot become that one without loss."))
    holding = _holding(model_with_custom_fields(field.record), field.code)
    if (field.kind, kind) != (Kind.LONG_TEXT, Kind.TEXT):
        return Preview(holding.count(), 0, [])
    text = KT(f"custom__{field.code}")
    too_long = holding.annotate(as_text=text, letters=Length(text)).filter(
        models.Q(as_text__contains="\n") | models.Q(letters__gt=kinds.LONGEST[Kind.TEXT])
    )
    examples = [(str(record), record.as_text[:80]) for record in too_long.order_by("pk")[:MOST_EXAMPLES]]
    return Preview(holding.count(), too_long.count(), examples)


@transaction.atomic
def convert(field: CustomField, *, actor: Actor, kind: str) -> CustomField:
    """Change the kind of a field where nothing is lost by it; WouldLose otherwise, with nothing changed.

    It is no change that can be undone by itself: records may hold by then what the former kind cannot.
    """
    field = access.lock(actor, field, "change")
    definitions.begin_change()
    if formulas_on(field):
        raise FieldInUse(_("Formulas draw on this field. Change those first."))
    found = preview(field, kind)
    if found.lost:
        raise WouldLose(
            _("%(number)d records hold what would be lost. Nothing was changed.") % {"number": found.lost}
        )
    former, known = field.kind, definitions.definition(field)
    model = model_with_custom_fields(field.record)
    jobs.drop_index(model, known)
    _rewrite(model, known, kind)
    field.kind = kind
    field.choices = field.choices if kind == Kind.CHOICES else []
    field.default = None if field.default is None else _rewritten(known, field.default, kind)
    settle(field, formula_names=())
    field.save()
    audit.note(
        "custom_field.convert", CustomField, actor, field=[field.pk, field.pk], kind=[former, kind],
        records=[None, found.filled],
    )  # fmt: skip
    return _settled(field, index=field.indexed, search=field.searchable)


def formulas_on(field: CustomField) -> list[str]:
    """The names of formulas that draw on the field."""
    model = model_with_custom_fields(field.record)
    path = f"{definitions.PREFIX}{field.code}"
    return [
        str(each.label)
        for each in definitions.live(model).values()
        if each.kind is Kind.FORMULA and each.code != field.code
        if path in (formula.names_in(each, model) or ())
    ]


def former_codes(home: type[models.Model]) -> set[str]:
    """The codes of all fields that these records were ever given, also of those whose making was undone."""
    named = {"changes__record": [None, home._meta.label_lower]}
    made = AuditEntry.objects.filter(
        record=CustomField._meta.label_lower, verb="custom_field.define", **named
    )
    return {code for _before, code in made.values_list("changes__code", flat=True)}


def _was_of_another_kind(field: CustomField) -> bool:
    """The trash may hold values of a field whose making was undone; as another kind they could not be read."""
    named = {"changes__record": [None, field.record], "changes__code": [None, field.code]}
    made = AuditEntry.objects.filter(record=field._meta.label_lower, verb="custom_field.define", **named)
    return made.exclude(changes__kind=[None, field.kind]).exists()


def _refuse_broken_formulas(field: CustomField) -> None:
    """A formula whose kind of result changed may no longer fit into those that draw on it."""
    model = model_with_custom_fields(field.record)
    for each in definitions.live(model).values():
        if each.kind is Kind.FORMULA:
            try:
                result, _names = formula.result_of(each.formula, model, each.code)
            except formula.BadFormula as fault:
                raise FieldInUse(f"{each.label}: {fault}") from fault
            if result != each.result:
                raise FieldInUse(
                    _("The formula “%(name)s” would have another kind of value.") % {"name": each.label}
                )


def _refuse_lost_choices(field: CustomField, before: list[dict[str, Any]]) -> None:
    """Choices that records may hold are retired, not removed."""
    gone = {choice["code"] for choice in before} - {choice["code"] for choice in field.choices}
    model = model_with_custom_fields(field.record)
    for code in sorted(gone):
        held = models.Q(custom__contains={field.code: code})
        held |= models.Q(custom__contains={field.code: [code]})
        if model._default_manager.filter(held).exists():
            raise WouldLose(
                _("Records hold the choice “%(choice)s”: retire it instead of removing it.")
                % {"choice": code}
            )


def _holding(model: type[models.Model], code: str) -> models.QuerySet[Any]:
    return model._default_manager.filter(custom__has_key=code)


def _rewrite(model: type[models.Model], known: definitions.Definition, kind: str) -> None:
    """Bring what records hold into the form that the new kind keeps, in one statement."""
    if known.kind is not Kind.CHOICE:
        return
    code, table = known.code, model._meta.db_table
    held = f"custom ->> '{code}'"
    if kind == Kind.CHOICES:
        value, params = f"jsonb_build_array({held})", []
    else:
        words = {choice.code: definitions.said(choice.names, choice.code) for choice in known.choices}
        value = f"to_jsonb(COALESCE(%s::jsonb ->> ({held}), {held}))"
        params = [json.dumps(words)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE \"{table}\" SET custom = jsonb_set(custom, '{{{code}}}', {value}) WHERE custom ? '{code}'",
            params,
        )


def _rewritten(known: definitions.Definition, value: Any, kind: str) -> Any:
    if known.kind is not Kind.CHOICE:
        return value
    return [value] if kind == Kind.CHOICES else str(known.by_choice.get(value, value))


def _settled(field: CustomField, *, index: bool, search: bool) -> CustomField:
    """Queue what the database must do for it, and let this thread see it."""
    definitions.forget()
    if index or search:
        jobs.settle.defer(record=field.record, code=field.code, search=search)
    return field
