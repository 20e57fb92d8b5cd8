"""The nearest records to what somebody typed, under the rights: what the search box and the pickers offer.

The index tells which records may be meant, a few hundred at most are looked at, and of these the nearest come
first: whose name or code it is, whose name begins so, where a word begins so, then the rest; among equals one's
own before the team's before the others'. Only where that leaves room, slips and parts of words are tried as well.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.closeness import closeness, may_mean_more
from clientier.core.search import SearchField, by_index
from clientier.core.tokens import fold, sort_key
from clientier.kit import custom_values, rows
from clientier.kit.resource import Resource

LOOKED_AT, FEW = 60, 300
LAST_LETTER = "\U0010ffff"


@dataclass
class Found:
    """Records by their key, and the keys of those of one's own that were found by what was typed itself."""

    records: dict[Any, Any] = field(default_factory=dict)
    own: set[Any] = field(default_factory=set)

    def add(self, records: QuerySet[Any]) -> set[Any]:
        """Look at the first few of these as well; returns their keys."""
        added = {record.pk: record for record in records[:LOOKED_AT]}
        self.records.update(added)
        return set(added)


@dataclass(frozen=True)
class Search:
    """What was typed, asked of one kind of record by somebody who may read these of its texts."""

    resource: Resource
    actor: Actor
    asked: str
    readable: tuple[str, ...]
    reads_all: bool

    @property
    def seen(self) -> QuerySet[Any]:
        """All in reach, with what tells them apart."""
        seen = access.visible(self.actor, self.resource.model)
        return rows.with_hints(self.resource, seen, self.actor)

    @property
    def owner(self) -> str:
        """The path to who answers for a record, if anybody does and it is somebody who asks."""
        return getattr(self.resource.model, "OWNER_PATH", "") if self.actor.user_id else ""

    @cached_property
    def begins(self) -> Q | None:
        """Those whose name begins so; where all are in reach, an index gives them in the order of names at once."""
        if "name" not in self.readable or not any(
            f.name == "sort_key" for f in self.resource.model._meta.fields
        ):
            return None
        first = sort_key(self.asked)
        return Q(sort_key__gte=first, sort_key__lt=first + LAST_LETTER)

    @cached_property
    def plain(self) -> Q | None:
        """Those that have tokens that begin so; one Latin letter begins too many."""
        if len(fold(self.asked)) < 2 and self.asked.isascii():
            return None
        return rows.matching(self.resource, self.actor, self.asked)

    @cached_property
    def loose(self) -> Q | None:
        """Those that are meant with a slip, or by a part of a word."""
        if self.plain is None or not self.reads_all or not may_mean_more(self.asked):
            return None
        return Q(search__loosely=self.asked)


def nearest(resource: Resource, actor: Actor, text: str, today: dt.date, *, limit: int) -> list[Any]:
    """The ``limit`` records of this kind that are nearest to the text; none where nothing was typed."""
    asked, model = text.strip(), resource.model
    if not asked or "\0" in asked:
        return []
    tokens = next(each for each in model._meta.fields if isinstance(each, SearchField))
    sources = (*tokens.sources, *custom_values.searched(model))
    readable = tuple(name for name in sources if access.can_read(actor, model, name))
    search = Search(resource, actor, asked, readable, len(readable) == len(sources))
    found = _among_all(search, limit) if not access.rows(actor, model) else _among_some(search, limit)

    def nearness(record: Any) -> tuple[int, bool, str]:
        name, texts = str(record), [str(rows.value_at(record, source) or "") for source in readable]
        key = getattr(record, "sort_key", "") or fold(name)
        return closeness(name, key, texts, asked), record.pk not in found.own, key

    return sorted(found.records.values(), key=nearness)[:limit]


def may_find(resource: Resource, text: str) -> bool:
    """Whether the one box asks this kind at all: what is found by numbers alone waits for a digit."""
    tokens = next(each for each in resource.model._meta.fields if isinstance(each, SearchField))
    sources = {*tokens.sources, *custom_values.searched(resource.model)}
    return not sources <= set(tokens.numbers) or any(letter.isdigit() for letter in text)


def _among_all(search: Search, limit: int) -> Found:
    found = Found()
    if search.begins:
        found.add(search.seen.filter(search.begins).order_by("sort_key"))
    with _looked_up(search):
        _ask_one_by_one(search, found, limit)
    return found


def _among_some(search: Search, limit: int) -> Found:
    """Of who reaches a part alone, one question tells all that may be meant, unless they are many."""
    found = Found()
    with _looked_up(search):
        if _ask_at_once(search, found, limit):
            return found
        if search.begins:
            # In the order of an index all that begin so may have to be passed before one in reach is met, for
            # people's customers have the names of their countries: 1,400 ms for a surname at a million customers.
            found.add(search.seen.filter(search.begins).order_by(Coalesce("sort_key", "sort_key")))
        _ask_one_by_one(search, found, limit)
    return found


def _looked_up(search: Search) -> AbstractContextManager[None]:
    paths = (*search.resource.hint_paths, getattr(search.resource.model, "OWNER_PATH", ""))
    return by_index(alone=not any("__" in path for path in paths))


def _ask_one_by_one(search: Search, found: Found, limit: int) -> None:
    """What was typed, among one's own and then among all; then, where that leaves room, what may be meant by it."""
    if search.plain is None:
        return
    rule = access.rows(search.actor, search.resource.model)
    if search.owner:
        found.own = found.add(search.seen.filter(search.plain, **{search.owner: search.actor.user_id}))
    if not search.owner or rule != Q(**{search.owner: search.actor.user_id}):
        found.add(search.seen.filter(search.plain))
    if len(found.records) < limit and search.loose:
        # Few are left, so all are looked up: in an order that no index has, nothing else is quicker.
        found.add(search.seen.filter(search.loose).order_by(Coalesce("pk", "pk")))


def _ask_at_once(search: Search, found: Found, limit: int) -> bool:
    """Everybody meant in any way, by their keys, and of these the records; False where there are more than a few.

    Rows in reach are passed once, not once for each way: a team's ten thousand contacts take 40 ms each time.
    """
    ways = {"begins": search.begins, "plain": search.plain, "loose": search.loose}
    asked = {name: way for name, way in ways.items() if way}
    if not asked:
        return True
    told: dict[str, Any] = {name: _holds(way) for name, way in asked.items() if name != "loose"}
    if search.owner:
        told["mine"] = F(search.owner)
    meant = access.visible(search.actor, search.resource.model).filter(reduce(or_, asked.values()))
    facts = list(
        meant.order_by().values("pk", *(["sort_key"] if search.begins else []), **_renamed(told))[: FEW + 1]
    )
    if len(facts) > FEW:
        return False
    mine = [
        each["pk"] for each in facts if each.get("it_plain") and each.get("it_mine") == search.actor.user_id
    ]
    begin = sorted((each["sort_key"], each["pk"]) for each in facts if each.get("it_begins"))
    keys = [key for _name, key in begin[:LOOKED_AT]] + mine[:LOOKED_AT]
    keys += [each["pk"] for each in facts if each.get("it_plain")][:LOOKED_AT]
    if len(set(keys)) < limit:
        keys += [each["pk"] for each in facts]
    found.own = set(mine)
    found.records = {record.pk: record for record in search.seen.filter(pk__in=set(keys))} if keys else {}
    return True


def _renamed(told: dict[str, Any]) -> dict[str, Any]:
    return {f"it_{name}": expression for name, expression in told.items()}


def _holds(way: Q) -> ExpressionWrapper:
    return ExpressionWrapper(way, output_field=BooleanField())
