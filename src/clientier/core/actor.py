"""Who is acting, and how far they reach. Built once per request, job or import; never mutated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from uuid import UUID, uuid4

from django.db.models import Model

from clientier.core.errors import NotAllowed


class Reach(IntEnum):
    """How far a right extends, from nothing to every record."""

    NONE = 0
    OWN = 1
    TEAM = 2
    TERRITORY = 3
    ALL = 4


class Door(StrEnum):
    """The way somebody came in; kept with every trace they leave."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"
    JOB = "job"
    COMMAND = "command"


def needs_grant(model: type[Model]) -> bool:
    """Whether nobody, not even an administrator, has a right to such records before it is granted."""
    return bool(getattr(model, "NEEDS_GRANT", False))


@dataclass(frozen=True)
class Actor:
    """One user (or the system) with everything that decides what they may see and do.

    ``grants`` maps (record kind, action) to a reach; ``hidden`` and ``locked`` hold (record kind, field) pairs;
    record kinds are Django model labels in lower case. ``teammates`` are the members of one's own team and those
    below it, ``teams`` one's own and those above it. ``shared`` maps (record kind, action) to the keys of records that
    others have shared with or lent to this user beyond the own reach, as of the moment the actor was built.
    ``request_id`` joins all that one request did, so that it can be undone as one.
    """

    user_id: int | None
    name: str = ""
    role_id: int | None = None
    teammates: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    territories: frozenset[int] = frozenset()
    grants: Mapping[tuple[str, str], Reach] = field(default_factory=dict)
    shared: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    hidden: frozenset[tuple[str, str]] = frozenset()
    locked: frozenset[tuple[str, str]] = frozenset()
    unlimited: bool = False
    language: str = "en"
    time_zone: str = "UTC"
    door: Door = Door.PAGE
    request_id: UUID = field(default_factory=uuid4)

    @property
    def user(self) -> int:
        """The id of the person acting; the system has none and raises NotAllowed."""
        if self.user_id is None:
            raise NotAllowed
        return self.user_id

    def reach(self, model: type[Model], action: str) -> Reach:
        """How far the action extends. What is called by other records' names is seen no further than those."""
        if self.unlimited and not needs_grant(model):
            return Reach.ALL
        own = self.grants.get((model._meta.label_lower, action), Reach.NONE)
        namesakes = getattr(model, "NAMED_AFTER", ())
        return min([own, *(self.grants.get((kind, "view"), Reach.NONE) for kind in namesakes)])

    def by_right(self) -> Actor:
        """The same person without what others have shared: of that nobody passes anything on or gives it away."""
        return replace(self, shared={}) if self.shared else self

    def through(self, door: Door) -> Actor:
        """The same person, beginning something new through another door."""
        return replace(self, door=door, request_id=uuid4())


def system(door: Door = Door.JOB, name: str = "Clientier") -> Actor:
    """The product itself: nightly runs, set-up, jobs that no person started."""
    return Actor(user_id=None, name=name, unlimited=True, door=door)


Shares = Mapping[tuple[str, str], frozenset[int]]
FindShares = Callable[[int, frozenset[int], dt.datetime], Shares]
_share_finders: list[FindShares] = []


def find_shares_with(find: FindShares) -> None:
    """Let a room say which records are shared with a user, or with teams, at a moment."""
    _share_finders.append(find)


def shares_of(user_id: int, teams: frozenset[int], now: dt.datetime) -> Shares:
    """The keys of all records that are shared with this user or these teams now, by kind and action."""
    found: dict[tuple[str, str], frozenset[int]] = {}
    for find in _share_finders:
        found |= find(user_id, teams, now)
    return found


HearOfReach = Callable[[frozenset[int], Actor], None]
_hearers: list[HearOfReach] = []


def when_reach_changes(hear: HearOfReach) -> None:
    """Let a room look again at what users have given others, when their own reach may have become less."""
    _hearers.append(hear)


def reach_has_changed(users: frozenset[int], actor: Actor) -> None:
    """Say, inside the transaction that did it, that these users may reach less than before."""
    for hear in _hearers:
        hear(users, actor)


FindActor = Callable[[int, Door], Actor | None]
_finders: list[FindActor] = []


def find_actors_with(find: FindActor) -> None:
    """Let the room that knows people say who a user is; jobs know no more than the user's id."""
    if _finders:
        raise ValueError("actors are found in one place only")
    _finders.append(find)


def actor_for(user_id: int | None, door: Door) -> Actor | None:
    """The actor behind a user's id, with the rights of this moment; None if there is no such user now."""
    return system(door) if user_id is None else _finders[0](user_id, door)
