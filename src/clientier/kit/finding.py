"""The nearest records to what somebody typed, under the rights: what the search box and the pickers offer.

The index tells which records may be meant, a few hundred at most are looked at, and of these the nearest come
first: whose name or code it is, whose name begins so, where a word begins so, then the rest; among equals one's
own before the team's before the others'. Only where that leaves room, slips and parts of words are tried as well.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.closeness import closeness, may_mean_more
from clientier.core.search import SearchField, by_index
from clientier.core.tokens import fold, sort_key
from clientier.kit import custom_values, rows
from clientier.kit.questions import Question
from clientier.kit.resource import Resource

LOOKED_AT = 60
LAST_LETTER = "\U0010ffff"


def nearest(resource: Resource, actor: Actor, text: str, today: dt.date, *, limit: int) -> list[Any]:
    """The ``limit`` records of this kind that are nearest to the text; none where nothing was typed."""
    asked, model = text.strip(), resource.model
    if not asked or "\0" in asked:
        return []
    tokens = next(field for field in model._meta.fields if isinstance(field, SearchField))
    sources = (*tokens.sources, *custom_values.searched(model))
    readable = [name for name in sources if access.can_read(actor, model, name)]
    seen = rows.with_hints(resource, access.visible(actor, model), actor)
    plain = rows.with_hints(resource, rows.select(resource, actor, Question(search=asked), today), actor)
    found: dict[Any, Any] = {}
    own: set[Any] = set()
    owner = getattr(model, "OWNER_PATH", None)
    by_name = "name" in readable and any(field.name == "sort_key" for field in model._meta.fields)
    of_some = bool(access.rows(actor, model))
    if by_name and not of_some:
        _add(found, _beginning(seen, asked).order_by("sort_key"))
    with by_index(alone=not any("__" in path for path in (*resource.hint_paths, owner or ""))):
        if by_name and of_some:
            # In the order of an index all that begin so may have to be passed before one in reach is met, for
            # people's customers have the names of their countries: 1,400 ms for a surname at a million customers.
            _add(found, _beginning(seen, asked).order_by(Coalesce("sort_key", "sort_key")))
        if len(fold(asked)) > 1 or not asked.isascii():
            if actor.user_id and owner:
                own = _add(found, plain.filter(**{owner: actor.user_id}))
            if not owner or access.rows(actor, model) != Q(**{owner: actor.user_id}):
                _add(found, plain)
            if len(found) < limit and len(readable) == len(sources) and may_mean_more(asked):
                # Few are left, so all are looked up: in an order that no index has, nothing else is quicker.
                _add(found, seen.filter(search__loosely=asked).order_by(Coalesce("pk", "pk")))

    def nearness(record: Any) -> tuple[int, bool, str]:
        name, texts = str(record), [str(rows.value_at(record, source) or "") for source in readable]
        key = getattr(record, "sort_key", "") or fold(name)
        return closeness(name, key, texts, asked), record.pk not in own, key

    return sorted(found.values(), key=nearness)[:limit]


def _beginning(seen: QuerySet[Any], asked: str) -> QuerySet[Any]:
    """Those whose name begins so; where all are in reach, an index gives them in the order of names at once."""
    first = sort_key(asked)
    return seen.filter(sort_key__gte=first, sort_key__lt=first + LAST_LETTER)


def _add(found: dict[Any, Any], records: QuerySet[Any]) -> set[Any]:
    added = {record.pk: record for record in records[:LOOKED_AT]}
    found.update(added)
    return set(added)
