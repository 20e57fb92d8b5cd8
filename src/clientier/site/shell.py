"""What every page shows around its own matter: navigation, who is signed in, languages, words for scripts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

import clientier
from clientier.core.actor import Actor, Reach
from clientier.kit import saved_views
from clientier.kit.resource import REGISTRY
from clientier.site.menu import menu

CREATED_FROM_ANYWHERE = ("customers", "contacts", "interactions", "tasks")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor of all pages; without an actor, only what a visitor needs."""
    actor = getattr(request, "actor", None)
    base = {"languages": _languages(), "urls": _urls(actor), "version": clientier.VERSION}
    if actor is None:
        return {"shell": {**base, "menu": [], "user": None, "create": []}}
    return {
        "shell": {
            **base,
            "menu": menu(actor, request.path),
            # Lazily: a part of a page has no navigation, and need not ask for it.
            "pinned": SimpleLazyObject(lambda: _pinned(request, actor)),
            "user": _user(request),
            "create": _create(actor),
            "sample_data": request.organisation.sample_data,  # type: ignore[attr-defined]
        }
    }


def _pinned(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    return saved_views.pinned(saved_views.of_request(request, actor), actor)


def _urls(actor: Actor | None) -> dict[str, str]:
    named = {"home": "today", "search": "search", "theme": "appearance", "language": "language",
             "sign_out": "sign-out"}  # fmt: skip
    urls = {key: reverse(name) for key, name in named.items()}
    return {**urls, "sample_data": reverse("sample-data") if actor and actor.unlimited else ""}


def _languages() -> list[dict[str, Any]]:
    now = get_language()
    return [{"code": code, "label": label, "active": code == now} for code, label in settings.LANGUAGES]


def _user(request: HttpRequest) -> dict[str, str]:
    user: Any = request.user
    initials = "".join(part[0] for part in user.name.split()[:2]).upper() or user.username[:1].upper()
    return {
        "name": user.name,
        "initials": initials[:2],
        "role": str(user.role),
        "theme": user.theme,
        "url": reverse("account"),
    }


def _create(actor: Actor) -> list[dict[str, str]]:
    found = [REGISTRY[slug] for slug in CREATED_FROM_ANYWHERE]
    return [
        {"label": r.label, "url": reverse(f"{r.slug}-create"), "icon": r.icon}
        for r in found
        if actor.reach(r.model, "add") is not Reach.NONE
    ]
