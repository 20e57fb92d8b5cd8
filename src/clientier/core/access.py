"""The one place that decides which rows and which fields an actor may touch.

A model says how its rows belong to people: ``OWNER_PATH`` leads to the user who answers for a row,
``TERRITORY_PATH`` to its territory. A model whose rows lie between two names both paths of the second as
``OTHER_END``: who may see such a row reaches both ends. A model without an ``OWNER_PATH`` is shared: who may
see one sees all. Of rows that may be nobody's ``OPEN_WITHOUT`` names the path that is empty then: who may see any
of the kind may see these. A model whose rows are called by the names of others names their kinds as
``NAMED_AFTER``: it reaches no further than those.

A record that is shared or lent is in reach beside all that, with whatever belongs to it by its ``OWNER_PATH``,
for the actions that were shared and that the role has at all. Names of related records that are out of reach are
not shown: ``beyond`` tells where a list must look.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value

from clientier.core.actor import Actor, Reach
from clientier.core.custom import definitions, formula, kinds
from clientier.core.custom.definitions import PREFIX, Definition
from clientier.core.custom.models import Kind
from clientier.core.custom.values import CustomValuesField
from clientier.core.errors import NotAllowed, NotFound

NOTHING = Q(pk__in=[])
Record = TypeVar("Record", bound=Model)


def rows(
    actor: Actor, model: type[Model], action: str = "view", *,
    kept_in: type[Model] | None = None, via: str = "",
) -> Q:  # fmt: skip
    """The row rule, as a filter. Lists, single records and writes all ask this function.

    ``kept_in`` is the model whose paths lead to owner and territory when the rows lie elsewhere than in
    their own table: in the trash. ``via`` is the path from the rows that are filtered to those of ``model``.
    """
    reach = actor.reach(model, action)
    if reach is Reach.ALL or (not hasattr(model, "OWNER_PATH") and reach is not Reach.NONE):
        return Q()
    if reach is Reach.NONE or (kept_in is not None and hasattr(model, "OTHER_END")):
        return NOTHING  # of two owners the trash remembers one
    if kept_in is not None:
        return reduce(
            or_,
            _ways(actor, reach, *_end_of(kept_in, has_territory=hasattr(model, "TERRITORY_PATH"))).values(),
        )
    return reduce(and_, (reduce(or_, ways.values()) for ways in ways_to(actor, model, action, via=via)))


def ways_to(actor: Actor, model: type[Model], action: str = "view", *, via: str = "") -> list[dict[str, Q]]:
    """For each end that decides (mostly one): the ways by which rows are in reach, by name, each as a filter.

    The names are own, team, territory, shared and open; a row is in reach by at least one way at every end.
    """
    reach, lead = actor.reach(model, action), f"{via}__" if via else ""
    found = []
    for owner, territory in _ends(model):
        ways = _ways(actor, reach, lead + owner, lead + territory if territory else None)
        if shared := _shared(actor, model, action, owner):
            hop = owner.rpartition("__")[0] or "pk"
            ways["shared"] = Q(Among(F(lead + hop), shared))
        if action in ("view", "export") and (without := getattr(model, "OPEN_WITHOUT", "")):
            ways["open"] = Q(**{f"{lead}{without}__isnull": True})
        found.append(ways)
    return found


def _end_of(model: Any, *, has_territory: bool) -> tuple[str, str | None]:
    """The paths to the owner and to the territory."""
    return model.OWNER_PATH, getattr(model, "TERRITORY_PATH", None) if has_territory else None


def _ways(actor: Actor, reach: Reach, owner: str, territory: str | None) -> dict[str, Q]:
    if reach is Reach.OWN:
        return {"own": Q(**{owner: actor.user_id})}
    ways = {"team": Q(**{f"{owner}__in": actor.teammates | {actor.user_id}})}
    if reach is Reach.TERRITORY and territory is not None:
        ways["territory"] = Q(**{f"{territory}__in": actor.territories})
    return ways


def _shared(actor: Actor, model: type[Model], action: str, owner: str) -> frozenset[int]:
    """The keys of the records at the owner's hop that are shared: of those themselves, or of what belongs to them."""
    if not actor.shared:
        return frozenset()
    hops = owner.rpartition("__")[0]
    root = field_at(model, hops).related_model if hops else model
    return actor.shared.get((root._meta.label_lower, action), frozenset())


class Among(Func):
    """True where the key is one of many, sent as one text: a thousand cost little more than ten to write out."""

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()

    def __init__(self, key: F, keys: frozenset[int]) -> None:
        super().__init__(key, Value(_written(keys)))


@lru_cache(maxsize=64)
def _written(keys: frozenset[int]) -> str:
    return "{" + ",".join(map(str, sorted(keys))) + "}"


