"""Rooms put panels on the cards of other rooms' records, and events on their timelines.

A panel belongs to a resource and a place; its ``context`` function gets (actor, record, setting) and returns
what its template shows, or None when it has nothing to say. It runs only for who may see the record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model

from clientier.core.actor import Actor
from clientier.kit.cells import Setting
from clientier.kit.resource import Words

Place = Literal["top", "headline", "main", "side"]
Context = Callable[[Actor, Any, Setting], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    slug: str
    title: Words
    template: str
    context: Context
    place: Place = "main"
    order: int = 50


@dataclass(frozen=True)
class Happening:
    """One thing on a timeline."""

    at: dt.datetime
    icon: str
    title: str
    text: str = ""
    url: str = ""
    tone: str = ""
    kind: str = ""


History = Callable[[Actor, Model, int], Iterable[Happening]]
_panels: dict[str, list[Panel]] = {}
_histories: dict[str, list[History]] = {}


def add(resource_slug: str, panel: Panel) -> None:
    known = _panels.setdefault(resource_slug, [])
    if any(other.slug == panel.slug for other in known):
        raise ValueError(f"two panels of {resource_slug} are called {panel.slug!r}")
    known.append(panel)


def tell(resource_slug: str, history: History) -> None:
    """Have ``history(actor, record, limit)`` contribute the latest happenings to the record's timeline."""
    _histories.setdefault(resource_slug, []).append(history)


def shown(
    resource_slug: str, actor: Actor, record: Model, setting: Setting
) -> dict[str, list[dict[str, Any]]]:
    """The panels that have something to say, by place and in order, with their contexts."""
    places: dict[str, list[dict[str, Any]]] = {"top": [], "headline": [], "main": [], "side": []}
    for panel in sorted(_panels.get(resource_slug, ()), key=lambda panel: panel.order):
        context = panel.context(actor, record, setting)
        if context is not None:
            card = {"slug": panel.slug, "title": panel.title, "template": panel.template, "context": context}
            places[panel.place].append({**card, "more_url": context.get("more_url", "")})
    return places


def timeline(resource_slug: str, actor: Actor, record: Model, limit: int = 20) -> list[Happening]:
    """The latest happenings from all rooms, newest first."""
    found = [h for history in _histories.get(resource_slug, ()) for h in history(actor, record, limit)]
    return sorted(found, key=lambda happening: happening.at, reverse=True)[:limit]
