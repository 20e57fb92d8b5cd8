"""Changing what roles may do: rights, fields, and the roles themselves; for administrators alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import audit, commands
from clientier.core.actor import Actor, Reach, needs_grant, reach_has_changed
from clientier.core.commands import command
from clientier.core.errors import Conflict, DomainError, NotAllowed
from clientier.core.models import AuditEntry
from clientier.core.trash import model_of
from clientier.core.wording import listed
from clientier.rooms.people.choices import FieldRuleKind
from clientier.rooms.people.commands.users import keep_an_administrator
from clientier.rooms.people.models import FieldRule, Grant, Role
from clientier.rooms.people.queries import administrators

Reaches = Mapping[tuple[str, str], Reach]
Rules = Mapping[tuple[str, str], str]
CHANGED = "role.rights"
NAMED = 10


class AdministratorHasAll(DomainError):
    """An administrator's rights are not divided."""

    code = "administrator_has_all"
    message = gettext_lazy(
        "Administrators may do everything; their rights cannot be cut. Nothing was changed."
    )


@command("role.create", needs="add")
def create_role(model: type[Role], *, actor: Actor, changes: dict[str, Any]) -> Role:
    """A new role, which may do nothing yet."""
    _administrators_only(actor)
    made: Role = commands.apply(model(), changes, actor)
    return made


@command("role.update", needs="change")
def update_role(role: Role, *, actor: Actor, changes: dict[str, Any]) -> Role:
    """Rename a role, or make its people administrators or no longer; somebody stays one."""
    _administrators_only(actor)
    there_were = administrators().exists()
    changed: Role = commands.apply(role, changes, actor)
    keep_an_administrator(there_were)
    return changed


def delete_role(role: Role, *, actor: Actor) -> Role:
    """Retire a role that nobody has any more; a role in use says by whom."""
    _administrators_only(actor)
    users = list(role.users.order_by("name", "pk")[: NAMED + 1])
    if users:
        names = listed([*map(str, users[:NAMED]), *(["…"] if len(users) > NAMED else [])])
        words = _("%(role)s was not retired: %(names)s still have it. Give them another role first.")
        raise Conflict(words % {"role": role, "names": names})
    deleted: Role = commands.delete(role, actor=actor)
    return deleted


@command("role.grant", needs="change")
def grant_rights(role: Role, *, actor: Actor, reaches: Reaches, rules: Rules | None = None) -> Role:
    """Set how far the role reaches, by (kind, action), and which fields are hidden or locked, by (kind, field).

    What is not named stays; an empty rule lets a field be read and written. One entry tells all that differed.
    Of administrators' rights only those can be given and taken that nobody has by nature.
    """
    _administrators_only(actor)
    if role.is_administrator and (rules or not all(_is_given(kind) for kind, _action in reaches)):
        raise AdministratorHasAll
    wanted: dict[str, Any] = {f"{kind}.{action}": int(reach) for (kind, action), reach in reaches.items()}
    wanted |= {f"{kind}:{field}": rule for (kind, field), rule in (rules or {}).items()}
    known = stored_rights(role)
    before = {name: known.get(name, _nothing(name)) for name in wanted}
    changed = {name: value for name, value in wanted.items() if value != before[name]}
    _store(role, changed)
    if changed:
        reach_has_changed(frozenset(role.users.values_list("pk", flat=True)), actor)
        audit.trace(CHANGED, role, actor, before={name: before[name] for name in changed}, after=changed)
    return role


def _is_given(kind: str) -> bool:
    model = model_of(kind)
    return model is not None and needs_grant(model)


def stored_rights(role: Role) -> dict[str, Any]:
    """What the role may do, as the audit tells it: reaches by ``kind.action``, rules by ``kind:field``."""
    reaches = {f"{grant.record}.{grant.action}": grant.reach for grant in role.grants.all()}
    return reaches | {f"{rule.record}:{rule.field}": rule.rule for rule in role.field_rules.all()}


def take_back_rights(entry: AuditEntry, actor: Actor) -> None:
    """Give the role the rights that it had before this entry, if they are still as the entry left them."""
    _administrators_only(actor)
    role = Role.objects.select_for_update().filter(pk=entry.record_id).first()
    now = stored_rights(role) if role else {}
    if role is None or any(now.get(name, _nothing(name)) != pair[1] for name, pair in entry.changes.items()):
        raise Conflict(_("%(name)s was changed again since. Nothing was undone.") % {"name": entry.label})
    before = {name: pair[0] for name, pair in entry.changes.items()}
    after = {name: pair[1] for name, pair in entry.changes.items()}
    _store(role, before)
    audit.trace("undo", role, actor, before=after, after=before, undoes=entry.request_id)


def refuse_but_administrators(record: Role, actor: Actor) -> None:
    """Whatever makes or changes a role outside its commands asks the same as they do."""
    _administrators_only(actor)


def _store(role: Role, changed: Mapping[str, Any]) -> None:
    for name, value in changed.items():
        kind, _colon, field = name.partition(":")
        if field:
            rules = FieldRule.objects.filter(role=role, record=kind, field=field)
            rules.delete()
            if value in FieldRuleKind.values:
                FieldRule.objects.create(role=role, record=kind, field=field, rule=value)
            continue
        kind, _dot, action = name.rpartition(".")
        Grant.objects.filter(role=role, record=kind, action=action).delete()
        if value:
            Grant.objects.create(role=role, record=kind, action=action, reach=value)


def _nothing(name: str) -> Any:
    return "" if ":" in name else 0


def _administrators_only(actor: Actor) -> None:
    """Who may change roles could give themselves any right, so that right is not divided."""
    if not actor.unlimited:
        raise NotAllowed
