"""Custom fields where records are read: as columns, in order and search, with the words that history uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.custom import definitions, kinds, values
from clientier.core.custom.definitions import Definition
from clientier.core.custom.models import Kind
from clientier.core.tokens import contained
from clientier.kit.resource import Column, Resource

CELLS = {
    Kind.TEXT: "text", Kind.LONG_TEXT: "text", Kind.NUMBER: "number", Kind.MONEY: "money", Kind.DATE: "date",
    Kind.CHOICE: "choice", Kind.CHOICES: "choices", Kind.USER: "user", Kind.CUSTOMER: "relation",
    Kind.YES_NO: "bool",
}  # fmt: skip
PLACE = 80
NOT_IN_ORDER = frozenset({Kind.LONG_TEXT, Kind.CHOICES, Kind.USER, Kind.CUSTOMER})


def formula_names(shown: Resource) -> set[str]:
    """The fields of a kind of record that its formulas may name: those that its lists and forms show."""
    return {column.path for column in shown.all_columns} | set(shown.form_fields)


def columns(model: type[Model]) -> list[Column]:
    """A column for each custom field in use; newcomers see those that the administrator put there."""
    return [
        Column(
            path=each.path,
            label=each.label,
            kind=CELLS[Kind(each.holds)],
            place=PLACE,
            shown=each.listed,
            sortable=each.kind not in NOT_IN_ORDER,
        )
        for each in definitions.live(model).values()
    ]


def with_computed(found: QuerySet[Any], paths: Sequence[str]) -> QuerySet[Any]:
    """With the values of formulas and the names of what is referred to, of those paths that need them."""
    known = [definitions.at(found.model, path) for path in paths]
    wanted = {_computed_name(each): _computed(each) for each in known if each and _is_computed(each)}
    return found.annotate(**wanted) if wanted else found


def value_of(record: Model, code: str) -> Any:
    """The value of one custom field: for a formula what the database computed, for a reference the record by name."""
    known = definitions.live(type(record)).get(code)
    if known is None:
        return None
    if not _is_computed(known):
        return values.value_of(record, known)
    if not hasattr(record, _computed_name(known)):
        _compute(record)
    computed = getattr(record, _computed_name(known))
    if known.refers_to is None or computed is None:
        return computed
    return known.refers_to(pk=values.value_of(record, known), name=computed)


def _compute(record: Model) -> None:
    """All that is not in the record itself, in one question."""
    known = [each for each in definitions.live(type(record)).values() if _is_computed(each)]
    wanted = {_computed_name(each): _computed(each) for each in known}
    found = type(record)._default_manager.filter(pk=record.pk).values(**wanted).first() or {}
    for name in wanted:
        setattr(record, name, found.get(name))


def _is_computed(definition: Definition) -> bool:
    return definition.kind is Kind.FORMULA or definition.kind in kinds.REFERENCES


def _computed_name(definition: Definition) -> str:
    return f"computed_{definition.code}"


def _computed(definition: Definition) -> Any:
    if (target := definition.refers_to) is None:
        return F(definition.path)
    return Subquery(target._default_manager.filter(pk=OuterRef(definition.path)).values("name")[:1])


def reach_of(actor: Actor, model: type[Model], path: str) -> Q | None:
    """By which rule what a field refers to is in reach; None where it always is, or refers to nothing."""
    known = definitions.at(model, path)
    if known is None or (target := known.refers_to) is None or not (rule := access.rows(actor, target)):
        return None
    return Q(Exists(target._default_manager.filter(rule, pk=OuterRef(path)))) | Q(**{f"{path}__isnull": True})


def searched(model: type[Model]) -> list[str]:
    """The paths of the fields by which the search box finds records, too."""
    return [each.path for each in definitions.live(model).values() if each.searchable]


def maybe_containing(model: type[Model], path: str, text: str) -> Q:
    """All who may contain the text, as far as the tokens of the search box tell."""
    known, letters = definitions.at(model, path), contained(text)
    return Q(search__matches=letters) if known and known.searchable and letters else Q()


def told(actor: Actor, model: type[Model]) -> dict[str, Any]:
    """The fields whose changes the actor may read, as the history asks about them."""
    return {
        each.path: kinds.model_field(each, model)
        for each in definitions.live(model).values()
        if each.kind is not Kind.FORMULA and access.can_read(actor, model, each.path)
    }


def plain(actor: Actor, record: Model, value_at: Callable[[Model, str], Any]) -> dict[str, Any]:
    """What the actor may read of the custom values, by code; references by id, and none to what is out of reach."""
    model = type(record)
    found = {
        code: value_at(record, each.path)
        for code, each in definitions.live(model).items()
        if access.can_read(actor, model, each.path)
    }
    return {code: value.pk if isinstance(value, Model) else value for code, value in found.items()}
