"""What a merge would do, before anybody agrees to it: field by field, and what moves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.custom.values import COLUMN
from clientier.kit import cells, formats, resource
from clientier.kit.cells import Setting
from clientier.kit.resource import Column, label_of
from clientier.rooms.duplicates.queries.choosing import column_of, held, merged_fields, proposed
from clientier.rooms.duplicates.queries.references import custom_references, references
from clientier.rooms.parties.models import Customer


def fields_side_by_side(
    actor: Actor, survivor: Customer, others: Sequence[Customer], setting: Setting
) -> list[dict[str, Any]]:
    """Each field that the actor may read, with every customer's value and the one that would stand."""
    shown = resource.of(Customer)
    allowed = access.fields(actor, Customer)
    after = proposed(survivor, others)
    everybody = [survivor, *others]
    told: list[dict[str, Any]] = []
    for name in merged_fields():
        if shown is None or not access.can_read(actor, Customer, name):
            continue
        column, shown_as = column_of(name), Column(path=name)
        drawn = [cells.cell(shown, shown_as, each, setting) for each in everybody]
        values = [held(each, name) for each in everybody]
        standing = next((i for i, value in enumerate(values) if value == after[column] and value), None)
        together = standing is None and bool(after[column])
        told.append(
            {
                "name": name,
                "label": capfirst(label_of(shown, shown_as)),
                "choices": [
                    {"key": each.pk, "cell": cell, "chosen": i == standing, "empty": value in (None, "")}
                    for i, (each, cell, value) in enumerate(zip(everybody, drawn, values, strict=True))
                ],
                "differs": len({str(value) for value in values if value not in (None, "")}) > 1,
                "together": str(after[column]) if together else "",
                "writable": name in allowed.writable,
            }
        )
    return [row for row in told if any(not choice["empty"] for choice in row["choices"])]


def what_moves(actor: Actor, survivor: Customer, others: Sequence[Customer]) -> list[dict[str, Any]]:
    """How many records of each kind would move; of kinds that the actor may not see, the number alone is told."""
    keys = [each.pk for each in others]
    apart = [survivor.pk, *keys]
    counted: dict[Any, int] = {}
    for model, key in references(Customer):
        number = model._base_manager.filter(**{f"{key.name}__in": keys}).count()
        if number:
            counted[model] = counted.get(model, 0) + number
    for model, each in custom_references(Customer):
        way = reduce(or_, (Q(**{f"{COLUMN}__contains": {each.code: key}}) for key in keys))
        found = model._base_manager.filter(way)
        number = (found.exclude(pk__in=apart) if model is Customer else found).count()
        if number:
            counted[model] = counted.get(model, 0) + number
    told = [
        {"label": capfirst(str(model._meta.verbose_name_plural)), "number": formats.number(number)}
        for model, number in counted.items()
        if actor.reach(model, "view") is not Reach.NONE
    ]
    unseen = sum(n for model, n in counted.items() if actor.reach(model, "view") is Reach.NONE)
    return [
        *sorted(told, key=lambda each: each["label"]),
        *([{"label": "", "number": unseen}] if unseen else []),
    ]
