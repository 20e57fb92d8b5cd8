"""The only way to write. A command checks the right, opens the transaction, and leaves a trace."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import models, transaction
from django.db.models.deletion import ProtectedError

from clientier.core import access, audit, entrusting, guards, trash
from clientier.core.actor import Actor
from clientier.core.custom import values
from clientier.core.errors import Conflict, LeavesReach, NotAllowed, OnLoan
from clientier.core.models import TrashedRecord

REGISTRY: dict[str, Callable[..., Any]] = {}


def command(
    verb: str, *, needs: str, may_leave_reach: bool = False, final: bool = False, puts_back: bool = False
) -> Callable[..., Any]:
    """Make ``func(subject, *, actor, **facts) -> record`` a command named ``verb``.

    The subject is a record (re-read and locked before the rule runs) or a model (to create one).
    A command may not push a record out of its actor's own reach, unless that is its purpose
    (handing a customer over), in which case it says ``may_leave_reach``. What a ``final`` command did
    cannot be undone. It gives nothing to who may not sign in, unless it only ``puts_back`` what was there.
    """

    def decorate(func: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(func)
        @transaction.atomic
        def run(subject: Any, /, *, actor: Actor, **facts: Any) -> Any:
            if isinstance(subject, type):
                access.require(actor, subject, needs)
                before, leaving, borrowed = {}, None, False
            else:
                subject = access.lock(actor, subject, needs)
                before, leaving = audit.snapshot(subject), trash.gather(subject, actor, needs)
                borrowed = access.only_shared(actor, subject, needs)
            record = func(subject, actor=actor, **facts)
            if record.pk is None and leaving is not None:
                trash.keep(leaving)
                audit.trace_deletion(verb, record, actor, leaving)
                return record
            stored = _stored(record, actor, None if may_leave_reach else needs)
            after = audit.snapshot(stored)
            if borrowed and any(before[name] != after[name] for name in access.belonging(type(stored))):
                raise OnLoan
            if not puts_back:
                entrusting.refuse(type(stored), before, after)
            audit.trace(verb, stored, actor, before=before, after=after)
            return stored

        run.verb = verb  # type: ignore[attr-defined]
        run.needs = needs  # type: ignore[attr-defined]
        run.final = final  # type: ignore[attr-defined]
        if verb in REGISTRY:
            raise ValueError(f"two commands are called {verb!r}")
        REGISTRY[verb] = run
        return run

    return decorate


def _stored(record: models.Model, actor: Actor, needs: str | None) -> models.Model:
    """The record as the database holds it now, if it is (or need not be) still in reach."""
    model = type(record)
    found = access.visible(actor, model, needs) if needs else model._default_manager.all()
    if stored := found.filter(pk=record.pk).first():
        return stored
    raise LeavesReach


@command("record.create", needs="add")
def create(model: type[models.Model], *, actor: Actor, changes: dict[str, Any]) -> models.Model:
    return apply(model(), changes, actor)


@command("record.update", needs="change")
def update(record: models.Model, *, actor: Actor, changes: dict[str, Any]) -> models.Model:
    return apply(record, changes, actor)


@command("record.hand_over", needs="hand_over", may_leave_reach=True)
def hand_over(record: models.Model, *, actor: Actor, to: models.Model) -> models.Model:
    """Give the record to another owner, out of the actor's own reach if need be."""
    record.owner = to  # type: ignore[attr-defined]
    record.save(update_fields=["owner"])
    return record


@command("record.delete", needs="delete")
def delete(record: models.Model, *, actor: Actor) -> models.Model:
    """Delete the record and what belongs to it alone; what others build on is refused with its kinds."""
    return take_away(record)


def take_away(record: models.Model) -> Any:
    """Delete it, for commands that delete by rules of their own; Conflict where others build on it."""
    try:
        record.delete()
    except ProtectedError as refusal:
        raise Conflict(audit.still_used(record, refusal.protected_objects)) from refusal
    return record


def never_delete(record: models.Model, *, actor: Actor) -> models.Model:
    """The delete of kinds that are kept for good: it always refuses, and pages do not offer it."""
    raise NotAllowed


@command("record.restore", needs="delete", puts_back=True)
def restore(model: type[models.Model], *, actor: Actor, trashed: TrashedRecord) -> models.Model:
    """Bring a record of this kind back from the trash, with all that went along."""
    restored: models.Model = trash.bring_back(trash.lock(actor, trashed, model), actor=actor)
    guards.ask(restored, actor)
    return restored


def apply(record: models.Model, changes: dict[str, Any], actor: Actor) -> Any:
    """Set the changes that the actor may make, validate the whole record, save it."""
    if changes.keys() - access.fields(actor, type(record)).writable:
        raise NotAllowed
    for name, value in values.put(record, changes).items():
        setattr(record, name, value)
    record.full_clean()
    record.save()
    return record
