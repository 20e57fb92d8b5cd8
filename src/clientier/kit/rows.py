"""From a question to rows, under the actor's rights. Lists, exports, the API and bulk work all come through here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.coded import CodedField
from clientier.core.custom.definitions import PREFIX
from clientier.core.custom.values import COLUMN
from clientier.core.errors import BadQuestion, NotFound
from clientier.core.search import SearchField
from clientier.core.tokens import contained
from clientier.kit import custom_values, questions
from clientier.kit.imports.written import written_by
from clientier.kit.questions import Condition, Question
from clientier.kit.resource import Column, Resource, kind_of

COUNTED_UP_TO = 10_000
REACHED = "reached_"


def readable(resource: Resource, actor: Actor) -> list[Column]:
    """The columns whose every hop the actor may read."""
    known = [*resource.all_columns, *custom_values.columns(resource.model)]
    return [c for c in known if access.can_read(actor, resource.model, c.path)]


def shown(resource: Resource, actor: Actor, question: Question) -> list[Column]:
    """The columns asked for, in that order; without a wish, those shown to newcomers."""
    allowed = {column.path: column for column in readable(resource, actor)}
    if question.columns:
        return [allowed[path] for path in question.columns if path in allowed]
    return [column for column in allowed.values() if column.shown]


def select(resource: Resource, actor: Actor, question: Question, today: dt.date) -> QuerySet[Any]:
    """The rows in reach that answer the question, not yet in order."""
    found = access.visible(actor, resource.model)
    if question.conditions:
        found = found.filter(conditions(resource, actor, question, today))
    if question.imported:
        found = found.filter(pk__in=written_by(resource.model, question.imported))
    if question.search and resource.searchable:
        found = found.filter(matching(resource, actor, question.search))
    return found


def matching(resource: Resource, actor: Actor, text: str) -> Q:
    """Found by the tokens of the record; where some come from fields that are hidden from the actor, by the others."""
    sources: tuple[str, ...] = resource.model._meta.get_field("search").sources  # type: ignore[union-attr]
    sources = (*sources, *custom_values.searched(resource.model))
    seen = [name for name in sources if access.can_read(actor, resource.model, name)]
    if len(seen) == len(sources):
        return Q(search__matches=text)
    return reduce(or_, (Q(**{f"{name}__icontains": text}) for name in seen if "\0" not in text), Q(pk__in=[]))


def conditions(resource: Resource, actor: Actor, question: Question, today: dt.date) -> Q:
    """All conditions at once, alternatives together. A field that is hidden from the actor cannot be asked about."""
    allowed = {c.path: c for c in readable(resource, actor) if c.filterable}
    groups: list[Q] = []
    for condition in question.conditions:
        if condition.path not in allowed:
            raise BadQuestion(_("There is no field “%(field)s” to filter by.") % {"field": condition.path})
        kind = kind_of(resource, allowed[condition.path])
        holds = questions.as_filter(condition, kind, today)
        if condition.operator == "contains":
            holds &= _maybe_containing(resource, condition)
        for trail, rule in access.beyond(actor, resource.model, condition.path).items():
            holds &= rule | Q(**{f"{trail}__isnull": True})
        holds &= custom_values.reach_of(actor, resource.model, condition.path) or Q()
        if condition.alternative and groups:
            groups[-1] |= holds
        else:
            groups.append(holds)
    return reduce(and_, groups, Q())


def _maybe_containing(resource: Resource, condition: Condition) -> Q:
    """All who may contain the text, as far as tokens tell: an index finds them without reading every name."""
    if PREFIX in condition.path:
        return custom_values.maybe_containing(resource.model, condition.path, condition.text)
    *hops, name = condition.path.split("__")
    model = access.field_at(resource.model, "__".join(hops)).related_model if hops else resource.model
    tokens = next((field for field in model._meta.fields if isinstance(field, SearchField)), None)
    text = contained(condition.text)
    if tokens is None or name not in tokens.texts or not text:
        return Q()
    return Q(**{"__".join((*hops, tokens.name, "matches")): text})


def ordering(resource: Resource, actor: Actor, question: Question) -> tuple[str, bool]:
    """The path to order by and whether downwards; an unknown wish falls back to the resource's own order."""
    sortable = {c.path for c in readable(resource, actor) if is_sortable(resource, c, actor)}
    wish = question.order if question.order.lstrip("-") in sortable else resource.first_order
    if wish.lstrip("-") not in sortable | {"pk"}:
        wish = resource.order
    return wish.lstrip("-"), wish.startswith("-")


def is_sortable(resource: Resource, column: Column, actor: Actor) -> bool:
    """Not by relations, and not by what may be out of reach: the order would tell what the rows do not."""
    plain = column.sortable and kind_of(resource, column) not in {"relation", "user", "spark"}
    return plain and not access.beyond(actor, resource.model, column.path)