def visible(actor: Actor, model: type[Record], action: str = "view") -> QuerySet[Record]:
    return model._default_manager.filter(rows(actor, model, action))


def get(actor: Actor, model: type[Record], pk: object, action: str = "view") -> Record:
    """The record, or NotFound when it does not exist or is out of reach."""
    for found in visible(actor, model, action).filter(pk=pk).order_by()[:1]:
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
        if isinstance(field, Field) and (hop._meta.label_lower, name) in actor.hidden:
            return False
        if field.is_relation and actor.reach(field.related_model, "view") is Reach.NONE:
            return False
        if not field.concrete and actor.reach(field.related_model, "view") < actor.reach(hop, "view"):
            return False
        hop = field.related_model or hop
    return True


def beyond(actor: Actor, model: type[Model], path: str) -> dict[str, Q]:
    """The hops of a path to records that may be out of reach, from a row in reach: for each the filter by which
    they are in it. Hops that lead along the row's own belonging, to a kind that reaches as far, are left out.
    """
    found: dict[str, Q] = {}
    here, trail = model, ""
    for name in path.split("__"):
        field: Any = here._meta.get_field(name)
        if not field.is_relation:
            break
        trail = f"{trail}__{name}" if trail else name
        rule = rows(actor, field.related_model, via=trail)
        if rule and not _reached_along(actor, here, field):
            found[trail] = rule
        here = field.related_model
    return found


def _reached_along(actor: Actor, here: type[Model], field: Any) -> bool:
    """Whether who reaches a row surely reaches what it leads to: both belong by the same paths, by rights as wide."""
    target: type[Model] = field.related_model
    if hasattr(target, "OTHER_END") or actor.reach(target, "view") < actor.reach(here, "view"):
        return False
    near, far = (_ends(here), _ends(target))
    if field.concrete:
        return any(_through(field.name, end) in near for end in far)
    return any(_through(field.remote_field.name, end) in far for end in near)


def _ends(model: type[Model]) -> list[tuple[str, str | None]]:
    if not hasattr(model, "OWNER_PATH"):
        return []
    other_end: tuple[str, str | None] | None = getattr(model, "OTHER_END", None)
    own = _end_of(model, has_territory=hasattr(model, "TERRITORY_PATH"))
    return [own, other_end] if other_end else [own]


def _through(hop: str, end: tuple[str, str | None]) -> tuple[str, str | None]:
    owner, territory = end
    return f"{hop}__{owner}", f"{hop}__{territory}" if territory else None


def belonging(model: type[Model]) -> frozenset[str]:
    """The columns of the row itself that decide whose it is: who has a record on loan may not change them."""
    paths = (path for end in _ends(model) for path in end if path)
    return frozenset(field_at(model, path.partition("__")[0]).attname for path in paths)


def may(actor: Actor, record: Model, action: str) -> bool:
    """Whether the actor may do this to a record that is there. Of what all records allow it asks no database.

    The row is judged as it is stored: an instance that a form has changed says nothing of whose it is.
    """
    rule = rows(actor, type(record), action)
    return not rule or type(record)._default_manager.filter(rule, pk=record.pk).exists()


def beside(actor: Actor, record: Model, name: str) -> Any:
    """The one record that belongs to a record in reach by this name, ``standing``; None if none is there or in reach.

    What was read along with the record is not read again, unless its own right is narrower.
    """
    field: Any = record._meta.get_field(name)
    if field.is_cached(record) and _reached_along(actor, type(record), field):
        return getattr(record, name, None)
    return visible(actor, field.related_model).filter(**{field.field.name: record.pk}).first()


def only_shared(actor: Actor, record: Model, action: str) -> bool:
    """Whether the record is in reach for this action by sharing alone."""
    return bool(actor.shared) and not may(actor.by_right(), record, action)


def _can_read_custom(actor: Actor, model: type[Model], code: str) -> bool:
    """A custom field that is in use, and for a formula everything that it draws on."""
    known = definitions.live(model).get(code)
    if known is None or (model._meta.label_lower, known.path) in actor.hidden:
        return False
    if not _sees_its_kind(actor, known):
        return False
    names = formula.names_in(known, model) if known.kind is Kind.FORMULA else ()
    return names is not None and all(can_read(actor, model, name) for name in names)


def can_write_custom(actor: Actor, known: Definition) -> bool:
    """Whether values of this kind of field can be written at all, by somebody who sees what they refer to."""
    return _sees_its_kind(actor, known) and known.kind is not Kind.FORMULA


def _sees_its_kind(actor: Actor, known: Definition) -> bool:
    return known.refers_to is None or actor.reach(known.refers_to, "view") is not Reach.NONE


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
