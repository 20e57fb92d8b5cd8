"""Credit as the card of a customer and an order show it: what is used up of which limit, and of what it is made."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.credit import Covers
from clientier.rooms.trade.choices.orders import OrderState
from clientier.rooms.trade.models import CreditLimit, CreditScore, LimitProposal, Order
from clientier.rooms.trade.queries.ageing import may_see_receivables
from clientier.rooms.trade.queries.credit import (
    Credit,
    Line,
    credit_of,
    held_words,
    may_decide_for,
    may_see_credit,
)
from clientier.rooms.trade.queries.documents import INVOICES, PAYMENTS
from clientier.rooms.trade.queries.exposure import Exposure, worth_of
from clientier.rooms.trade.queries.orders import ORDERS
from clientier.rooms.trade.queries.scores import parts_of


def credit_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """Limits, exposure by its parts, and the score, for who sees all that they are made of."""
    if not may_see_credit(actor):
        return None
    trades = any(each.may_be(customer) for each in (ORDERS, INVOICES, PAYMENTS))
    credit = credit_of(customer, setting.today, trades=trades)
    score = access.visible(actor, CreditScore).filter(customer=customer.pk).first()
    limits = reverse("credit-limits-list") + f"?f=customer:in:{customer.pk}"
    return {
        "lines": [_line(line, Decimal(0), setting) for line in credit.lines],
        "parts": _parts(credit.exposure, setting),
        "score": str(score.score) if score else "",
        "score_parts": parts_of(score.facts, setting) if score else [],
        "history_url": limits,
        "set_url": f"{reverse('credit-limit-new')}?customer={customer.pk}"
        if actor.reach(CreditLimit, "add") is not Reach.NONE
        else "",
        "open_url": reverse("receivables-customer", args=[customer.pk]) if may_see_receivables(actor) else "",
    }


def credit_on_order(actor: Actor, order: Order, setting: Setting) -> dict[str, Any] | None:
    """Before it opens, and while it is held: what the customer would owe with it, and under which limit."""
    if order.state not in (OrderState.DRAFT, OrderState.HELD) or not may_see_credit(actor):
        return None
    credit, worth = credit_of(order.customer, setting.today), worth_of(order.pk)
    if not credit.lines:
        return None
    passed = credit.passed_by(worth)
    return {
        "lines": [_line(line, worth, setting) for line in credit.lines],
        "parts": [*_parts(credit.exposure, setting), (_("This order, with tax"), _money(worth, setting))],
        "outlook": _outlook(credit, passed, order),
        "tone": "bad" if passed and credit.holds else "warn" if passed else "good",
        "held_because": _held(order, passed, worth),
        "may_release": order.state == OrderState.HELD and may_decide_for(actor, order),
    }


def why_proposed(actor: Actor, proposal: LimitProposal, setting: Setting) -> dict[str, Any] | None:
    """The score behind a proposal, part by part, and how much of the limit was used."""
    if not proposal.facts:
        return None
    used = Decimal(str(proposal.facts.get("used", 0)))
    return {
        "score": str(proposal.score),
        "parts": [*parts_of(proposal.facts, setting), (_("Used of the limit"), _money(used, setting))],
    }


def _held(order: Order, passed: list[Line], worth: Decimal) -> str:
    """Why it is held, in the reader's words and today's figures; as it was noted, where it would not be held now."""
    if order.state != OrderState.HELD:
        return ""
    return held_words(passed, worth) if passed else order.held_because


def _outlook(credit: Credit, passed: list[Line], order: Order) -> str:
    if order.state == OrderState.HELD:
        return "" if passed else _("It would be within the limit now.")
    if not passed:
        return _("It stays within the limit.")
    if credit.holds:
        return _("It goes beyond the limit and will be held when it is opened.")
    return _("It goes beyond the limit; the rules allow to open it all the same.")


def _line(line: Line, more: Decimal, setting: Setting) -> dict[str, Any]:
    then = line.exposure.total + more
    share = float(then / line.limit) if line.limit else (1.0 if then > 0 else 0.0)
    label = _("Group") if line.covers == Covers.GROUP else _("Limit")
    return {
        "label": _("%(label)s (by tier)") % {"label": label} if line.is_default else label,
        "limit": _money(line.limit, setting), "used": _money(then, setting),
        "left": _money(line.limit - then, setting), "share": formats.percent(max(share, 0.0)),
        "percent": min(max(round(share * 100), 0), 100), "tone": "bad" if then > line.limit else "",
    }  # fmt: skip


def _parts(exposure: Exposure, setting: Setting) -> list[tuple[str, str]]:
    return [
        (_("Ordered, not delivered"), _money(exposure.to_deliver, setting)),
        (_("Delivered, not invoiced"), _money(exposure.to_invoice, setting)),
        (_("Invoiced, not paid"), _money(exposure.owed, setting)),
        (_("Less money and credit notes in advance"), _money(-exposure.advances, setting)),
    ]


def _money(amount: Decimal, setting: Setting) -> str:
    return formats.with_symbol(amount, setting.currency, cents=True)