def joined(resource: Resource, found: QuerySet[Any], columns: list[Column], actor: Actor) -> QuerySet[Any]:
    """With what the columns need from other tables, so that a list costs the same whatever its length.

    Of related records that may be out of reach each row tells whether they are: their names are not shown then.
    """
    joins = set()
    found = found.annotate(**_reached(actor, resource.model, [column.path for column in columns]))
    for column in columns:
        for path in filter(None, (column.path, column.currency)):
            if PREFIX in path:
                continue
            parts = path.split("__")
            hops = parts if access.field_at(resource.model, path).is_relation else parts[:-1]
            if hops:
                joins.add("__".join(hops))
    found = custom_values.with_computed(found, [column.path for column in columns])
    return found.select_related(*sorted(joins)) if joins else found


def one(resource: Resource, actor: Actor, pk: object) -> Any:
    """The record for its page, with what its fields and columns lead to; or NotFound, as in ``access.get``."""
    leading: dict[str, Column] = {}  # one column for each other record is enough to read it along
    for path in (*(column.path for column in resource.all_columns), *resource.form_fields):
        hops = path.rpartition("__")[0] or path
        if hops not in leading and access.can_read(actor, resource.model, path):
            leading[hops] = Column(path=path)
    found = access.visible(actor, resource.model).filter(pk=pk)
    # One row needs no order, which Django would set against each of some two hundred columns.
    for record in joined(resource, found, list(leading.values()), actor).order_by()[:1]:
        return record
    raise NotFound


def capped_count(found: QuerySet[Any]) -> tuple[int, bool]:
    """How many, counted no further than is useful; and whether there are more than that."""
    number = found.order_by()[: COUNTED_UP_TO + 1].count()
    return min(number, COUNTED_UP_TO), number > COUNTED_UP_TO


def _reached(actor: Actor, model: type[Model], paths: Iterable[str]) -> dict[str, Any]:
    """Whether related records are in reach, by the name under which a row tells it."""
    found: dict[str, Q] = {}
    for path in paths:
        if not access.can_read(actor, model, path):
            continue
        found |= access.beyond(actor, model, path)
        if rule := custom_values.reach_of(actor, model, path):
            found[path] = rule
    return {f"{REACHED}{trail}": ExpressionWrapper(rule, BooleanField()) for trail, rule in found.items()}


def telling_reached(found: QuerySet[Any], actor: Actor, *paths: str) -> QuerySet[Any]:
    """The same rows, each of which tells whether what these paths lead to is in reach: ask ``value_at`` for it."""
    return found.annotate(**_reached(actor, found.model, paths))


def tell_reached(actor: Actor, record: Model, paths: Iterable[str]) -> None:
    """Let a record that was read by itself tell what rows of a list tell: which related records are in reach."""
    known = record.__dict__
    wanted = {n: w for n, w in _reached(actor, type(record), paths).items() if n not in known}
    if wanted:
        same = type(record)._default_manager.filter(pk=record.pk).annotate(**wanted)
        known.update(same.values(*wanted).first() or dict.fromkeys(wanted, False))


def is_unseen(record: Model, path: str) -> bool:
    """Whether the path leads to, or through, a record that is there and out of reach."""
    known = record.__dict__
    for told, trail in _trails(path):
        if known.get(told, True) is not True and found_at(record, trail) is not None:
            return True
    return False


@lru_cache(maxsize=1024)
def _trails(path: str) -> tuple[tuple[str, str], ...]:
    """The stretches of a path, the shortest first, each after the name by which a row tells if it is in reach."""
    hops = path.split("__")
    trails = ["__".join(hops[: place + 1]) for place in range(len(hops))]
    return tuple((f"{REACHED}{trail}", trail) for trail in trails)


def with_hints(resource: Resource, found: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """With what ``hint`` needs from other tables."""
    return joined(resource, found, [Column(path=path) for path in resource.hint_paths], actor)


def hint(resource: Resource, actor: Actor, record: Model) -> str:
    """What tells records of the same name apart, as far as the actor may read it."""
    paths = [path for path in resource.hint_paths if access.can_read(actor, resource.model, path)]
    return " · ".join(filter(None, (text_at(record, path) for path in paths)))


def value_at(record: Model, path: str) -> Any:
    """The value at the end of the path, or None where a hop is missing or leads out of reach."""
    return None if is_unseen(record, path) else found_at(record, path)


def text_at(record: Model, path: str) -> str:
    """The value at the end of the path as a word; what stands for a code by its name."""
    field, value = access.field_at(type(record), path), value_at(record, path)
    return field.name_of(value) if value and isinstance(field, CodedField) else str(value or "")


def found_at(record: Model, path: str) -> Any:
    """The value at the end of the path, whether it is in reach or not: to be asked where that is known."""
    if "__" not in path:
        return getattr(record, path, None)
    value: Any = record
    for name in path.split("__"):
        if name == COLUMN and isinstance(value, Model):
            return custom_values.value_of(value, path.rpartition(PREFIX)[2])
        value = getattr(value, name, None)
    return value
