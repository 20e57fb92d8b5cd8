"""Views of a list under a name: whose one sees, which stand in the navigation, and which one a list opens with."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core.actor import Actor, Reach
from clientier.core.errors import BadQuestion, NotFound
from clientier.core.prepared import Prepared, record
from clientier.kit.models import SavedView, Sharing, ViewChoice
from clientier.kit.questions import Question
from clientier.kit.resource import REGISTRY

WHOLE_LIST = "all=1"


def _offered_to(user: int, teams: list[int]) -> QuerySet[SavedView, Any]:
    chosen = ViewChoice.objects.filter(user=user, view=OuterRef("pk"))
    return (
        SavedView.objects.filter(
            Q(user=user) | Q(sharing=Sharing.TEAM, team__in=teams) | Q(sharing=Sharing.EVERYBODY)
        )
        .annotate(pinned=Exists(chosen.filter(pinned=True)), opens=Exists(chosen.filter(opens=True)))
        .order_by("name", "pk")
        .values_list(*(f.attname for f in SavedView._meta.concrete_fields), "pinned", "opens")
    )


_offered = Prepared(_offered_to)


def offered(actor: Actor) -> list[Any]:
    """One's own views and those shared with one, in the order of names, with one's own choices about them."""
    found = []
    for *row, pinned, opens in _offered.rows(actor.user_id or 0, sorted(actor.teams)):
        view = record(SavedView, row)
        view.pinned, view.opens = pinned, opens
        found.append(view)
    return found


def of_request(request: HttpRequest, actor: Actor) -> list[Any]:
    """The same, asked once for the whole page: its list, its navigation and the view that it opens with."""
    asked: Any = request
    if not hasattr(asked, "views_offered"):
        asked.views_offered = offered(actor)
    return list(asked.views_offered)


def save(actor: Actor, slug: str, name: str, query: str, *, sharing: str, team: int | None) -> SavedView:
    """Keep a question under a name; the same name again replaces what one kept under it."""
    if not (name := name.strip()[:80]):
        raise BadQuestion(_("Give the view a name."))
    kept = {
        "query": Question.parse(QueryDict(query)).query(),
        "sharing": sharing if sharing in Sharing.values else Sharing.PRIVATE,
        "team": team,
    }
    view, _made = SavedView.objects.update_or_create(
        user_id=actor.user, resource=slug, name=name, defaults=kept
    )
    return view


def delete(actor: Actor, pk: int) -> SavedView:
    """Forget a view of one's own; NotFound for those of others."""
    view = SavedView.objects.filter(pk=pk, user_id=actor.user).first()
    if view is None:
        raise NotFound
    view.delete()
    return view


@transaction.atomic
def choose(actor: Actor, pk: int, *, pinned: bool | None = None, opens: bool | None = None) -> SavedView:
    """Pin a view or not, open its list with it or not; a list opens with one view at most."""
    view = next((view for view in offered(actor) if view.pk == pk), None)
    if view is None:
        raise NotFound
    if opens:
        ViewChoice.objects.filter(user=actor.user, view__resource=view.resource).update(opens=False)
    wanted = {"pinned": pinned, "opens": opens}
    known = {name: value for name, value in wanted.items() if value is not None}
    ViewChoice.objects.update_or_create(user_id=actor.user, view=view, defaults=known)
    return view


def opening(views: list[Any], slug: str) -> SavedView | None:
    """The view with which this list opens for this user, while it is still shared with them."""
    return next((view for view in views if view.resource == slug and view.opens), None)


def pinned(views: list[Any], actor: Actor) -> list[dict[str, Any]]:
    """The views in the navigation, of lists that the actor may see."""
    return [
        {"label": view.name, "url": address(view), "icon": REGISTRY[view.resource].icon}
        for view in views
        if view.pinned
        and view.resource in REGISTRY
        and actor.reach(REGISTRY[view.resource].model, "view") is not Reach.NONE
    ]


def address(view: SavedView) -> str:
    return f"{reverse(f'{view.resource}-list')}?{view.query or WHOLE_LIST}"
