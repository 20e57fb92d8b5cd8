"""The one place that decides which rows and which fields an actor may touch.

A model says how its rows belong to people: ``OWNER_PATH`` leads to the user who answers for a row,
``TERRITORY_PATH`` to its territory. A model whose rows lie between two names both paths of the second as
``OTHER_END``: who may see such a row reaches both ends. A model without an ``OWNER_PATH`` is shared: who may
see one sees all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q, QuerySet

from clientier.core.actor import Actor, Reach
from clientier.core.custom import definitions, formula, kinds
from clientier.core.custom.definitions import PREFIX, Definition
from clientier.core.custom.models import Kind
from clientier.core.custom.values import CustomValuesField
from clientier.core.errors import NotAllowed, NotFound

NOTHING = Q(pk__in=[])
Record = TypeVar("Record", bound=Model)


def rows(actor: Actor, model: type[Model], action: str = "view", *, kept_in: type[Model] | None = None) -> Q:
    """The row rule, as a filter. Lists, single records and writes all ask this function.

    ``kept_in`` is the model whose paths lead to owner and territory when the rows lie elsewhere than in
    their own table: in the trash.
    """
    reach = actor.reach(model, action)
    home = kept_in or model
    owner = getattr(home, "OWNER_PATH", None) if hasattr(model, "OWNER_PATH") else None
    if reach is Reach.ALL or (owner is None and reach is not Reach.NONE):
        return Q()
    if reach is Reach.NONE or owner is None:
        return NOTHING
    territory = getattr(home, "TERRITORY_PATH", None) if hasattr(model, "TERRITORY_PATH") else None
    ends = [(owner, territory)]
    if other_end := getattr(model, "OTHER_END", None):
        if kept_in is not None:
            return NOTHING  # the trash remembers one of the two owners only
        ends.append(other_end)
    return reduce(and_, (_reached(actor, reach, *end) for end in ends))


def _reached(actor: Actor, reach: Reach, owner: str, territory: str | None) -> Q:
    if reach is Reach.OWN:
        return Q(**{owner: actor.user_id})
    team = Q(**{f"{owner}__in": actor.teammates | {actor.user_id}})
    if reach is Reach.TEAM or territory is None:
        return team
    return team | Q(**{f"{territory}__in": actor.territories})


def visible(actor: Actor, model: type[Record], action: str = "view") -> QuerySet[Record]:
    return model._default_manager.filter(rows(actor, model, action))


def get(actor: Actor, model: type[Record], pk: object, action: str = "view") -> Record:
    """The record, or NotFound when it does not exist or is out of reach."""
    if found := visible(actor, model, action).filter(pk=pk).first():
        return found
    raise NotFound


def require(actor: Actor, model: type[Model], action: str) -> None:
    """Raise unless the actor may do ``action`` to at least some records of this kind."""
    if actor.reach(model, action) is Reach.NONE:
        raise NotAllowed


def lock(actor: Actor, record: Record, action: str) -> Record:
    """Read the record afresh and lock it, if the actor may do ``action`` to it.

    Fresh, because a validated ModelForm has already changed the instance it was given.
    """
    model = type(record)
    found = visible(actor, model, action).select_for_update(of=("self",)).filter(pk=record.pk).first()
    if found:
        return found
    if visible(actor, model).filter(pk=record.pk).exists():
        raise NotAllowed
    raise NotFound


@dataclass(frozen=True)
class Fields:
    """The names of the fields that an actor may read and write on one kind of record."""

    readable: frozenset[str]
    writable: frozenset[str]


def fields(actor: Actor, model: type[Model]) -> Fields:
    """The field rule of one kind of record."""
    label = model._meta.label_lower
    stored = [f for f in model._meta.get_fields() if isinstance(f, Field)]
    custom = definitions.live(model).values()
    names = {f.name for f in stored if not isinstance(f, CustomValuesField)} | {each.path for each in custom}
    readable = names - {name for kind, name in actor.hidden if kind == label}
    locked = {name for kind, name in actor.locked if kind == label}
    editable = {f.name for f in stored if f.editable and not f.primary_key}
    editable |= {each.path for each in custom if can_write_custom(actor, each)}
    return Fields(readable=frozenset(readable), writable=frozenset((readable & editable) - locked))


def can_read(actor: Actor, model: type[Model], path: str) -> bool:
    """Every hop of ``customer__owner__name`` must be readable, not only the first.

    A hop to a record that lies beside this one (``standing__tier``) must reach as far as this one does: the
    rows of both are ruled by the same people, and a narrower right on the second holds on this list too.
    """
    hop: Any = model
    for name in path.split("__"):
        field = hop._meta.get_field(name)
        if isinstance(field, CustomValuesField):
            return _can_read_custom(actor, hop, path.rpartition(PREFIX)[2])
        if isinstance(field, Field) and name not in fields(actor, hop).readable:
            return False
        if field.is_relation and actor.reach(field.related_model, "view") is Reach.NONE:
            return False
        if not field.concrete and actor.reach(field.related_model, "view") < actor.reach(hop, "view"):
            return False
        hop = field.related_model or hop
    return True


def _can_read_custom(actor: Actor, model: type[Model], code: str) -> bool:
    """A custom field that is in use, and for a formula everything that it draws on."""
    known = definitions.live(model).get(code)
    if known is None or (model._meta.label_lower, known.path) in actor.hidden:
        return False
    if known.refers_to is not None and actor.reach(known.refers_to, "view") is Reach.NONE:
        return False
    if known.kind is not Kind.FORMULA:
        return True
    names = formula.names_in(known, model)
    return names is not None and all(can_read(actor, model, name) for name in names)


def can_write_custom(actor: Actor, known: Definition) -> bool:
    """Whether values of this kind of field can be written at all, by somebody who sees what they refer to."""
    if known.refers_to is not None and actor.reach(known.refers_to, "view") is Reach.NONE:
        return False
    return known.kind is not Kind.FORMULA


def field_at(model: type[Model], path: str) -> Any:
    """The model field at ``path``; a typo in a declaration fails at import, not on a customer's page."""
    hop: Any = model
    field: Any = None
    for name in path.split("__"):
        try:
            field = hop._meta.get_field(name)
        except FieldDoesNotExist as error:
            raise ValueError(f"{model.__name__} has no field {path!r}") from error
        if isinstance(field, CustomValuesField):
            return _custom_field_at(hop, path)
        hop = field.related_model or hop
    return field


def _custom_field_at(model: type[Model], path: str) -> Any:
    code = path.rpartition(PREFIX)[2]
    if known := definitions.live(model).get(code):
        return kinds.model_field(known, model)
    raise ValueError(f"{model.__name__} has no field {path!r}")
