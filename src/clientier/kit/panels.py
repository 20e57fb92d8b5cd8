"""Rooms put panels on the cards of other rooms' records.

A panel belongs to a resource and a place; its ``context`` function gets (actor, record, setting) and returns
what its template shows, or None when it has nothing to say. It runs only for who may see the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model

from clientier.core.actor import Actor
from clientier.kit.cells import Cell, Setting
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
    bare: bool = False


Actions = Callable[[Actor, Any], list[dict[str, Any]]]
Badges = Callable[[Actor, Any, Setting], list[Cell]]
_panels: dict[str, list[Panel]] = {}
_badges: dict[str, list[Badges]] = {}
_actions: dict[str, list[Actions]] = {}
ListActions = Callable[[Actor], list[dict[str, Any]]]
_list_actions: dict[str, list[ListActions]] = {}


def add(resource_slug: str, panel: Panel) -> None:
    known = _panels.setdefault(resource_slug, [])
    if any(other.slug == panel.slug for other in known):
        raise ValueError(f"two panels of {resource_slug} are called {panel.slug!r}")
    known.append(panel)


def mark(resource_slug: str, badges: Badges) -> None:
    """Put badges beside the title of the record's page."""
    _badges.setdefault(resource_slug, []).append(badges)


def offer(resource_slug: str, actions: Actions) -> None:
    """Put buttons at the head of the record's page."""
    _actions.setdefault(resource_slug, []).append(actions)


def offer_on_list(resource_slug: str, actions: ListActions) -> None:
    """Put buttons at the head of the list."""
    _list_actions.setdefault(resource_slug, []).append(actions)


def list_actions_of(resource_slug: str, actor: Actor) -> list[dict[str, Any]]:
    return [action for actions in _list_actions.get(resource_slug, ()) for action in actions(actor)]


def badges_of(resource_slug: str, actor: Actor, record: Model, setting: Setting) -> list[Cell]:
    return [badge for badges in _badges.get(resource_slug, ()) for badge in badges(actor, record, setting)]


def actions_of(resource_slug: str, actor: Actor, record: Model) -> list[dict[str, Any]]:
    return [action for actions in _actions.get(resource_slug, ()) for action in actions(actor, record)]


def shown(
    resource_slug: str, actor: Actor, record: Model, setting: Setting
) -> dict[str, list[dict[str, Any]]]:
    """The panels that have something to say, by place and in order, with their contexts."""
    places: dict[str, list[dict[str, Any]]] = {"top": [], "headline": [], "main": [], "side": []}
    for panel in sorted(_panels.get(resource_slug, ()), key=lambda panel: panel.order):
        context = panel.context(actor, record, setting)
        if context is not None:
            card = {"slug": panel.slug, "title": panel.title, "template": panel.template, "bare": panel.bare}
            more = context.get("more_url", "")
            places[panel.place].append({**card, "context": context, "more_url": more})
    return places
