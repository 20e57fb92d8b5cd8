"""Sharing a customer, lending its card, asking for one, and ending that."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError, NotAllowed, NotFound
from clientier.rooms.parties.models import Customer, LoanRequest, Share
from clientier.rooms.parties.queries.shares import may_let_change, may_share, meant_by
from clientier.rooms.people.queries import actor_of, user_for


class NotLendable(DomainError):
    """A loan must lie ahead, and have a reason that can be read later."""

    code = "not_lendable"
    message = _("A card is lent until a time that lies ahead, and with a reason. Nothing was changed.")


@command("customer.share", needs="add")
def share_customer(model: type[Share], *, actor: Actor, changes: dict[str, Any], now: dt.datetime) -> Share:
    """Open a customer to a user or a team, never further than the actor's own reach; with an end it is lent."""
    customer: Customer = changes["customer"]
    if not may_share(actor, customer):
        raise NotFound
    if changes.get("may_change") and not may_let_change(actor, customer):
        raise NotAllowed
    until = changes.get("until")
    if until is not None and (until <= now or not changes.get("reason")):
        raise NotLendable
    made = model(**changes, granted_by_id=actor.user, granted_at=now, owner_then_id=customer.owner_id)
    made.full_clean()
    made.save()
    return made


@command("share.end", needs="view")
def end_share(share: Share, *, actor: Actor, at: dt.datetime) -> Share:
    """End a share before its time: by who might have made it, or by who gives the card back."""
    if share.user_id != actor.user_id and not may_share(actor, share.customer):
        raise NotAllowed
    if share.ended_at is None:
        share.ended_at = at
        share.save(update_fields=["ended_at"])
    return share


def end_unfounded(users: frozenset[int], actor: Actor) -> None:
    """End the shares that these users could not make any more, now that their own reach is less."""
    for user in filter(None, map(user_for, users)):
        granter = actor_of(user)
        for share in Share.objects.filter(granted_by=user, ended_at=None):
            if not may_share(granter, share.customer) or (
                share.may_change and not may_let_change(granter, share.customer)
            ):
                before = audit.snapshot(share)
                Share.objects.filter(pk=share.pk).update(ended_at=Now())
                share.refresh_from_db()
                audit.trace("share.end", share, actor, before=before, after=audit.snapshot(share))


@command("loan.ask", needs="add")
def ask_for_card(
    model: type[LoanRequest], *, actor: Actor, changes: dict[str, Any], now: dt.datetime
) -> LoanRequest:
    """Ask for a customer's card until a time; the answer is the same whether there is such a customer or not."""
    if changes["until"] <= now:
        raise NotLendable
    made = model(**changes, asked_by_id=actor.user, asked_at=now)
    made.full_clean()
    made.save()
    return made


@command("loan.answer", needs="view")
def answer_request(
    request: LoanRequest, *, actor: Actor, customer: Customer | None, now: dt.datetime
) -> LoanRequest:
    """Lend the customer that was asked for, or decline when none is given."""
    if request.answered_at is not None:
        raise NotFound
    if customer is not None:
        if customer not in meant_by(actor, request):
            raise NotFound
        lent = {"customer": customer, "user": request.asked_by, "may_change": request.may_change}
        lent |= {"until": request.until, "reason": request.reason}
        share_customer(Share, actor=actor, changes=lent, now=now)
    elif not meant_by(actor, request) and not actor.unlimited:
        raise NotFound
    request.answered_at, request.granted = now, customer is not None
    request.save(update_fields=["answered_at", "granted"])
    return request
