"""What every page shows around its own matter: navigation, who is signed in, languages, words for scripts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import clientier
from clientier.core.actor import Actor, Reach
from clientier.kit.resource import REGISTRY
from clientier.site.menu import menu

CREATED_FROM_ANYWHERE = ("customers", "contacts", "interactions", "tasks")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor of all pages; without an actor, only what a visitor needs."""
    actor = getattr(request, "actor", None)
    base = {"languages": _languages(), "words": _words(), "version": clientier.VERSION}
    if actor is None:
        return {"shell": {**base, "menu": [], "user": None, "create": [], "commands": []}}
    groups = menu(actor, request.path)
    create = _create(actor)
    return {
        "shell": {
            **base,
            "menu": groups,
            "user": _user(request),
            "create": create,
            "commands": _commands(groups, create),
            "sample_data": request.organisation.sample_data,  # type: ignore[attr-defined]
            "settings_url": reverse("settings"),
        }
    }


def _languages() -> list[dict[str, Any]]:
    now = get_language()
    return [{"code": code, "label": label, "active": code == now} for code, label in settings.LANGUAGES]


def _user(request: HttpRequest) -> dict[str, str]:
    user: Any = request.user
    initials = "".join(part[0] for part in user.name.split()[:2]).upper() or user.username[:1].upper()
    return {"name": user.name, "initials": initials[:2], "role": str(user.role), "theme": user.theme}


def _create(actor: Actor) -> list[dict[str, str]]:
    found = [REGISTRY[slug] for slug in CREATED_FROM_ANYWHERE]
    return [
        {"label": str(r.label), "url": reverse(f"{r.slug}-create"), "icon": r.icon}
        for r in found
        if actor.reach(r.model, "add") is not Reach.NONE
    ]


def _commands(groups: list[dict[str, Any]], create: list[dict[str, str]]) -> list[dict[str, str]]:
    go = [
        {"label": item["label"], "url": item["url"], "icon": item["icon"], "kind": "go"}
        for group in groups
        for item in group["items"]
    ]
    new = [{**item, "label": _("New: %(name)s") % {"name": item["label"]}, "kind": "new"} for item in create]
    return go + new


def _words() -> dict[str, str]:
    """The few words that scripts show."""
    return {
        "undo": _("Undo"),
        "undone": _("Undone"),
        "close": _("Close"),
        "failed": _("That did not work. Nothing was changed; try again."),
        "offline": _("No connection. What you typed is kept here."),
        "draft_restored": _("Your draft was restored."),
        "discard": _("Discard"),
        "selected": _("%(count)s selected"),
        "copied": _("Copied"),
        "no_results": _("Nothing found"),
        "searching": _("Searching…"),
        "go_to": _("Go to"),
        "create": _("Create"),
        "results": _("Found"),
        "confirm": _("Are you sure? This cannot be undone."),
        "loading": _("Loading…"),
        "table": _("Figures as a table"),
    }
