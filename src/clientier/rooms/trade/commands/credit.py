"""Credit limits are set with a reason; orders ask for credit before they open, and held ones are released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from clientier.core import commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError, NotAllowed
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.orders import OrderState
from clientier.rooms.trade.commands import stock
from clientier.rooms.trade.models import CreditLimit, CreditPolicy, Order
from clientier.rooms.trade.queries.credit import credit_of, held_words, may_decide_for
from clientier.rooms.trade.queries.exposure import heads_above, worth_of
from clientier.rooms.trade.queries.policy import current_rules

LONGEST = 300


class NotHeld(DomainError):
    code = "order_not_held"
    message = gettext_lazy("This order is not held. Nothing was changed.")


class EdgesOutOfOrder(DomainError):
    code = "edges_out_of_order"
    message = gettext_lazy("Days must rise from one step to the next. Nothing was changed.")


@command("limit.set", needs="add", final=True)
def set_limit(model: type[CreditLimit], *, actor: Actor, changes: Mapping[str, Any]) -> CreditLimit:
    """From a day on the customer, or its group, may owe so much; the limits before stay as its history."""
    limit: CreditLimit = commands.apply(model(made_by_id=actor.user_id), dict(changes), actor)
    return limit


@command("credit.adopt_rules", needs="add")
def adopt_rules(
    model: type[CreditPolicy], *, actor: Actor, changes: Mapping[str, Any], reason: str
) -> CreditPolicy:
    """The rules of receivables and credit with these changes hold from now on."""
    rules = {**current_rules(), **changes}
    for name in ("edges", "dunning_days"):
        if sorted(set(rules[name])) != rules[name] or rules[name][0] < 1:
            raise EdgesOutOfOrder
    last = model.objects.select_for_update().order_by("-version").first()
    version = last.version + 1 if last else 1
    return model.objects.create(version=version, rules=rules, reason=reason, made_by_id=actor.user_id)


@command("order.release", needs="view", final=True)
def release_order(order: Order, *, actor: Actor, reason: str) -> Order:
    """Open a held order all the same; whoever may change the customer's limits may do so."""
    if order.state != OrderState.HELD:
        raise NotHeld
    if not may_decide_for(actor, order):
        raise NotAllowed
    order.state, order.held_because = OrderState.OPEN, reason[:LONGEST]
    order.save()
    stock.reserve_order(order)
    return order


def ask_credit(order: Order, day: dt.date) -> str:
    """Why the order must be held on this day; nothing where it may open.

    The customer and all companies above it stay locked until the transaction ends, so that of two orders at once
    the second sees the first.
    """
    above = heads_above(order.customer_id)
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=above).order_by("pk").values("pk"))
    credit = credit_of(order.customer, day)
    worth = worth_of(order.pk)
    passed = credit.passed_by(worth) if credit.holds else []
    return held_words(passed, worth)[:LONGEST] if passed else ""
