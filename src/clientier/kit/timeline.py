"""What has happened to a record, told by all rooms: each lends a source, and pages go back as far as anyone reads.

A page ends at a place: the moment, the kind and the key of its last happening. Sources are asked for what lies
beyond it, so that nothing is told twice or left out where many things happened at one moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from clientier.core.actor import Actor, Reach
from clientier.core.errors import BadQuestion
from clientier.core.presence import Referring
from clientier.kit.resource import Words

PAGE_SIZE = 20


@dataclass(frozen=True)
class Happening:
    """One thing on a timeline; ``key`` is that of the record that tells of it."""

    at: dt.datetime
    kind: str
    key: int
    icon: str
    title: str
    text: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Place:
    at: dt.datetime
    kind: str
    key: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.kind}~{self.key}"

    @classmethod
    def parse(cls, text: str) -> Place:
        try:
            at, kind, key = text.split("~")
            moment = dt.datetime.fromisoformat(at)
            if moment.tzinfo is None or not 1 < moment.year < 9999:
                raise ValueError(at)
            return cls(moment, kind, int(key))
        except ValueError as error:
            raise BadQuestion(_("This page link is damaged. Open the list again.")) from error


@dataclass(frozen=True)
class Window:
    """What a source is asked for: the newest happenings beyond a place, at most so many."""

    limit: int
    kind: str
    beyond: Place | None = None

    def of_moments(self, path: str) -> Q:
        """The rows beyond the place, for a source whose rows have a moment."""
        if self.beyond is None:
            return Q()
        return self._before(path, self.beyond.at)

    def of_days(self, path: str, told_at: dt.time, zone: ZoneInfo) -> Q:
        """The same for rows that have a day alone, and are told as of a time on it."""
        if self.beyond is None:
            return Q()
        day = self.beyond.at.astimezone(zone).date()
        moment = dt.datetime.combine(day, told_at, zone)
        if moment > self.beyond.at:
            return Q(**{f"{path}__lt": day})
        return self._before(path, day) if moment == self.beyond.at else Q(**{f"{path}__lte": day})

    def _before(self, path: str, value: Any) -> Q:
        """Before the value; of those at the same value the ones that come after it in the order of the page."""
        earlier = Q(**{f"{path}__lt": value})
        if self.beyond is None or self.kind < self.beyond.kind:
            return earlier
        same = Q(**{path: value})
        return earlier | (same & Q(pk__lt=self.beyond.key) if self.kind == self.beyond.kind else same)


History = Callable[[Actor, Any, Window], Iterable[Happening]]


@dataclass(frozen=True)
class Source:
    """One kind of happening: its name, whose right decides whether it is told, how it is read, where its tab stands.

    ``referring`` are records without which nothing of the kind can have happened.
    """

    kind: str
    label: Words
    model: type[Model]
    history: History
    place: int = 50
    referring: Referring | None = None

    def may_tell_of(self, record: Model) -> bool:
        """Whether anything of the kind can have happened to the record, as far as that is known."""
        return self.referring is None or self.referring.may_be(record)


_sources: dict[str, dict[str, Source]] = {}


def tell(resource_slug: str, source: Source) -> None:
    """Have the source contribute to the timelines of a resource's records."""
    known = _sources.setdefault(resource_slug, {})
    if source.kind in known:
        raise ValueError(f"the timeline of {resource_slug} has {source.kind!r} already")
    known[source.kind] = source


def sources(resource_slug: str, actor: Actor) -> list[Source]:
    """The kinds of happenings that this actor may be told."""
    known = sorted(_sources.get(resource_slug, {}).values(), key=lambda source: source.place)
    return [source for source in known if actor.reach(source.model, "view") is not Reach.NONE]


@dataclass(frozen=True)
class Page:
    happenings: list[Happening]
    older: Place | None


def page(resource_slug: str, actor: Actor, record: Model, *, kind: str = "", older: str = "") -> Page:
    """The newest happenings of all kinds or of one, or those that lie beyond a place, newest first."""
    beyond = Place.parse(older) if older else None
    asked = [source for source in sources(resource_slug, actor) if kind in ("", source.kind)]
    found = [
        happening
        for source in asked
        if source.may_tell_of(record)
        for happening in source.history(actor, record, Window(PAGE_SIZE + 1, source.kind, beyond))
    ]
    found.sort(key=lambda happening: (happening.kind, -happening.key))
    found.sort(key=lambda happening: happening.at, reverse=True)
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return Page(shown, Place(last.at, last.kind, last.key) if last else None)
