"""Who is acting, and how far they reach. Built once per request, job or import; never mutated."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Actor:
    """One user (or the system) with everything that decides what they may see and do.

    ``grants`` maps (record kind, action) to a reach; ``hidden`` and ``locked`` hold (record kind, field) pairs;
    record kinds are Django model labels in lower case. ``teammates`` are the members of one's own team and those
    below it, ``teams`` one's own and those above it. ``request_id`` joins all that one request did, so that it can
    be undone as one.
    """

    user_id: int | None
    name: str = ""
    role_id: int | None = None
    teammates: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    territories: frozenset[int] = frozenset()
    grants: Mapping[tuple[str, str], Reach] = field(default_factory=dict)
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
        if self.unlimited:
            return Reach.ALL
        return self.grants.get((model._meta.label_lower, action), Reach.NONE)

    def through(self, door: Door) -> Actor:
        """The same person, beginning something new through another door."""
        return replace(self, door=door, request_id=uuid4())


def system(door: Door = Door.JOB, name: str = "Clientier") -> Actor:
    """The product itself: nightly runs, set-up, jobs that no person started."""
    return Actor(user_id=None, name=name, unlimited=True, door=door)


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
