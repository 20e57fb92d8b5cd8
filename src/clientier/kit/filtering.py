"""The filters of a list: those in force in words, and those that can be asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.access import field_at
from clientier.core.actor import Actor
from clientier.core.coded import CodedField
from clientier.core.outside import whole_numbers
from clientier.core.wording import listed
from clientier.kit import coded, questions, resource, rows
from clientier.kit.imports import written
from clientier.kit.questions import Condition, Question
from clientier.kit.resource import Column, Resource, kind_of, label_of


def filters(shown: Resource, actor: Actor, question: Question) -> dict[str, Any]:
    columns = {c.path: c for c in rows.readable(shown, actor) if c.filterable}
    active = [
        _active(shown, actor, columns[condition.path], place, question)
        for place, condition in enumerate(question.conditions)
        if condition.path in columns
    ]
    asked = [each.pop("condition") for each in active]
    if question.imported:
        active.append(_from_import(question))
    return {
        "filters": active,
        "conditions": asked,
        "filter_fields": [
            field for column in columns.values() if (field := _filter_field(shown, column)) is not None
        ],
    }


def _from_import(question: Question) -> dict[str, Any]:
    return {
        "label": _("Import"),
        "op_label": "",
        "text": written.chip(question.imported),
        "alternative": False,
        "remove_url": f"?{replace(question, imported='').query()}",
    }


def _active(shown: Resource, actor: Actor, column: Column, place: int, question: Question) -> dict[str, Any]:
    """A condition in force: in words, as the dialog asks for it, and the way to the list without it."""
    condition = question.conditions[place]
    texts = _value_words(shown, actor, column, condition)
    return {
        "label": label_of(shown, column),
        "op_label": str(questions.OPERATOR_LABELS[condition.operator]),
        "text": listed(texts),
        "alternative": condition.alternative and place > 0,
        "remove_url": f"?{question.without(place).query()}",
        "condition": {
            "path": condition.path,
            "op": condition.operator,
            "value": condition.text,
            "texts": texts,
            "alternative": condition.alternative,
        },
    }


def _value_words(shown: Resource, actor: Actor, column: Column, condition: Condition) -> list[str]:
    """The values of a condition in words; what is out of reach has none but its key."""
    family = questions.family(kind_of(shown, column))
    model_field = field_at(shown.model, column.path)
    if family in {"choice", "coded"}:
        words = dict(model_field.flatchoices)
        return [str(words.get(value, value)) for value in condition.values]
    if family == "relation":
        keys = whole_numbers([*condition.values])
        named = access.visible(actor, model_field.related_model).in_bulk(keys)
        return [str(named.get(key, key)) for key in keys]
    if family == "bool":
        return [_("yes") if condition.text == "yes" else _("no")]
    return [condition.text]


def _filter_field(shown: Resource, column: Column) -> dict[str, Any] | None:
    kind = kind_of(shown, column)
    family = questions.family(kind)
    if family not in questions.OPERATORS:
        return None
    model_field = field_at(shown.model, column.path)
    choices = [
        {"value": v, "label": str(label)} for v, label in model_field.flatchoices if family == "choice"
    ]
    if family == "bool":
        choices = [{"value": "yes", "label": _("yes")}, {"value": "no", "label": _("no")}]
    operators = questions.OPERATORS[family]
    return {
        "path": column.path,
        "label": label_of(shown, column),
        "kind": family,
        "ops": [{"op": op, "label": str(questions.OPERATOR_LABELS[op])} for op in operators],
        "choices": choices,
        "pick_url": _pick_url(model_field),
    }


def _pick_url(model_field: Any) -> str:
    """Where the values of a condition are chosen, if there are too many to send them along."""
    if isinstance(model_field, CodedField):
        return coded.names_url(model_field)
    target = resource.of(model_field.related_model) if model_field.is_relation else None
    return reverse(f"{target.slug}-pick") if target else ""
