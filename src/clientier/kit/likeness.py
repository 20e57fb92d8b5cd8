"""A word in time that what is being entered may be there already: who looks for it, and from which fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core.actor import Actor
from clientier.core.errors import DomainError


class AlreadyThere(DomainError):
    """Such a record may be there already, and the caller wanted it refused then; the message names the keys."""

    code = "alike"

    def __init__(self, found: Sequence[int]) -> None:
        words = _("There are records like it already: %(keys)s. Nothing was created.")
        super().__init__(words % {"keys": ", ".join(map(str, found))})


Find = Callable[[Actor, Mapping[str, Any]], Sequence[int]]


@dataclass(frozen=True)
class Watch:
    """``url_name`` is the page that lists what is alike; ``find`` gives the keys of the nearest; neither refuses."""

    url_name: str
    fields: tuple[str, ...]
    find: Find


_watches: dict[str, Watch] = {}


def watch(slug: str, watching: Watch) -> None:
    if slug in _watches:
        raise ValueError(f"two rooms watch over new {slug!r}")
    _watches[slug] = watching


def watching(slug: str) -> Watch | None:
    return _watches.get(slug)


def watch_on(slug: str, form: Any) -> dict[str, str] | None:
    """Where the form asks, and which of its fields it sends along."""
    found = _watches.get(slug)
    if found is None:
        return None
    there = [form[name].id_for_label for name in found.fields if name in form.fields]
    return {"url": reverse(found.url_name), "include": ",".join(f"#{each}" for each in there)}
