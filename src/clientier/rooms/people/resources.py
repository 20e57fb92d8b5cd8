from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor, find_actors_with
from clientier.core.guards import guard
from clientier.core.undo import reverse_with
from clientier.kit import panels
from clientier.kit.imports import lookups
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.people.commands.roles import (
    CHANGED,
    create_role,
    delete_role,
    refuse_but_administrators,
    take_back_rights,
    update_role,
)
from clientier.rooms.people.commands.users import (
    create_user,
    delete_user,
    refuse_over_administrators,
    update_user,
)
from clientier.rooms.people.models import Role, Team, Territory, User
from clientier.rooms.people.queries import actor_known

users = register(
    Resource(
        model=User,
        slug="users",
        icon="user-circle",
        create=create_user,
        update=update_user,
        delete=delete_user,
        title_column="name",
        order="name",
        searchable=True,
        hint_paths=("role__name",),
        columns=(
            Column(path="name"),
            Column(path="username"),
            Column(path="role"),
            Column(path="team"),
            Column(path="territory"),
            Column(path="email", shown=False),
            Column(path="minute_cost", shown=False),
            Column(path="is_active"),
        ),
        form=(
            Section(pgettext_lazy("section", "Who"), ("name", "username", "email")),
            Section(_("Rights"), ("role", "team", "territory", "is_active")),
            Section(_("Settings"), ("language", "theme", "minute_cost")),
        ),
        empty=_("People who sign in. Each has a role, a team and a territory that decide what they reach."),
    )
)
teams = register(
    Resource(
        model=Team,
        slug="teams",
        icon="users-group",
        title_column="name",
        order="name",
        columns=(Column(path="name"), Column(path="parent")),
        form=(Section("", ("name", "parent")),),
        empty=_("Teams tell who sees whose customers: a leader reaches the team and all teams below it."),
    )
)
territories = register(
    Resource(
        model=Territory,
        slug="territories",
        icon="map",
        title_column="name",
        order="name",
        columns=(Column(path="name"), Column(path="parent")),
        form=(Section("", ("name", "parent")),),
        empty=_("Territories divide customers by region; whoever holds one sees those below it too."),
    )
)
roles = register(
    Resource(
        model=Role,
        slug="roles",
        create=create_role,
        update=update_role,
        delete=delete_role,
        icon="shield",
        title_column="name",
        order="name",
        columns=(
            Column(path="name"),
            Column(path="code"),
            Column(path="is_administrator"),
            Column(path="second_factor_required"),
        ),
        form=(Section("", ("name", "code", "is_administrator", "second_factor_required")),),
        empty=_("A role says what its people may see and do with each kind of record."),
    )
)

lookups.register_lookup("users", User, "username", _("user"), also=("email", "name"))
lookups.register_lookup("territories", Territory, "name", _("territory"))
find_actors_with(actor_known)
guard(User, refuse_over_administrators)
guard(Role, refuse_but_administrators)
reverse_with(CHANGED, take_back_rights)


def _edit_rights(actor: Actor, role: Role) -> list[dict[str, Any]]:
    if not actor.unlimited:
        return []
    places = {
        name: reverse(name, args=[role.pk])
        for name in ("settings-role", "settings-role-sees", "settings-role-copy", "settings-role-retire")
    }
    return [
        {"label": gettext("Rights"), "url": places["settings-role"], "icon": "shield", "primary": True},
        {"label": gettext("What this role sees"), "url": places["settings-role-sees"], "icon": "eye"},
        {"label": gettext("Copy"), "url": places["settings-role-copy"], "icon": "copy", "method": "post"},
        {"label": gettext("Retire"), "url": places["settings-role-retire"], "icon": "logout"},
    ]


panels.offer("roles", _edit_rights)


def _sign_in(actor: Actor, user: User) -> list[dict[str, Any]]:
    if not actor.unlimited:
        return []
    has_one = user.has_usable_password()
    label = gettext("Sign-in") if has_one else gettext("Invite")
    url = reverse("user-sign-in", args=[user.pk])
    sees = f"{reverse('settings-role-sees', args=[user.role_id])}?place={user.pk}"
    return [
        {"label": gettext("What this user sees"), "url": sees, "icon": "eye"},
        {"label": label, "url": url, "icon": "key", "primary": not has_one},
    ]


panels.offer("users", _sign_in)
