"""Roles as administrators change them: rights by kind and action, fields, copies, and their end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientier.core import access
from clientier.core.actor import Reach
from clientier.core.errors import Conflict, DomainError
from clientier.core.outside import whole_number
from clientier.kit.asking import Asking
from clientier.kit.pages import tell
from clientier.rooms.people.choices import Action, FieldRuleKind, ReachChoice
from clientier.rooms.people.commands.roles import create_role, delete_role, grant_rights
from clientier.rooms.people.commands.users import update_user
from clientier.rooms.people.models import Role, User
from clientier.rooms.people.queries import colleagues, role_actor, roles_beside
from clientier.site.administration import for_administrators
from clientier.site.rights import sight
from clientier.site.rights.kinds import Kind, fields_of, kind_called, kinds

FIELD_RULES = ("", *FieldRuleKind.values)


@for_administrators
def rights(request: Asking, pk: int) -> HttpResponse:
    """What a role reaches, as a table: kinds of record down, actions across. Before saving it says what that opens."""
    role = access.get(request.actor, Role, pk)
    now = {(grant.record, grant.action): grant.reach for grant in role.grants.all()}
    wanted = _posted(request)
    changed = {name: reach for name, reach in wanted.items() if now.get(name, 0) != reach}
    if request.method == "POST" and request.POST.get("deed") == "save":
        grant_rights(role, actor=request.actor, reaches=changed)
        tell(request, _("Rights of %(role)s saved") % {"role": role}, undo=bool(changed))
        return redirect("roles-detail", pk)
    place = _place(request, role)
    compared = sight.differences(role_actor(role, place), changed) if place and changed else []
    context = {
        "role": role, "rows": [_row(kind, {**now, **wanted}, pk) for kind in kinds()],
        "actions": [str(label) for _action, label in Action.choices],
        "people": colleagues(), "place": place, "differences": compared,
        "asked": request.method == "POST", "users": role.users.count(),
    }  # fmt: skip
    return render(request, "site/role.html", context)


def _posted(request: Asking) -> dict[tuple[str, str], Reach]:
    found = {}
    known = {kind.label: kind for kind in kinds()}
    for name, value in request.POST.items():
        label, _bar, action = name.partition("|")
        reach = whole_number(str(value))
        offered = dict(_choices(known[label])) if label in known and action in Action.values else {}
        if reach in offered:
            found[label, action] = Reach(reach)
    return found


def _row(kind: Kind, now: dict[tuple[str, str], Any], pk: int) -> dict[str, Any]:
    return {
        "label": kind.name,
        "fields_url": reverse("settings-role-fields", args=[pk, kind.label]),
        "cells": [
            {"name": f"{kind.label}|{action}", "label": str(label), "choices": _choices(kind),
             "value": int(now.get((kind.label, action), 0))}
            for action, label in Action.choices
        ],
    }  # fmt: skip


def _choices(kind: Kind) -> list[tuple[int, str]]:
    """Records that belong to nobody are seen by all or by none."""
    return [(value, str(label)) for value, label in ReachChoice.choices if kind.owned or value in (0, 4)]


def _place(request: Asking, role: Role) -> User | None:
    """Whose place one looks from: the user chosen, else the first with this role, else the first of all."""
    chosen = request.POST.get("place") or request.GET.get("place", "")
    people = colleagues().select_related("role", "team", "territory")
    picked = people.filter(pk=whole_number(chosen) or 0).first()
    return picked or people.filter(role=role).first() or people.first()


@for_administrators
def fields(request: Asking, pk: int, label: str) -> HttpResponse:
    """Which fields of a kind the role may read and write, may only read, or does not see."""
    role, kind = access.get(request.actor, Role, pk), kind_called(label)
    known = list(fields_of(kind))
    rules = {rule.field: rule.rule for rule in role.field_rules.filter(record=label)}
    if request.method == "POST":
        wanted = {}
        for name, _label, may_hide in known:
            rule = request.POST.get(f"field|{name}", rules.get(name, ""))
            if rule in FIELD_RULES and (may_hide or rule != FieldRuleKind.HIDDEN):
                wanted[label, name] = rule
        grant_rights(role, actor=request.actor, reaches={}, rules=wanted)
        tell(request, _("Fields of %(kind)s saved") % {"kind": kind.name}, undo=True)
        return redirect("settings-role", pk)
    listed = [
        {
            "name": f"field|{name}", "label": words, "value": rules.get(name, ""),
            "choices": [(rule, sight.rule_words(rule)) for rule in FIELD_RULES
                        if may_hide or rule != FieldRuleKind.HIDDEN],
        }
        for name, words, may_hide in known
    ]  # fmt: skip
    return render(request, "site/role_fields.html", {"role": role, "kind": kind, "fields": listed})


@for_administrators
def sees(request: Asking, pk: int) -> HttpResponse:
    """What people with this role see, from the place of one of them or of anybody else."""
    role = access.get(request.actor, Role, pk)
    place = _place(request, role)
    seen = sight.seen(role_actor(role, place)) if place else []
    context = {"role": role, "people": colleagues(), "place": place, "seen": seen}
    return render(request, "site/role_sees.html", context)


@for_administrators
@require_POST
def copy(request: Asking, pk: int) -> HttpResponse:
    """A new role with the same rights and fields, under a name that is still free."""
    role = access.get(request.actor, Role, pk)
    taken = set(roles_beside().values_list("name", flat=True)) | set(
        roles_beside().values_list("code", flat=True)
    )
    number = 2
    while f"{role.name} {number}" in taken or _code(role, number) in taken:
        number += 1
    changes = {"name": f"{role.name} {number}"[:80], "code": _code(role, number)}
    with transaction.atomic():
        made = create_role(Role, actor=request.actor, changes=changes)
        reaches = {(g.record, g.action): Reach(g.reach) for g in role.grants.all()}
        rules = {(rule.record, rule.field): rule.rule for rule in role.field_rules.all()}
        grant_rights(made, actor=request.actor, reaches=reaches, rules=rules)
    tell(request, _("%(name)s was made; give it a name of its own.") % {"name": made}, undo=True)
    return redirect("roles-update", made.pk)


def _code(role: Role, number: int) -> str:
    return f"{slugify(role.code)[:40]}-{number}"


@for_administrators
def retire(request: Asking, pk: int) -> HttpResponse:
    """Take a role out of use: its people get another one first, in the same go."""
    role = access.get(request.actor, Role, pk)
    others = roles_beside(role)
    if request.method == "POST":
        chosen = request.POST.get("to", "")
        to = others.filter(pk=whole_number(chosen) or 0).first()
        try:
            with transaction.atomic():
                for user in role.users.order_by("pk") if to else ():
                    update_user(user, actor=request.actor, changes={"role": to})
                delete_role(role, actor=request.actor)
        except (DomainError, Conflict) as refusal:
            messages.error(request, str(refusal))
            return redirect("settings-role-retire", pk)
        tell(request, _("%(name)s retired") % {"name": role}, undo=True, trash=True)
        return redirect("roles-list")
    context = {"role": role, "users": role.users.order_by("name", "pk"), "others": others}
    return render(request, "site/role_retire.html", context)
