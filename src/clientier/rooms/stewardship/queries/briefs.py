"""What a successor must know of a customer that is handed over: what was promised, what is open, what may go wrong."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.activities.models import Interaction
from clientier.rooms.parties.models import CompanyProfile, Contact, Customer
from clientier.rooms.stewardship.models import HandOverBrief
from clientier.rooms.value.queries.card import standing_for

PROMISES = 5
AGAINST_US = ("blocker",)


def parts(actor: Actor, brief: HandOverBrief, setting: Setting) -> list[dict[str, Any]]:
    """The parts of a brief that stand before the card, each a title and lines, as far as the actor may read them."""
    customer = brief.customer
    plan = brief.hand_over
    when = formats.day(plan.done_at.date()) if plan.done_at else ""
    words = {"before": plan.leaver, "after": brief.successor, "day": when}
    made = [
        {"title": _("Handed over"), "lines": [_("%(before)s → %(after)s, %(day)s") % words]},
        {"title": _("What was promised"), "lines": _promises(actor, customer)},
        {"title": _("What may go wrong"), "lines": _risks(actor, customer)},
    ]
    return [part for part in made if part["lines"]]


def _promises(actor: Actor, customer: Customer) -> list[str]:
    """The next steps that were agreed on, the latest first."""
    if not access.fields(actor, Interaction).readable >= {"next_step", "at"}:
        return []
    found = access.visible(actor, Interaction).filter(customer=customer).exclude(next_step="")
    return [
        f"{formats.day(each.at.date())}: {each.next_step} ({each.user})"
        for each in found.select_related("user").order_by("-at", "-pk")[:PROMISES]
    ]


def _risks(actor: Actor, customer: Customer) -> list[str]:
    """Warnings, people who are against us, bad credit."""
    lines = []
    if score := standing_for(actor, customer, "warning"):
        lines += [str(score.get_warning_display())] if score.warning else []
    if access.fields(actor, Contact).readable >= {"attitude", "decision_role"}:
        there = access.visible(actor, Contact).filter(customer=customer, left_on__isnull=True)
        against = [
            p for p in there.order_by("pk") if p.attitude == "opponent" or p.decision_role in AGAINST_US
        ]
        lines += [
            " · ".join(filter(None, (str(p), p.get_decision_role_display(), p.get_attitude_display())))
            for p in against
        ]
    if access.can_read(actor, CompanyProfile, "credit_state"):
        profile = access.visible(actor, CompanyProfile).filter(customer=customer).first()
        if profile and profile.credit_state in ("poor", "bad"):
            lines.append(_("Credit: %(state)s") % {"state": profile.get_credit_state_display()})
    return lines
